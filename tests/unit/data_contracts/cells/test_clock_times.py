"""A day in one column and the time of day in another become one moment."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.changes import Rule
from data_contracts.cells.clock_times import ClockTimes, with_times
from data_contracts.cells.moments import Moments, read_moments


def _column(*cells: str | None) -> pd.Series:
    return pd.Series(list(cells), dtype="string")


def _joined(day: str | None, time: str | None) -> Moments:
    return with_times(read_moments(_column(day)), ClockTimes.of(_column(time)))


def _moment(moments: Moments) -> datetime | None:
    value = moments.values[0]  # noqa: PD011  (a field of ours)
    return None if np.isnat(value) else value.astype("datetime64[s]").item()


@pytest.mark.parametrize(
    "time", ["14:30", "14:30:00", "오후 2:30", "2:30 PM", "14시 30분", "1430", "143000", " 14:30 ", "１４：３０"]
)
def test_a_time_of_day_is_put_beside_the_day_however_it_is_written(time: str) -> None:
    joined = _joined("2026. 3. 5.", time)

    assert _moment(joined) == datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001  (the clock's time)
    assert not joined.unread.any()
    assert [str(rule) for rule in joined.changed] == ["date", "clock"]


@pytest.mark.parametrize("time", [None, "", "-", "미측정"])
def test_a_day_without_a_time_stays_a_day(time: str | None) -> None:
    joined = _joined("2026-03-05", time)

    assert _moment(joined) == datetime(2026, 3, 5)  # noqa: DTZ001
    assert not joined.unread.any()
    assert not joined.changed[Rule.CLOCK].any()


@pytest.mark.parametrize("time", ["아침", "25:00", "14:75", "100", "12"])
def test_a_text_that_is_no_time_makes_the_moment_unread(time: str) -> None:
    joined = _joined("2026-03-05", time)

    assert _moment(joined) is None
    assert joined.unread.tolist() == [True]


def test_a_time_without_a_day_is_no_moment() -> None:
    joined = _joined(None, "14:30")

    assert _moment(joined) is None
    assert (joined.blank.tolist(), joined.unread.tolist()) == ([True], [False])


def test_a_cell_with_a_time_of_its_own_keeps_it_only_if_both_say_the_same() -> None:
    assert _moment(_joined("2026-03-05 14:30", "오후 2:30")) == datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001
    assert _joined("2026-03-05 14:30", "15:00").unread.tolist() == [True]
    assert _moment(_joined("2026-03-05 14:30", None)) == datetime(2026, 3, 5, 14, 30)  # noqa: DTZ001


def test_digits_are_times_only_where_the_whole_column_is_written_so() -> None:
    assert ClockTimes.of(_column("0810", "1430", "-")).unread.tolist() == [False, False, False]
    assert ClockTimes.of(_column("0810", "14:30")).unread.tolist() == [True, False]
    assert ClockTimes.of(_column("810", "1430")).unread.tolist() == [True, True]
    assert ClockTimes.of(_column("0810", "2575")).unread.tolist() == [False, True]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2059, 12, 31)).map(lambda moment: moment.replace(microsecond=0)))  # noqa: DTZ001
def test_splitting_a_moment_and_joining_it_again_changes_nothing(moment: datetime) -> None:
    joined = _joined(f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}")

    assert _moment(joined) == moment


@given(st.lists(st.text(max_size=12) | st.none(), min_size=1, max_size=8))
def test_whatever_stands_in_a_cell_it_is_a_time_blank_or_unread(cells: list[str | None]) -> None:
    times = ClockTimes.of(_column(*cells))

    read = times.microseconds >= 0
    assert (read.astype(int) + times.blank + times.unread == 1).all()
    assert (times.microseconds <= timedelta(days=1) / timedelta(microseconds=1)).all()
