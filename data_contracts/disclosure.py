"""The minimum-count rules: what of a column's counts may show. Pure numpy; runs at the member, before anything leaves.

With ``k = minimum_count``, **no group of 1 to k - 1 rows can be read off, directly or by subtraction**:

1. Rows of a class with fewer than k rows are left out of every number (their count is 0 and ``rows`` does not contain
   them: otherwise ``rows`` minus the other classes would tell). If fewer than k rows remain, nothing is made at all.
2. A numeric column with fewer than k values contributes zeros.
3. If 1 to k - 1 values of a column are missing, they are counted as present and distributed like the others: sums and
   squares are multiplied by rows / present, the histogram is enlarged in proportion. Mean and shape stay, the count of
   the missing does not show. With k or more missing, the true count is given.
4. Adjacent histogram cells are merged from the left until each group holds k rows; a tail of fewer joins the last
   group. A group's rows are counted in the cell of its median row, the others are 0: the end of the group would shift
   every quantile upwards, by half a group.
5. A category's count below k is 0; if the hidden and missing together are 1 to k - 1 rows, they are distributed over
   the shown categories as in 3.

What this does not do: two runs over frames that differ by one row still differ by that row. Against that work secure
aggregation and noise, not this module.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID", "Counts", "Floats", "shown_categories", "shown_numbers", "shown_rows"]

GRID = 64
"""Cells of a histogram; cell i covers u from i / GRID to (i + 1) / GRID."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def shown_rows(class_counts: Counts, minimum_count: int) -> int:
    """Return the rows that may be spoken of under rule 1: those of classes with at least `minimum_count` rows.

    Args:
        class_counts: rows per class, shape (classes,).
        minimum_count: smallest group of rows that may show.
    """
    return int(class_counts[class_counts >= minimum_count].sum())


def shown_numbers(u: Floats, rows: int, minimum_count: int) -> tuple[Counts, float, float]:
    """Return histogram, sum and sum of squares of a scaled column under rules 2 to 4.

    Args:
        u: the values present, scaled to [0, 1], shape (present,).
        rows: rows of the frame, present and missing.
        minimum_count: smallest group of rows that may show.

    Returns:
        Histogram of shape (GRID,), whose sum is the count of values that shows; sum; sum of squares.
    """
    present = len(u)
    if present < minimum_count:
        return np.zeros(GRID, dtype=np.int64), 0.0, 0.0
    cells = np.minimum((u * GRID).astype(np.int64), GRID - 1)
    histogram = group_cells(np.bincount(cells, minlength=GRID).astype(np.int64), minimum_count)
    total, square = float(u.sum()), float(np.square(u).sum())
    if 0 < rows - present < minimum_count:
        return enlarge(histogram, rows), total * rows / present, square * rows / present
    return histogram, total, square


def shown_categories(counts: Counts, rows: int, minimum_count: int) -> Counts:
    """Return the counts of a categorical column under rule 5.

    Args:
        counts: rows per value of the vocabulary, shape (vocabulary,).
        rows: rows of the frame, present and missing.
        minimum_count: smallest group of rows that may show.
    """
    shown = np.where(counts < minimum_count, 0, counts)
    hidden = rows - int(shown.sum())
    return enlarge(shown, rows) if shown.any() and 0 < hidden < minimum_count else shown


def group_cells(histogram: Counts, minimum_count: int) -> Counts:
    """Merge adjacent cells until every group holds `minimum_count` rows (rule 4); there must be as many rows in all.

    (1, 2, 0, 3, 1) with k = 3: the groups are (1, 2) and (0, 3, 1), their median rows lie in the second and fourth
    cell, hence (0, 3, 0, 4, 0).
    """
    ends: list[int] = []  # first cell after each group
    held = 0
    for cell, count in enumerate(histogram):
        held += int(count)
        if held >= minimum_count:
            ends.append(cell + 1)
            held = 0
    ends[-1] = len(histogram)  # a tail of fewer rows, or of none, joins the last group
    grouped = np.zeros_like(histogram)
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        upto = np.cumsum(histogram[start:end])
        grouped[start + int(np.searchsorted(upto, upto[-1] / 2, side="left"))] = upto[-1]
    return grouped


def enlarge(counts: Counts, total: int) -> Counts:
    """Enlarge counts in proportion so that they add up to `total`, by largest remainders; none becomes smaller.

    (2, 1) enlarged to 4: shares 2.67 and 1.33, hence 2 + 1 and one row left, for the larger remainder: (3, 1).
    """
    scaled, remainders = np.divmod(counts * total, counts.sum())
    left = total - int(scaled.sum())
    scaled[np.argsort(-remainders, kind="stable")[:left]] += 1
    return scaled
