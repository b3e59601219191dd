"""Workbooks as people keep them: merged cells, several sheets, dates, errors, formulas."""

import datetime as dt
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
import xlwt

from data_contracts.errors import BrokenTable, SheetNotFound, TableEmpty, UnknownTableFormat
from data_contracts.intake import read_source
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import Aside, SourceTable

Save = Callable[..., Path]
Rows = Callable[[SourceTable], list[tuple[str | None, ...]]]
Sheets = dict[str, Sequence[Sequence[object]]]

LOTS = [("LOT", "온도(℃)", "판정"), ("L1", 50.5, "OK"), ("L2", 51, "NG"), ("L3", 52, "OK")]


def _xlsx(sheets: Sheets, merged: Sequence[str] = ()) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(tuple(row))
        for area in merged:
            sheet.merge_cells(area)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _xls(sheets: Sheets) -> bytes:
    book = xlwt.Workbook(encoding="cp949")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                style = (day,) if isinstance(value, dt.datetime) else ()
                sheet.write(at, column, value, *style)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _guess(table: SourceTable, setting: str) -> tuple[str, bool]:
    return next((guess.value, guess.certain) for guess in table.guesses if guess.setting == setting)


def test_values_are_written_out_as_a_person_would_type_them(save: Save, rows: Rows) -> None:
    moments = [dt.datetime(2026, 3, 5, 14, 30), dt.datetime(2026, 3, 5), dt.time(9, 5), dt.timedelta(hours=30)]  # noqa: DTZ001
    numbers = [23.0, 23.5, 0.1 + 0.2, 8801234567890, -1e-7]
    values = [*moments, *numbers, True, " x ", "007"]
    book = _xlsx({"a": [["LOT", "값"], *([f"L{at}", value] for at, value in enumerate(values))]})

    assert [cell for _, cell in rows(read_source(save(book, name="a.xlsx")))] == [
        *("2026-03-05 14:30:00", "2026-03-05", "09:05:00", "30:00:00"),
        *("23", "23.5", "0.3", "8801234567890", "-1e-07", "TRUE", " x ", "007"),
    ]


def test_an_old_workbook_reads_like_a_new_one(save: Save, rows: Rows) -> None:
    lots = [("LOT", "온도(℃)", "일시"), ("L1", 50.5, dt.datetime(2026, 3, 5, 14, 30)), ("L2", 51, None)]  # noqa: DTZ001
    table = read_source(save(_xls({"가": lots}), name="a.xls"))

    assert rows(table) == [("L1", "50.5", "2026-03-05 14:30:00"), ("L2", "51", None)]
    assert table.cells.index.tolist() == [2, 3]
    assert table.guesses[0].setting == "header"


def test_an_old_workbook_of_many_sectors_is_read_whole(save: Save) -> None:
    """Eight megabytes need more sectors than the first block of an old workbook's directory of sectors can list."""
    lots = [("LOT", "온도", "비고"), *((f"L{n}", n, f"{n:0200d}") for n in range(20_000))]
    table = read_source(save(_xls({"가": lots}), name="a.xls"))

    assert len(table.cells) == 20_000
    assert table.cells[2].iloc[-1].endswith("19999")


def test_errors_keep_their_text_and_formulas_without_a_result_are_not_evaluated(save: Save, rows: Rows) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (("LOT", "a", "b"), ("L1", "#DIV/0!", 1), ("L2", 2, "=B3*2"), ("L3", 3, 4)):
        sheet.append(row)
    packed = io.BytesIO()
    book.save(packed)

    assert rows(read_source(save(packed.getvalue(), name="a.xlsx"))) == [
        ("L1", "#DIV/0!", "1"),
        ("L2", "2", "=B3*2"),
        ("L3", "3", "4"),
    ]


def test_errors_of_old_workbooks_keep_their_text(save: Save, rows: Rows) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for at, row in enumerate((("LOT", "t"), ("L1", 1), ("L2", 2))):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    sheet.row(3).write(0, "L3")
    sheet.row(3).set_cell_error(1, 42)  # #N/A
    packed = io.BytesIO()
    book.save(packed)

    assert rows(read_source(save(packed.getvalue(), name="a.xls")))[2] == ("L3", "#N/A")


def test_merged_headers_titles_and_blank_edges_of_a_sheet(save: Save, rows: Rows) -> None:
    sheet: list[list[object]] = [
        [],
        [None, "생산일보"],
        [None, "LOT", "도금조", None, "검사"],
        [None, None, "온도(℃)", "pH", None],
        [None, "L1", 50, 4.1, "OK"],
        [None, "L2", 51, 4.2, "NG"],
    ]
    table = read_source(save(_xlsx({"a": sheet}, ["B2:E2", "B3:B4", "C3:D3", "E3:E4"]), name="a.xlsx"))

    assert [header.text for header in table.headers] == ["LOT", "도금조 온도(℃)", "도금조 pH", "검사"]
    assert [header.position for header in table.headers] == [1, 2, 3, 4]
    assert rows(table) == [("L1", "50", "4.1", "OK"), ("L2", "51", "4.2", "NG")]
    assert table.cells.index.tolist() == [5, 6]
    assert table.lines(Aside.TITLE).tolist() == [2]


