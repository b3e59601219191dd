"""Units, codes and marks in headers, words among numbers, and times of day that are left aside."""

from collections.abc import Sequence

import pytest

from data_contracts.contract import load_contract
from data_contracts.errors import AnswerInvalid
from data_contracts.mapping.answers import answer
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import Proposal
from tests.factory_tables import around, asked, factory_table, numbered, ramp, read_from

Cells = Sequence[str | None]
PLATING = load_contract("plating-defect")
LOTS: dict[str, Cells] = {"로트번호": numbered("A"), "판정": around("양품", "양품", "양품", "불량")}
NUMBERS = [*ramp(5, 20, rows=36), *["N.D."] * 4]


def _plating(**cells: Cells) -> Proposal:
    return propose(factory_table({**LOTS, **cells}), PLATING)


def _reason(proposal: Proposal) -> str:
    return next(guess.reason.ko for guess in proposal.guesses if guess.setting == "columns.plated_at")


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("도금 시간(分)", "plating_time", None),
        ("산세 시간(秒)", "pickling_time", None),
        ("Part Area (sq in)", "part_area", "in²"),
        ("Part Area (sq.in.)", "part_area", "in²"),
        ("PICKLE_TIME_S.PV", "pickling_time", None),
        ("Degrease_Time_min.PV", "degreasing_time", "min"),
    ],
)
def test_a_unit_is_read_however_it_is_written(header: str, column: str, unit: str | None) -> None:
    entry = _plating(**{header: ramp(4, 20)}).mapping.column(column)

    assert entry is not None
    assert (entry.header, entry.unit) == (header, unit)


def test_a_share_by_volume_is_no_volt() -> None:
    question = asked(_plating(**{"Brightener (% v/v)": ramp(0.1, 0.3)}), "column:brightener")

    assert "Brightener (% v/v)" in {option.value for option in question.options}


@pytest.mark.parametrize(("header", "yes"), [("QC_OK(1=OK 0=NG)", "ok"), ("QC_OK[1:NG, 0:OK]", "ng")])
def test_codes_that_the_header_explains_are_not_asked_about(header: str, yes: str) -> None:
    proposal = propose(factory_table({"로트번호": numbered("A"), header: around("1", "1", "0")}), PLATING)
    entry = proposal.mapping.column("judgement")

    assert read_from(proposal)["judgement"] == header
    assert entry is not None
    assert dict(entry.words)["1"] == yes


def test_a_legend_with_a_word_that_is_not_known_explains_nothing() -> None:
    cells: dict[str, Cells] = {"로트번호": numbered("A"), "QC_OK(1=OK 0=zz)": around("1", "1", "0")}

    assert "judgement" not in read_from(propose(factory_table(cells), PLATING))


def test_a_word_that_is_repeated_among_numbers_is_asked_about() -> None:
    table = factory_table({**LOTS, "Fe(mg/L)": NUMBERS})
    proposal = propose(table, PLATING)
    question = asked(proposal, "word:iron_content:N.D.")

    assert [option.value for option in question.options] == ["", "0"]
    for said, meant in (("", None), ("0", "0")):
        entry = answer(proposal, table, PLATING, {question.key: said}).mapping.column("iron_content")
        assert entry is not None
        assert entry.words == (("N.D.", meant),)
    with pytest.raises(AnswerInvalid, match="no vocabulary"):
        answer(proposal, table, PLATING, {question.key: "nothing"})


@pytest.mark.parametrize("word", ["/", "5~6", "미측정"])
def test_a_sign_a_number_written_in_another_way_and_a_word_for_no_value_are_no_question(word: str) -> None:
    assert _plating(**{"Fe(mg/L)": [*ramp(5, 20, rows=36), *[word] * 4]}).questions == ()


def test_a_word_that_stands_once_or_twice_among_numbers_is_a_slip() -> None:
    assert _plating(**{"Fe(mg/L)": [*ramp(5, 20, rows=38), "N.D.", "N.D."]}).questions == ()


def test_times_of_day_that_are_left_aside_are_said_beside_the_days() -> None:
    days = [f"2026-03-{1 + row % 28:02d}" for row in range(40)]
    night = [f"{(20 + row) % 24:02d}:15" for row in range(40)]

    beside = _plating(작업일자=days, 투입시각=night)
    assert beside.questions == ()
    assert "'투입시각'은(는) 쓰지 않음" in _reason(beside)
    assert "쓰지 않음" not in _reason(_plating(작업일자=days))
    assert "쓰지 않음" not in _reason(_plating(작업일자=days, 설비점검=around("1030", "1500")))
