"""The synthetic cooperative: the same bytes for the same seed, and a process in which bad practice shows."""

import zipfile
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.synthetic.bath import Bath, evolve
from flows.synthetic.cells import number_text
from flows.synthetic.columns import number
from flows.synthetic.cooperative import SIX, make_lots, write_cooperative, write_drawn
from flows.synthetic.date_styles import STYLES
from flows.synthetic.defects import MICROMETRES, TYPES, Weights, inspect, stresses
from flows.synthetic.factories import FACTORIES, draw_process
from flows.synthetic.habits import COLUMNS, NumberStyle
from flows.synthetic.process import simulate
from flows.synthetic.surroundings import EXTRAS
from flows.synthetic.units import UNITS, unit

MOMENT = datetime(2026, 3, 5, 14, 7, 9)  # noqa: DTZ001  (a factory's wall clock)


def a_lot(**values: object) -> pd.DataFrame:
    """One lot of good practice, but for what is named."""
    usual: dict[str, object] = {
        "bath_temperature": 55.0, "ph": 4.2, "current_density": 3.0, "nickel_sulfate": 280.0, "nickel_chloride": 45.0,
        "boric_acid": 40.0, "brightener": 3.0, "iron_content": 20.0, "degreasing_time": 150.0, "pickling_time": 50.0,
        "plating_time": 25.0, "rinse_time": 30.0, "part_area": 5.0, "process": "rack", "base_material": "steel",
    }  # fmt: skip
    return pd.DataFrame([{**usual, **values}])


@pytest.mark.parametrize(
    ("mechanism", "bad"),
    [
        ("burning", {"current_density": 6.0}),
        ("burning", {"current_density": 5.0, "boric_acid": 25.0}),
        ("burning", {"current_density": 5.0, "bath_temperature": 45.0}),
        ("burning", {"current_density": 3.0, "process": "barrel"}),
        ("pitting", {"ph": 3.6}),
        ("pitting", {"brightener": 0.5}),
        ("pitting", {"iron_content": 80.0}),
        ("peeling", {"degreasing_time": 40.0}),
        ("peeling", {"pickling_time": 10.0}),
        ("peeling", {"base_material": "zinc_diecast"}),
        ("roughness", {"iron_content": 60.0}),
        ("dull", {"brightener": 5.0}),
        ("dull", {"bath_temperature": 44.0}),
        ("thin", {"plating_time": 8.0}),
        ("stain", {"rinse_time": 5.0}),
    ],
)
def test_each_bad_practice_raises_the_stress_of_its_mechanism(mechanism: str, bad: dict[str, object]) -> None:
    place = TYPES.index(mechanism)

    assert stresses(a_lot(**bad), 10.0)[0, place] > stresses(a_lot(), 10.0)[0, place]


def test_three_amperes_for_twenty_minutes_deposit_as_faraday_says() -> None:
    grams = 3 * 20 * 60 * 58.69 / (2 * 96485)  # on 1 dm²

    assert pytest.approx(grams / 8.90 * 100, rel=0.005) == MICROMETRES * 3 * 20  # 1 cm³ on 1 dm² is 100 µm


def test_the_wanted_share_of_lots_is_defective() -> None:
    lots = pd.concat([a_lot(iron_content=float(iron)) for iron in range(20, 60)] * 200, ignore_index=True)

    found = inspect(lots, Weights(), rate=0.15, mistakes=0.0, specified=10.0, rng=np.random.default_rng(1))

    assert found.probability.mean() == pytest.approx(0.15, abs=1e-6)
    assert (found.judgement == "ng").mean() == pytest.approx(0.15, abs=0.015)
    assert ((found.judgement == "ng") == [kind is not None for kind in found.defect_type]).all()


def test_a_mechanism_without_weight_never_strikes() -> None:
    lots = pd.concat([a_lot(iron_content=70.0)] * 500, ignore_index=True)

    found = inspect(lots, Weights(roughness=0), rate=0.3, mistakes=0.0, specified=10.0, rng=np.random.default_rng(1))

    assert "roughness" not in set(found.defect_type)


def test_a_bath_that_nobody_looks_after_loses_its_salts_and_gains_iron() -> None:
    lots = 200
    log = evolve(
        Bath(forgotten=1.0), np.zeros(lots, int), np.ones(lots), np.ones(lots, dtype=bool), np.random.default_rng(1)
    )

    assert log.nickel_sulfate[-20:].mean() < log.nickel_sulfate[:20].mean()
    assert log.brightener[-1] < 0.5
    assert log.iron_content[-1] > log.iron_content[0] + 100  # 200 lots of steel at 0.6 mg/L
    assert log.ph[-1] > log.ph[0] + 1


def test_factories_differ_in_size_range_and_kind_of_defect() -> None:
    lots = [simulate(process, np.random.default_rng([7, index])) for index, process in enumerate(FACTORIES)]

    assert sorted(len(one) for one in lots) == [320, 420, 900, 1600, 2000, 3000]
    assert all(0.05 <= (one["judgement"] == "ng").mean() <= 0.2 for one in lots)
    assert len({one["defect_type"].mode()[0] for one in lots}) >= 3
    means = [one["bath_temperature"].mean() for one in lots]
    assert max(means) - min(means) > 4
    assert all(one["plated_at"].is_monotonic_increasing and one["lot_no"].is_unique for one in lots)


