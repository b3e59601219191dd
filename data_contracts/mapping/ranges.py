"""Where numbers lie in the range that a contract allows: within it, or only just."""

import numpy as np
from numpy.typing import NDArray

from data_contracts.contract import Column

__all__ = ["at_edge", "share_within"]

_EDGE = 0.1


def share_within(values: NDArray[np.float64], column: Column) -> float:
    """Return the share of the numbers that lie within the column's range, 0 to 1; what is no number does not."""
    if not len(values):
        return 0.0
    low = -np.inf if column.minimum is None else column.minimum
    high = np.inf if column.maximum is None else column.maximum
    room = 1e-9 * max(abs(bound) for bound in (low, high, 1.0) if np.isfinite(bound))  # what a conversion may lose
    return float(np.mean((values >= low - room) & (values <= high + room)))


def at_edge(column: Column, values: NDArray[np.float64]) -> bool:
    """Tell whether the middle one of the numbers lies in the lowest or highest tenth of the range.

    Where the range does not begin at 0, tenths are those of the logarithm: a range of 5 to 500 has its middle at 50.
    """
    if column.minimum is None or column.maximum is None or not len(values):
        return False
    low, high, middle = column.minimum, column.maximum, float(np.median(values))
    if low > 0 and middle > 0:
        low, high, middle = np.log(low), np.log(high), np.log(middle)
        edge = _EDGE
    else:
        edge = _EDGE**2
    place = (middle - low) / (high - low)
    return bool(place < edge or place > 1 - edge)
