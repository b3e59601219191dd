"""Days in one column and times of day in another -> moments, each read as `data_contracts.cells.moments` reads them."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.cells.changes import Rule
from data_contracts.cells.missing import is_missing
from data_contracts.cells.moments import Moments
from data_contracts.cells.texts import BLANKS, WIDE, Distinct, Mask, arrow_texts
from data_contracts.cells.time_text import microseconds_of

__all__ = ["ClockTimes", "with_times"]

_NONE = -1
_PLAIN = frozenset("0123456789")


@dataclass(frozen=True)
class ClockTimes:
    """A column of times of day, such as ``14:30`` and ``오후 2:30``; every array has shape (rows,).

    Attributes:
        microseconds: since midnight; -1 where blank or unread.
        blank: where there is no value.
        unread: where there is a text that is no time of day. Digits alone are one only where every cell of the column
            is written like ``0810``, or every one like ``081030``.
    """

    microseconds: NDArray[np.int64] = field(repr=False)
    blank: Mask = field(repr=False)
    unread: Mask = field(repr=False)

    @classmethod
    def of(cls, cells: pd.Series) -> "ClockTimes":
        """Read a column of texts, each distinct one once."""
        found = Distinct.of(arrow_texts(cells), np.ones(len(cells), dtype=np.bool_))
        plain = [text.translate(WIDE).strip(BLANKS).lower() for text in found.texts]
        blank = [not text or is_missing(text) for text in plain]
        digits = _only_digits([text for none, text in zip(blank, plain, strict=True) if not none])
        read = [_NONE if none else _microseconds(text, digits) for none, text in zip(blank, plain, strict=True)]
        blanks = found.mask(blank, missing=True)
        times = found.spread(read, _NONE, np.int64)
        return cls(times, blanks, ~blanks & (times == _NONE))


def with_times(days: Moments, times: ClockTimes) -> Moments:
    """Put the time of day beside each day.

    A day without a time stays a day. Where the time is none, or the day's own cell says another time, nobody knows
    which is meant: the cell counts as unread.

    Args:
        days: the column of days; shape (rows,).
        times: the times of day of the same rows.
    """
    moments = days.values  # noqa: PD011  (a field of ours)
    midnights = moments.astype("datetime64[D]").astype("datetime64[us]")
    known = ~np.isnat(moments)
    timed = known & (times.microseconds != _NONE)
    own = known & (moments != midnights)
    joined = midnights + np.where(timed, times.microseconds, 0).astype("timedelta64[us]")
    unread = known & (times.unread | (timed & own & (joined != moments)))
    values = np.where(timed & ~unread, joined, moments)
    values[unread] = np.datetime64("NaT")
    changed = days.changed | {Rule.CLOCK: timed & ~unread & ~own}
    return Moments(values, days.blank, days.unread | unread, changed, days.orders)


def _only_digits(texts: list[str]) -> bool:
    """Tell whether all texts are digits, of a length that says hours and minutes, or seconds too."""
    return {len(text) for text in texts} in ({4}, {6}) and all(map(_PLAIN.issuperset, texts))


def _microseconds(text: str, digits: bool) -> int:  # noqa: FBT001  (how the column is written)
    if not digits and _PLAIN.issuperset(text):
        return _NONE
    found, _ = microseconds_of(text)
    return _NONE if found is None else found
