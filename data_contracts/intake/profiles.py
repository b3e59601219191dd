"""What the columns of a table usually hold, from a sample of its rows: the measure for rows that may be no records."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.intake.grid import Grid, Row
from data_contracts.intake.kinds import CellKind, kind_of, pattern_of

__all__ = ["ColumnProfile", "filled_cells", "profiles_of"]

_SAMPLED = 400
_MOSTLY = 0.6


@dataclass(frozen=True)
class ColumnProfile:
    """What a column holds.

    Attributes:
        kind: what most of its cells look like; `CellKind.BLANK` where it has none, or all sorts.
        filled: share of rows that have a cell.
        texts: how often each text occurs in the sample.
        patterns: how often each pattern does.
    """

    kind: CellKind
    filled: float
    texts: Counter[str]
    patterns: Counter[str]

    def fits(self, cell: str) -> bool:
        """Whether a cell looks like others of the column."""
        kind = kind_of(cell)
        if kind <= CellKind.NOTHING or self.kind is CellKind.BLANK:
            return True
        if self.kind is CellKind.CODE:
            return kind is not CellKind.WORD or pattern_of(cell) in self.patterns
        if self.kind is CellKind.WORD:
            free = len(self.texts) > self.texts.total() / 2
            return kind is CellKind.WORD and (free or cell.strip() in self.texts)
        return kind in {CellKind.NUMBER, CellKind.MOMENT}


def profiles_of(grid: Grid, among: NDArray[np.bool_] | None = None) -> tuple[ColumnProfile, ...]:
    """Profile the columns from up to four hundred rows, evenly spread.

    Args:
        grid: the table.
        among: which rows may be taken, shape (rows,); None for all.
    """
    chosen = np.arange(len(grid.lines)) if among is None else np.flatnonzero(among)
    if len(chosen):
        chosen = chosen[np.unique(np.linspace(0, len(chosen) - 1, _SAMPLED).astype(np.int64))]
    rows = list(zip(*(column.take(chosen).to_pylist() for column in grid.columns), strict=True))
    return tuple(_profile([row[at] for row in rows]) for at in range(grid.width))


def _profile(cells: Sequence[str | None]) -> ColumnProfile:
    filled = [cell for cell in cells if cell is not None]
    kinds = Counter(kind for kind in map(kind_of, filled) if kind > CellKind.NOTHING)
    kind, times = kinds.most_common(1)[0] if kinds else (CellKind.BLANK, 0)
    return ColumnProfile(
        kind if times >= _MOSTLY * kinds.total() else CellKind.BLANK,
        len(filled) / max(1, len(cells)),
        Counter(cell.strip() for cell in filled),
        Counter(map(pattern_of, filled)),
    )


def filled_cells(row: Row) -> list[tuple[int, str]]:
    """Return the cells of a row that are not blank, with their columns."""
    return [(at, cell) for at, cell in enumerate(row) if cell is not None]
