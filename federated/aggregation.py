"""What Flower's strategies lack: a limit on one member's weight, and the mean over the last rounds' weights.

Averaging the iterates at the end of training (Polyak & Juditsky 1992, "Acceleration of stochastic approximation by
averaging"; for networks Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization")
costs one array of memory and no message.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


def capped_rows(rows: Mapping[str, int], maximum_weight: float) -> dict[str, int]:
    """Limit how much of a mean one member can own by claiming rows.

    ``min(rows, maximum_weight * median(rows))``, rounded down. Example: rows 10, 20 and 900 with a maximum of 5 become
    10, 20 and 100.

    Args:
        rows: Member id -> rows it speaks for, above 0.
        maximum_weight: How many times the median at most, at least 1.
    """
    limit = int(maximum_weight * float(np.median(list(rows.values()))))
    return {member: min(count, limit) for member, count in rows.items()}


def update_mean(
    mean: Mapping[str, NDArray[np.float64]] | None, count: int, arrays: Mapping[str, NDArray[np.float32]]
) -> dict[str, NDArray[np.float64]]:
    """Take one more set of arrays into a running mean.

    ``mean_k = mean_{k-1} + (arrays - mean_{k-1}) / k`` with ``k = count + 1`` (Welford 1962).

    Example:
        The mean of one set ``{"w": [3.0]}`` and a second one ``{"w": [6.0]}`` is
        ``3 + (6 - 3) / 2 = 4.5``.

    Args:
        mean: The mean so far, or None before the first set.
        count: How many sets the mean so far stands for.
        arrays: The next set, with the same names and shapes.

    Returns:
        The new mean, float64, with the names in the same order.
    """
    if mean is None:
        return {name: array.astype(np.float64) for name, array in arrays.items()}
    return {name: mean[name] + (array - mean[name]) / (count + 1) for name, array in arrays.items()}
