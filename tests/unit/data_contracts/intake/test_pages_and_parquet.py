"""HTML tables saved as workbooks, and Parquet files."""

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_contracts.errors import BrokenTable, SheetNotFound, TableEmpty
from data_contracts.intake import read_source
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import Aside, SourceTable

Save = Callable[..., Path]
Rows = Callable[[SourceTable], list[tuple[str | None, ...]]]

PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<style>td {{mso-number-format:"\\@";}}</style></head><body>
<table border=1>
<tr><td colspan=4>도금 생산일보</td></tr>
<tr><th rowspan=2>LOT</th><th colspan=2>도금조</th><th rowspan=2>판정</th></tr>
<tr><th>온도<br>(℃)</th><th>pH</th></tr>
<tr><td>L1<td>50.1<td>4.1<td>OK &amp; 양호
<tr><td>L2</td><td> 50.2 </td><td>&nbsp;</td><td><b>NG</b></td></tr>
<tr><td rowspan=2>L3</td><td>50.3</td><td>4.3</td><td>OK</td></tr>
<tr><td>50.4</td><td>4.4</td><td>OK</td></tr>
<tr><td>합계</td><td>201</td><td></td><td></td></tr>
</table></body></html>"""


def _guess(table: SourceTable, setting: str) -> tuple[str, bool]:
    return next((guess.value, guess.certain) for guess in table.guesses if guess.setting == setting)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("utf-8", "utf-8"), ("euc-kr", "cp949"), ("utf-8", "cp949"), ("ks_c_5601-1987", "cp949"), ("x", "utf-8")],
)
def test_an_export_of_a_web_mes_is_read_in_the_encoding_it_has(
    save: Save, rows: Rows, charset: str, encoding: str
) -> None:
    table = read_source(save(PAGE.format(charset=charset), name="export.xls", encoding=encoding))

    assert [header.text for header in table.headers] == ["LOT", "도금조 온도 (℃)", "도금조 pH", "판정"]
    assert rows(table) == [
        ("L1", "50.1", "4.1", "OK & 양호"),
        ("L2", "50.2", None, "NG"),
        ("L3", "50.3", "4.3", "OK"),
        ("L3", "50.4", "4.4", "OK"),
    ]
    assert table.cells.index.tolist() == [4, 5, 6, 7], "rows as a spreadsheet counts them"
    assert table.lines(Aside.TITLE).tolist() == [1]
    assert table.lines(Aside.FOOTER).tolist() == [8]
    assert _guess(table, "format") == ("html", True)
    assert _guess(table, "encoding") == (encoding, True)


def test_of_several_tables_the_largest_is_read_and_another_can_be_said(save: Save, rows: Rows) -> None:
    small = "<table><tr><td>회사</td><td>한국도금</td></tr></table>"
    lots = "<tr><td>LOT</td><td>온도</td></tr>" + "".join(f"<tr><td>L{n}</td><td>{n}</td></tr>" for n in range(30))
    path = save(f"{small}<div><table>{lots}</table></div>", name="a.xls")

    assert _guess(read_source(path), "sheet") == ("2", True)
    assert len(rows(read_source(path))) == 30
    assert len(read_source(path, FileSettings(sheet="1", header=(0, 0))).cells) == 1
    with pytest.raises(SheetNotFound, match="1 to 2"):
        read_source(path, FileSettings(sheet="3"))


def test_a_table_within_a_cell_is_a_table_of_its_own(save: Save, rows: Rows) -> None:
    inner = (
        "<table><tr><td>LOT</td><td>온도</td></tr><tr><td>L1</td><td>5</td></tr><tr><td>L2</td><td>6</td></tr></table>"
    )
    table = read_source(save(f"<table><tr><td>머리 {inner} 꼬리</td></tr></table>", name="a.xls"))

    assert rows(table) == [("L1", "5"), ("L2", "6")]


def test_a_spreadsheet_saved_as_xml_is_read(save: Save, rows: Rows) -> None:
    page = """<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="a"><Table>
<Row><Cell><Data ss:Type="String">LOT</Data></Cell><Cell><Data>온도</Data></Cell><Cell><Data>pH</Data></Cell></Row>
<Row><Cell><Data>L1</Data></Cell><Cell><Data ss:Type="Number">50.5</Data></Cell><Cell><Data>4</Data></Cell></Row>
<Row ss:Index="4"><Cell><Data>L2</Data></Cell><Cell ss:Index="3"><Data>5</Data></Cell></Row>
</Table></Worksheet></Workbook>"""
    table = read_source(save(page, name="a.xls"))

    assert rows(table) == [("L1", "50.5", "4"), ("L2", None, "5")]
    assert table.cells.index.tolist() == [2, 4]


def test_a_page_without_a_table_is_empty(save: Save) -> None:
    with pytest.raises(TableEmpty):
        read_source(save("<html><body>로그인이 필요합니다</body></html>", name="a.xls"))


def _parquet(table: pa.Table) -> bytes:
    packed = io.BytesIO()
    pq.write_table(table, packed)
    return packed.getvalue()


def test_parquet_is_written_out_as_text_and_its_rows_count_from_1(save: Save, rows: Rows) -> None:
    moment = dt.datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001
    data = pa.table(
        {
            "LOT": ["L1", " ", None],
            "온도(℃)": [50.5, float("nan"), 51.0],
            "n": pa.array([1, None, 3], pa.int32()),
            "at": [moment, moment.replace(hour=0, minute=0), None],
            "ok": [True, False, None],
            "d": [Decimal("1.50"), None, None],
            "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
        }
    )
    table = read_source(save(_parquet(data), name="a.parquet"))

    assert (table.headers[1].name, table.headers[1].unit) == ("온도", "℃")
    assert rows(table) == [
        ("L1", "50.5", "1", "2026-03-05 14:30:00", "TRUE", "1.50", "a"),
        (None, None, None, "2026-03-05", "FALSE", None, "b"),
        (None, "51", "3", None, None, None, "a"),
    ]
    assert table.cells.index.tolist() == [1, 2, 3]


def test_parquet_columns_of_one_name_and_names_with_dots_are_told_apart(save: Save, rows: Rows) -> None:
    data = pa.Table.from_arrays([pa.array(["1"]), pa.array(["2"]), pa.array(["3"])], names=["a", "a", "a.b"])
    table = read_source(save(_parquet(data), name="a.parquet"))

    assert [header.text for header in table.headers] == ["a", "a (2)", "a.b"]
    assert rows(table) == [("1", "2", "3")]


def test_lists_in_parquet_are_refused(save: Save) -> None:
    with pytest.raises(BrokenTable, match="column 2 holds lists"):
        read_source(save(_parquet(pa.table({"a": [1], "b": [[1, 2]]})), name="a.parquet"))


def test_a_damaged_parquet_file_is_refused(save: Save) -> None:
    for data in (b"PAR1 SECRET PAR1", _parquet(pa.table({"a": [1]}))[:-20] + b"PAR1"):
        with pytest.raises(BrokenTable, match="not a readable Parquet file") as caught:
            read_source(save(data, name="a.parquet"))
        assert "SECRET" not in str(caught.value)
