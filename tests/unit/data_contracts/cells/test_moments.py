# ruff: noqa: PD011  (`values` is a field of ours)
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.cells.moments import Moments, read_moments
from data_contracts.coercion import coerce
from data_contracts.contract import Column, Kind, Label, Role

MOMENT = Column("t", Kind.TIMESTAMP, Role.TIME, Label("", ""))


def _read(*cells: str | None, order: str | None = None, missing: tuple[str, ...] = ()) -> Moments:
    return read_moments(pd.Series(list(cells), dtype="string"), order=order, missing=missing)


def _texts(moments: Moments) -> list[str | None]:
    return [
        None if np.isnat(value) else str(value.astype("datetime64[s]")).replace("T", " ") for value in moments.values
    ]


def _rules(moments: Moments) -> dict[str, list[int]]:
    return {str(rule): np.flatnonzero(mask).tolist() for rule, mask in moments.changed.items()}


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05",
        "2026.3.5",
        "2026. 3. 5.",
        "2026.03.05.",
        "2026/03/05",
        "2026/3/5",
        "20260305",
        "260305",
        "2026년 3월 5일",
        "2026년3월5일",
        "26년 3월 5일",
        "'26.3.5",
        "2026年3月5日",
        "２０２６．３．５",
        "5-Mar-2026",
        "Mar 5, 2026",
        "March 5th, 2026",
        "05 march 2026",
        "2026-Mar-05",
        "2026-03-05 (목)",
        "2026년 3월 5일 목요일",
        "Thursday, March 5, 2026",
    ],
)
def test_a_day_is_read_however_it_is_written(cell: str) -> None:
    moments = _read(cell)

    assert _texts(moments) == ["2026-03-05 00:00:00"]
    assert moments.orders == ("ymd",)
    assert _rules(moments) == {"date": [0]}


@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-05 14:30",
        "2026-03-05T14:30",
        "2026. 3. 5. 오후 2:30",
        "2026-03-05 오후 02:30:00",
        "2026-03-05오후 2:30",
        "2026-03-05 2:30 PM",
        "2026-03-05 2:30pm",
        "2026-03-05 PM 2:30",
        "2026-03-05 2:30 p.m.",
        "2026년 3월 5일 14시 30분",
        "2026년 3월 5일 14시30분00초",
        "2026년 3월 5일 오후 2시 30분",
        "2026년 3월 5일14:30",
        "20260305 1430",
        "20260305 143000",
        "202603051430",
        "20260305143000",
        "20260305T143000",
        "2026-03-05 오후 14:30",
        "2026-03-05 (목) 14:30",
        "2026-03-05 １４：３０",
        "2026-03-05, 14:30",
        "2026-03-05 14:30:00+09:00",
        "Mar 5, 2026 2:30 PM",
        "260305 14:30",
    ],
)
def test_a_time_of_day_is_read_however_it_is_written(cell: str) -> None:
    assert _texts(_read(cell)) == ["2026-03-05 14:30:00"]


def test_moments_as_programs_write_them_are_read_without_a_change() -> None:
    moments = _read("2026-03-05 14:30:00", None, "2026-03-05 14:30:05.25")

    assert moments.values[2] == np.datetime64("2026-03-05T14:30:05.250000")
    assert moments.values.dtype == "datetime64[us]"
    assert moments.blank.tolist() == [False, True, False]
    assert moments.changed == {}


def test_noon_and_midnight_are_told_apart() -> None:
    cells = ("2026-03-05 오전 12:30", "2026-03-05 오후 12:30", "2026-03-05 12:30 AM", "2026-03-05 0:30 PM")

    assert _texts(_read(*cells)) == [
        "2026-03-05 00:30:00",
        "2026-03-05 12:30:00",
        "2026-03-05 00:30:00",
        "2026-03-05 12:30:00",
    ]


def test_twenty_four_o_clock_is_the_beginning_of_the_next_day_and_listed() -> None:
    moments = _read("2026-03-05 24:00", "2026-12-31 24:00:00", "2026-03-05 24:30")

    assert _texts(moments) == ["2026-03-06 00:00:00", "2027-01-01 00:00:00", None]
    assert _rules(moments) == {"date": [0, 1]}


