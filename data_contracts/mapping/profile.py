"""What stands below each header: numbers, moments or words, looked at in a bounded sample and only when needed."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from data_contracts.cells.moments import Moments, read_moments
from data_contracts.cells.numbers import Numbers, read_numbers
from data_contracts.cells.texts import stripped
from data_contracts.intake.table import Header, SourceTable
from data_contracts.mapping.units import canonical_unit

__all__ = ["SAMPLE_ROWS", "ColumnProfile", "TableProfile"]

SAMPLE_ROWS = 20_000
"""Rows looked at to tell what a column holds: evenly spaced, so the same file is always judged alike."""

_POINT = r"^\s*[-+]?\d*\.\d+\s*$"
_OFTEN = 0.1
_MOST = 0.8


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a file.

    Attributes:
        cells: every cell.
        sample: the cells of the sample.
        table: the file it is of.
    """

    cells: pd.Series = field(repr=False)
    sample: pd.Series = field(repr=False)
    table: "TableProfile" = field(repr=False)

    @cached_property
    def filled(self) -> int:
        """How many cells of the sample say something."""
        return int((~self.numbers.blank).sum())

    @cached_property
    def numbers(self) -> Numbers:
        """The cells of the sample as numbers, a comma between thousands."""
        return read_numbers(self.sample)

    @cached_property
    def comma_numbers(self) -> Numbers:
        """The cells of the sample as numbers, a comma before decimals."""
        return read_numbers(self.sample, decimal=",")

    @cached_property
    def decimals(self) -> tuple[str, ...]:
        """The mark before decimals, or both marks, the likelier first, where ``1,234`` can be read in two ways."""
        if not (self.numbers.unread.any() or self.numbers.ambiguous.any()):
            return (".",)
        gain = int(self.numbers.unread.sum()) - int(self.comma_numbers.unread.sum())
        often = gain >= _OFTEN * self.filled
        if gain > 0 and (often or not self.has_points):
            return (",", ".") if self.comma_numbers.ambiguous.any() else (",",)
        doubtful = self.numbers.ambiguous.any() and not self.table.has_points
        return (".", ",") if doubtful else (".",)

    def numbers_by(self, decimal: str) -> Numbers:
        """Return the cells of the sample as numbers under a mark before decimals."""
        return self.comma_numbers if decimal == "," else self.numbers

    @cached_property
    def written_unit(self) -> str | None:
        """The one unit that stands in most cells beside their numbers, as `canonical_unit` writes it, or None."""
        found = {canonical_unit(unit) for unit in self.numbers.units}
        beside = int((self.numbers.unit_at >= 0).sum())
        return found.pop() if len(found) == 1 and beside >= _MOST * self.filled else None

    @cached_property
    def has_points(self) -> bool:
        """Whether some number of the sample is written like 12.5."""
        filled = self.sample.dropna()
        return bool(len(filled)) and bool(filled.str.contains(_POINT, regex=True).any())

    @cached_property
    def moments(self) -> Moments:
        """The cells of the sample as moments."""
        return read_moments(self.sample)

    @cached_property
    def orders(self) -> tuple[str, ...]:
        """The orders of day, month and year that fit every cell; all cells are read only if the sample leaves doubt."""
        few = self.moments.orders
        return few if len(few) <= 1 or len(self.sample) == len(self.cells) else read_moments(self.cells).orders

    @cached_property
    def words(self) -> tuple[tuple[str, int], ...]:
        """The distinct texts of all cells and how often each stands there, the most frequent first."""
        return _counted(self.cells)

    @cached_property
    def sample_words(self) -> tuple[tuple[str, int], ...]:
        """The same of the sample."""
        return _counted(self.sample)

    @cached_property
    def blanks(self) -> int:
        """How many of all cells are blank; words such as ``-`` are not."""
        return int(self.cells.isna().sum())

    @cached_property
    def distinct_share(self) -> float:
        """Share of the filled cells of the sample that differ, 0 to 1."""
        filled = self.sample.dropna()
        return float(filled.nunique() / len(filled)) if len(filled) else 0.0


def _counted(cells: pd.Series) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for text, times in cells.dropna().value_counts().items():
        word = stripped(str(text))
        counts[word] = counts.get(word, 0) + int(times)
    return tuple(sorted(((word, n) for word, n in counts.items() if word), key=lambda pair: (-pair[1], pair[0])))


class TableProfile:
    """The columns of a file, each looked at when it is first asked about."""

    def __init__(self, table: SourceTable) -> None:
        self._table = table
        rows = len(table.cells)
        self._rows = np.unique(np.linspace(0, max(rows - 1, 0), min(rows, SAMPLE_ROWS)).astype(np.int64))
        self._columns: dict[int, ColumnProfile] = {}

    def column(self, header: Header) -> ColumnProfile:
        """Return what stands below a header."""
        if header.position not in self._columns:
            cells = self._table.column(header)
            self._columns[header.position] = ColumnProfile(cells, cells.iloc[self._rows], self)
        return self._columns[header.position]

    def same(self, one: Header, other: Header) -> bool:
        """Tell whether two columns hold the same in every cell."""
        return self._table.column(one).equals(self._table.column(other))

    @cached_property
    def has_points(self) -> bool:
        """Whether some column has numbers like 12.5, so that the file's decimals are written with a point."""
        return any(self.column(header).has_points for header in self._table.headers)
