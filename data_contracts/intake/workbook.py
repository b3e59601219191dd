"""Workbooks, new (XLSX) and old (XLS): guarded, then read by python-calamine; formulas are never evaluated."""

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from data_contracts.contract import Label
from data_contracts.errors import BrokenTable, SheetNotFound, TableEmpty
from data_contracts.intake.cell_text import cell_text
from data_contracts.intake.formats import Format
from data_contracts.intake.grid import Grid, Merge, Taken, check_size, text_array
from data_contracts.intake.guesses import Guess
from data_contracts.intake.header_lines import find_header
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.sheet_scan import SheetScan, check_extent, scan_sheets
from data_contracts.intake.xls_guard import open_xls
from data_contracts.intake.zip_guard import open_archive

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["read_workbook"]

_ROWS = 10_000  # written out at a time
_PLAIN = 10  # a sheet with a tenth of the cells of another is a cover, a legend or a summary
_FEW_CELLS = 6  # so does one with hardly any cell
_JUDGED = 30  # rows by which a sheet is judged


def read_workbook(data: bytes, name: str, settings: FileSettings, kind: Format) -> Taken:
    """Take the sheet that holds the data apart, or the one that the settings name.

    Raises:
        BrokenTable: if the workbook is damaged or protected by a password.
        TableTooLarge: if it unpacks to too much, or its cells reach too far.
        UnknownTableFormat: if the file is no workbook after all.
        SheetNotFound: if it has no sheet of the name in the settings.
        TableEmpty: if no sheet has a cell.
    """
    if kind is Format.XLSX:
        archive = open_archive(data, name)
        scans, source = scan_sheets(archive), archive.repacked()
    else:
        scans, source = open_xls(data, name)
        for scan in scans:  # all of them are read at once
            check_extent(scan.bottom, scan.right, name)
        check_extent(sum(scan.bottom * scan.right for scan in scans), 1, name)
    workbook = _open(source, name)
    scan, guess = _chosen(scans, workbook, name, settings.sheet)
    check_extent(scan.bottom, scan.right, name)
    grid = _grid(_sheet(workbook, scan, name), scan)
    several = len(scans) > 1
    settings = replace(settings, sheet=scan.name if several else settings.sheet)
    return Taken(grid, settings, () if guess is None else (guess,))


def _open(source: io.BytesIO, name: str) -> "CalamineWorkbook":
    from python_calamine import CalamineWorkbook, PasswordError  # noqa: PLC0415  # 10 ms that readers of CSV do not need

    try:
        return CalamineWorkbook.from_filelike(source)
    except PasswordError:
        raise BrokenTable(f"{name} is protected by a password; save it without one") from None
    except BaseException as error:  # noqa: BLE001  # a panic of the reader is no Exception
        raise _as_broken(error, name) from None


