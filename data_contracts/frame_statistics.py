"""Sums, counts and histograms of a frame as they travel: the type, its rules and its arithmetic. Numpy only.

Numeric features are scaled by the contract's range to ``u = (x - minimum) / (maximum - minimum)`` in [0, 1], so no
number here has a unit and every sum is bounded by a count. Sums are rounded to `RESOLUTION`, which makes `merge`
exact: the same parts in any order give the same bits. `data_contracts.statistics` makes them from rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from data_contracts.contract import Contract
from data_contracts.disclosure import GRID, Counts, Floats
from data_contracts.errors import NothingObserved, StatisticsMismatch

RESOLUTION = 2.0**-20
"""Sums are multiples of this; float64 adds such numbers without error up to 2**33."""

_MAX_ROWS = 2**33  # beyond it, adding would no longer be exact (and no factory has as many)


@dataclass(frozen=True, eq=False)
class FrameStatistics:
    """What a member (or, merged, the cooperative) says about its rows. Arrays are read-only.

    Attributes:
        rows: rows described; always the sum of `class_counts`.
        class_counts: rows per target class, in contract order, shape (classes,).
        present: values per numeric feature, shape (numbers,).
        sums: sum of u per numeric feature, shape (numbers,).
        squares: sum of u squared per numeric feature, shape (numbers,).
        bins: histogram of u per numeric feature, shape (numbers, GRID); each line adds up to `present`.
        categories: rows per category value, shape (categories, longest vocabulary), filled up with zeros.

    Raises:
        StatisticsMismatch: if a shape or type is wrong, or if no table could have such numbers.
    """

    rows: int
    class_counts: Counts
    present: Counts
    sums: Floats
    squares: Floats
    bins: Counts
    categories: Counts

    def __post_init__(self) -> None:
        _check_types(self)
        _check_shapes(self)
        _check_content(self)
        for name in _ARRAYS:
            array: NDArray[np.generic] = getattr(self, name).copy()
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FrameStatistics):
            return NotImplemented
        return self.rows == other.rows and all(
            np.array_equal(getattr(self, name), getattr(other, name)) for name in _ARRAYS
        )

    __hash__ = None  # type: ignore[assignment]  # arrays inside

    def means(self) -> Floats:
        """Return the mean of u per numeric feature, shape (numbers,); NaN where nothing is present."""
        return self._per_value(self.sums)

    def deviations(self) -> Floats:
        """Return the standard deviation of u, ``sqrt(E[u^2] - E[u]^2)``, shape (numbers,); NaN like `means`."""
        deviations: Floats = np.sqrt(np.maximum(self._per_value(self.squares) - self.means() ** 2, 0.0))
        return deviations

    def _per_value(self, totals: Floats) -> Floats:
        return totals / np.where(self.present > 0, self.present.astype(np.float64), np.nan)


_ARRAYS = tuple(field.name for field in fields(FrameStatistics) if field.name != "rows")
_FLOATS = {"sums", "squares"}


def merge(parts: Sequence[FrameStatistics]) -> FrameStatistics:
    """Add statistics of several members: every field is the sum of the parts' fields.

    Two members with 1 and 2 rows, sums 0.25 and 1.5: 3 rows, sum 1.75. The result does not depend on the order.

    Raises:
        StatisticsMismatch: if there are no parts, or if their shapes differ.
    """
    if not parts:
        raise StatisticsMismatch("nothing to merge: no member sent statistics")
    for position, part in enumerate(parts[1:], start=2):
        for name in _ARRAYS:
            expected, got = getattr(parts[0], name).shape, getattr(part, name).shape
            if expected != got:
                raise StatisticsMismatch(
                    f"part {position}: {name} has shape {got}, part 1 has {expected}; same contract?"
                )
    return FrameStatistics(
        rows=sum(part.rows for part in parts),
        class_counts=np.sum([part.class_counts for part in parts], axis=0, dtype=np.int64),
        present=np.sum([part.present for part in parts], axis=0, dtype=np.int64),
        sums=np.sum([part.sums for part in parts], axis=0),
        squares=np.sum([part.squares for part in parts], axis=0),
        bins=np.sum([part.bins for part in parts], axis=0, dtype=np.int64),
        categories=np.sum([part.categories for part in parts], axis=0, dtype=np.int64),
    )


def check_statistics(
    statistics: FrameStatistics, contract: Contract, *, minimum_count: int = 1, most_rows: int = _MAX_ROWS
) -> None:
    """Check at the association that a member's statistics fit the contract, the minimum-count rule and a size limit.

    Args:
        statistics: as a member sent them; their inner rules were checked when they were made.
        contract: the contract of the run.
        minimum_count: smallest group of rows that may show.
        most_rows: rows that a member may describe, so that nobody outweighs all others by naming a large number.

    Raises:
        StatisticsMismatch: if a shape does not follow from the contract, if a count between 1 and
            ``minimum_count - 1`` shows, or if more than `most_rows` rows are described.
    """
    if statistics.rows > most_rows:
        raise StatisticsMismatch(f"rows must be at most {most_rows}, got {statistics.rows}")
    width = max((len(column.vocabulary) for column in contract.categories), default=0)
    expected = {
        "class_counts": (len(contract.classes),),
        "present": (len(contract.numbers),),
        "categories": (len(contract.categories), width),
    }
    for name, shape in expected.items():
        got = getattr(statistics, name).shape
        if got != shape:
            raise StatisticsMismatch(f"{name} has shape {got}, {contract.reference} asks for {shape}")
    for name in ("class_counts", "present", "bins", "categories"):
        counts = getattr(statistics, name)
        if ((counts > 0) & (counts < minimum_count)).any():
            raise StatisticsMismatch(
                f"{name} shows a group of fewer than {minimum_count} rows; the member must not send it"
            )


def quantiles(
    statistics: FrameStatistics, column: int, probabilities: Sequence[float] | Floats, minimum: float, maximum: float
) -> Floats:
    """Estimate quantiles of a numeric feature by linear interpolation inside the histogram's cells.

    The p-quantile lies in the first cell at which the cumulated count reaches ``p * present``, as far into the cell as
    the count still wanted is of the cell's count. With 2 rows in cell 0 and 2 in cell 1, p = 0.25 is the middle of
    cell 0.

    Args:
        statistics: merged statistics.
        column: position of the feature in ``contract.numbers``.
        probabilities: probabilities in [0, 1], shape (quantiles,).
        minimum: the column's minimum, in its own unit.
        maximum: the column's maximum, in its own unit.

    Returns:
        Quantiles in the column's unit, shape (quantiles,), in the order of `probabilities`.

    Raises:
        NothingObserved: if the column's histogram is empty.
        ValueError: if a probability is outside [0, 1] or the range is empty.
    """
    wanted = np.asarray(probabilities, dtype=np.float64)
    if not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError("probabilities must lie in [0, 1]")
    if not minimum < maximum:
        raise ValueError(f"the range must not be empty, got minimum {minimum} and maximum {maximum}")
    cells = np.flatnonzero(statistics.bins[column])
    if len(cells) == 0:
        raise NothingObserved(
            f"numeric feature {column} has no values at any member; it cannot be scaled or cut into bins"
        )
    counts = statistics.bins[column, cells]
    upto = np.cumsum(counts)
    ranks = wanted * upto[-1]
    at = np.minimum(np.searchsorted(upto, ranks, side="left"), len(cells) - 1)
    inside = (ranks - (upto[at] - counts[at])) / counts[at]
    scaled = (cells[at] + inside) / GRID
    quantities: Floats = np.clip(minimum + scaled * (maximum - minimum), minimum, maximum)
    return quantities


def _check_types(statistics: FrameStatistics) -> None:
    rows: object = statistics.rows
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
        raise StatisticsMismatch(f"rows must be an integer of at least 0, got {type(rows).__name__}")
    for name in _ARRAYS:
        array = getattr(statistics, name)
        wanted = np.float64 if name in _FLOATS else np.int64
        if not isinstance(array, np.ndarray) or array.dtype != wanted:
            got = getattr(array, "dtype", type(array).__name__)
            raise StatisticsMismatch(f"{name} must be an array of {wanted.__name__}, got {got}")
        if not np.isfinite(array).all() or (array < 0).any():
            raise StatisticsMismatch(f"{name} must hold finite numbers of at least 0")
        if (array > _MAX_ROWS).any():
            raise StatisticsMismatch(f"{name} holds a number above {_MAX_ROWS}, which no member's table can have")


def _check_shapes(statistics: FrameStatistics) -> None:
    numbers = statistics.present.shape
    if statistics.class_counts.ndim != 1 or len(numbers) != 1 or statistics.categories.ndim != 2:  # noqa: PLR2004
        raise StatisticsMismatch("class_counts and present must have one dimension, categories two")
    for name, shape in {"sums": numbers, "squares": numbers, "bins": (*numbers, GRID)}.items():
        got = getattr(statistics, name).shape
        if got != shape:
            raise StatisticsMismatch(f"{name} must have shape {shape}, got {got}")


def _check_content(statistics: FrameStatistics) -> None:
    """Refuse what no table can have: with u in [0, 1], ``sum^2 / present <= squares <= sums <= present <= rows``."""
    present, sums, squares = statistics.present, statistics.sums, statistics.squares
    slack = RESOLUTION * (present + 1)
    broken = {
        "class_counts must add up to rows": int(statistics.class_counts.sum()) != statistics.rows,
        "present must not exceed rows": (present > statistics.rows).any(),
        "bins must add up to present": (statistics.bins.sum(axis=1) != present).any(),
        "sums must not exceed present": (sums > present + slack).any(),
        "squares must not exceed sums": (squares > sums + slack).any(),
        "squares are too small for these sums": (sums**2 > present * (squares + slack) + slack * sums).any(),
        "categories must not exceed rows": (statistics.categories.sum(axis=1) > statistics.rows).any(),
    }
    for rule, is_broken in broken.items():
        if is_broken:
            raise StatisticsMismatch(f"{rule}; these numbers do not describe a table")
