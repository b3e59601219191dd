"""HTML tables saved as ``.xls``: what the "Excel export" of many a web MES really sends."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from data_contracts.contract import Label
from data_contracts.errors import BrokenTable, SheetNotFound, TableEmpty, TableTooLarge, WrongEncoding
from data_contracts.intake.encodings import BROKEN, Encoding, find_encoding
from data_contracts.intake.grid import Grid, Merge, Taken
from data_contracts.intake.guesses import Guess
from data_contracts.intake.limits import (
    MAX_CELL,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_HTML_BYTES,
    MAX_HTML_SECONDS,
    MAX_NESTED_TABLES,
    MAX_ROWS,
    bytes_text,
)
from data_contracts.intake.settings import FileSettings

__all__ = ["read_html"]

_FED = 1 << 16  # characters at a time: broken markup costs their square
_LEFT = 1_000_000  # characters of an element that is still open
_ENDING = 4_000
_GAP = 100_000
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(?P<name>[\w-]+)", re.IGNORECASE)
_ROWS, _CELLS = frozenset({"tr", "row"}), frozenset({"td", "th", "cell"})
_BREAKS = frozenset({"br", "p", "div", "li"})
_PLAIN = 10  # a table with a tenth of the cells of another is a heading's or a legend's


@dataclass
class _Table:
    rows: list[list[str | None]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    below: dict[int, int] = field(default_factory=dict)  # column -> rows that a cell above still covers
    cells: int = 0


def read_html(data: bytes, name: str, settings: FileSettings) -> Taken:
    """Take the largest table of a page apart, or the one that the settings name; its rows count from 1.

    Raises:
        TableTooLarge: if the page or its tables are too large.
        BrokenTable: if its markup cannot be read.
        TableEmpty: if it holds no table.
        SheetNotFound: if it has no table of the number that the settings name.
    """
    if len(data) > MAX_HTML_BYTES:
        raise TableTooLarge(f"{name} has more than {bytes_text(MAX_HTML_BYTES)} of HTML; save it as .xlsx or CSV UTF-8")
    encoding = _encoding(data, name, settings)
    text = encoding.decode(data[encoding.mark :])
    tables = _tables(BROKEN.sub("�", text) if encoding.broken else text, name)
    if not tables:
        raise TableEmpty(f"{name} is a web page without a table; export the table again")
    at, guess = _chosen(tables, settings.sheet)
    grid = Grid.of_rows([tuple(row) for row in tables[at].rows], merges=tuple(tables[at].merges))
    guesses = tuple(one for one in (encoding.guess, guess) if one is not None)
    sheet = str(at + 1) if guess is not None else settings.sheet
    return Taken(grid, replace(settings, encoding=settings.encoding or encoding.name, sheet=sheet), guesses)


def _encoding(data: bytes, name: str, settings: FileSettings) -> Encoding:
    if settings.encoding is None and (said := _CHARSET.search(data[:4096])):
        try:
            found = find_encoding(data, name, said["name"].decode("ascii"))
        except WrongEncoding:  # so many a page was saved in another encoding than it says
            return find_encoding(data, name, None)
        reason = Label("HTML 문서에 적혀 있습니다.", "The page says so.")
        return replace(found, guess=Guess("encoding", found.name, reason))
    return find_encoding(data, name, settings.encoding)


def _chosen(tables: Sequence[_Table], named: str | None) -> tuple[int, Guess | None]:
    if named is not None:
        if not named.isdecimal() or not 0 < int(named) <= len(tables):
            raise SheetNotFound(f"the page has no table number {named!r}; it has 1 to {len(tables)}")
        return int(named) - 1, None
    if len(tables) == 1:
        return 0, None
    at = max(range(len(tables)), key=lambda place: (tables[place].cells, -place))
    certain = all(_PLAIN * table.cells <= tables[at].cells for place, table in enumerate(tables) if place != at)
    reason = Label(
        f"표 {len(tables)}개 가운데 칸이 가장 많은 표입니다.",
        f"It has the most cells of the page's {len(tables)} tables.",
    )
    return at, Guess("sheet", str(at + 1), reason, certain=certain)


def _tables(text: str, name: str) -> list[_Table]:
    parser = _Parser(name)
    deadline = time.monotonic() + MAX_HTML_SECONDS
    for start in range(0, len(text), _FED):
        parser.feed(text[start : start + _FED])
        if len(parser.rawdata) > _LEFT or time.monotonic() > deadline:
            raise BrokenTable(f"{name}: its HTML is broken; open it in Excel and save it as .xlsx or CSV UTF-8")
    if "<" not in parser.rawdata:
        parser.handle_data(parser.rawdata)
    elif len(parser.rawdata) <= _ENDING:  # `close` would look through what is left again and again
        parser.close()
    while parser.open:
        parser.finish_table()
    return [table for table in parser.tables if table.cells]


class _Parser(HTMLParser):
    """Collects the cells of all tables; a cell's text does not include that of a table within it.

    Rows and cells of a spreadsheet saved as XML (``<Row>``, ``<Cell>``) are collected as well.
    """

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name = name
        self.tables: list[_Table] = []
        self.open: list[_Table] = []
        self.texts: list[list[str] | None] = []
        self.spans: list[tuple[int, int]] = []
        self.total = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        tag = tag.rpartition(":")[2]
        if tag == "table":
            self._open_table()
        elif not self.open:
            return
        elif tag in _ROWS:
            self._finish_cell()
            self._open_row(attrs)
        elif tag in _CELLS:
            self._finish_cell()
            self._open_cell(dict(attrs))
        elif tag in _BREAKS and self.texts[-1] is not None:
            self.texts[-1].append("\v")

    def handle_endtag(self, tag: str) -> None:
        """Close a table, row or cell; end tags that are left out are no matter."""
        tag = tag.rpartition(":")[2]
        if self.open and tag in _CELLS | _ROWS:
            self._finish_cell()
        elif self.open and tag == "table":
            self.finish_table()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open and close an element such as ``<br/>`` or ``<Cell/>``."""
        self.handle_starttag(tag, attrs)
        if tag.rpartition(":")[2] in _CELLS:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Add to the open cell."""
        if self.open and self.texts[-1] is not None:
            self.texts[-1].append(data)

    def _open_table(self) -> None:
        if len(self.open) >= MAX_NESTED_TABLES:
            raise BrokenTable(f"{self.name}: its tables are nested beyond reason; save it as .xlsx or CSV UTF-8")
        table = _Table()
        self.tables.append(table)
        self.open.append(table)
        self.texts.append(None)
        self.spans.append((1, 1))

    def finish_table(self) -> None:
        """Close the innermost table."""
        self._finish_cell()
        self.open.pop()
        self.texts.pop()
        self.spans.pop()

    def _open_row(self, attrs: list[tuple[str, str | None]]) -> None:
        table = self.open[-1]
        index = _number(dict(attrs).get("ss:index"), MAX_ROWS)
        skipped = max(0, index - 1 - len(table.rows))
        if skipped > _GAP:
            raise TableTooLarge(f"{self.name}: {skipped:,} rows between two others are blank; delete them")
        table.rows += ([] for _ in range(skipped))
        table.rows.append([])
        _cover(table)
        self._count(skipped + 1)

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        table = self.open[-1]
        if not table.rows:
            table.rows.append([])
        index = _number(attrs.get("ss:index"), MAX_COLUMNS)
        row = table.rows[-1]
        self._count(max(0, index - 1 - len(row)))
        row += [None] * (index - 1 - len(row))
        across = _number(attrs.get("colspan"), MAX_COLUMNS) or _number(attrs.get("ss:mergeacross"), MAX_COLUMNS - 1) + 1
        down = _number(attrs.get("rowspan"), MAX_ROWS) or _number(attrs.get("ss:mergedown"), MAX_ROWS - 1) + 1
        self.spans[-1] = (across, down)
        self.texts[-1] = []

    def _finish_cell(self) -> None:
        pieces = self.texts[-1]
        if pieces is None:
            return
        self.texts[-1] = None
        text = "".join(pieces)
        lines = (_BLANKS.sub(" ", line.replace("\xa0", " ")).strip() for line in text.split("\v"))
        self._place("\n".join(filter(None, lines))[: MAX_CELL + 1], *self.spans[-1])

    def _place(self, text: str, across: int, down: int) -> None:
        if len(text) > MAX_CELL:
            raise TableTooLarge(f"{self.name}: a cell has more than {MAX_CELL:,} characters")
        table = self.open[-1]
        row, top = table.rows[-1], len(table.rows) - 1
        left = len(row)
        self._count(across)
        row += [text or None] + [None] * (across - 1)
        table.cells += bool(text)
        if len(row) > MAX_COLUMNS:
            raise TableTooLarge(f"{self.name}: a row has more than {MAX_COLUMNS:,} cells")
        if text and (across > 1 or down > 1):
            table.merges.append(Merge(top, left, top + down - 1, left + across - 1))
        for column in range(left, left + across) if down > 1 else ():
            table.below[column] = down - 1
        _cover(table)

    def _count(self, cells: int) -> None:
        self.total += cells
        if self.total > MAX_CELLS or len(self.open[-1].rows) > MAX_ROWS:
            raise TableTooLarge(f"{self.name}: its tables have too many cells; split the file")


def _cover(table: _Table) -> None:
    """Leave the places at the end of the row blank that cells above cover."""
    row = table.rows[-1]
    while table.below.get(len(row), 0) > 0:
        table.below[len(row)] -= 1
        row.append(None)


def _number(text: str | None, most: int) -> int:
    """Return what an attribute says, 0 if it says nothing; a browser, too, does not let it be huge."""
    text = (text or "").strip()
    return min(int(text), most) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004
