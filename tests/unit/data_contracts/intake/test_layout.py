"""Titles, headers, totals, footers and repeated headers, as they stand in the files of Korean factories."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data_contracts.errors import BrokenTable
from data_contracts.intake import read_source
from data_contracts.intake.settings import NO_HEADER, FileSettings
from data_contracts.intake.table import Aside, SourceTable

Save = Callable[..., Path]
Rows = Callable[[SourceTable], list[tuple[str | None, ...]]]

REPORT = """(주)한국도금 생산일보,,,,
작성일: 2026-03-05,,,작성자: 홍길동,

LOT,일자,온도,pH,판정
,,(℃),,
L01,2026-03-01,50.1,4.2,OK
L02,2026-03-01,51.1,4.3,NG
소계,,101.2,,
LOT,일자,온도,pH,판정
,,(℃),,

L03,2026-03-02,50.5,4.2,OK
L04,2026-03-02,50.5,4.2,OK
합 계,,202.2,,
평균,,50.5,,
※ 재작업 로트 포함,,,,
확인: ,,,,
"""


def _guess(table: SourceTable, setting: str) -> tuple[str, bool]:
    return next((guess.value, guess.certain) for guess in table.guesses if guess.setting == setting)


def _texts(table: SourceTable) -> list[str]:
    return [header.text for header in table.headers]


def test_a_production_report_is_taken_apart_line_by_line(save: Save, rows: Rows) -> None:
    table = read_source(save(REPORT, encoding="cp949"))

    assert _texts(table) == ["LOT", "일자", "온도 (℃)", "pH", "판정"]
    assert (table.headers[2].name, table.headers[2].unit) == ("온도", "℃")
    assert table.cells.index.tolist() == [6, 7, 12, 13]
    assert rows(table)[-1] == ("L04", "2026-03-02", "50.5", "4.2", "OK")
    assert table.lines(Aside.TITLE).tolist() == [1, 2]
    assert table.lines(Aside.REPEATED_HEADER).tolist() == [9, 10]
    assert table.lines(Aside.FOOTER).tolist() == [8, 14, 15, 16, 17]
    assert table.lines(Aside.UNREADABLE).tolist() == []
    assert _guess(table, "header") == ("[4, 5]", True)
    assert _guess(table, "last") == ("13", True)


def test_the_settings_that_were_found_read_the_same_table_again(save: Save) -> None:
    path = save(REPORT)
    first = read_source(path)
    again = read_source(path, first.settings)

    assert again.cells.equals(first.cells)
    assert again.headers == first.headers
    assert {aside.why: aside.lines.tolist() for aside in again.aside} == {
        aside.why: aside.lines.tolist() for aside in first.aside
    }
    assert first.settings.last is None, "next month's file is longer"


def test_every_guess_has_a_reason_in_both_languages_and_no_cell(save: Save) -> None:
    guesses = read_source(save(REPORT)).guesses

    assert {guess.setting for guess in guesses} == {"encoding", "delimiter", "header", "last"}
    for guess in guesses:
        assert guess.reason.ko
        assert guess.reason.en
        assert "홍길동" not in guess.reason.ko + guess.reason.en + guess.value


def test_header_and_last_line_can_be_said(save: Save, rows: Rows) -> None:
    table = read_source(save(REPORT), FileSettings(header=(9, 10), last=12))

    assert rows(table) == [("L03", "2026-03-02", "50.5", "4.2", "OK")]
    assert table.lines(Aside.TITLE).tolist() == [1, 2, 4, 5, 6, 7, 8]
    assert table.lines(Aside.FOOTER).tolist() == [13, 14, 15, 16, 17]


def test_the_line_called_the_last_is_a_record_whatever_it_looks_like(save: Save, rows: Rows) -> None:
    table = read_source(save(REPORT), FileSettings(last=14))

    assert rows(table)[-1][0] == "합 계"


def test_a_header_said_to_be_where_nothing_is_is_refused(save: Save) -> None:
    with pytest.raises(BrokenTable, match="lines 90 to 91"):
        read_source(save(REPORT), FileSettings(header=(90, 91)))


@pytest.mark.parametrize(
    "text",
    [
        "LOT,도금조,,,검사\n,온도,pH,전류,판정\nL1,50,4.1,2.2,양품\nL2,51,4.0,2.3,불량\n",
        "LOT,도금조,,,검사\n,온도,pH,전류,판정\n,(℃),,(A),\nL1,50,4.1,2.2,양품\nL2,51,4.0,2.3,불량\n",
    ],
)
def test_a_header_of_two_lines_is_joined_and_groups_spread_to_the_right(save: Save, text: str) -> None:
    table = read_source(save(text))

    assert [header.name for header in table.headers] == ["LOT", "도금조 온도", "도금조 pH", "도금조 전류", "검사 판정"]
    assert len(table.cells) == 2


def test_a_header_of_three_lines_is_joined(save: Save) -> None:
    table = read_source(save("LOT,도금,,,\n,1조,,2조,\n,온도,pH,온도,pH\nL1,50,4.1,51,4.2\nL2,52,4.3,50,4.0\n"))

    assert _texts(table) == ["LOT", "도금 1조 온도", "도금 1조 pH", "도금 2조 온도", "도금 2조 pH"]


def test_an_upper_line_that_tells_like_names_apart_belongs_to_the_header(save: Save) -> None:
    table = read_source(save("LOT,탈지,,산세,\nLOT,온도,시간,온도,시간\nL1,50,4,30,5\nL2,52,4,31,5\n"))

    assert _texts(table) == ["LOT", "탈지 온도", "탈지 시간", "산세 온도", "산세 시간"]


def test_who_wrote_the_report_is_no_header(save: Save) -> None:
    table = read_source(save("작성자,홍길동,,\n라인,A,,\nLOT,온도,pH,판정\nL1,50,4.1,OK\nL2,51,4.2,OK\n"))

    assert _texts(table) == ["LOT", "온도", "pH", "판정"]
    assert table.lines(Aside.TITLE).tolist() == [1, 2]


def test_line_breaks_and_blanks_in_a_header_become_one_blank(save: Save) -> None:
    assert _texts(read_source(save('"LOT\n번호"," 온도 \r\n(℃) "\nL1,5\nL2,6\n'))) == ["LOT 번호", "온도 (℃)"]


def test_a_second_column_of_a_name_gets_a_number(save: Save) -> None:
    table = read_source(save("LOT,온도(℃),온도(℃),온도(℃) (2)\nL1,5,6,7\nL2,6,7,8\n"))

    assert _texts(table) == ["LOT", "온도(℃)", "온도(℃) (3)", "온도(℃) (2)"]
    assert (table.headers[2].name, table.headers[2].unit) == ("온도 (3)", "℃")


def test_a_column_without_a_header_is_called_by_its_position(save: Save, rows: Rows) -> None:
    table = read_source(save(",LOT,온도\n0,L1,50\n1,L2,51\n"))

    assert _texts(table) == ["(1)", "LOT", "온도"]
    assert rows(table)[0] == ("0", "L1", "50")


def test_columns_without_header_and_cells_are_dropped_and_those_with_a_header_kept(save: Save) -> None:
    table = read_source(save("LOT,온도,,비고,,\nL1,50,,,,\nL2,51,,,,\n"))

    assert _texts(table) == ["LOT", "온도", "비고"]
    assert table.column(table.headers[2]).isna().all()


def test_records_with_more_cells_than_the_header_leave_columns_without_a_name_and_a_doubt(save: Save) -> None:
    table = read_source(save("LOT,온도\n1,L1,50\n2,L2,51\n3,L3,52\n"))

    assert _texts(table) == ["LOT", "온도", "(3)"]
    assert _guess(table, "header") == ("[1, 1]", False)


@pytest.mark.parametrize(
    "text",
    [
        "L1,50.1,4.2,OK\nL2,50.2,4.3,NG\nL3,50.2,4.1,OK\n",
        "2026-03-01,L1,-,4.2\n2026-03-02,L2,51,4.1\n2026-03-02,L3,52,4.0\n",
        "1,2\n3,4\n",
        "5,6\n",
    ],
)
def test_a_file_without_a_header_is_never_given_a_record_as_one(save: Save, text: str) -> None:
    table = read_source(save(text))

    assert len(table.cells) == text.count("\n")
    assert _texts(table)[0] == "(1)"
    assert _guess(table, "header") == ("[0, 0]", False)
    assert table.settings.header == NO_HEADER
    assert read_source(save(text), table.settings).cells.equals(table.cells)


def test_a_header_of_years_or_numbers_is_seen_by_its_counting_up(save: Save) -> None:
    table = read_source(
        save("품목,1월,2월,3월,4월\n볼트,120,130,125,128\n너트,220,230,225,228\n와셔,320,330,325,328\n")
    )

    assert _texts(table) == ["품목", "1월", "2월", "3월", "4월"]


@pytest.mark.parametrize(
    "text",
    [
        "T1,T2,P1,판정\n50,51,3,OK\n52,53,4,NG\n",
        "LOT,온도,pH\nL1,-,-\nL2,N/A,측정불가\nL3,50,4.1\nL4,51,4.2\n",
        "로트,온도,TEMP\nlot,temp,temp2\nL1,50,51\nL2,52,53\n",
    ],
)
def test_headers_of_short_names_over_gaps_and_in_two_languages_are_beyond_doubt(save: Save, text: str) -> None:
    table = read_source(save(text))

    assert _guess(table, "header")[1] is True
    assert table.settings.header in {(1, 1), (1, 2)}
    assert len(table.cells) in {2, 4}


def test_a_table_of_words_only_gets_a_header_that_does_not_come_again(save: Save) -> None:
    table = read_source(
        save("라인,교대,판정\nA,주간,양품\nB,야간,양품\nA,야간,불량\nB,주간,양품\nA,주간,양품\nB,야간,불량\n")
    )

    assert _texts(table) == ["라인", "교대", "판정"]
    assert len(table.cells) == 6


def test_titles_repeated_on_each_page_are_titles(save: Save) -> None:
    page = "도금 생산일보,,,\n페이지 {n}/2,,,\nLOT,온도,pH,판정\nL{n}1,50,4.1,OK\nL{n}2,51,4.2,OK\nL{n}3,51,4.2,OK\n"
    table = read_source(save(page.format(n=1) + page.format(n=2)))

    assert table.cells.index.tolist() == [4, 5, 6, 10, 11, 12]
    assert table.lines(Aside.TITLE).tolist() == [1, 2, 7, 8]
    assert table.lines(Aside.REPEATED_HEADER).tolist() == [9]


@pytest.mark.parametrize(
    "footer",
    [
        "합계,,300,",
        "총 계,,300,",
        "Total,,300,",
        "평균 :,,50,",
        "AVG,,50,",
        "3월 합계,,300,",
        ",,,작성자: 김철수",
        "-- 이하 여백 --,,,",
        "총 3건,,,",
        "* 수정 금지,,,",
    ],
)
def test_totals_and_remarks_at_the_end_are_a_footer(save: Save, footer: str) -> None:
    table = read_source(save(f"LOT,일자,온도,판정\nL1,3/1,50,OK\nL2,3/2,51,OK\nL3,3/3,52,NG\n{footer}\n"))

    assert table.cells.index.tolist() == [2, 3, 4]
    assert table.lines(Aside.FOOTER).tolist() == [5]


def test_a_footer_with_fewer_cells_than_the_header_is_one_all_the_same(save: Save) -> None:
    table = read_source(save("LOT,일자,온도,판정\nL1,3/1,50,OK\nL2,3/2,51,OK\n합계,,101\n작성: 홍길동\n"))

    assert table.lines(Aside.FOOTER).tolist() == [4, 5]
    assert table.unreadable == {}


def test_a_last_record_that_is_not_finished_yet_is_a_record(save: Save, rows: Rows) -> None:
    table = read_source(save("LOT,일자,온도,pH,판정\nL1,3/1,50,4.1,OK\nL2,3/2,51,4.2,OK\nL3,3/3,,,\nL4,,,,\n"))

    assert rows(table)[-1] == ("L4", None, None, None, None)
    assert not table.aside


def test_a_word_for_a_sum_is_the_records_own_where_most_of_them_have_it(save: Save) -> None:
    records = [f"{'부' if at % 9 == 4 else '합'},L{at},{'' if at in {12, 29} else 50 + at}\n" for at in range(30)]
    table = read_source(save(f"판정,LOT,온도\n{''.join(records)}"))

    assert len(table.cells) == 30
    assert not table.aside


def test_a_total_after_each_two_records_is_a_total(save: Save) -> None:
    days = [f"L{at}A,3/{at},50\nL{at}B,3/{at},51\n계,,101\n" for at in range(1, 11)]
    table = read_source(save(f"LOT,일자,온도\n{''.join(days)}"))

    assert len(table.cells) == 20
    assert len(table.lines(Aside.FOOTER)) == 10


def test_more_kinds_of_totals_than_records_are_totals(save: Save) -> None:
    table = read_source(save("LOT,일자,온도\nL1,3/1,50\nL2,3/2,52\n합계,,102\n평균,,51\n표준편차,,1\n"))

    assert table.cells.index.tolist() == [2, 3]
    assert table.lines(Aside.FOOTER).tolist() == [4, 5, 6]


def test_a_column_of_kinds_of_statistics_is_no_list_of_totals(save: Save) -> None:
    table = read_source(save("통계,항목,값\n" + "평균,온도,50\n최대,온도,60\n최소,온도,40\n합계,온도,500\n" * 5))

    assert len(table.cells) == 20
    assert not table.aside
