"""Rows of text cells as they stand in a file, before anybody knows which of them are records."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data_contracts.errors import TableTooLarge
from data_contracts.intake.guesses import Guess
from data_contracts.intake.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from data_contracts.intake.settings import FileSettings

__all__ = ["Grid", "Merge", "Odd", "Row", "Taken", "blank_to_null", "check_size", "text_array"]

Row = tuple[str | None, ...]
"""The cells of one row, None where blank."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged cell: first and last row and column, all counted from 0 and included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Odd:
    """A row of a text file that does not have the table's number of cells, or cannot be taken apart.

    Attributes:
        line: the line where it begins.
        text: the line as the file has it.
        delimiter: what separates its cells.
        broken: whether its cells cannot be known: bytes of another encoding, or a quotation mark out of place.
    """

    line: int
    text: str
    delimiter: str
    broken: bool = False

    @property
    def cells(self) -> Row:
        """The cells, as well as they can be told."""
        try:
            cells = next(csv.reader([self.text], delimiter=self.delimiter), [])
        except csv.Error:
            cells = [self.text]
        return tuple(cell if cell.strip() else None for cell in cells)


@dataclass(frozen=True)
class Grid:
    """The rows of a file.

    Attributes:
        lines: line of the file (row of the sheet) of each row, ascending.
        columns: the cells of the rows, one array of large_string per column, null where blank.
        odd: further rows, whose number of cells is not that of the table, by line.
        merges: merged cells; ``top`` and ``bottom`` are lines less 1.
    """

    lines: NDArray[np.int64]
    columns: tuple[pa.ChunkedArray, ...] = field(repr=False)
    odd: tuple[Odd, ...] = field(default=(), repr=False)
    merges: tuple[Merge, ...] = field(default=(), repr=False)

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.columns)

    def row(self, at: int) -> Row:
        """Return the cells of one row."""
        return tuple(column[at].as_py() for column in self.columns)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return the cells of some rows that follow one another."""
        return list(
            zip(*(column.slice(start, max(0, stop - start)).to_pylist() for column in self.columns), strict=True)
        )

    def keep(self, mask: NDArray[np.bool_]) -> "Grid":
        """Return the grid with some of its rows only."""
        if mask.all():
            return self
        chosen = np.flatnonzero(mask)
        if len(chosen) and chosen[-1] - chosen[0] + 1 == len(chosen):  # one run: no cell need be copied
            start = int(chosen[0])
            columns = tuple(column.slice(start, len(chosen)) for column in self.columns)
        else:
            keep = pa.array(mask)
            columns = tuple(column.filter(keep) for column in self.columns)
        return Grid(self.lines[mask], columns, self.odd, self.merges)

    def blank_rows(self) -> NDArray[np.bool_]:
        """Return which rows have no cell."""
        blank = np.ones(len(self.lines), dtype=np.bool_)
        for column in self.columns:
            if column.null_count == 0:
                return np.zeros(len(self.lines), dtype=np.bool_)
            blank &= column.is_null().to_numpy(zero_copy_only=False) if len(column) else blank
        return blank

    def filled_cells(self) -> NDArray[np.int64]:
        """Return how many cells each row has."""
        filled = np.zeros(len(self.lines), dtype=np.int64)
        for column in self.columns:
            filled += column.is_valid().to_numpy(zero_copy_only=False) if len(column) else 0
        return filled

    @classmethod
    def of_rows(cls, rows: Sequence[Row], lines: Iterable[int] | None = None, merges: tuple[Merge, ...] = ()) -> "Grid":
        """Make a grid of rows, padded to the longest; without lines they count from 1."""
        width = max(map(len, rows), default=0)
        check_size(len(rows), width)
        padded = [row + (None,) * (width - len(row)) for row in rows]
        columns = zip(*padded, strict=True) if padded else ()
        numbers = np.arange(1, len(rows) + 1) if lines is None else np.fromiter(lines, dtype=np.int64)
        return cls(
            numbers.astype(np.int64), tuple(pa.chunked_array([text_array(cells)]) for cells in columns), (), merges
        )


@dataclass(frozen=True)
class Taken:
    """A file taken apart into rows.

    Attributes:
        grid: its rows.
        settings: the settings, with what was found out.
        guesses: what was concluded.
    """

    grid: Grid = field(repr=False)
    settings: FileSettings
    guesses: tuple[Guess, ...] = ()


def text_array(cells: Sequence[str | None]) -> pa.Array:
    """Return cells as an array of text, null where blank."""
    return blank_to_null(pa.array(cells, pa.large_string()))


def blank_to_null(cells: pa.Array) -> pa.Array:
    """Make null what is empty or white space only."""
    blank = pc.or_(pc.equal(pc.binary_length(cells), 0), pc.utf8_is_space(cells))
    return pc.if_else(blank, pa.scalar(None, cells.type), cells) if pc.any(blank).as_py() else cells


def check_size(rows: int, columns: int) -> None:
    """Refuse a table that is too large.

    Raises:
        TableTooLarge: if it has too many rows, columns or cells.
    """
    for count, limit, what in ((rows, MAX_ROWS, "rows"), (columns, MAX_COLUMNS, "columns")):
        if count > limit:
            raise TableTooLarge(
                f"the table has more than {limit:,} {what}; split the file and read its parts one after the other"
            )
    if rows * columns > MAX_CELLS:
        raise TableTooLarge(f"the table has {rows * columns:,} cells, more than {MAX_CELLS:,}; split the file")
