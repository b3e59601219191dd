"""The distinct texts of a column taken for moments, each day and each time of day parsed once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.day_text import ORDERS, days_of
from data_contracts.cells.missing import is_missing
from data_contracts.cells.serials import serials_of
from data_contracts.cells.texts import Distinct, Mask, stripped
from data_contracts.cells.time_text import microseconds_of, split_moment

__all__ = ["NOT_A_TIME", "SPLIT", "MomentTexts", "SplitMoments", "in_order", "orders_of"]

NOT_A_TIME = np.iinfo(np.int64).min
"""What numpy writes where there is no moment."""

_DAY = 86_400_000_000
_MOST_YEARS = 10
_NEARLY_ALL = 0.95  # one misspelt day must not decide about all the others
_Part = TypeVar("_Part")

SPLIT = r"^(?P<day>[0-9][-0-9./ 년월일]*)[ T](?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)$"
"""A day and a clock without more: cells that may all differ although days and clocks are few."""


@dataclass(frozen=True)
class MomentTexts:
    """Distinct texts, read as far as one text can be.

    Attributes:
        texts: the texts without blanks around them.
        blank: which say that there is no value, shape (texts,).
        serial: which are a spreadsheet's day numbers, shape (texts,).
        moments: what each says in each of `ORDERS`, in microseconds since 1970-01-01, shape (orders, texts);
            `NOT_A_TIME` where it is no moment in that order.
    """

    texts: list[str]
    blank: Mask = field(repr=False)
    serial: Mask = field(repr=False)
    moments: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, texts: Sequence[str], missing: frozenset[str]) -> "MomentTexts":
        """Read texts; `missing` are words that count as missing besides those that always do, folded."""
        cores = [stripped(text) for text in texts]
        blank = np.array([not core or is_missing(core, missing) for core in cores], dtype=np.bool_)
        moments = _spoken(cores)
        moments[:, blank] = NOT_A_TIME
        serials = serials_of(cores, readable=(blank | (moments != NOT_A_TIME).any(axis=0)).tolist())
        serial = serials >= 0
        moments[:, serial] = serials[serial]
        return cls(cores, blank, serial, moments)


@dataclass(frozen=True)
class SplitMoments:
    """Cells of which each is a day and a clock.

    Attributes:
        days: the midnights that begin the distinct days, as `MomentTexts.moments`, shape (orders, days).
        day_at: which of the days each cell has, shape (cells,).
        times: the distinct clocks, in microseconds since midnight, shape (times,); `NOT_A_TIME` where one is none.
        time_at: which of the clocks each cell has, shape (cells,).
    """

    days: NDArray[np.int64] = field(repr=False)
    day_at: NDArray[np.int64] = field(repr=False)
    times: NDArray[np.int64] = field(repr=False)
    time_at: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, texts: Any) -> "SplitMoments":
        """Read an Arrow array of texts that match `SPLIT`."""
        import pyarrow.compute as pc  # noqa: PLC0415

        everything = np.ones(len(texts), dtype=np.bool_)
        halves = pc.extract_regex(texts, SPLIT)
        day, time = (Distinct.of(pc.struct_field(halves, name), everything) for name in ("day", "time"))
        days = _numbers([days_of(text) for text in day.texts], len(ORDERS))
        times = _numbers([microseconds_of(text)[:1] for text in time.texts], 1)[0]
        return cls(_times_day(days), day.codes, times, time.codes)

    def in_order(self, order: str | None) -> NDArray[np.int64]:
        """Return the moments in an order, as `in_order` does."""
        day, time = in_order(self.days, order)[self.day_at], self.times[self.time_at]
        return np.where((day != NOT_A_TIME) & (time != NOT_A_TIME), day + np.maximum(time, 0), NOT_A_TIME)


def orders_of(moments: NDArray[np.int64]) -> tuple[str, ...]:
    """Return the orders that fit, the likeliest first; one if that is certain or does not matter.

    Args:
        moments: what days or moments say in each order, as `MomentTexts.moments`.
    """
    read = moments != NOT_A_TIME
    enough = _NEARLY_ALL * read.any(axis=0).sum()
    fitting = [at for at in range(len(ORDERS)) if read[at].sum() >= enough]
    years = {at: len(np.unique(_years(moments[at][read[at]]))) for at in fitting}
    if years and min(years.values()) <= _MOST_YEARS:
        fitting = [at for at in fitting if years[at] <= _MOST_YEARS]
    different = {moments[at].tobytes(): ORDERS[at] for at in reversed(fitting)}  # the likeliest comes last
    return tuple(order for order in ORDERS if order in different.values())


def in_order(moments: NDArray[np.int64], order: str | None) -> NDArray[np.int64]:
    """Return the moments in an order; with None those for which the order does not matter."""
    if order is not None:
        chosen: NDArray[np.int64] = moments[ORDERS.index(order)]
        return chosen
    highest = moments.max(axis=0)
    agreed = ((moments == highest) | (moments == NOT_A_TIME)).all(axis=0)
    return np.where(agreed, highest, NOT_A_TIME)


def _spoken(cores: Sequence[str]) -> NDArray[np.int64]:
    """Return `MomentTexts.moments`, but for day numbers."""
    halves = [split_moment(core) for core in cores]
    days, day_at = _each([day for day, _ in halves], days_of)
    times, time_at = _each([time for _, time in halves], microseconds_of)
    # two differences to world time in one column: its clocks cannot be compared
    one_zone = len({zone for _, zone in times if zone}) <= 1
    clocks = [None if zone and not one_zone else microseconds for microseconds, zone in times]
    day = _times_day(_numbers(days, len(ORDERS)))[:, day_at]
    time = _numbers([(clock,) for clock in clocks], 1)[0, time_at]
    return np.where((day != NOT_A_TIME) & (time != NOT_A_TIME), day + np.maximum(time, 0), NOT_A_TIME)


def _each(parts: Sequence[str], read: Callable[[str], _Part]) -> tuple[list[_Part], NDArray[np.int64]]:
    """Read each distinct part once; return what they say, and which of these each part is."""
    places: dict[str, int] = {}
    at = np.array([places.setdefault(part, len(places)) for part in parts], dtype=np.int64)
    return [read(part) for part in places], at


def _numbers(read: Sequence[tuple[Any, ...]], columns: int) -> NDArray[np.int64]:
    """Return what was read as an array, shape (columns, parts), `NOT_A_TIME` for None."""
    rows = [[NOT_A_TIME if number is None else number for number in one] for one in read]
    return np.array(rows, dtype=np.int64).reshape(-1, columns).T


def _times_day(days: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(days == NOT_A_TIME, NOT_A_TIME, np.where(days == NOT_A_TIME, 0, days) * _DAY)


def _years(moments: NDArray[np.int64]) -> NDArray[np.datetime64]:
    years: NDArray[np.datetime64] = moments.view("datetime64[us]").astype("datetime64[Y]")
    return years
