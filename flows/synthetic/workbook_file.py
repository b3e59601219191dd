"""Write rows as a workbook that has the same bytes each time: fixed dates in its properties and in the archive."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.synthetic.habits import FileHabits
from flows.synthetic.layout import Part, Row

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LABEL = "SYNTHETIC 합성 데이터"
_MADE = datetime(2026, 3, 1)  # noqa: DTZ001  (a fixed date, so that equal seeds give equal bytes)
_ARCHIVED = (2026, 3, 1, 0, 0, 0)
_STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")
_FORMULA = re.compile(rb'(<c r="([A-Z]+[0-9]+)"[^>]*>)(<f>[^<]*</f>)(?:<v\s*/>|<v></v>)')


def write_workbook(rows: Sequence[Row], path: Path, habits: FileHabits) -> None:
    """Write a workbook with merged titles and headers, hidden columns, formulas with results, and further sheets.

    Args:
        rows: The rows of the sheet with the records.
        path: The file.
        habits: How it looks.
    """
    from openpyxl import Workbook  # noqa: PLC0415  (only the synthetic cooperative and templates write workbooks)

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title, book.properties.creator = LABEL, "pumasi sandbox files"
    book.properties.description = "Invented by a program, measured nowhere. 프로그램이 지어낸 값이며 실측이 아닙니다."
    book.properties.created = book.properties.modified = _MADE
    for name in (name for name, before in habits.other_sheets if before):
        _other(book.create_sheet(name))
    sheet = book.create_sheet(habits.sheet)
    results = _fill(sheet, rows, habits)
    for name in (name for name, before in habits.other_sheets if not before):
        _other(book.create_sheet(name))
    book.active = book.worksheets.index(sheet)
    raw = io.BytesIO()
    book.save(raw)
    path.write_bytes(_steady(raw.getvalue(), f"xl/worksheets/sheet{book.worksheets.index(sheet) + 1}.xml", results))


def _fill(sheet: "Worksheet", rows: Sequence[Row], habits: FileHabits) -> dict[bytes, bytes]:
    """Write the cells and return the results of the formulas by their place."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    results: dict[bytes, bytes] = {}
    letters = [get_column_letter(index + 1) for index in range(len(habits.columns))]
    for row in rows:
        for index, cell in enumerate(row.cells):
            if cell is None:
                continue
            if isinstance(cell, float) and row.part is Part.RECORD and habits.columns[index].formula:
                results[f"{letters[index]}{row.line}".encode()] = repr(cell).encode()
                sheet.cell(row.line, index + 1, f"=ROUND({cell!r},4)")
                continue
            target = sheet.cell(row.line, index + 1, cell)
            if isinstance(cell, datetime):
                target.number_format = "yyyy-mm-dd hh:mm" if cell.hour or cell.minute else "yyyy-mm-dd"
    for index, column in enumerate(habits.columns):
        sheet.column_dimensions[letters[index]].hidden = column.hidden
    _merge(sheet, rows, len(habits.columns))
    return results


def _merge(sheet: "Worksheet", rows: Sequence[Row], width: int) -> None:
    """Merge titles over the sheet's width, groups over their columns, and single headers over the header's lines."""
    for row in rows:
        if row.part is Part.TITLE and len([cell for cell in row.cells if cell]) == 1:
            sheet.merge_cells(start_row=row.line, end_row=row.line, start_column=1, end_column=min(width, 12))
    header = [row for row in rows if row.part is Part.HEADER]
    if len(header) < 2:  # noqa: PLR2004
        return
    top, below = header[0], header[1]
    column = 0
    while column < width:
        end = column + 1
        while (
            end < width and top.cells[end] is None and below.cells[end] is not None and below.cells[column] is not None
        ):
            end += 1
        if below.cells[column] is None:
            sheet.merge_cells(start_row=top.line, end_row=below.line, start_column=column + 1, end_column=column + 1)
        elif end > column + 1:
            sheet.merge_cells(start_row=top.line, end_row=top.line, start_column=column + 1, end_column=end)
        column = end


def _other(sheet: "Worksheet") -> None:
    """Fill a sheet that holds no records."""
    for index, text in enumerate(
        ("작성 요령", "1. 로트마다 한 줄씩 적을 것", "2. 액 분석은 월요일 아침", LABEL), start=1
    ):
        sheet.cell(index, 1, text)


def _steady(data: bytes, records: str, results: dict[bytes, bytes]) -> bytes:
    """Return the archive with fixed times, and with results beside the formulas, as a spreadsheet saves them."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>2026-03-01T00:00:00Z\g<2>", content)
            if name == records and results:
                content = _FORMULA.sub(
                    lambda found: found[1] + found[3] + b"<v>" + results[found[2]] + b"</v>", content
                )
            new.writestr(zipfile.ZipInfo(name, _ARCHIVED), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
