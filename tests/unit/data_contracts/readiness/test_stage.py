"""The stage is judged modestly: only what a file can show, 1 or 2, and one step."""

import pytest

from data_contracts.contract import Contract
from data_contracts.readiness.check_types import Stage
from data_contracts.readiness.stage import stage
from data_contracts.readiness.stage_words import SIGNS, STEPS
from tests.readiness_example import change
from tests.tiny_lots import lots, records_of


def _stage(contract: Contract, cells: object = None, **rest: object) -> Stage:
    return stage(records_of(cells or lots(), contract, **rest))  # type: ignore[arg-type]


def _bad(found: Stage) -> list[str]:
    return [name for name, (_, bad) in SIGNS.items() if bad in [sign.text for sign in found.signs]]


def test_moments_from_a_clock_and_nothing_typed_look_like_monitoring(tiny: Contract) -> None:
    found = _stage(tiny)

    assert (found.level, _bad(found), found.step) == (2, [], STEPS["monitoring"])


def test_without_a_time_it_is_checking(tiny: Contract) -> None:
    cells = lots()
    del cells["at"]
    found = _stage(tiny, cells)

    assert (found.level, _bad(found), found.step) == (1, ["time"], STEPS["time"])


@pytest.mark.parametrize(
    ("moments", "sign"),
    [
        ([f"2026-03-{1 + at % 28:02d}" for at in range(40)], "clock"),
        ([f"2026-03-{1 + at % 28:02d} 09:{at % 12 * 5:02d}:00" for at in range(40)], "minutes"),
        ([f"2026-03-{1 + at % 28:02d}{' T'[at % 2]}09:{at:02d}:17" for at in range(40)], "form"),
    ],
)
def test_times_as_people_write_them_look_like_checking(tiny: Contract, moments: list[str], sign: str) -> None:
    found = _stage(tiny, lots(at=moments))

    assert (found.level, _bad(found), found.step) == (1, [sign], STEPS[sign])


def test_typing_errors_look_like_checking(tiny: Contract) -> None:
    for rest in (
        {"unread": {"heat": [5]}},
        {"changes": [change("heat", "full_width", 3)]},
        {"changes": [change("heat", "unit_in_cell", 3)]},  # one cell of 40
    ):
        assert (_stage(tiny, **rest).level, _bad(_stage(tiny, **rest))) == (1, ["typos"])


def test_a_unit_in_every_cell_is_how_a_machine_writes_it(tiny: Contract) -> None:
    assert _stage(tiny, changes=[change("heat", "unit_in_cell", *range(2, 42))]).level == 2


def test_one_thing_by_several_words_looks_like_checking(tiny: Contract) -> None:
    cells = lots(grade=["양품", "OK", "양품", "NG"] * 10)
    found = _stage(tiny, cells, words={"grade": {"양품": "ok", "OK": "ok", "NG": "ng"}})

    assert (found.level, _bad(found), found.step) == (1, ["spellings"], STEPS["spellings"])


def test_every_missing_sign_has_its_step() -> None:
    assert set(STEPS) == {*SIGNS, "monitoring"}
