"""A moment that a file has in two columns, the day in one and the time of day in another: which header is the other."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from data_contracts.cells.clock_times import ClockTimes
from data_contracts.contract import Kind, Label
from data_contracts.intake.guesses import Guess
from data_contracts.mapping.lexicon import CLOCK, GROUPS, NEUTRAL, STARTS
from data_contracts.mapping.profile import ColumnProfile
from data_contracts.mapping.study import Study
from data_contracts.mapping.types import ColumnMapping

__all__ = ["with_time"]

_REASON = Label("날짜 옆의 시각이 적힌 열", "the column with the time of day beside the day")
_NEARLY_ALL = 0.95
_MOST = 0.5  # a time is often left blank where nothing changed
_LEAST_SPAN = 2 * 3_600_000_000  # microseconds; what stays within two hours is rather a duration
_NONE = -1


def with_time(entry: ColumnMapping, study: Study, taken: Collection[str]) -> tuple[ColumnMapping, tuple[Guess, ...]]:
    """Find the header that holds the time of day of a column of days.

    It is the one header under which stand times of day and whose words say no more than that they are those of the
    column's beginning. Where there is none or more than one, or where the days have a time of their own, the entry
    stays as it is.

    Args:
        entry: any column, and the header it is read from.
        study: the file beside the contract.
        taken: texts of headers that are, or may be, something else.

    Returns:
        The entry, and what was concluded.
    """
    time = _time_of_day(entry, study, taken)
    if time is None:
        return entry, ()
    return replace(entry, time=time), (Guess(f"columns.{entry.column}.time", time, _REASON),)


def _time_of_day(entry: ColumnMapping, study: Study, taken: Collection[str]) -> str | None:
    day = None if entry.header is None else study.heading(entry.header)
    if day is None or study.contract.column(entry.column).kind is not Kind.TIMESTAMP:
        return None
    if not _only_days(study.profile.column(day.header)):
        return None
    own = next(names.own for names in study.comparison.names.columns if names.column.name == entry.column)
    explained = own | study.comparison.names.trade | set(day.reading.words) | CLOCK | STARTS | GROUPS | NEUTRAL
    found = [
        heading.header.text
        for heading in study.headings
        if heading.header.text not in {entry.header, *taken}
        and CLOCK & set(heading.reading.words)
        and explained.issuperset(heading.reading.words)
        and _times(study.profile.column(heading.header), study.profile.column(day.header))
    ]
    return found[0] if len(found) == 1 else None


def _only_days(cells: ColumnProfile) -> bool:
    moments = cells.moments.values
    read = moments[~np.isnat(moments)]
    return len(read) >= _NEARLY_ALL * cells.filled > 0 and bool((read == read.astype("datetime64[D]")).all())


def _times(cells: ColumnProfile, days: ColumnProfile) -> bool:
    """Tell whether times of day stand in most rows that have a day, and nearly nothing else does."""
    clock, dated = ClockTimes.of(cells.sample), ~np.isnat(days.moments.values)
    filled = dated & ~clock.blank
    times = clock.microseconds[filled & (clock.microseconds != _NONE)]
    if not len(times) or filled.sum() < _MOST * dated.sum() or len(times) < _NEARLY_ALL * filled.sum():
        return False
    return int(times.max() - times.min()) >= _LEAST_SPAN
