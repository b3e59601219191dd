"""Tables that stand on their side: one row per quantity, one column per record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data_contracts.cells.unit_spellings import canonical_unit
from data_contracts.contract import Label
from data_contracts.errors import BrokenTable
from data_contracts.intake.grid import Grid, Row
from data_contracts.intake.header_names import split_unit
from data_contracts.intake.kinds import CellKind, kind_of
from data_contracts.intake.limits import MAX_COLUMNS

__all__ = ["Turning", "looks_turned", "turn"]

_LEAST_ROWS, _LEAST_COLUMNS = 3, 3
_ALIKE, _MIXED = 0.9, 0.8  # how alike the cells of rows are at least, and those of columns at most
_UNITS = 0.3  # share of the rows that have a unit
_LABELLED = 0.9


@dataclass(frozen=True, slots=True)
class Turning:
    """Whether a table stands on its side.

    Attributes:
        turned: whether it does.
        certain: whether nothing speaks against it.
        reason: why.
    """

    turned: bool
    certain: bool
    reason: Label


_UPRIGHT = Turning(
    turned=False,
    certain=True,
    reason=Label(
        "같은 열의 값이 서로 닮아 한 줄이 한 기록입니다.", "The cells of a column are alike: a line is a record."
    ),
)


def looks_turned(rows: Sequence[Row]) -> Turning:
    """Judge by the first rows of a table whether its records are columns."""
    rows = [row for row in rows if sum(cell is not None for cell in row) > 1]
    if not len(rows) >= _LEAST_ROWS or not rows or len(rows[0]) < _LEAST_COLUMNS or not _labelled(rows):
        return _UPRIGHT
    unit_column = sum(_is_unit(row[1]) for row in rows) >= _UNITS * len(rows)
    values = [row[1 + unit_column :] for row in rows]
    rest = values[1:]  # the first may be a header
    along, across = _alike(values), _alike(list(zip(*rest, strict=True)))
    if len(values[0]) > 1 and _sorts(rest) > 1 and along >= _ALIKE and across <= _MIXED:
        return Turning(turned=True, certain=True, reason=_BY_KINDS)
    units = sum(_is_unit(row[1]) or _has_unit(row[0]) for row in rows)
    if units >= max(2, _UNITS * len(rows)) and sum(map(_has_unit, rows[0])) <= 1 and _first_is_no_header(values):
        return Turning(turned=True, certain=unit_column or 2 * units >= len(rows), reason=_BY_UNITS)
    return _UPRIGHT


def _is_unit(cell: str | None) -> bool:
    return cell is not None and canonical_unit(cell) is not None


def _has_unit(cell: str | None) -> bool:
    return cell is not None and _is_unit(split_unit(cell)[1])


_BY_KINDS = Label(
    "첫 열에 항목 이름이 있고 값의 모양이 가로로는 같고 세로로는 다릅니다.",
    "The first column names quantities, and cells are alike along the rows but not down the columns.",
)
_BY_UNITS = Label(
    "항목 이름과 단위가 첫 줄이 아니라 첫 열에 있습니다.",
    "Names and units stand in the first column, not in the first line.",
)


def turn(grid: Grid) -> tuple[Grid, list[int], list[int]]:
    """Make columns of rows.

    Args:
        grid: a table whose records are columns, blank rows left out.

    Returns:
        The table with a row per column, its lines being the numbers of the columns; the lines of titles above it; and
        those of notes below it.

    Raises:
        BrokenTable: if it has more rows than a table has columns.
    """
    if len(grid.lines) > MAX_COLUMNS:
        raise BrokenTable(f"the table has {len(grid.lines):,} lines; as a transposed one it may have {MAX_COLUMNS:,}")
    rows = grid.rows(0, len(grid.lines))
    full = [at for at, row in enumerate(rows) if sum(cell is not None for cell in row) > 1] or [0, len(rows) - 1]
    first, last = full[0], full[-1]
    lines = [int(line) for line in grid.lines]
    columns = list(zip(*rows[first : last + 1], strict=True))
    above, below = lines[:first], lines[last + 1 :]
    odd = [(above if odd.line < lines[first] else below, odd.line) for odd in grid.odd]
    for where, line in odd:
        where.append(line)
    return Grid.of_rows(columns), sorted(above), sorted(below)


def _labelled(rows: Sequence[Row]) -> bool:
    """Whether the first column names a different thing in each row."""
    labels = [row[0] for row in rows if row[0]]
    words = [label for label in labels if kind_of(label) in {CellKind.WORD, CellKind.CODE}]
    return len(set(words)) >= _LABELLED * len(rows)


def _commonest(row: Row) -> tuple[CellKind, float] | None:
    """Return the commonest kind among the cells of a row, and its share; None without cells."""
    kinds = Counter(kind for kind in map(kind_of, row) if kind > CellKind.NOTHING)
    return (kinds.most_common(1)[0][0], max(kinds.values()) / kinds.total()) if kinds else None


def _alike(rows: Sequence[Row]) -> float:
    """Return how alike the cells of a row are: the mean share of its commonest kind."""
    shares = [found[1] for found in map(_commonest, rows) if found is not None]
    return float(np.mean(shares)) if shares else 1.0


def _sorts(rows: Sequence[Row]) -> int:
    """Return how many kinds are the commonest of some row."""
    return len({found[0] for found in map(_commonest, rows) if found is not None})


def _first_is_no_header(values: Sequence[Row]) -> bool:
    """Whether the first row holds values or running numbers above the other values, and no names."""
    return sum(kind_of(cell) is CellKind.WORD for cell in values[0]) * 2 <= len(values[0])
