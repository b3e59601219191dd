"""Lines of text -> rows of cells: fast where a block of lines is plain, with care where it is not.

What is not plain is split by Python's csv module, record by record where need be, so that one bad line costs one line.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data_contracts.errors import BrokenTable
from data_contracts.intake.blocks import Block, line_count
from data_contracts.intake.delimiters import Dialect
from data_contracts.intake.encodings import BROKEN
from data_contracts.intake.grid import Grid, Odd, check_size, text_array
from data_contracts.intake.limits import MAX_RECORD_LINES, MAX_UNREADABLE
from data_contracts.intake.plain_lines import Shape, split_plain

if TYPE_CHECKING:
    import _csv

__all__ = ["read_records"]

_SMALL = 16_000  # bytes of a block that is not cut again
_PARTS = 8
_CARRIED = 4_000_000  # characters of a record that may be left over to the next block


@dataclass
class _Read:
    """What was read so far, and what is left over for the next block."""

    shape: Shape
    tables: list[list[pa.Array]] = field(default_factory=list)
    lines: list[NDArray[np.int64]] = field(default_factory=list)
    odd: list[Odd] = field(default_factory=list)
    rows: int = 0
    failures: int = 0
    left: bytes = b""

    def add(self, columns: list[pa.Array], lines: NDArray[np.int64]) -> None:
        self.rows += len(lines)
        check_size(self.rows, self.shape.width)
        self.tables.append(columns)
        self.lines.append(lines)

    def add_rows(self, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
        if rows:
            self.add([text_array(cells) for cells in zip(*rows, strict=True)], np.array(lines, dtype=np.int64))

    def fail(self, line: int) -> None:
        self.failures += 1
        if self.failures > MAX_UNREADABLE:
            raise BrokenTable(
                f"{self.shape.name}: the record that starts in line {line} is no valid CSV, like "
                f"{MAX_UNREADABLE:,} before it; look for a double quote left open"
            )


def read_records(blocks: Iterator[Block], shape: Shape) -> Grid:
    """Take the lines of a file apart.

    Raises:
        TableTooLarge: if there are too many rows or cells.
        BrokenTable: if more than a thousand records have a quotation mark out of place, or no record has the width
            that the beginning of the file has.
    """
    read = _Read(shape)
    for block in blocks:
        _read_block(block, read)
    if len(read.odd) > max(MAX_UNREADABLE, read.rows):
        raise BrokenTable(
            f"{shape.name}: most lines do not have {shape.width} cells (first: line {read.odd[0].line}). "
            "Put a text that holds the delimiter in double quotes, or name the delimiter in the mapping file."
        )
    columns = [pa.chunked_array(chunks, pa.large_string()) for chunks in zip(*read.tables, strict=True)]
    empty = [pa.chunked_array([], pa.large_string())] * shape.width
    lines = np.concatenate(read.lines) if read.lines else np.zeros(0, dtype=np.int64)
    return Grid(lines, tuple(columns or empty), tuple(read.odd))


def _read_block(block: Block, read: _Read) -> None:
    """Read a block fast, or else the smaller ones it is made of: one bad line must not slow thousands down."""
    plain = None if read.left else split_plain(block, read.shape)
    if plain is not None:
        read.add(plain.columns, plain.lines)
        read.odd += plain.odd
        return
    parts = list(block.parts(max(_SMALL, len(block.data) // _PARTS))) if len(block.data) > _SMALL else []
    if len(parts) > 1:
        for part in parts:
            _read_block(part, read)
    else:
        _careful(block, read)


def _careful(block: Block, read: _Read) -> None:
    if read.left:
        block = Block(block.line - line_count(read.left), read.left + block.data, block.last, block.suspect)
        read.left = b""
    lines = io.StringIO(block.text, newline="").readlines()
    rows = _bulk(lines, read.shape) if block.clean else None
    if rows is None:
        _one_by_one(lines, block, read)
        return
    good: list[list[str]] = []
    numbers: list[int] = []
    for at, cells in enumerate(rows):
        fitted = _fitted(cells, read.shape)
        if fitted is not None:
            good.append(fitted)
            numbers.append(block.line + at)
        elif cells:
            read.odd.append(_odd(lines[at], block.line + at, read.shape))
    read.add_rows(good, numbers)


def _bulk(lines: list[str], shape: Shape) -> list[list[str]] | None:
    """Split all lines at once, if each of them is a record."""
    try:
        rows = list(_reader(lines, shape.dialect))
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _reader(lines: Sequence[str], dialect: Dialect) -> "_csv.Reader":
    return csv.reader(lines, delimiter=dialect.delimiter, skipinitialspace=dialect.spaced, strict=True)


def _fitted(cells: list[str], shape: Shape) -> list[str] | None:
    """Return the cells of a record that has the table's width or can be given it without doubt, otherwise None."""
    more = len(cells) - shape.width
    if more == 0:
        return cells
    if more > 0 and shape.trails and not any(cell.strip() for cell in cells[shape.width :]):
        return cells[: shape.width]
    if more < 0 and shape.padded and len(cells) > 1:
        return cells + [""] * -more
    return None


def _odd(line: str, number: int, shape: Shape, *, broken: bool = False) -> Odd:
    text = BROKEN.sub("�", line.rstrip("\r\n").replace("\0", "�"))
    return Odd(number, text, shape.dialect.delimiter, broken)


def _one_by_one(lines: list[str], block: Block, read: _Read) -> None:
    """Read record by record; what cannot be read is one line, and reading goes on with the next."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    at = 0
    while at < len(lines):
        number = block.line + at
        if not block.clean and _damaged(lines[at]):
            if lines[at].strip("\0 \t\r\n"):
                read.odd.append(_odd(lines[at], number, read.shape, broken=True))
            at += 1
            continue
        cells, taken, open_end = _record(lines, at, read.shape.dialect)
        if open_end and not block.last and sum(map(len, lines[at:])) < _CARRIED:
            read.left = "".join(lines[at:]).encode("utf-8", "surrogatepass")
            break
        if taken > 1 and not block.clean and any(map(_damaged, lines[at : at + taken])):
            cells = None
        fitted = None if cells is None else _fitted(cells, read.shape)
        if fitted is not None:
            rows.append(fitted)
            numbers.append(number)
        elif cells is None or taken > 1:  # a quotation mark out of place: only its own line is lost
            read.fail(number)
            read.odd.append(_odd(lines[at], number, read.shape, broken=True))
            taken = 1
        elif cells:
            read.odd.append(_odd(lines[at], number, read.shape))
        at += taken
    read.add_rows(rows, numbers)


def _damaged(line: str) -> bool:
    """Whether a line has bytes of another encoding, or null bytes."""
    return "\0" in line or BROKEN.search(line) is not None


def _record(lines: list[str], at: int, dialect: Dialect) -> tuple[list[str] | None, int, bool]:
    """Read the record that begins with a line.

    Returns:
        Its cells (None if it is none), how many lines it has, and whether the lines ended before it did.
    """
    reader = _reader(lines[at : at + MAX_RECORD_LINES], dialect)
    try:
        cells = next(reader, [])
    except csv.Error:
        taken = reader.line_num
        ended = taken < MAX_RECORD_LINES and at + taken >= len(lines)
        return None, 1, ended and _open(lines[at:], dialect)
    return cells, reader.line_num, False


def _open(lines: Sequence[str], dialect: Dialect) -> bool:
    """Whether some lines end within a quoted cell: one more quotation mark would make a record of them."""
    try:
        next(_reader([*lines[:-1], lines[-1] + '"'], dialect), None)
    except csv.Error:
        return False
    return True
