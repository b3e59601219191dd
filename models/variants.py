"""The variants of a shared model that a member chooses among, and how it chooses."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

ENOUGH_TO_CHOOSE = 30
"""Validation rows below which nothing is chosen by them: neither a variant nor when to stop."""
STANDARD_ERRORS = 2.0
"""By how many a variant must beat a less changed one."""


class Variant(StrEnum):
    """Which model a member uses."""

    SHARED = "shared"
    FINE_TUNED = "fine-tuned"
    MEAN = "mean"


_LEAST_CHANGED = (Variant.SHARED, Variant.MEAN, Variant.FINE_TUNED)


def choose(losses: Mapping[Variant, NDArray[np.float64]], *, minimum_rows: int = ENOUGH_TO_CHOOSE) -> Variant:
    """Choose the least changed variant of a shared model that validation rows do not clearly call worse than the best.

    This is the standard error rule of Breiman et al. 1984, "Classification and Regression Trees" (Hastie, Tibshirani
    and Friedman, "The Elements of Statistical Learning", section 7.10), with two standard errors in place of one, and
    of the paired difference: a row that is hard for one variant is hard for all. The least of several mean losses on
    a few dozen rows is partly luck. The rule takes the rows to be independent; where they are not, as with overlapping
    windows, the standard error is too small, which is why it is two. How rules compared:
    tests/benchmarks/accuracy/recipes.md.

    Args:
        losses: variant -> negative log-likelihood of each row `(rows,)`, in nats, the rows in the same order; the
            shared model is among the variants.
        minimum_rows: below this many rows, and below the two that a standard error takes, nothing is chosen.

    Returns:
        The first of shared, mean and fine-tuned whose mean loss is above the least one by no more than
        `STANDARD_ERRORS` standard errors of their difference; with too few rows the shared model.
    """
    if len(losses[Variant.SHARED]) < max(minimum_rows, 2):
        return Variant.SHARED
    best = min(losses, key=lambda variant: float(losses[variant].mean()))
    return next(one for one in _LEAST_CHANGED if one in losses and not _clearly_above_zero(losses[one] - losses[best]))


def _clearly_above_zero(differences: NDArray[np.float64]) -> bool:
    standard_error = differences.std(ddof=1) / np.sqrt(len(differences))
    return bool(differences.mean() > STANDARD_ERRORS * standard_error)
