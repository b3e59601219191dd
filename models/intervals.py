"""Intervals for areas under the ROC curve, computed at the member from its own rows by a stratified bootstrap.

Resampling within each class keeps the class counts, so that no resample lacks a class (Efron and Tibshirani 1993, "An
Introduction to the Bootstrap", chapters 8 and 13: percentile intervals). Two models are compared on the same resamples,
"paired", which removes the spread they share.
"""

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.errors import ScorecardMismatchError, SettingError

_CHUNK = 500_000  # resampled weights looked at together, 4 MB in each of half a dozen arrays
_BEYOND = 25  # resamples outside of an interval, both sides together: fewer make its ends a matter of luck
_FEWEST = 500
_MOST_DRAWN = 10_000_000  # rows x resamples, 20 MB


@dataclass(frozen=True)
class Interval:
    """An estimate with its uncertainty.

    Attributes:
        low: lower end.
        mean: the estimate itself: the mean over the rows (or seeds) at hand, not over the resamples.
        high: upper end.
    """

    low: float
    mean: float
    high: float


def check_interval(interval: Interval) -> None:
    """Check an interval of an area, or of a difference of areas, that came from elsewhere.

    The estimate may lie outside its percentile interval, which describes the resamples; that is not refused.

    Raises:
        ScorecardMismatchError: an end or the estimate is no finite number from -1 to 1, or low is above high.
    """
    for name, value in vars(interval).items():
        if not isinstance(value, float) or not isfinite(value) or not -1 <= value <= 1:
            raise ScorecardMismatchError(f"An interval's {name} must be a finite float from -1 to 1, which it is not.")
    if interval.low > interval.high:
        raise ScorecardMismatchError("An interval's low end lies above its high end.")


def family_level(members: int, level: float = 0.95) -> float:
    """Level of each member's interval at which all of them hold together with probability `level`.

    ``1 - (1 - level) / members`` (Bonferroni 1936; Dunn 1961, "Multiple Comparisons Among Means"): with 5 members and
    0.95 it is 0.99. Otherwise, among 20 members of whom nobody is better or worse off, some member's 95 % interval
    would lie wholly below zero in 4 of 10 runs.

    Args:
        members: intervals that are looked at together, at least 1.
        level: of all together, between 0 and 1.

    Raises:
        SettingError: members or level is outside its range.
    """
    if members < 1:
        raise SettingError("members", allowed="at least 1", got=members)
    if not 0 < level < 1:
        raise SettingError("level", allowed="between 0 and 1", got=level)
    return 1 - (1 - level) / members


def paired_difference(
    p_a: NDArray[np.float64],
    p_b: NDArray[np.float64],
    y: NDArray[np.int64],
    *,
    positive: int | None,
    seed: int,
    resamples: int | None = None,
    level: float = 0.95,
) -> Interval | None:
    """Interval of ROC-AUC(a) - ROC-AUC(b) on the same rows; above zero means a is better.

    Args:
        p_a: probabilities of model a `(rows, classes)`.
        p_b: probabilities of model b `(rows, classes)`.
        y: class indices `(rows,)`.
        positive: the defect class of two, or None for the mean over all classes present, one against the rest.
        seed: of the resamples.
        resamples: how many; if left out, 500 at a level of 0.95 and more at a higher one, as many as its ends need.
        level: share of resamples inside the interval.

    Returns:
        None when a class to be told apart is absent.
    """
    weights = _resample(y, resamples or _resamples(level, len(y)), seed)
    a, b = _areas(p_a, y, weights, positive), _areas(p_b, y, weights, positive)
    return None if a is None or b is None else _interval(a - b, level)


def _resamples(level: float, rows: int) -> int:
    """Enough to place the interval's ends, unless so many rows would not fit; then fewer, but not below 500."""
    wanted = round(_BEYOND / (1 - level))
    return max(_FEWEST, min(wanted, _MOST_DRAWN // max(rows, 1)))


def _resample(y: NDArray[np.int64], resamples: int, seed: int) -> NDArray[np.unsignedinteger[Any]]:
    """How often each row is drawn `(1 + resamples, rows)`; the first line is every row once, the data as they are."""
    generator = np.random.default_rng(seed)
    weights = np.ones((1 + resamples, len(y)), dtype=np.min_scalar_type(len(y)))
    lines = max(1, _CHUNK // max(len(y), 1))
    for c in np.unique(y):
        rows = np.flatnonzero(y == c)
        even = np.full(len(rows), 1 / len(rows))
        for first in range(1, len(weights), lines):  # in parts: numpy counts in eight bytes, and two do here
            part = weights[first : first + lines]
            part[:, rows] = generator.multinomial(len(rows), even, size=len(part))
    return weights


def _areas(
    p: NDArray[np.float64], y: NDArray[np.int64], weights: NDArray[np.unsignedinteger[Any]], positive: int | None
) -> NDArray[np.float64] | None:
    """ROC-AUC for each line of weights `(lines,)`, macro over classes if positive is None."""
    wanted = range(p.shape[1]) if positive is None else (positive,)
    present = [c for c in wanted if 0 < int((y == c).sum()) < len(y)]
    if not present:
        return None
    areas: NDArray[np.float64] = np.mean([_one_vs_rest(p[:, c], y == c, weights) for c in present], axis=0)
    return areas


def _one_vs_rest(
    scores: NDArray[np.float64], own: NDArray[np.bool_], weights: NDArray[np.unsignedinteger[Any]]
) -> NDArray[np.float64]:
    """Weighted Mann-Whitney statistic for each line of weights `(lines,)`."""
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])  # one group per distinct score
    lines = max(1, _CHUNK // len(scores))
    parts = []
    for first in range(0, len(weights), lines):
        drawn = weights[first : first + lines, order].astype(np.float64)  # (lines, rows)
        ours = np.add.reduceat(drawn * own[order], starts, axis=1)  # (lines, groups)
        others = np.add.reduceat(drawn * ~own[order], starts, axis=1)
        below = others.cumsum(axis=1) - others
        wins = (ours * (below + 0.5 * others)).sum(axis=1)
        parts.append(wins / (ours.sum(axis=1) * others.sum(axis=1)))
    return np.concatenate(parts)


def _interval(values: NDArray[np.float64], level: float) -> Interval:
    low, high = np.quantile(values[1:], [(1 - level) / 2, (1 + level) / 2])
    return Interval(low=float(low), mean=float(values[0]), high=float(high))
