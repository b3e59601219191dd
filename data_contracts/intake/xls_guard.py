"""Old workbooks (XLS, BIFF5 and BIFF8): their records are walked before the reader of workbooks may see them.

Records after Microsoft's [MS-XLS]. The walk finds how far each sheet's cells reach, errors such as ``#DIV/0!``, which
the reader leaves blank, and counts that would make it allocate more memory than there is.
"""

import io
import struct
from collections.abc import Iterator

from data_contracts.errors import BrokenTable, TableTooLarge, UnknownTableFormat
from data_contracts.intake.compound_file import CompoundFileBroken, pack_stream, read_streams
from data_contracts.intake.limits import MAX_SHARED_TEXTS, MAX_SHEETS
from data_contracts.intake.sheet_scan import SheetScan

__all__ = ["open_xls"]

_BOF, _EOF, _LOCKED, _SHEET, _TEXTS, _CONTINUED = 0x0809, 0x000A, 0x002F, 0x0085, 0x00FC, 0x003C
_CELLS = frozenset({0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD, 0x027E, 0x0006, 0x0206, 0x0406})
_ERROR, _FORMULA, _SEVERAL = 0x0205, 0x0006, 0x00BD
_BIFF5, _BIFF8 = 0x0500, 0x0600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

_Record = tuple[int, bytes]


def open_xls(data: bytes, name: str) -> tuple[tuple[SheetScan, ...], io.BytesIO]:
    """Check an old workbook.

    Returns:
        Its sheets, and the workbook packed anew, without anything but its sheets.

    Raises:
        UnknownTableFormat: if the file is no workbook.
        BrokenTable: if it is damaged or protected by a password.
        TableTooLarge: if it has too many sheets or texts.
    """
    try:
        streams = read_streams(data, ["Workbook", "Book", "EncryptedPackage"])
        if "encryptedpackage" in streams:
            raise BrokenTable(f"{name} is protected by a password; save it without one")
        found = next((stream for stream in ("workbook", "book") if stream in streams), None)
        if found is None:
            raise UnknownTableFormat(f"{name} is no Excel workbook; save the table as .xlsx or CSV UTF-8")
        stream = streams[found]
        sheets = tuple(_scan(stream, place, title, hidden, name) for place, title, hidden in _sheets(stream, name))
    except (CompoundFileBroken, struct.error, IndexError):
        raise BrokenTable(
            f"{name} is damaged: the workbook cannot be read; open it in Excel and save it again"
        ) from None
    return sheets, pack_stream(found.title(), stream)


def _records(stream: bytes, at: int) -> Iterator[_Record]:
    """Yield the records from a place to the end of their part."""
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        if kind == _EOF:
            return
        at += 4 + size


def _sheets(stream: bytes, name: str) -> list[tuple[int, str, bool]]:
    """Return place, name and whether hidden of each sheet."""
    sheets: list[tuple[int, str, bool]] = []
    version = _BIFF8
    texts: list[bytes] = []
    for kind, data in _records(stream, 0):
        if kind == _BOF:
            (version,) = struct.unpack_from("<H", data)
            if version not in {_BIFF5, _BIFF8}:
                raise UnknownTableFormat(f"{name} is older than Excel 95; save it as .xlsx or CSV UTF-8")
        elif kind == _LOCKED:
            raise BrokenTable(f"{name} is protected by a password; save it without one")
        elif kind == _SHEET:
            sheets.append(_sheet(data, version))
        if kind == _TEXTS or (kind == _CONTINUED and texts):
            texts.append(data)
    _check_texts(texts, name)
    if len(sheets) > MAX_SHEETS:
        raise TableTooLarge(f"{name} has more than {MAX_SHEETS:,} sheets")
    return [sheet for sheet in sheets if sheet is not None]


def _check_texts(texts: list[bytes], name: str) -> None:
    """Refuse a table of texts that claims more of them than its bytes can hold: three bytes each, at the least."""
    if not texts:
        return
    (claimed,) = struct.unpack_from("<i", texts[0], 4)
    if not 0 <= claimed <= min(MAX_SHARED_TEXTS, sum(map(len, texts)) // 3 + 1):
        raise BrokenTable(f"{name} is damaged: its table of texts is cut off; open it in Excel and save it again")


def _sheet(data: bytes, version: int) -> tuple[int, str, bool]:
    place, hidden, _, length = struct.unpack_from("<IBBB", data)
    if version == _BIFF5:
        return place, data[7 : 7 + length].decode("cp949", "replace"), hidden > 0
    wide = data[7] & 1
    raw = data[8 : 8 + length * (1 + wide)]
    return place, raw.decode("utf-16-le" if wide else "latin-1", "replace"), hidden > 0


def _scan(stream: bytes, place: int, title: str, hidden: bool, name: str) -> SheetScan:  # noqa: FBT001
    scan = SheetScan(title, hidden)
    if place >= len(stream):
        raise BrokenTable(f"{name} is damaged: a sheet is cut off; open it in Excel and save it again")
    for kind, data in _records(stream, place):
        if kind in _CELLS:
            row, column = struct.unpack_from("<HH", data)
            _note(scan, row, column)
            code = _error(kind, data)
            if code is not None:
                scan.odd[row, column] = _ERRORS.get(code, "#N/A")
        elif kind == _SEVERAL:
            row, first = struct.unpack_from("<HH", data)
            (last,) = struct.unpack_from("<H", data, len(data) - 2)
            _note(scan, row, max(first, last, first + (len(data) - 6) // 6))
    return scan


def _note(scan: SheetScan, row: int, column: int) -> None:
    scan.cells += 1
    scan.bottom = max(scan.bottom, row + 1)
    scan.right = max(scan.right, column + 1)


def _error(kind: int, data: bytes) -> int | None:
    """Return the code of an error cell, or of a formula whose stored result is an error."""
    if kind == _ERROR and len(data) >= 8 and data[7]:  # noqa: PLR2004  # value, then whether it is an error
        return data[6]
    if kind == _FORMULA and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2:  # noqa: PLR2004
        return data[8]
    return None