def _as_broken(error: BaseException, name: str) -> BaseException:
    """Return what to raise for an error of the reader: it panics on some damage, which is no ordinary exception."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        return BrokenTable(f"{name} is damaged: the workbook cannot be read; open it in Excel and save it again")
    return error


def _sheet(workbook: "CalamineWorkbook", scan: SheetScan, name: str) -> "CalamineSheet":
    try:
        return workbook.get_sheet_by_name(scan.name)
    except BaseException as error:  # noqa: BLE001  # a panic of the reader is no Exception
        raise _as_broken(error, name) from None


def _chosen(
    scans: Sequence[SheetScan], workbook: "CalamineWorkbook", name: str, named: str | None
) -> tuple[SheetScan, Guess | None]:
    """Choose the sheet with the most cells among those that look like a table."""
    if named is not None:
        for scan in scans:
            if scan.name == named:
                return scan, None
        raise SheetNotFound(f"{name} has no sheet {named!r}; it has {', '.join(repr(scan.name) for scan in scans)}")
    filled = [scan for scan in scans if scan.cells]
    if not filled:
        raise TableEmpty(f"{name} has no cell; export the table again, with its header")
    best = _best(filled, workbook, name)
    if len(scans) == 1:
        return best, None
    certain = all(_plainly_none(scan, best) for scan in filled if scan is not best)
    reason = Label(
        f"시트 {len(scans)}개 가운데 표로 보이고 칸이 가장 많은 시트입니다.",
        f"Of {len(scans)} sheets it is the one that looks like a table and has the most cells.",
    )
    return best, Guess("sheet", best.name, reason, certain=certain)


def _best(filled: Sequence[SheetScan], workbook: "CalamineWorkbook", name: str) -> SheetScan:
    shown = [scan for scan in filled if not scan.hidden] or filled
    largest = max(shown, key=lambda scan: scan.cells)
    likely = [scan for scan in shown if not _plainly_none(scan, largest)] or [largest]
    if len(likely) == 1:
        return largest
    return max(likely, key=lambda scan: (_is_table(scan, workbook, name), scan.cells))


def _plainly_none(scan: SheetScan, best: SheetScan) -> bool:
    return scan.cells <= _FEW_CELLS or _PLAIN * scan.cells <= best.cells


def _is_table(scan: SheetScan, workbook: "CalamineWorkbook", name: str) -> bool:
    """Whether names stand above values in a sheet."""
    check_extent(scan.bottom, scan.right, name)
    rows = [row for row in _texts(_sheet(workbook, scan, name), scan, _JUDGED) if any(row)]
    if len(rows) < 2 or len(rows[0]) < 2:  # noqa: PLR2004  # a header and a record, of two columns
        return False
    found = find_header(rows)
    return found.last >= found.first


def _texts(sheet: "CalamineSheet", scan: SheetScan, rows: int) -> list[tuple[str | None, ...]]:
    return [
        tuple(scan.odd.get((at, column), cell_text(value)) for column, value in enumerate(values))
        for at, values in zip(range(rows), _rows(sheet), strict=False)
    ]


def _rows(sheet: "CalamineSheet") -> Iterator[list[object]]:
    """Yield the rows from A1 on; the reader begins with the first row, but with the first column that has a cell."""
    left: list[object] = [None] * (sheet.start[1] if sheet.start else 0)
    for values in sheet.iter_rows():
        yield [*left, *values]


def _grid(sheet: "CalamineSheet", scan: SheetScan) -> Grid:
    chunks: list[list[pa.Array]] = []
    rows = 0
    for block in _blocks(sheet):
        chunks.append([text_array(list(map(cell_text, cells))) for cells in zip(*block, strict=True)])
        rows += len(block)
    check_size(max(rows, scan.bottom), scan.right)
    columns = [pa.chunked_array(pieces, pa.large_string()) for pieces in zip(*chunks, strict=True)]
    columns = _with_odd(columns, max([rows, *(row + 1 for row, _ in scan.odd)]), scan)
    merges = tuple(
        Merge(*first, *last)
        for first, last in sheet.merged_cell_ranges or ()
        if first[0] <= last[0] and first[1] <= last[1] and first[1] < len(columns)  # not those of a damaged file
    )
    lines = np.arange(1, len(columns[0]) + 1 if columns else 1, dtype=np.int64)
    return Grid(lines, tuple(columns), (), merges)


def _blocks(sheet: "CalamineSheet") -> Iterator[list[list[object]]]:
    block: list[list[object]] = []
    for values in _rows(sheet):
        block.append(values)
        if len(block) == _ROWS:
            yield block
            block = []
    if block:
        yield block


def _with_odd(columns: list[pa.ChunkedArray], rows: int, scan: SheetScan) -> list[pa.ChunkedArray]:
    """Write the cells that the reader leaves out into their places, if need be outside of what it returned."""
    odd: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for (row, column), text in scan.odd.items():
        odd[column].append((row, text))
    done = []
    for at in range(max([len(columns), *(column + 1 for column in odd)])):
        cells = columns[at] if at < len(columns) else pa.chunked_array([], pa.large_string())
        if at in odd or len(cells) < rows:
            written: list[str | None] = [*cells.to_pylist(), *[None] * (rows - len(cells))]
            for row, text in odd[at]:
                written[row] = text
            cells = pa.chunked_array([text_array(written)])
        done.append(cells)
    return done
