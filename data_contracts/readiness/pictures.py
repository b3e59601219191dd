"""What the small picture of a column shows: counts around the allowed range, per word, or per period."""

import numpy as np

from data_contracts.contract import Column, Kind
from data_contracts.readiness.column_types import MomentPicture, NumberPicture, Picture, WordPicture
from data_contracts.readiness.periods import moment_counts
from data_contracts.readiness.records import Floats, Records

__all__ = ["picture"]

INSIDE = 30
"""Cells of a histogram within the allowed range."""
OUTSIDE = 4
"""Cells on either side of it, of the same width; the outermost holds everything beyond as well."""

_FEWEST_FOR_QUANTILES = 20


def picture(records: Records, column: Column) -> Picture | None:
    """Return what is drawn of a mapped column; None for text, and where there is nothing to draw."""
    if column.is_numeric:
        values, _ = records.numbers(column.name)
        known = values[np.isfinite(values)]
        return _numbers(known, column) if len(known) else None
    if column.kind is Kind.CATEGORY:
        codes, words = records.codes(column.name)
        counts = dict(zip(words, np.bincount(codes[codes >= 0], minlength=len(words)), strict=True))
        shown = tuple((word, int(counts.pop(word, 0))) for word in column.vocabulary)
        return WordPicture(shown, int(sum(counts.values())))
    if column.kind is Kind.TIMESTAMP:
        periods = moment_counts(records.moments(column.name))
        return MomentPicture(periods) if periods else None
    return None


def _numbers(known: Floats, column: Column) -> NumberPicture:
    middle: tuple[float, ...] = ()
    if len(known) >= _FEWEST_FOR_QUANTILES:
        middle = tuple(float(value) for value in np.quantile(known, [0.05, 0.5, 0.95]))
    low = column.minimum if column.minimum is not None else float(known.min())
    high = column.maximum if column.maximum is not None else float(known.max())
    if not low < high:
        low, high = low - 0.5, high + 0.5
    width = (high - low) / INSIDE
    cells = np.floor((known - low) / width)
    # A value on the upper limit is allowed, one that rounding carried across the lower limit as well.
    cells[(known <= high) & (cells >= INSIDE)] = INSIDE - 1
    cells[(known >= low) & (cells < 0)] = 0
    cells = np.clip(cells, -OUTSIDE, INSIDE + OUTSIDE - 1) + OUTSIDE
    counts = np.bincount(cells.astype(np.int64), minlength=INSIDE + 2 * OUTSIDE)
    return NumberPicture(
        low=column.minimum,
        high=column.maximum,
        start=low - OUTSIDE * width,
        end=high + OUTSIDE * width,
        counts=tuple(int(count) for count in counts),
        first=OUTSIDE,
        last=OUTSIDE + INSIDE,
        middle=middle,
    )