def test_a_drawn_factory_stays_within_what_the_six_know() -> None:
    drawn = make_lots(draw_process(150, np.random.default_rng(3)), np.random.default_rng(3))

    assert set(COLUMNS) | set(EXTRAS) <= set(drawn.columns)
    assert drawn[["ph", "voltage", "part_area"]].notna().all(axis=None)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for number_, seed in ((1, 5), (2, 5), (3, 6)):
        for drawn in range(3):
            write_drawn(tmp_path / str(number_) / str(drawn), seed * 10 + drawn)
    first, again, other = (
        [path.read_bytes() for path in sorted((tmp_path / str(number_)).rglob("synthetic*"))] for number_ in (1, 2, 3)
    )

    assert first == again
    assert not set(first) & set(other)


def test_a_workbook_has_the_same_bytes_at_another_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write_cooperative(tmp_path / "a", 1, 7)[0].path.read_bytes()
    monkeypatch.setattr("time.localtime", lambda *_: (2031, 1, 1, 0, 0, 0, 0, 1, 0))

    after = write_cooperative(tmp_path / "b", 1, 7)[0].path
    assert after.read_bytes() == before
    with zipfile.ZipFile(after) as archive:
        assert archive.read("docProps/core.xml").count(b">2026-03-01T00:00:00Z<") == 2  # made and changed


def test_six_factories_write_six_different_ways() -> None:
    ways = {(habits.form, habits.encoding, habits.delimiter, habits.header_lines) for _, habits in SIX}
    dates = {column.date.name for _, habits in SIX for column in habits.columns if column.date}

    assert len(ways) == 6
    assert {"typed", "short-year-minute", "american", "half-days", "serial", "iso-t"} <= dates


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("iso", "2026-03-05 14:07:09"),
        ("short-year", "26-03-05"),
        ("dots", "2026.3.5"),
        ("dots-closed", "2026. 3. 5."),
        ("korean", "2026년 3월 5일"),
        ("half-days", "2026-03-05 오후 2:07"),
        ("american-half", "3/5/2026 2:07 PM"),
        ("month-name", "05-Mar-2026"),
        ("serial", 46086.5882986111),
    ],
)
def test_a_moment_is_written_in_the_factorys_style(style: str, text: object) -> None:
    assert STYLES[style].write(MOMENT) == text


def test_a_style_keeps_what_it_writes_and_no_more() -> None:
    assert STYLES["short-year"].kept(MOMENT) == MOMENT.replace(hour=0, minute=0, second=0)
    assert STYLES["half-days"].kept(MOMENT) == MOMENT.replace(second=0)
    assert STYLES["iso-t"].kept(MOMENT) == MOMENT


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (NumberStyle(1), "1234.5"),
        (NumberStyle(1, thousands=True), "1,234.5"),
        (NumberStyle(1, decimal_comma=True), "1234,5"),
        (NumberStyle(1, thousands=True, decimal_comma=True), "1.234,5"),
        (NumberStyle(0, suffix="℃"), "1234℃"),
    ],
)
def test_a_number_is_written_in_the_factorys_style(style: NumberStyle, text: str) -> None:
    assert number_text(1234.5, style) == text


def test_full_width_digits_are_those_of_an_asian_keyboard() -> None:
    assert number_text(12.5, NumberStyle(1), full_width=True) == "１２．５"


@pytest.mark.parametrize(
    ("column", "text", "in_file", "in_contract"),
    [
        ("bath_temperature", "°F", 131.0, 55.0),
        ("current_density", "ASF", 9.290304, 1.0),
        ("current_density", "mA/cm²", 30.0, 3.0),
        ("nickel_sulfate", "oz/gal", 1.0, 7.489151707),
        ("degreasing_time", "min", 2.0, 120.0),
        ("plating_time", "초", 600.0, 10.0),
        ("part_area", "㎠", 250.0, 2.5),
        ("iron_content", "g/L", 0.05, 50.0),
    ],
)
def test_a_files_unit_is_the_contracts_times_a_factor(
    column: str, text: str, in_file: float, in_contract: float
) -> None:
    found = unit(column, text)

    assert found.factor * in_file + found.offset == pytest.approx(in_contract)


def test_the_first_unit_of_each_column_is_the_contracts() -> None:
    assert all(units[0].same for units in UNITS.values())


@given(st.sampled_from([(name, one.text) for name, units in UNITS.items() for one in units]))
def test_a_column_in_a_large_unit_gets_more_decimals(column_and_unit: tuple[str, str]) -> None:
    name, text = column_and_unit
    habit, plain = number(name, "x", text), number(name, "x", UNITS[name][0].text)

    assert habit.number is not None
    assert plain.number is not None
    steps = unit(name, text).factor * 10.0**-habit.number.decimals
    assert steps <= 12 * 10.0**-plain.number.decimals  # hardly coarser than the contract's unit is written
