"""Where a file has the day in one column and the time of day in another, both are the column's moment."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from data_contracts.errors import AnswerInvalid
from data_contracts.mapping.answers import answer
from data_contracts.mapping.apply import apply_mapping
from data_contracts.mapping.propose import propose
from data_contracts.mapping.types import Proposal
from tests.factory_tables import SHOP, around, factory_table, shop_file

DAYS = [f"2026-03-{1 + row % 28:02d}" for row in range(40)]
CLOCK = [f"{8 + row % 10:02d}:{row % 60:02d}" for row in range(40)]


def _file(**columns: Sequence[str | None]) -> dict[str, Sequence[str | None]]:
    return {**{name: cells for name, cells in shop_file().items() if name != "성형 일시"}, **columns}


def _time(proposal: Proposal) -> str | None:
    entry = proposal.mapping.column("moulded_at")
    assert entry is not None
    return entry.time


def test_the_plain_file_has_its_moments_in_one_column() -> None:
    assert _time(propose(factory_table(shop_file()), SHOP)) is None


@pytest.mark.parametrize("header", ["시각", "작업시각", "시작 시간", "투입시각", "작업 시작시간", "START TIME"])
def test_the_time_of_day_is_found_and_said(header: str) -> None:
    table = factory_table(_file(작업일자=DAYS, **{header: CLOCK}))
    proposal = propose(table, SHOP)
    mapped = apply_mapping(table, proposal.mapping, SHOP)

    assert _time(proposal) == header
    assert [guess.value for guess in proposal.guesses if guess.setting == "columns.moulded_at.time"] == [header]
    assert str(mapped.frame["moulded_at"].iloc[1]) == "2026-03-02 09:01:00"
    assert {str(change.rule): change.cells for change in mapped.changes if change.column == "moulded_at"} == {
        "date": 40,
        "clock": 40,
    }
    assert header not in proposal.mapping.ignored


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("종료시각", CLOCK),  # when it ended
        ("점검시각", CLOCK),  # a word that nobody explains
        ("시간", around("00:20", "00:35", "00:41")),  # how long
        ("시간", [*around("14:30", rows=15), *[None] * 25]),  # too seldom
        ("시각", around("아침", "점심", "저녁")),
        ("시각", around("25", "40", "55")),
        ("작업시간", around("00:30", "02:10", "03:30")),  # hours worked
        ("작업시간", around("7:30", "8:00", "10:30")),  # hours worked, of a whole day
        ("작업 시간(분)", CLOCK),  # a time of day has no unit
        ("검사 시각", CLOCK),  # of something else
        ("약품 분석 시간", CLOCK),
        ("시작시각", around("8:30", "10:20", "1:15", "4:40")),  # before or after noon
        ("시작시각", around("08:30", "14:20", "02:00")),  # of this day or of the next
    ],
)
def test_what_is_not_surely_the_time_of_its_beginning_is_left_aside(header: str, cells: Sequence[str | None]) -> None:
    assert _time(propose(factory_table(_file(작업일자=DAYS, **{header: cells})), SHOP)) is None


def test_beside_another_column_of_days_nobody_knows_whose_time_it_is() -> None:
    table = factory_table(_file(작업일자=DAYS, 출하일=DAYS[::-1], 시각=CLOCK))

    assert _time(answer(propose(table, SHOP), table, SHOP, {"column:moulded_at": "작업일자"})) is None


def test_of_two_times_neither_is_taken() -> None:
    table = factory_table(_file(작업일자=DAYS, 시작시각=CLOCK, 투입시각=CLOCK[::-1]))

    assert _time(propose(table, SHOP)) is None


def test_beside_the_end_the_beginning_is_taken() -> None:
    table = factory_table(_file(작업일자=DAYS, 시작시각=CLOCK, 종료시각=CLOCK[::-1]))

    assert _time(propose(table, SHOP)) == "시작시각"


def test_days_with_a_time_of_their_own_need_no_other() -> None:
    moments = [f"{day} {clock}" for day, clock in zip(DAYS, CLOCK, strict=True)]

    assert _time(propose(factory_table(_file(작업일자=moments, 시각=CLOCK)), SHOP)) is None


def test_a_person_can_say_which_time_it_is_or_that_there_is_none() -> None:
    table = factory_table(_file(작업일자=DAYS, 시각=CLOCK, 점검시각=CLOCK[::-1]))
    proposal = propose(table, SHOP)

    assert _time(answer(proposal, table, SHOP, {"time:moulded_at": "점검시각"})) == "점검시각"
    assert _time(answer(proposal, table, SHOP, {"time:moulded_at": ""})) is None
    assert _time(answer(proposal, table, SHOP, {"column:moulded_at": "작업일자"})) == "시각"
    for header in ("없는 열", "작업일자", "샷 번호", "수지 온도(℃)"):
        with pytest.raises(AnswerInvalid, match="a header with times of day"):
            answer(proposal, table, SHOP, {"time:moulded_at": header})
    with pytest.raises(AnswerInvalid, match="for a column of dates"):
        answer(proposal, table, SHOP, {"time:melt_temperature": "시각"})


def test_a_header_that_was_taken_for_the_time_can_be_given_to_another_column() -> None:
    table = factory_table(_file(작업일자=DAYS, 시각=CLOCK))

    answered = answer(propose(table, SHOP), table, SHOP, {"column:flaw": "시각"})

    assert _time(answered) is None
    assert [guess.setting for guess in answered.guesses if guess.value == "시각"] == []


def test_the_time_is_looked_for_anew_among_headers_that_a_confirmed_mapping_does_not_know() -> None:
    known = propose(factory_table(_file(작업일자=DAYS, 시작시각=CLOCK)), SHOP).mapping
    without = propose(factory_table(_file(작업일자=DAYS)), SHOP).mapping
    renamed = factory_table(_file(작업일자=DAYS, 작업시각=CLOCK))

    for mapping in (known, without):
        again = propose(renamed, SHOP, known=mapping)
        assert _time(again) == "작업시각"
        assert [guess.setting for guess in again.guesses] == ["columns.moulded_at.time"]


def test_a_time_that_a_person_left_aside_is_not_taken_again() -> None:
    table = factory_table(_file(작업일자=DAYS, 시각=CLOCK))
    known = answer(propose(table, SHOP), table, SHOP, {"time:moulded_at": ""}).mapping

    assert _time(propose(table, SHOP, known=known)) is None


def test_a_known_mapping_keeps_its_time_and_loses_it_with_the_header() -> None:
    table = factory_table(_file(작업일자=DAYS, 시각=CLOCK))
    known = propose(table, SHOP).mapping

    assert propose(table, SHOP, known=known).mapping == known
    assert _time(propose(factory_table(_file(작업일자=DAYS)), SHOP, known=known)) is None


def test_a_confirmed_time_whose_header_the_file_lacks_is_looked_for_among_all_headers_again() -> None:
    table = factory_table(_file(작업일자=DAYS, 시작시각=CLOCK))
    sure = propose(table, SHOP).mapping
    columns = tuple(replace(entry, time="없는 열") if entry.time else entry for entry in sure.columns)

    again = propose(table, SHOP, known=replace(sure, columns=columns))

    assert _time(again) == "시작시각"
    assert [guess.setting for guess in again.guesses] == ["columns.moulded_at.time"]
