"""A file in parts, by time or by position, and what is blank or defective in each."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data_contracts.contract import Kind, Role
from data_contracts.readiness.check_types import Balance, OverTime, Periods
from data_contracts.readiness.records import Records

__all__ = ["Parts", "balance", "blank_over_time", "moment_counts", "parts"]

_MOST = 16
_BY_POSITION = 12
_FEWEST_ROWS = 5
_MONDAY = 3  # day 0 of the epoch was a Thursday
_PER_QUARTER = 3
_WEEK = 7


@dataclass(frozen=True)
class Parts:
    """The parts, and the part of each record, shape (rows,); -1 for a record without a moment."""

    periods: Periods
    part: NDArray[np.int64] = field(repr=False)

    def sums(self, flags: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Count flagged records per part, shape (parts,)."""
        counted = flags & (self.part >= 0)
        return np.bincount(self.part[counted], minlength=len(self.periods.names)).astype(np.int64)


def parts(records: Records) -> Parts:
    """Cut the records into at most 16 periods of the time column, or 12 stretches of lines where there is none."""
    column = records.time
    return _by_position(records) if column is None else _by_time(records.moments(column.name))


def moment_counts(moments: NDArray[np.datetime64]) -> tuple[tuple[str, int], ...]:
    """Return rows per period of any column of moments."""
    if np.isnat(moments).all():
        return ()
    periods = _by_time(moments).periods
    return tuple(zip(periods.names, periods.rows, strict=True))


def blank_over_time(records: Records, cut: Parts) -> tuple[OverTime, ...]:
    """Return shares of blank cells per part, for the mapped columns that have any and should not."""
    rows = np.array(cut.periods.rows)
    found = []
    for column in records.mapped:
        blank = records.blank(column.name)
        expected = (
            column.role is Role.OUTCOME or column.kind is Kind.TIMESTAMP
        )  # blank for good parts; without a period
        if not expected and blank.any():
            counts = cut.sums(blank)
            shares = tuple(float(count / total) if total else None for count, total in zip(counts, rows, strict=True))
            found.append(OverTime(column.name, column.label, shares))
    return tuple(found)


def balance(records: Records, cut: Parts) -> Balance | None:
    """Return how the target is spread; None where it is not mapped."""
    found = records.defect()
    if found is None:
        return None
    labelled, defects = found
    codes, words = records.codes(records.contract.target.name)
    counts = dict(zip(words, np.bincount(codes[codes >= 0], minlength=len(words)), strict=True))
    return Balance(
        words=tuple((word, int(counts.get(word, 0))) for word in records.contract.classes),
        defects=int(defects.sum()),
        labelled=int(labelled.sum()),
        over_time=tuple((int(bad), int(all_)) for bad, all_ in zip(cut.sums(defects), cut.sums(labelled), strict=True)),
    )


def _by_position(records: Records) -> Parts:
    count = max(1, min(_BY_POSITION, len(records) // _FEWEST_ROWS))
    part = np.arange(len(records)) * count // max(1, len(records))
    first = np.searchsorted(part, np.arange(count))
    last = np.append(first[1:], len(records)) - 1
    names = tuple(
        f"{records.lines[a]}–{records.lines[b]}" if len(records) else "–" for a, b in zip(first, last, strict=True)
    )
    rows = np.bincount(part, minlength=count)
    return Parts(Periods("lines", names, tuple(int(n) for n in rows)), part.astype(np.int64))


def _by_time(moments: NDArray[np.datetime64]) -> Parts:
    """Take the shortest unit in which 99 of 100 moments fill at most 16 periods; the outermost hold the stragglers."""
    known = ~np.isnat(moments)
    ordered = np.sort(moments[known])
    edges = ordered[[int(0.005 * len(ordered)), int(np.ceil(0.995 * len(ordered))) - 1]]
    for unit in ("hour", "day", "week", "month", "quarter", "year"):
        first, last = (int(number) for number in _numbered(edges, unit))
        if last - first < _MOST:
            break
    first = max(first, last - _MOST + 1)
    part = np.full(len(moments), -1, dtype=np.int64)
    part[known] = np.clip(_numbered(moments[known], unit), first, last) - first
    rows = np.bincount(part[known], minlength=last - first + 1)
    names = tuple(_name(number, unit) for number in range(first, last + 1))
    return Parts(Periods(unit, names, tuple(int(n) for n in rows), int((~known).sum())), part)


def _numbered(moments: NDArray[np.datetime64], unit: str) -> NDArray[np.int64]:
    """Number the periods that moments lie in, counted from 1970."""
    if unit == "week":
        return (moments.astype("datetime64[D]").astype(np.int64) + _MONDAY) // _WEEK
    if unit == "quarter":
        return moments.astype("datetime64[M]").astype(np.int64) // _PER_QUARTER
    code = {"hour": "h", "day": "D", "month": "M", "year": "Y"}[unit]
    return moments.astype(f"datetime64[{code}]").astype(np.int64)


def _name(number: int, unit: str) -> str:
    if unit == "hour":
        return str(np.datetime64(number, "h")).replace("T", " ") + ":00"
    if unit == "week":
        return str(np.datetime64(number * _WEEK - _MONDAY, "D"))
    if unit == "quarter":
        return f"{1970 + number // 4} Q{number % 4 + 1}"
    code = {"day": "D", "month": "M", "year": "Y"}[unit]
    return str(np.datetime64(number, code))  # type: ignore[call-overload]
