from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.errors import BrokenTable, IntakeError, TableEmpty, TableNotFound, UnknownTableFormat, WrongEncoding
from data_contracts.intake import read_table


def _csv(folder: Path, data: str | bytes) -> Path:
    path = folder / "parts.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_utf8_is_read_with_and_without_byte_order_mark(tmp_path: Path, mark: bytes, end: str) -> None:
    frame = read_table(_csv(tmp_path, mark + end.join(["번호, 온도 ", "가1, 10", "가2,"]).encode()))

    assert list(frame.columns) == ["번호", "온도"]
    assert frame["번호"].tolist() == ["가1", "가2"]
    assert frame["온도"].tolist() == ["10", pd.NA]


def test_cells_stay_text_so_that_the_contract_decides_what_a_number_is(tmp_path: Path) -> None:
    frame = read_table(_csv(tmp_path, "a,b\n007,NA\nTrue,1e5\n"))

    assert frame["a"].tolist() == ["007", "True"]
    assert frame["b"].tolist() == ["NA", "1e5"]


def test_the_index_is_the_line_an_editor_shows(tmp_path: Path) -> None:
    """Line 3 is blank, the record of line 4 spans two lines, so the last record stands in line 6."""
    frame = read_table(_csv(tmp_path, 'a,b\n1,2\n\n"x\ny",4\n5,6\n'))

    assert frame.index.tolist() == [2, 4, 6]


def test_repeated_headers_are_kept_for_the_contract_to_report(tmp_path: Path) -> None:
    assert list(read_table(_csv(tmp_path, "a,a\n1,2\n")).columns) == ["a", "a"]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    frame = read_table(_csv(tmp_path, "a,b\n"))

    assert (len(frame), list(frame.columns)) == (0, ["a", "b"])


def test_cp949_is_refused_with_line_byte_and_what_to_do(tmp_path: Path) -> None:
    """Lines 1 and 2 are ASCII, 6 bytes in all; line 3 begins with 2 ASCII bytes: byte 3 of the line, 9 of the file."""
    path = _csv(tmp_path, b"a,b\n1\n2," + "불량".encode("cp949"))

    with pytest.raises(WrongEncoding) as caught:
        read_table(path)
    text = str(caught.value)
    assert "line 3, byte 3 of the line (byte 9 of the file)" in text
    assert "CP949" in text
    assert "CSV UTF-8" in text


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n \n,,\n"])
def test_a_file_without_a_header_is_empty(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(TableEmpty, match=r"parts\.csv has no header line"):
        read_table(_csv(tmp_path, data))


def test_uneven_lines_are_counted_and_the_first_is_named_without_its_cells(tmp_path: Path) -> None:
    with pytest.raises(BrokenTable) as caught:
        read_table(_csv(tmp_path, "a,b\n1,2\nSECRET,2,3\n4\n"))

    assert "2 line(s) have more or fewer (first: line 3)" in str(caught.value)
    assert "SECRET" not in str(caught.value)


def test_a_quote_left_open_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(BrokenTable, match="starts in line 3"):
        read_table(_csv(tmp_path, 'a,b\n1,2\n"3,4\n5,6\n'))


def test_an_unknown_suffix_and_a_missing_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownTableFormat, match=r"parts\.xlsx: a table is a \.csv or \.parquet"):
        read_table(tmp_path / "parts.xlsx")
    with pytest.raises(UnknownTableFormat, match=r"^\.: a table is a"):
        read_table(".")
    with pytest.raises(TableNotFound, match="cannot open"):
        read_table(tmp_path / "none.csv")


def test_parquet_keeps_its_types_and_counts_rows_from_1(tmp_path: Path) -> None:
    path = tmp_path / "parts.parquet"
    pd.DataFrame({"a": [1.5, None], "b": ["x", "y"]}, index=[7, 9]).to_parquet(path)
    frame = read_table(path)

    assert frame["a"].dtype == "float64"
    assert frame["b"].tolist() == ["x", "y"]
    assert frame.index.tolist() == [1, 2]


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "parts.parquet"
    path.write_bytes(b"PAR1 SECRET PAR1")

    with pytest.raises(BrokenTable, match="not a readable Parquet file") as caught:
        read_table(path)
    assert "SECRET" not in str(caught.value)


@given(data=st.binary(max_size=80) | st.text(alphabet='ab,"\n\r 가', max_size=60).map(str.encode))
def test_any_bytes_are_a_table_or_a_clear_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = _csv(tmp_path_factory.mktemp("any"), data)

    try:
        frame = read_table(path)
    except IntakeError:
        return
    assert frame.index.is_monotonic_increasing
    assert all(dtype == "string" for dtype in frame.dtypes)