@pytest.mark.parametrize(
    "cell",
    [
        "2026-02-30",
        "2026-13-05",
        "2025-02-29",
        "0000-00-00",
        "14:30",
        "3/5",
        "3월 5일",
        "2026-03",
        "2026년",
        "미정",
        "5",
        "05032026",
        "2026-03.05",
        "2026-03-05 (금)",
        "2026-03-05 25:00",
        "2026-03-05 14:60",
        "2026-03-05 14",
        "2026-03-05 오전 14:30",
        "2026-03-05 14:30-15:00",
        "2026-03-05 14:30 ~ 15:00",
        "2026-03-05 ~ 06",
        "2026 03 05",
        "12026-03-05",
        "1.2.3",
        "2026-3-5-1",
    ],
)
def test_what_is_no_moment_is_unread(cell: str) -> None:
    moments = _read(cell, "2026-03-05 00:00:00")

    assert moments.unread.tolist() == [True, False]
    assert _texts(moments) == [None, "2026-03-05 00:00:00"]
    assert moments.changed == {}


def test_words_that_mean_missing_are_blank_and_listed() -> None:
    moments = _read("-", "  ", None, "1900-01-01 00:00:00", "2026-03-05 00:00:00", missing=("1900-01-01 00:00:00",))

    assert moments.blank.tolist() == [True, True, True, True, False]
    assert _rules(moments) == {"blanks": [1], "missing_word": [0, 3]}


@pytest.mark.parametrize(
    ("cells", "orders", "first"),
    [
        (("03/05/2026",), ("dmy", "mdy"), "2026-05-03 00:00:00"),
        (("03/05/2026", "13/05/2026"), ("dmy",), "2026-05-03 00:00:00"),
        (("03/05/2026", "05/13/2026"), ("mdy",), "2026-03-05 00:00:00"),
        (("26-03-05",), ("ymd", "dmy"), "2026-03-05 00:00:00"),
        (("26-3-5",), ("ymd",), "2026-03-05 00:00:00"),
        (("26-03-05", "99-03-05"), ("ymd",), "2026-03-05 00:00:00"),
        (("5-Mar-26", "15-Mar-26"), ("dmy",), "2026-03-05 00:00:00"),
        (("03/05/2026", "2026-03-05"), ("dmy", "mdy"), "2026-05-03 00:00:00"),
        (("05/05/2026", "06/06/2026"), ("dmy",), "2026-05-05 00:00:00"),  # either way the same days
    ],
)
def test_the_order_of_day_and_month_is_told_by_the_column_or_left_open(
    cells: tuple[str, ...], orders: tuple[str, ...], first: str
) -> None:
    moments = _read(*cells)

    assert moments.orders == orders
    assert _texts(moments)[0] == first


def test_an_order_that_would_spread_a_column_over_more_than_ten_years_gives_way() -> None:
    march = [f"26-03-{day:02d}" for day in range(1, 32)]

    assert _read(*march).orders == ("ymd",)
    assert _read(*march[:9]).orders == ("ymd", "dmy")  # nine days of March, or nine years


def test_one_misspelt_day_does_not_turn_all_others_round() -> None:
    moments = _read(*(f"26-03-{day:02d}" for day in range(1, 31)), "26-04-31")

    assert moments.orders == ("ymd",)
    assert np.flatnonzero(moments.unread).tolist() == [30]


def test_where_a_column_mixes_orders_only_days_that_can_be_nothing_else_are_read() -> None:
    moments = _read("03/05/2026", "05/13/2026", "13/05/2026", "2026-01-02")

    assert moments.orders == ()
    assert _texts(moments) == [None, "2026-05-13 00:00:00", "2026-05-13 00:00:00", "2026-01-02 00:00:00"]
    assert moments.unread.tolist() == [True, False, False, False]


def test_the_members_order_is_kept_to() -> None:
    moments = _read("03/05/2026", "05/13/2026", order="dmy")

    assert _texts(moments) == ["2026-05-03 00:00:00", None]
    with pytest.raises(ValueError, match="ymd, dmy, mdy"):
        _read("03/05/2026", order="ydm")


