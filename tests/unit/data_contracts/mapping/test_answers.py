"""What a person answers is taken over, checked, and may raise new questions."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from data_contracts.contract import Label
from data_contracts.errors import AnswerInvalid
from data_contracts.intake.guesses import Guess
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.answers import answer
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import ColumnMapping, Proposal, Topic
from tests.factory_tables import SHOP, around, asked, factory_table, ramp, read_from, shop_file

Cells = Sequence[str | None]


def _file(*without: str, **added: Cells) -> SourceTable:
    return factory_table({header: cells for header, cells in shop_file().items() if header not in without} | added)


def _answered(table: SourceTable, **answers: str) -> Proposal:
    """Answer the first proposal; two underscores of a key stand for its colon."""
    said = {key.replace("__", ":"): value for key, value in answers.items()}
    return answer(propose(table, SHOP), table, SHOP, said)


def _entry(proposal: Proposal, column: str) -> ColumnMapping:
    found = proposal.mapping.column(column)
    assert found is not None
    return found


def test_a_chosen_header_is_the_column_and_is_offered_to_no_other() -> None:
    table = _file("수지 온도(℃)", "냉각 시간(초)", X1=ramp(200, 240), X2=ramp(200, 250))
    assert "X1" in {option.value for option in asked(propose(table, SHOP), "column:cooling_time").options}

    done = _answered(table, column__melt_temperature="X1")

    assert read_from(done)["melt_temperature"] == "X1"
    assert _entry(done, "melt_temperature").reason == Label("사람이 정함", "decided by a person")
    assert [question.key for question in done.questions] == ["column:cooling_time"]
    assert {option.value for option in done.questions[0].options} == {"", "X2"}


def test_a_column_that_the_file_does_not_have_is_decided_too() -> None:
    done = _answered(_file("수지 온도(℃)", X1=ramp(200, 240)), column__melt_temperature="")

    assert _entry(done, "melt_temperature").header is None
    assert done.questions == ()


def test_a_guess_can_be_overruled_although_nobody_asked() -> None:
    done = _answered(_file(X1=ramp(200, 240)), column__melt_temperature="X1")

    assert _entry(done, "melt_temperature").header == "X1"
    assert "columns.melt_temperature" not in {guess.setting for guess in done.guesses}


def test_a_chosen_header_brings_its_unit_and_the_question_about_it() -> None:
    table = _file("수지 온도(℃)", "보압(kPa)", **{"노즐(℉)": ramp(400, 460), "P1": ramp(200, 600)})

    done = _answered(table, column__melt_temperature="노즐(℉)", column__hold_pressure="P1")

    assert _entry(done, "melt_temperature").unit == "°F"
    assert asked(done, "unit:hold_pressure").options[0].value in {"bar", "kgf/cm²"}
    assert _entry(answer(done, table, SHOP, {"unit:hold_pressure": "BAR"}), "hold_pressure").unit == "bar"


def test_the_words_of_a_column_that_was_chosen_are_asked_about_next() -> None:
    table = _file(근무조=around("1조", "2조"))

    done = _answered(table, column__shift="근무조")

    assert {question.key for question in done.questions} == {"word:shift:1조", "word:shift:2조"}


def test_a_column_and_its_words_can_be_answered_at_once_in_any_order() -> None:
    said = {"word:shift:2조": "night", "word:shift:1조": "", "column:shift": "근무조"}
    table = _file(근무조=around("1조", "2조"))

    done = answer(propose(table, SHOP), table, SHOP, said)

    assert dict(_entry(done, "shift").words) == {"1조": None, "2조": "night"}
    assert done.questions == ()


def test_the_contracts_own_unit_needs_no_conversion() -> None:
    table = _file("냉각 시간(초)", **{"냉각 시간": ramp(0.3, 1.2)})

    assert _entry(_answered(table, unit__cooling_time="s"), "cooling_time").unit is None
    assert _entry(_answered(table, unit__cooling_time="분"), "cooling_time").unit == "min"


def test_the_kind_of_flaw_as_the_result_makes_blanks_good_and_kinds_bad() -> None:
    table = _file("판정", "불량 유형", **{"불량 유형": around(None, None, "버", "없음", "긁힘")})

    done = _answered(table, column__result="불량 유형")

    assert dict(_entry(done, "result").words) == {"": "good", "버": "bad", "없음": "good"}
    assert asked(done, "word:result:긁힘").options[0].value == "bad"
    assert _entry(done, "flaw").header == "불량 유형"


def test_a_header_that_another_column_is_read_from_is_refused() -> None:
    with pytest.raises(AnswerInvalid, match=r"ph is read from that header already; answer column:ph first"):
        _answered(_file(), column__melt_temperature="pH")


def test_a_header_is_free_again_once_its_column_is_read_from_elsewhere() -> None:
    done = _answered(_file(), column__ph="", column__melt_temperature="pH")

    assert (_entry(done, "ph").header, _entry(done, "melt_temperature").header) == (None, "pH")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("voltage", "pH", "column:result"),
        ("column:voltage", "pH", "column:result"),
        ("colour:ph", "pH", "column:result"),
        ("column:ph", "산도", "no such header"),
        ("unit:ph", "K", "no unit"),
        ("unit:melt_temperature", "kPa", "becomes °C"),
        ("unit:shift", "K", "no unit"),
        ("word:shift:A", "noon", "day, night"),
        ("word:ph:7", "7", "no vocabulary"),
        ("dates:moulded_at", "ydm", "ymd"),
        ("dates:ph", "ymd", "column of dates"),
        ("decimal:ph", ";", "point or a comma"),
        ("file:colour", "red", "setting"),
        ("file:header", "first", "setting"),
    ],
)
def test_an_answer_that_nothing_allows_is_refused_and_says_what_is_allowed(key: str, value: str, said: str) -> None:
    table = _file()

    with pytest.raises(AnswerInvalid, match=said):
        answer(propose(table, SHOP), table, SHOP, {key: value})


def test_nothing_can_be_said_about_a_column_before_its_header_is_known() -> None:
    with pytest.raises(AnswerInvalid, match=r"before column:ph says which header it is"):
        _answered(_file("pH"), decimal__ph=",")


def test_an_answer_about_the_file_is_noted_for_the_next_reading() -> None:
    guess = Guess("header", "[2, 3]", Label("두 줄", "two lines"), certain=False)
    table = replace(_file(), guesses=(guess,), settings=FileSettings(header=(2, 3)))

    done = answer(propose(table, SHOP), table, SHOP, {"file:header": "[1, 3]"})

    assert done.mapping.file.header == (1, 3)
    assert Topic.FILE not in {question.topic for question in done.questions}


def test_every_first_answer_leaves_no_question_after_a_few_rounds() -> None:
    table = _file(
        "수지 온도(℃)",
        "판정",
        **{
            "냉각 시간(초)": ramp(0.3, 1.2),
            "근무조": around("1조", "2조", "주간"),
            "성형 일시": [f"0{1 + row % 9}/0{1 + row // 9}/26" for row in range(40)],
            "T1": ramp(200, 240),
        },
    )
    proposal, rounds = propose(table, SHOP), 0

    while proposal.questions and rounds < 20:
        first = proposal.questions[0]
        proposal, rounds = answer(proposal, table, SHOP, {first.key: first.options[0].value}), rounds + 1

    assert proposal.questions == ()
    assert rounds > 3
