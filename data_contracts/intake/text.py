"""A text file -> its rows: encoding, delimiter and width found out from its beginning, then all of it taken apart."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Self

from data_contracts.contract import Label
from data_contracts.intake.blocks import blocks
from data_contracts.intake.delimiters import Dialect, find_dialect
from data_contracts.intake.encodings import BROKEN, Encoding, find_encoding
from data_contracts.intake.grid import Row, Taken, check_size
from data_contracts.intake.guesses import Guess
from data_contracts.intake.header_lines import HEAD_ROWS, find_header
from data_contracts.intake.limits import MAX_COLUMNS
from data_contracts.intake.plain_lines import Shape
from data_contracts.intake.records import read_records
from data_contracts.intake.settings import NO_HEADER, FileSettings

__all__ = ["Form", "TextFile"]

_Line = tuple[int, str]

_SAMPLE = 400_000  # characters
_SYSTEMATIC = 0.05  # share of short records from which a program, not an accident, made them
_OFTEN_BLANK = 0.5
_MOST_LINES = 20  # of a record in the sample


@dataclass(frozen=True)
class Form:
    """What the records of a text look like.

    Attributes:
        width: how many cells a record has.
        padded: whether shorter ones lack blank cells.
        reason: why they do or do not, if that was concluded.
    """

    width: int
    padded: bool
    reason: Label | None = field(default=None, compare=False)


@dataclass(frozen=True)
class TextFile:
    """A text whose encoding and delimiter are known. How wide its records are depends on where its header is."""

    _data: bytes = field(repr=False)
    _name: str
    _encoding: Encoding
    _dialect: Dialect
    _sample: Sequence[tuple[int, Row]] = field(repr=False)

    @classmethod
    def open(cls, data: bytes, name: str, settings: FileSettings) -> Self:
        """Find out encoding and delimiter from a text's beginning.

        Raises:
            WrongEncoding: if it is in no encoding we know, or not in the one named.
            BrokenTable: if its lines form no table.
        """
        encoding = find_encoding(data, name, settings.encoding)
        lines = _first_lines(data, encoding)
        dialect = find_dialect([line for _, line in lines], settings.delimiter)
        return cls(data, name, encoding, dialect, _sample_rows(lines, dialect))

    def form(self, settings: FileSettings) -> Form:
        """Return what the records look like, given what the settings say and what was found out."""
        return _form(self._sample, settings)

    def take_apart(self, settings: FileSettings) -> Taken:
        """Return all rows.

        Raises:
            WrongEncoding: if a later part is not in the encoding.
            TableTooLarge: if there are too many rows, columns or cells.
        """
        form = self.form(settings)
        check_size(1, form.width)
        shape = Shape(self._dialect, form.width, form.padded, _trails(self._sample, form.width), self._name)
        grid = read_records(blocks(self._data, self._encoding), shape)
        guesses = [guess for guess in (self._encoding.guess, self._dialect.guess) if guess is not None]
        if form.reason is not None:
            guesses.append(Guess("padded", str(form.padded).lower(), form.reason, certain=not form.padded))
        found = replace(
            settings,
            encoding=settings.encoding or self._encoding.name,
            delimiter=self._dialect.delimiter,
            padded=form.padded if form.reason is not None else settings.padded,
        )
        return Taken(grid, found, tuple(guesses))


def _first_lines(data: bytes, encoding: Encoding) -> list[_Line]:
    """Return the first lines with their numbers, those that are damaged left out."""
    block = next(blocks(data, encoding), None)
    if block is None:
        return []
    start = block.data[: 4 * _SAMPLE]
    stop = len(start) if len(start) == len(block.data) else max(start.rfind(b"\n"), start.rfind(b"\r")) + 1
    text = start[:stop].decode("utf-8", "surrogatepass") if stop else start.decode("utf-8", "replace")
    lines = io.StringIO(text[:_SAMPLE], newline="").readlines()
    whole = lines if len(lines) <= 1 or len(text) <= _SAMPLE else lines[:-1]  # the last one is cut off
    numbered = enumerate(whole, start=1)
    return [(at, line) for at, line in numbered if "\0" not in line and not (block.suspect and BROKEN.search(line))]


def _form(numbered: Sequence[tuple[int, Row]], settings: FileSettings) -> Form:
    rows = [row for _, row in numbered]
    if not rows:
        return Form(1, padded=False)
    said = None if settings.transposed else settings.header  # in columns, if transposed
    first, last = said or _header_lines(numbered)
    body = [row for line, row in numbered if line > last] or rows
    usual = max(Counter(map(len, body)).items(), key=lambda found: (found[1], found[0]))[0]
    width = max([usual, *(_extent(row) for line, row in numbered if first <= line <= last)])
    if settings.padded is not None:
        return Form(width, settings.padded)
    return Form(width, *_short_records(body, width))


def _trails(numbered: Sequence[tuple[int, Row]], width: int) -> bool:
    """Tell whether the program that wrote the file ends many records with a delimiter too many.

    A single record with a cell too many is another matter: its cells may have been shifted, also where the last is
    blank.
    """
    longer = [row for _, row in numbered if len(row) > width and not any(row[width:])]
    return len(longer) >= max(3, _SYSTEMATIC * len(numbered))


def _header_lines(numbered: Sequence[tuple[int, Row]]) -> tuple[int, int]:
    rows = [row for _, row in numbered[:HEAD_ROWS]]
    widest = min(max(map(len, rows)), MAX_COLUMNS + 1)
    head = find_header([row[:widest] + (None,) * (widest - len(row)) for row in rows])
    return (numbered[head.first][0], numbered[head.last][0]) if head.last >= head.first else NO_HEADER


def _sample_rows(lines: Sequence[_Line], dialect: Dialect) -> list[tuple[int, Row]]:
    """Split the first lines; a quotation mark left open must not make one record of many."""
    rows: list[tuple[int, Row]] = []
    reader = csv.reader((line for _, line in lines), delimiter=dialect.delimiter, skipinitialspace=dialect.spaced)
    before = 0
    try:
        for cells in reader:
            rows.append((lines[before][0], _row(cells)))
            if reader.line_num - before > _MOST_LINES:
                return _line_by_line(lines, dialect)
            before = reader.line_num
    except csv.Error:
        return _line_by_line(lines, dialect)
    return [(line, row) for line, row in rows if any(row)]


def _line_by_line(lines: Sequence[_Line], dialect: Dialect) -> list[tuple[int, Row]]:
    rows: list[tuple[int, Row]] = []
    for at, line in lines:
        with suppress(csv.Error):
            cells = csv.reader([line], delimiter=dialect.delimiter, skipinitialspace=dialect.spaced)
            rows += [(at, _row(row)) for row in cells]
    return [(line, row) for line, row in rows if any(row)]


def _row(cells: Sequence[str]) -> Row:
    return tuple(cell if cell.strip() else None for cell in cells)


def _extent(row: Row) -> int:
    return max((at for at, cell in enumerate(row, start=1) if cell is not None), default=0)


def _short_records(body: Sequence[Row], width: int) -> tuple[bool, Label | None]:
    """Decide whether records with too few cells only lack blank ones.

    They do if the program that wrote the file leaves blank cells at the end out: then many records are short, and none
    ends in a blank cell. So they do if they lack only columns that are mostly blank, as in Excel's own CSV files.
    """
    full = [row for row in body if len(row) == width]
    short = [row for row in body if 1 < len(row) < width]
    if len(short) < max(3, _SYSTEMATIC * len(body)):
        return False, None
    trimmed = not any(row[-1] is None for row in (*full, *short))
    shortest = min(map(len, short))
    blank = [sum(row[at] is None for row in full) >= _OFTEN_BLANK * len(full) for at in range(shortest, width)]
    if trimmed or all(blank):  # all of them are, if every record is short
        return True, Label(
            f"첫 부분의 기록 {len(short)}개에 끝 칸이 없습니다. 프로그램이 끝의 빈 칸을 쓰지 않은 것으로 봅니다.",
            f"{len(short)} of the first records lack cells at their end: the program that wrote them seems to "
            "leave blank ones out.",
        )
    return False, None
