"""Files made to hurt: each is refused in little time and memory, or read as far as it is a table."""

import io
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlwt

from data_contracts.errors import BrokenTable, DataContractsError, TableTooLarge
from data_contracts.intake import read_source
from data_contracts.intake.compound_file import CompoundFileBroken, pack_stream, read_streams

Save = Callable[..., Path]

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def quickly() -> Iterator[None]:
    started = time.process_time()  # of this process, whatever else the machine is doing
    yield
    assert time.process_time() - started < 10


def _book(rows: int = 3) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(("LOT", "t"))
    for at in range(rows):
        book.worksheets[0].append((f"L{at}", at))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook of which one part was changed, or added."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_book())) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry.filename, change(data) if entry.filename == name else data)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="B2"', b'r="XFD2"'),
        (b'r="B4"', b'r="B200000"'),
        (b'r="B4"', b'r="XFD1048576"'),
        (b'r="B4"', b'r="ZZZ9999999"'),
        (b'r="B4"', b'r="B99999999999999999999"'),
    ],
)
def test_a_cell_far_from_the_table_is_refused_before_memory_is_asked_for(save: Save, old: bytes, new: bytes) -> None:
    path = save(_with_part(SHEET, lambda data: data.replace(old, new)), name="a.xlsx")
    if new == b'r="B200000"':
        assert read_source(path).cells.index.tolist() == [2, 3, 4, 200_000], "four hundred thousand cells are no matter"
        return
    with pytest.raises(TableTooLarge, match="delete the cells far from the table"):
        read_source(path)


def test_cells_that_are_only_coloured_are_no_matter(save: Save) -> None:
    painted = b'<c r="XFD4" s="0"/></row>'
    path = save(
        _with_part(SHEET, lambda data: data.replace(b"</row></sheetData>", painted + b"</sheetData>")), name="a.xlsx"
    )

    assert read_source(path).cells.shape == (3, 2)


@pytest.mark.parametrize("place", [b'r=""', b'r="B"', b'r="5"', b'r="b2"', b'r="AAAA1"', b'r="B0"', b'r="B-1"'])
def test_a_cell_without_a_proper_place_is_broken(save: Save, place: bytes) -> None:
    with pytest.raises((BrokenTable, TableTooLarge)):
        read_source(save(_with_part(SHEET, lambda data: data.replace(b'r="B2"', place)), name="a.xlsx"))


def test_a_bomb_of_zeros_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_contracts.intake.zip_guard.MAX_UNPACKED", 50_000_000)
    packed = io.BytesIO()
    archive = zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(60):
            part.write(bytes(1_000_000))
    assert len(packed.getvalue()) < 100_000

    with pytest.raises(TableTooLarge, match="unpacks to more than"):
        read_source(save(packed.getvalue(), name="a.xlsx"))


def test_a_part_that_lies_about_its_size_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    book = bytearray(_with_part(SHEET, lambda data: data + b" " * 5_000_000))
    at = book.rindex(SHEET.encode()) - 46  # the sheet's entry in the directory
    struct.pack_into("<I", book, at + 24, 1000)
    monkeypatch.setattr("data_contracts.intake.zip_guard.MAX_UNPACKED", 1_000_000)

    with pytest.raises((BrokenTable, TableTooLarge)):
        read_source(save(bytes(book), name="a.xlsx"))


def test_entities_are_refused(save: Save) -> None:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    path = save(_with_part(SHEET, lambda data: data.replace(b"<worksheet", laughs + b"<worksheet", 1)), name="a.xlsx")

    with pytest.raises(BrokenTable, match="entities"):
        read_source(path)


def test_one_endless_element_is_refused(save: Save) -> None:
    endless = b'<c r="A1" t="' + b"x" * 40_000_000 + b'">'
    with pytest.raises(BrokenTable, match="one element of its XML"):
        read_source(
            save(_with_part(SHEET, lambda data: data.replace(b"<sheetData>", b"<sheetData>" + endless)), name="a.xlsx")
        )


def test_a_table_of_texts_beyond_reason_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_contracts.intake.sheet_scan.MAX_SHARED_TEXTS", 1000)
    texts = b"<sst>" + b"<si/>" * 2000 + b"</sst>"
    path = save(_with_part("xl/sharedStrings.xml", lambda _: texts), name="a.xlsx")

    with pytest.raises(TableTooLarge, match="1,000 texts"):
        read_source(path)


def test_two_parts_of_one_name_are_refused(save: Save) -> None:
    packed = io.BytesIO(_book())
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")

    with pytest.raises(BrokenTable, match="the same name"):
        read_source(save(packed.getvalue(), name="a.xlsx"))


def _old_book() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    for at in range(2000):
        sheet.write(at, 0, f"L{at}")
        sheet.write(at, 1, at)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_a_chain_of_sectors_that_runs_in_a_circle_is_broken(save: Save) -> None:
    book = bytearray(_old_book())
    (fat,) = struct.unpack_from("<I", book, 76)
    struct.pack_into("<I", book, (fat + 1) * 512 + 4 * 20, 3)  # sector 20 goes on with sector 3

    with pytest.raises(BrokenTable, match="damaged"):
        read_source(save(bytes(book), name="a.xls"))


