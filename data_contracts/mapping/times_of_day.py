"""A moment that a file has in two columns, the day in one and the time of day in another: which header is the other.

A wrong time is worse than none, so only what can hardly be anything else is taken: times like those of a day's work,
below a header that says no more than that it is the time of that work or of its beginning, in a file with one column of
days. What stands below 작업시간 may be how long it took; 검사 시각 is the time of something else; without 오전 and
오후 nobody knows what 1:15 means; and after midnight a shift's day and the calendar's are two.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from data_contracts.cells.clock_times import ClockTimes
from data_contracts.cells.moments import read_moments
from data_contracts.contract import Kind, Label
from data_contracts.intake.guesses import Guess
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.lexicon import CLOCK, STARTS, WORK
from data_contracts.mapping.profile import ColumnProfile
from data_contracts.mapping.study import Study
from data_contracts.mapping.types import ColumnMapping

__all__ = ["TIME_REASON", "can_be_time", "with_time"]

TIME_REASON = Label("날짜 옆의 시각이 적힌 열", "the column with the time of day beside the day")
"""Why a header is taken for the time of day."""

_NEARLY_ALL = 0.95
_MOST = 0.5  # a time is often left blank where nothing changed
_HOUR = 3_600_000_000  # microseconds
_FIRST, _AFTERNOON, _LEAST_SPAN = 5 * _HOUR, 13 * _HOUR, 4 * _HOUR
_NONE = -1
_LOOKED_AT = 50  # cells that tell whether a column holds days


def with_time(entry: ColumnMapping, study: Study, taken: Collection[str]) -> tuple[ColumnMapping, tuple[Guess, ...]]:
    """Find the header that holds the time of day of a column of days.

    Where there is none or more than one, where the file has other days too, or where the days have a time already,
    the entry stays as it is.

    Args:
        entry: any column, and the header it is read from.
        study: the file beside the contract.
        taken: texts of headers that are, or may be, something else.

    Returns:
        The entry, and what was concluded.
    """
    found = [] if entry.time is not None else list(_times_of_day(entry, study, taken))
    if len(found) != 1:
        return (entry if entry.time is not None else _with_note(entry, study, taken)), ()
    return replace(entry, time=found[0]), (Guess(f"columns.{entry.column}.time", found[0], TIME_REASON),)


def _with_note(entry: ColumnMapping, study: Study, taken: Collection[str]) -> ColumnMapping:
    """Say in the reason of a column of days which times of day are left aside."""
    day = None if entry.header is None else study.heading(entry.header)
    if day is None or study.contract.column(entry.column).kind is not Kind.TIMESTAMP:
        return entry
    if not _only_days(study.profile.column(day.header)):
        return entry
    free = (one for one in study.headings if one is not day and _shows_clock(one, study, taken))
    left = ", ".join(f"'{' '.join(one.header.text.split())}'" for one in free if _clock(study, one, day) is not None)
    said = Label(
        f"날짜만 씀; 시각이 적힌 열 {left}은(는) 쓰지 않음 (자정을 넘긴 작업의 날짜를 알 수 없음)",
        f"the day only; the times of day in {left} are not used (after midnight the day is not certain)",
    )
    return replace(entry, reason=_joined(entry.reason, said)) if left else entry


def _shows_clock(heading: Heading, study: Study, taken: Collection[str]) -> bool:
    """Tell whether a header, or else the writing below it, says that these are times: a 1030 may be any number."""
    written = study.profile.column(heading.header).sample.dropna().str.contains(":", regex=False)
    return bool(CLOCK & set(heading.reading.words)) or (heading.header.text not in taken and bool(written.any()))


def _joined(reason: Label, said: Label) -> Label:
    if not reason.ko:
        return said
    return Label(f"{reason.ko}; {said.ko}", f"{reason.en}; {said.en}")


def can_be_time(text: str, entry: ColumnMapping, study: Study) -> bool:
    """Tell whether times of day stand below a header in most rows that have a day.

    Args:
        text: the header's text.
        entry: the column of days.
        study: the file beside the contract.
    """
    day = None if entry.header is None else study.heading(entry.header)
    time = study.heading(text)
    return None not in {day, time} and day is not time and _clock(study, time, day) is not None


def _times_of_day(entry: ColumnMapping, study: Study, taken: Collection[str]) -> Iterator[str]:
    day = None if entry.header is None else study.heading(entry.header)
    if day is None or study.contract.column(entry.column).kind is not Kind.TIMESTAMP:
        return
    if not _only_days(study.profile.column(day.header)) or _has_other_days(study, day):
        return
    for heading in study.headings:
        if heading.header.text in {entry.header, *taken} or not _says_time(heading, day, study):
            continue
        times = _clock(study, heading, day)
        if times is not None and times[0] >= _FIRST and times[1] >= max(_AFTERNOON, times[0] + _LEAST_SPAN):
            yield heading.header.text


def _says_time(heading: Heading, day: Heading, study: Study) -> bool:
    """Tell whether a header says the time of the day's own work or of its beginning, and nothing more."""
    words = set(heading.reading.words)
    explained = study.comparison.names.trade | set(day.reading.words) | CLOCK | STARTS | WORK
    return heading.unit is None and bool(CLOCK & words) and explained.issuperset(words)


def _only_days(cells: ColumnProfile) -> bool:
    moments = cells.moments.values
    read = moments[~np.isnat(moments)]
    return len(read) >= _NEARLY_ALL * cells.filled > 0 and bool((read == read.astype("datetime64[D]")).all())


def _has_other_days(study: Study, day: Heading) -> bool:
    """Tell whether the file has a second column of days: then a time may be that one's."""
    return any(
        _holds_days(study.profile.column(heading.header), study.profile.column(day.header))
        for heading in study.headings
        if heading is not day
    )


def _holds_days(cells: ColumnProfile, days: ColumnProfile) -> bool:
    few = cells.sample.dropna().head(_LOOKED_AT)
    if not len(few) or few.str.fullmatch(r"\s*[-+]?[\d.,]+\s*").all():  # numbers: a spreadsheet's day would be read too
        return False
    return bool((~np.isnat(read_moments(few).values)).mean() >= _NEARLY_ALL) and not cells.sample.equals(days.sample)


def _clock(study: Study, time: Heading | None, day: Heading | None) -> tuple[int, int] | None:
    """Return the first and the last time of day, in microseconds; None where nearly nothing, or else, stands there."""
    if time is None or day is None:
        return None
    clock = ClockTimes.of(study.profile.column(time.header).sample)
    dated = ~np.isnat(study.profile.column(day.header).moments.values)
    filled = dated & ~clock.blank
    times = clock.microseconds[filled & (clock.microseconds != _NONE)]
    if not len(times) or filled.sum() < _MOST * dated.sum() or len(times) < _NEARLY_ALL * filled.sum():
        return None
    return int(times.min()), int(times.max())
