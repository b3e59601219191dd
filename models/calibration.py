"""Temperature scaling, fitted from sums: members add up losses on a grid, and the least sum names the temperature.

Guo, Pleiss, Sun and Weinberger 2017, "On Calibration of Modern Neural Networks": probabilities become
``softmax(log p / T)``. One number for all classes changes neither the ranking of classes within a row nor, for two
classes, the ranking of rows.
"""

import numpy as np
from numpy.typing import NDArray

from models.errors import ScorecardMismatchError

TEMPERATURES: tuple[float, ...] = tuple(2.0 ** ((step - 20) / 10) for step in range(41))  # 0.25 ... 1.0 ... 4.0
_SMALLEST = 1e-300  # a probability of exactly zero would make the logarithm infinite
_MOST_NATS = 3000.0  # what a row can cost at most: -log(1e-300) / 0.25 = 2763, and the logarithm of the classes


def nll_by_temperature(probabilities: NDArray[np.float64], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum the negative log-likelihood of a member's rows at each temperature of the grid.

    Args:
        probabilities: predicted at temperature 1, `(rows, classes)`.
        y: class indices `(rows,)`.

    Returns:
        One sum in nats per entry of TEMPERATURES `(41,)`; sums of several members may be added.
    """
    rows = np.arange(len(y))
    return np.array([-_log_rescaled(probabilities, t)[rows, y].sum() for t in TEMPERATURES])


def best_temperature(sums: NDArray[np.float64]) -> float:
    """Choose the temperature with the least sum; among equals the one nearest to 1, and 1 if nothing was summed.

    Args:
        sums: of :func:`nll_by_temperature`, added over members `(41,)`; zeros if nobody told any.

    Raises:
        ScorecardMismatchError: there is not one sum per entry of TEMPERATURES.
    """
    if np.shape(sums) != (len(TEMPERATURES),):
        raise ScorecardMismatchError(f"Expected one loss sum per temperature {(len(TEMPERATURES),)}, got {sums.shape}.")
    if not np.isfinite(sums).all():
        return 1.0
    least = np.flatnonzero(sums == sums.min())
    return TEMPERATURES[int(least[np.abs(np.log(np.take(TEMPERATURES, least))).argmin()])]


def check_loss_sums(sums: NDArray[np.float64], rows: int, most_rows: int) -> None:
    """Check loss sums that came from elsewhere: could so many rows have them?

    Args:
        sums: as a member sent them, of :func:`nll_by_temperature`.
        rows: validation rows that they are said to be over; 0 if the member withheld them, as zeros.
        most_rows: validation rows that a member may have.

    Raises:
        ScorecardMismatchError: the first rule that they break, in one sentence.
    """
    if not isinstance(rows, int) or isinstance(rows, bool) or not 0 <= rows <= most_rows:
        raise ScorecardMismatchError(f"The rows of loss sums must be an integer from 0 to {most_rows}.")
    if not isinstance(sums, np.ndarray) or sums.dtype != np.float64 or sums.shape != (len(TEMPERATURES),):
        got = f"{sums.dtype} {sums.shape}" if isinstance(sums, np.ndarray) else type(sums).__name__
        raise ScorecardMismatchError(f"Loss sums must be float64 {(len(TEMPERATURES),)}, got {got}.")
    if not ((sums >= 0) & (sums <= _MOST_NATS * rows)).all():  # NaN fails too
        raise ScorecardMismatchError(
            f"Loss sums over {rows} rows must be finite and from 0 to {_MOST_NATS:.0f} per row."
        )


def _log_rescaled(probabilities: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    scaled = np.log(np.maximum(probabilities, _SMALLEST)) / temperature  # (rows, classes)
    result: NDArray[np.float64] = scaled - np.logaddexp.reduce(scaled, axis=1, keepdims=True)
    return result
