"""What Flower's strategies lack: the mean over the last rounds' weights.

Averaging the iterates at the end of training (Polyak & Juditsky 1992, "Acceleration of stochastic approximation by
averaging"; for networks Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization")
costs one array of memory and no message.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


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