def test_day_numbers_of_a_spreadsheet_are_read_where_every_number_is_a_likely_day() -> None:
    moments = _read("46086", "46086.604166666664", "2026-03-05 00:00:00")

    assert _texts(moments) == ["2026-03-05 00:00:00", "2026-03-05 14:30:00", "2026-03-05 00:00:00"]
    assert _rules(moments) == {"excel_serial": [0, 1]}


@pytest.mark.parametrize("odd", ["12", "99999", "3287.5", "-46086", "1e5", "460861"])
def test_one_number_that_is_no_likely_day_makes_all_of_them_unread(odd: str) -> None:
    assert _read("46086", odd).unread.tolist() == [True, True]


def test_clocks_of_two_time_zones_in_one_column_are_not_compared() -> None:
    assert _read("2026-03-05 05:30:00Z", "2026-03-05 14:30:00+09:00", "2026-03-05 14:30").unread.tolist() == [
        True,
        True,
        False,
    ]


def test_an_empty_column_has_no_moments() -> None:
    assert _read().values.tolist() == []
    assert _read(None).orders == ("ymd",)


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2059, 12, 31)).map(lambda moment: moment.replace(microsecond=0))  # noqa: DTZ001


@given(st.lists(MOMENTS, min_size=1, max_size=5), st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y년 %m월 %d일 %H시 %M분 %S초", "%Y%m%d%H%M%S", "%d-%b-%Y %I:%M:%S %p"]))  # fmt: skip  # noqa: E501
def test_every_moment_comes_back_from_every_way_to_write_it(moments: list[datetime], pattern: str) -> None:
    read = _read(*(moment.strftime(pattern) for moment in moments))

    assert read.values.tolist() == moments


@given(MOMENTS)
def test_a_day_number_is_the_moment_to_the_millisecond(moment: datetime) -> None:
    serial = (moment - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001

    assert _read(repr(serial)).values.tolist() == [moment]


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.sampled_from(["ymd", "dmy", "mdy"]))
def test_a_day_is_read_in_the_order_asked_for(day: date, order: str) -> None:
    parts = {"y": f"{day.year % 100:02d}", "m": f"{day.month:02d}", "d": f"{day.day:02d}"}

    assert _texts(_read("-".join(parts[key] for key in order), order=order)) == [f"{day} 00:00:00"]


@given(st.lists(st.text(alphabet="0123456789-./: T년월일시분오전후PMar'()목", max_size=16) | st.none(), max_size=5))
def test_each_cell_is_blank_unread_or_a_moment_and_what_is_unread_no_judge_takes_for_one(
    cells: list[str | None],
) -> None:
    moments = _read(*cells)

    assert (moments.blank.astype(int) + moments.unread + ~np.isnat(moments.values) == 1).all()
    unread = pd.Series(cells, dtype="string")[moments.unread]
    assert coerce(unread, MOMENT)[1].all()


PIECES = ["2026-03-05", "26.3.5", "03/05/2026", "2026. 3. 5.", "2026년 3월 5일", "2026-02-30", "26-04-31", "46086", " ", "-", "T", "14:30", "24:00", "9:05:07", "24:30", "25:00", "14:3"]  # fmt: skip  # noqa: E501


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=3).map("".join) | st.none(), max_size=6))
def test_the_quick_way_for_a_day_and_a_clock_gives_what_the_slow_one_does(cells: list[str | None]) -> None:
    quick, slow = _read(*cells), _read(*cells, missing=("재검",))

    assert _texts(quick) == _texts(slow)
    assert _rules(quick) == _rules(slow)
    assert quick.blank.tolist() == slow.blank.tolist()
    assert quick.unread.tolist() == slow.unread.tolist()


def test_a_remark_of_a_megabyte_takes_no_time() -> None:
    for remark in (
        "2026" + " " * 10**6 + "x",
        "2026-03-05" + "," * 10**6,
        "1" * 10**6,
        "2026-03-05 " + "4" * 10**6 + ":30",
    ):
        assert _read(remark, "2026.3.5").unread.tolist() == [True, False]
