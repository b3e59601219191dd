"""Which rows below the header are no records: repeated headers and titles, totals, footers, and unreadable ones."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from data_contracts.intake.footer_words import is_own_word, is_remark, is_total_label, labelled_rows
from data_contracts.intake.grid import Grid, Odd, Row
from data_contracts.intake.kinds import CellKind, pattern_of
from data_contracts.intake.profiles import filled_cells, profiles_of
from data_contracts.intake.table import Aside

__all__ = ["Body", "Preface", "sort_out"]

_TAIL = 60  # rows at the end among which a footer is looked for
_LABELS = 10  # a total's label stands in one of the first columns
_SPARSE = 0.34  # share of the usual number of cells, below which a row that fits nowhere is no record
_USUALLY = 0.9
_FEW_CELLS = 2  # a title has no more
_SOME = 0.1


@dataclass(frozen=True)
class Preface:
    """What stands above the records: rows of the titles and of the header."""

    titles: Sequence[Row]
    header: Sequence[Row]


@dataclass(frozen=True)
class Body:
    """The rows below the header, sorted out.

    Attributes:
        records: the records.
        lines: lines that are no records, by reason.
        unreadable: text of the unreadable lines.
        certain: whether every line of the footer says what it is.
    """

    records: Grid
    lines: dict[Aside, list[int]]
    unreadable: dict[int, str] = field(repr=False)
    certain: bool = True


def sort_out(grid: Grid, preface: Preface, last: int | None) -> Body:
    """Sort the rows below the header.

    Args:
        grid: the rows below the header, blank ones left out.
        preface: what stands above them.
        last: the last line that holds data, if the member said so.
    """
    sorting = _Sorting(grid, preface)
    sorting.totals(last)
    certain = True
    if last is None:
        certain = sorting.footer()
    else:
        sorting.behind(last)
    sorting.odd()
    return Body(grid.keep(sorting.kept), sorting.found, sorting.unreadable, certain)


class _Sorting:
    def __init__(self, grid: Grid, preface: Preface) -> None:
        self.grid = grid
        self.header = {_key(row, grid.width) for row in preface.header}
        self.titles = {_key(row, grid.width) for row in preface.titles}
        self.title_patterns = {_patterns(row) for row in preface.titles if len(filled_cells(row)) <= _FEW_CELLS}
        self.filled = grid.filled_cells()
        self.usual = float(np.median(self.filled)) if len(self.filled) else 0.0
        self.kept = np.ones(len(grid.lines), dtype=np.bool_)
        self.found: dict[Aside, list[int]] = defaultdict(list)
        self.unreadable: dict[int, str] = {}
        self.sorted_odd: set[int] = set()
        self.repeated()
        labelled = labelled_rows(grid.columns[:_LABELS])
        self.own = {at for at, found in enumerate(labelled) if is_own_word(grid.columns[at], found)}
        self.labelled = [found & (at not in self.own) for at, found in enumerate(labelled)]
        likely = self.kept & (self.filled > self.usual / 2)  # without remarks, and without most totals
        self.profiles = profiles_of(grid, likely & ~np.any([*self.labelled, ~likely], axis=0))

    def set_aside(self, at: int, why: Aside) -> None:
        self.kept[at] = False
        self.found[why].append(int(self.grid.lines[at]))

    def preface_kind(self, row: Row) -> Aside | None:
        """Whether a row is one of those above the records again, as at the top of each printed page."""
        key = _key(row, self.grid.width)
        if key in self.header:
            return Aside.REPEATED_HEADER
        if key in self.titles:
            return Aside.TITLE
        sparse = self.grid.width > _FEW_CELLS + 1 and len(filled_cells(row)) <= _FEW_CELLS
        return Aside.TITLE if sparse and _patterns(row) in self.title_patterns else None

    def repeated(self) -> None:
        """Set aside rows of the preface that come again."""
        for why, keys in ((Aside.REPEATED_HEADER, self.header), (Aside.TITLE, self.titles)):
            for key in keys:
                for at in self._rows_like(key):
                    self.set_aside(int(at), why)
        sparse = np.flatnonzero((self.filled <= _FEW_CELLS) & self.kept)
        if not self.title_patterns or len(sparse) > max(_FEW_CELLS, _SOME * len(self.filled)):
            return
        for at in sparse:
            if self.preface_kind(self.grid.row(int(at))) is not None:
                self.set_aside(int(at), Aside.TITLE)

    def _rows_like(self, key: Row) -> NDArray[np.int64]:
        """Return which rows have the very cells of a header or title, blanks around them aside."""
        places = np.flatnonzero(self.kept)
        for column, cell in sorted(enumerate(key), key=lambda found: not found[1]):
            cells = self.grid.columns[column].take(places)
            like = pc.equal(pc.utf8_trim_whitespace(cells), cell) if cell else cells.is_null()
            if len(places):
                places = places[pc.fill_null(like, fill_value=False).to_numpy(zero_copy_only=False)]
        return places

    def totals(self, last: int | None) -> None:
        """Set aside totals and averages, wherever they stand."""
        for column, found in enumerate(self.labelled):
            places = self._leading(np.flatnonzero(found & self.kept), column)
            for at in self._out_of_place(places, column):
                if self.grid.lines[at] != last:
                    self.set_aside(int(at), Aside.FOOTER)

    def _leading(self, places: NDArray[np.int64], column: int) -> NDArray[np.int64]:
        """Return the rows whose first text stands in a column; numbers may stand before it."""
        for left in range(column):
            if self.profiles[left].kind is not CellKind.NUMBER and len(places):
                places = places[self._blank(places, left)]
        return places

    def _blank(self, places: NDArray[np.int64], column: int) -> NDArray[np.bool_]:
        blank: NDArray[np.bool_] = self.grid.columns[column].take(places).is_null().to_numpy(zero_copy_only=False)
        return blank

    def _out_of_place(self, places: NDArray[np.int64], column: int) -> NDArray[np.int64]:
        """Return the rows in which a total's label stands where a record has something else, or lacks what all have."""
        if self.profiles[column].kind in {CellKind.NUMBER, CellKind.MOMENT, CellKind.CODE} or not len(places):
            return places
        lacking = np.zeros(len(places), dtype=np.bool_)
        for other, profile in enumerate(self.profiles):
            if profile.filled >= _USUALLY:
                lacking |= self._blank(places, other)
        return places[lacking]

    def is_total(self, row: Row) -> bool:
        """Whether the first text of a row is a total's label, standing where a record has something else."""
        for column, cell in filled_cells(row[: self.grid.width]):
            profile = self.profiles[column]
            if column not in self.own and is_total_label(cell):
                usual = (at for at, other in enumerate(self.profiles) if other.filled >= _USUALLY)
                misplaced = profile.kind in {CellKind.NUMBER, CellKind.MOMENT, CellKind.CODE}
                return misplaced or any(at >= len(row) or row[at] is None for at in usual)
            if profile.kind is not CellKind.NUMBER:
                return False
        return False

    def footer(self) -> bool:
        """Set aside the rows at the end that are no records; return whether all say what they are."""
        certain = True
        for line, row, at in self._tail():
            if at is not None and not self.kept[at]:
                continue
            said = self._says_footer(row)
            if not (said or self._fits_nowhere(row)):
                break
            certain = certain and (said or at is None or len(filled_cells(row)) <= _FEW_CELLS)
            if at is None:
                self.sorted_odd.add(line)
                self.found[Aside.FOOTER].append(line)
            else:
                self.set_aside(at, Aside.FOOTER)
        return certain

    def _says_footer(self, row: Row) -> bool:
        cells = filled_cells(row)
        if not cells or not any(sign.isalnum() or sign in _SIGNS for _, cell in cells for sign in cell):
            return True
        return self.is_total(row) or (len(cells) <= max(_FEW_CELLS, _SPARSE * self.usual) and is_remark(cells[0][1]))

    def _fits_nowhere(self, row: Row) -> bool:
        """Whether a row has few cells, and its first is unlike the others of its column."""
        cells = filled_cells(row)
        at, cell = cells[0]
        return len(cells) <= _SPARSE * self.usual and (at >= self.grid.width or not self.profiles[at].fits(cell))

    def _tail(self) -> Iterator[tuple[int, Row, int | None]]:
        """Yield line, cells and index (None for an odd row) of the last rows, the last one first."""
        start = max(0, len(self.grid.lines) - _TAIL)
        rows: list[tuple[int, Row, int | None]] = [
            (int(self.grid.lines[start + at]), row, start + at)
            for at, row in enumerate(self.grid.rows(start, len(self.grid.lines)))
        ]
        rows += [(odd.line, odd.cells, None) for odd in self.grid.odd[-_TAIL:] if not odd.broken]
        yield from sorted(rows, key=lambda row: -row[0])[:_TAIL]

    def behind(self, last: int) -> None:
        """Set aside everything behind the line that the member called the last."""
        for at in np.flatnonzero((self.grid.lines > last) & self.kept):
            self.set_aside(int(at), Aside.FOOTER)
        for odd in self.grid.odd:
            if odd.line > last:
                self.sorted_odd.add(odd.line)
                self.found[Aside.FOOTER].append(odd.line)

    def odd(self) -> None:
        """Sort the rows that do not have the table's number of cells."""
        for odd in self.grid.odd:
            if odd.line not in self.sorted_odd:
                why = self._odd_kind(odd)
                self.found[why].append(odd.line)
                if why is Aside.UNREADABLE:
                    self.unreadable[odd.line] = odd.text

    def _odd_kind(self, odd: Odd) -> Aside:
        if odd.broken:
            return Aside.UNREADABLE
        row = odd.cells
        why = self.preface_kind(row)
        if why is None and len(row) <= self.grid.width and self.is_total(row):
            why = Aside.FOOTER
        return why or Aside.UNREADABLE


_SIGNS = frozenset("%℃℉°")


def _key(row: Row, width: int) -> Row:
    return tuple((cell or "").strip("\ufeff \t\r\n\f") for cell in (*row, *[None] * (width - len(row))))


def _patterns(row: Row) -> tuple[tuple[int, str], ...]:
    return tuple((at, pattern_of(cell)) for at, cell in filled_cells(row))