def test_old_cells_far_from_the_table_are_refused(save: Save) -> None:
    """A number record (0x0203, 14 bytes) says row and column in two bytes each."""
    book = _old_book()
    stream = bytearray(read_streams(book, ["Workbook"])["workbook"])
    at = stream.rindex(struct.pack("<HHHH", 0x027E, 10, 1999, 1))
    struct.pack_into("<HH", stream, at + 4, 65535, 65535)

    with pytest.raises(TableTooLarge, match="65,536 rows and 65,536 columns"):
        read_source(save(pack_stream("Workbook", bytes(stream)).getvalue(), name="a.xls"))


def test_merged_cells_that_end_before_they_begin_are_no_matter(save: Save) -> None:
    upside_down = b'</sheetData><mergeCells><mergeCell ref="B9:A1"/></mergeCells>'
    path = save(_with_part(SHEET, lambda data: data.replace(b"</sheetData>", upside_down)), name="a.xlsx")

    assert len(read_source(path).cells) == 3


def test_a_table_of_old_texts_that_claims_two_billion_is_broken(save: Save) -> None:
    stream = bytearray(read_streams(_old_book(), ["Workbook"])["workbook"])
    at = stream.index(struct.pack("<H", 0x00FC), 512)
    struct.pack_into("<i", stream, at + 8, 2**31 - 1)

    with pytest.raises(BrokenTable, match="table of texts"):
        read_source(save(pack_stream("Workbook", bytes(stream)).getvalue(), name="a.xls"))


@pytest.mark.parametrize("size", [0, 100, 4095, 4096, 4097, 100_000, 9_000_000])
def test_a_stream_that_was_packed_comes_out_again(size: int) -> None:
    data = bytes(at % 251 for at in range(min(size, 251))) * (size // 251 + 1)
    data = data[:size]

    assert read_streams(pack_stream("Book", data).getvalue(), ["book"])["book"][:size] == data


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 100])
def test_what_is_no_compound_file_is_told(data: bytes) -> None:
    with pytest.raises(CompoundFileBroken):
        read_streams(data, ["Workbook"])


def test_a_table_of_a_million_columns_is_refused(save: Save) -> None:
    with pytest.raises(TableTooLarge, match="2,000 columns"):
        read_source(save(("1," * 1_000_000 + "\n") * 3))


def test_one_line_of_a_million_cells_costs_that_line(save: Save) -> None:
    table = read_source(save("a,b\n" * 3 + "1," * 1_000_000 + "\nL5,5\n", name="a.csv"))

    assert list(table.unreadable) == [4]


def test_a_line_without_an_end_is_refused(save: Save) -> None:
    with pytest.raises(TableTooLarge, match="a line of the file is longer"):
        read_source(save(b"a,b\n1,2\n" + b"x" * 13_000_000))


def test_a_gigantic_cell_costs_its_line(save: Save) -> None:
    table = read_source(save("a,b\nL1,1\nL2," + "x" * 1_000_000 + "\nL3,3\n"))

    assert table.cells.index.tolist() == [2, 4]
    assert list(table.unreadable) == [3]


@pytest.mark.parametrize(
    ("limit", "value", "text"),
    [("MAX_ROWS", 10, "10 rows"), ("MAX_COLUMNS", 1, "1 columns"), ("MAX_CELLS", 30, "60 cells, more than 30")],
)
def test_more_rows_columns_or_cells_than_are_read_are_refused(
    save: Save, monkeypatch: pytest.MonkeyPatch, limit: str, value: int, text: str
) -> None:
    monkeypatch.setattr(f"data_contracts.intake.grid.{limit}", value)

    with pytest.raises(TableTooLarge, match=text):
        read_source(save("a,b\n" + "L1,2\n" * 29))


def test_a_file_of_too_many_bytes_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_contracts.intake.read.MAX_BYTES", 10)

    with pytest.raises(TableTooLarge, match="more than"):
        read_source(save("lot,t\nL1,1\n"))


@pytest.mark.parametrize(
    "page",
    [
        "<table><tr><td>" * 100_000,
        "<table>" + "<tr><td colspan=99999999 rowspan=99999999>x" * 2000,
        "<table><tr><td>a" + "<!--" * 90_000,
        "<table><tr><td>" + "<a " * 90_000,
        "<table><tr><td " + "x='" * 90_000,
        "<table><row ss:Index='2000000'><cell ss:Index='2000'>" * 200,
        "<table><tr><td>" + "x" * 300_000,
    ],
)
def test_pages_that_never_end_are_refused(save: Save, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data_contracts.intake.html_tables._LEFT", 200_000)
    with pytest.raises(DataContractsError):
        read_source(save(page, name="a.xls"))


def test_a_small_parquet_file_that_holds_a_lot_is_refused(save: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    """One text of 10 kB, stored once and named two thousand times: twenty megabytes, where ten are allowed."""
    monkeypatch.setattr("data_contracts.intake.parquet.MAX_BYTES", 10_000_000)
    packed = io.BytesIO()
    pq.write_table(pa.table({"a": pa.array(["x" * 10_000]).take(pa.array([0] * 2_000)).dictionary_encode()}), packed)
    assert len(packed.getvalue()) < 100_000

    with pytest.raises(TableTooLarge, match="of text"):
        read_source(save(packed.getvalue(), name="a.parquet"))