@pytest.mark.parametrize("merged", [["A1:D1"], ["A1:C1"], []])
def test_a_title_right_above_the_header_is_no_part_of_it(save: Save, merged: list[str]) -> None:
    """Korean reports have boxes for signatures beside the title."""
    sheet: list[Sequence[object]] = [
        ("도금 작업일지", None, None, None, "담당", "과장"),
        ("NO", "LOT", "온도", "pH", "판정", "비고"),
    ]
    sheet += [(1, "L1", 50, 4.1, "OK", None), (2, "L2", 51, 4.2, "NG", None), (3, "L3", 52, 4.0, "OK", None)]
    table = read_source(save(_xlsx({"a": sheet}, merged), name="a.xlsx"))

    assert [header.text for header in table.headers] == ["NO", "LOT", "온도", "pH", "판정", "비고"]
    assert table.lines(Aside.TITLE).tolist() == [1]


def test_a_cell_merged_over_several_lines_counts_for_each_and_that_is_told(save: Save, rows: Rows) -> None:
    sheet = [("일자", "LOT", "온도"), ("3/1", "L1", 50), (None, "L2", 51), ("3/2", "L3", 52)]
    path = save(_xlsx({"a": sheet}, ["A2:A3"]), name="a.xlsx")
    table = read_source(path)

    assert [row[0] for row in rows(table)] == ["3/1", "3/1", "3/2"]
    assert _guess(table, "filled") == ("true", True)
    assert [row[0] for row in rows(read_source(path, FileSettings(filled=False)))] == ["3/1", None, "3/2"]


def test_the_sheet_with_the_data_is_chosen_without_a_doubt_beside_covers_and_legends(save: Save) -> None:
    data = [("LOT", "온도"), *((f"L{n}", n) for n in range(100))]
    table = read_source(
        save(_xlsx({"표지": [("(주)한국도금",)], "3월": data, "코드": [("A", "랙")], "빈": []}), name="a.xlsx")
    )

    assert len(table.cells) == 100
    assert _guess(table, "sheet") == ("3월", True)
    assert table.settings.sheet == "3월"


def test_of_two_sheets_with_data_the_larger_is_chosen_and_asked_about(save: Save, rows: Rows) -> None:
    path = save(_xlsx({"2월": LOTS[:3], "3월": LOTS}), name="a.xlsx")

    assert _guess(read_source(path), "sheet") == ("3월", False)
    assert len(rows(read_source(path, FileSettings(sheet="2월")))) == 2


def test_a_hidden_sheet_is_not_chosen(save: Save) -> None:
    book = openpyxl.load_workbook(io.BytesIO(_xlsx({"옛": LOTS * 9, "새": LOTS})))
    book["옛"].sheet_state = "hidden"
    packed = io.BytesIO()
    book.save(packed)

    assert read_source(save(packed.getvalue(), name="a.xlsx")).settings.sheet == "새"


def test_a_workbook_with_one_sheet_needs_no_word_about_it(save: Save) -> None:
    """Next month the sheet has another name."""
    table = read_source(save(_xlsx({"3월": LOTS}), name="a.xlsx"))

    assert table.settings.sheet is None
    assert "sheet" not in {guess.setting for guess in table.guesses}


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(save: Save) -> None:
    with pytest.raises(SheetNotFound, match="'2월', '3월'"):
        read_source(save(_xlsx({"2월": LOTS, "3월": LOTS}), name="a.xlsx"), FileSettings(sheet="4월"))


def test_a_workbook_without_a_cell_is_empty(save: Save) -> None:
    for book in (_xlsx({"a": []}), _xls({"a": []})):
        with pytest.raises(TableEmpty):
            read_source(save(book, name="a.xlsx"))


@pytest.mark.parametrize("name", ["a.xls", "a.csv", "a", "a.parquet"])
def test_the_format_is_told_by_the_content_and_not_by_the_name(save: Save, rows: Rows, name: str) -> None:
    for content in (_xlsx({"a": LOTS}), "LOT,온도(℃),판정\nL1,50.5,OK\nL2,51,NG\nL3,52,OK\n"):
        table = read_source(save(content, name=name))

        assert rows(table) == [("L1", "50.5", "OK"), ("L2", "51", "NG"), ("L3", "52", "OK")]
        told = {guess.value for guess in table.guesses if guess.setting == "format"}
        assert told <= {"xlsx", "text"}
        assert bool(told) != (name == "a" or (name == "a.csv" and isinstance(content, str)))


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"%PDF-1.7 SECRET", "a PDF"),
        (b"\x9b DRMONE  This Document is encrypted and protected by Fasoo DRM SECRET", "document security"),
        (b"SCDSA002 SECRET", "document security"),
        (b"\x1f\x8b SECRET", "gzip"),
        (b"SQLite format 3\0 SECRET", "by a URL and a query"),
    ],
)
def test_what_is_no_table_is_named_for_what_it_is(save: Save, data: bytes, told: str) -> None:
    with pytest.raises(UnknownTableFormat, match=told) as caught:
        read_source(save(data, name="a.xlsx"))
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("make", [_xlsx, _xls])
def test_half_a_workbook_is_broken(save: Save, make: Callable[[Sheets], bytes]) -> None:
    book = make({"a": LOTS * 50})
    with pytest.raises(BrokenTable):
        read_source(save(book[: len(book) // 2], name="a.xls"))
