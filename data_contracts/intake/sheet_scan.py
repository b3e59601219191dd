"""What a workbook's sheets hold, seen without building a table: how far their cells reach, and what no reader tells.

The reader of workbooks allocates every cell between the first and the last of a sheet. A sheet with one cell in A1 and
another in XFD1048576 would ask for seventeen billion; so the cells' places are read first, one after the other.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from data_contracts.errors import BrokenTable, TableTooLarge
from data_contracts.intake.limits import MAX_COLUMNS, MAX_SHARED_TEXTS, MAX_SHEET_CELLS, MAX_SHEETS, MAX_TOKEN
from data_contracts.intake.zip_guard import Archive

__all__ = ["SheetScan", "check_extent", "scan_sheets"]

_PIECE = 1 << 20
_DIGITS = 7  # of a row's number
_MOST_ODD_CELLS = 5_000_000
_SHARED = re.compile(rb"<(?:\w+:)?si[\s/>]")

_Attributes = dict[str, str]


@dataclass
class SheetScan:
    """One sheet of a workbook.

    Attributes:
        name: its name.
        hidden: whether it is hidden.
        cells: how many of its cells hold something.
        bottom: the last row with a cell, counted from 1; 0 if there is none.
        right: the last column with a cell, likewise.
        odd: cells that the reader of workbooks leaves blank although they are not: errors such as ``#DIV/0!``, and
            formulas whose result was never stored; by row and column, counted from 0.
    """

    name: str
    hidden: bool
    cells: int = 0
    bottom: int = 0
    right: int = 0
    odd: dict[tuple[int, int], str] = field(default_factory=dict, repr=False)


def scan_sheets(archive: Archive) -> tuple[SheetScan, ...]:
    """Scan the sheets of a workbook, in its order.

    Raises:
        BrokenTable: if its XML is damaged.
        TableTooLarge: if a sheet's cells reach too far, or it has too many texts.
    """
    parts = {name.lower(): data for name, data in archive.parts.items()}
    shared = sum(len(_SHARED.findall(data)) for name, data in parts.items() if "sharedstrings" in name)
    if shared > MAX_SHARED_TEXTS:
        raise TableTooLarge(f"{archive.name} has more than {MAX_SHARED_TEXTS:,} texts; save the sheet as CSV UTF-8")
    targets = _targets(parts, archive.name)
    sheets = []
    for name, identifier, hidden in _sheets(parts["xl/workbook.xml"], archive.name):
        scan = SheetScan(name, hidden)
        data = parts.get(targets.get(identifier, ""), b"")
        if data:
            _parse(data, _Cells(scan, archive.name), archive.name)
        sheets.append(scan)
    return tuple(sheets)


def check_extent(rows: int, columns: int, name: str) -> None:
    """Refuse a sheet whose cells span more than one machine should hold.

    Raises:
        TableTooLarge: if they do.
    """
    if rows * columns > MAX_SHEET_CELLS or columns > MAX_COLUMNS:
        raise TableTooLarge(
            f"{name}: the cells of a sheet span {rows:,} rows and {columns:,} columns; delete the cells far from the "
            "table (in Excel: Ctrl+End shows the last one), or save the table as CSV UTF-8"
        )


def _sheets(data: bytes, name: str) -> list[tuple[str, str, bool]]:
    found: list[tuple[str, str, bool]] = []

    def start(tag: str, attributes: _Attributes) -> None:
        if _local(tag) == "sheet":
            identifier = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            found.append((attributes.get("name", ""), identifier, attributes.get("state", "visible") != "visible"))
            if len(found) > MAX_SHEETS:
                raise TableTooLarge(f"{name} has more than {MAX_SHEETS:,} sheets")

    _parse(data, start, name)
    return found


def _targets(parts: dict[str, bytes], name: str) -> dict[str, str]:
    """Return the part of each sheet by the identifier of its relation."""
    found: dict[str, str] = {}

    def start(tag: str, attributes: _Attributes) -> None:
        if _local(tag) == "Relationship":
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            found[attributes.get("Id", "")] = path.lower()

    _parse(parts.get("xl/_rels/workbook.xml.rels", b""), start, name)
    return found


class _Cells:
    """Notes the place of every cell, and collects errors and formulas without a result.

    It is called for some millions of elements, so it does as little as it can for each.
    """

    def __init__(self, scan: SheetScan, name: str) -> None:
        self.scan, self.name = scan, name
        self.row = self.column = -1
        self.columns: dict[str, int] = {}
        self.error = False
        self.special = False  # the cell is an error or has a formula
        self.formula: list[str] | None = None
        self.value: list[str] = []
        self.parser: expat.XMLParserType | None = None

    def __call__(self, tag: str, attributes: _Attributes) -> None:
        if tag == "c":
            if self.special:
                self.finish()
            place = attributes.get("r")
            if place is None:
                self.column += 1
            else:
                letters = place.rstrip("0123456789")
                column = self.columns.get(letters)
                self.column = self._column(letters) if column is None else column
                self.row = int(place[len(letters) :]) - 1
            self.special = self.error = attributes.get("t") == "e"
        elif tag in {"v", "is"}:
            self._count()
            if self.special:
                self.value = self._listen()
        elif tag == "row":
            self._row(attributes)
        elif tag == "f":
            self.formula, self.special = self._listen(), True
        elif ":" in tag:
            self(_local(tag), attributes)

    def _column(self, letters: str) -> int:
        if not 0 < len(letters) <= 3 or not letters.isascii() or not letters.isupper():  # noqa: PLR2004  # up to XFD
            raise BrokenTable(f"{self.name} is damaged: a cell has no proper place; save it again")
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - 64
        self.columns[letters] = column - 1
        return column - 1

    def _row(self, attributes: _Attributes) -> None:
        self.finish()
        number = attributes.get("r", "")
        self.row = int(number) - 1 if number.isdecimal() and len(number) <= _DIGITS else self.row + 1
        self.column = -1

    def _count(self) -> None:
        """Count a cell that holds something; those that are only coloured or framed are nothing."""
        scan = self.scan
        scan.cells += 1
        if self.row >= scan.bottom:
            scan.bottom = self.row + 1
        if self.column >= scan.right:
            scan.right = self.column + 1

    def _listen(self) -> list[str]:
        """Collect the text that follows; otherwise it is not looked at, as that would take most of the time."""
        pieces: list[str] = []
        if self.parser is not None:
            self.parser.CharacterDataHandler = pieces.append
        return pieces

    def finish(self) -> None:
        """Note the cell that just ended if no reader of workbooks will tell of it."""
        if not self.special:
            return
        text = "".join(self.value).strip()
        if not self.error:  # a formula is told of only where its result is not
            text = "" if text else f"={''.join(self.formula or ()).strip()}"
        if self.row < 0:
            raise ValueError
        if text and len(self.scan.odd) < _MOST_ODD_CELLS:
            self.scan.odd[self.row, self.column] = text
            self._count()
        self.special, self.formula, self.value = False, None, []
        if self.parser is not None:
            self.parser.CharacterDataHandler = None


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _parse(data: bytes, start: Callable[[str, _Attributes], None], name: str) -> None:
    if not data:
        return
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if isinstance(start, _Cells):
        start.parser = parser
    try:
        for fed, piece in _pieces(data):
            parser.Parse(piece, False)
            if fed - parser.CurrentByteIndex > MAX_TOKEN:
                raise BrokenTable(f"{name} is damaged: one element of its XML has more than {MAX_TOKEN:,} bytes")
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError):
        raise BrokenTable(f"{name} is damaged: its XML cannot be read; save it again") from None
    if isinstance(start, _Cells):
        start.finish()


def _pieces(data: bytes) -> Iterator[tuple[int, bytes]]:
    for at in range(0, len(data), _PIECE):
        yield min(at + _PIECE, len(data)), data[at : at + _PIECE]


def _refuse_doctype(*_: object) -> None:
    raise ValueError
