"""How factories write a moment: styles as functions, each with the order of its parts and how exact it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Precision = Literal["day", "minute", "second"]
_EXCEL_BEGINS = datetime(1899, 12, 30)  # noqa: DTZ001  (day 0 of a spreadsheet; it knows no zones)
_NOON = 12
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class DateStyle:
    """One way of writing a moment.

    Attributes:
        name: A name for the truth.
        order: Order of day, month and year, such as ``ymd``.
        precision: What is written; the rest is lost.
        write: Moment -> text; for workbooks a number or a moment is possible too.
    """

    name: str
    order: str
    precision: Precision
    write: Callable[[datetime], str | float | datetime] = field(repr=False)

    def kept(self, moment: datetime) -> datetime:
        """Return what is left of a moment in the file."""
        if self.precision == "day":
            return moment.replace(hour=0, minute=0, second=0)
        return moment.replace(second=0) if self.precision == "minute" else moment


def _half(moment: datetime) -> str:
    return "오전" if moment.hour < _NOON else "오후"


def _twelve(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _serial(moment: datetime) -> float:
    return round((moment - _EXCEL_BEGINS).total_seconds() / 86400, 10)


def _format(pattern: str) -> Callable[[datetime], str]:
    return lambda moment: moment.strftime(pattern)


STYLES: dict[str, DateStyle] = {
    style.name: style
    for style in (
        DateStyle("iso", "ymd", "second", _format("%Y-%m-%d %H:%M:%S")),
        DateStyle("iso-t", "ymd", "second", _format("%Y-%m-%dT%H:%M:%S")),
        DateStyle("iso-minute", "ymd", "minute", _format("%Y-%m-%d %H:%M")),
        DateStyle("iso-day", "ymd", "day", _format("%Y-%m-%d")),
        DateStyle("slashes", "ymd", "minute", _format("%Y/%m/%d %H:%M")),
        DateStyle("short-year", "ymd", "day", _format("%y-%m-%d")),
        DateStyle("short-year-minute", "ymd", "minute", _format("%y-%m-%d %H:%M")),
        DateStyle("short-slashes", "ymd", "minute", _format("%y/%m/%d %H:%M")),
        DateStyle("dots", "ymd", "day", lambda m: f"{m.year}.{m.month}.{m.day}"),
        DateStyle("dots-minute", "ymd", "minute", lambda m: f"{m.year}.{m.month}.{m.day} {m.hour}:{m.minute:02d}"),
        DateStyle("dots-closed", "ymd", "day", lambda m: f"{m.year}. {m.month}. {m.day}."),
        DateStyle("short-dots", "ymd", "day", _format("%y.%m.%d")),
        DateStyle("digits", "ymd", "day", _format("%Y%m%d")),
        DateStyle("long-digits", "ymd", "second", _format("%Y%m%d%H%M%S")),
        DateStyle("korean", "ymd", "day", lambda m: f"{m.year}년 {m.month}월 {m.day}일"),
        DateStyle(
            "korean-minute", "ymd", "minute", lambda m: f"{m.year}년 {m.month}월 {m.day}일 {m.hour}시 {m.minute}분"
        ),
        DateStyle("half-days", "ymd", "minute", lambda m: f"{m:%Y-%m-%d} {_half(m)} {_twelve(m)}:{m.minute:02d}"),
        DateStyle("half-days-second", "ymd", "second", lambda m: f"{m:%Y-%m-%d} {_half(m)} {_twelve(m):02d}:{m:%M:%S}"),
        DateStyle(
            "half-days-dots",
            "ymd",
            "minute",
            lambda m: f"{m.year}. {m.month}. {m.day}. {_half(m)} {_twelve(m)}:{m.minute:02d}",
        ),
        DateStyle("american", "mdy", "minute", _format("%m/%d/%Y %H:%M")),
        DateStyle("american-half", "mdy", "minute", lambda m: f"{m.month}/{m.day}/{m.year} {_twelve(m)}:{m:%M %p}"),
        DateStyle("british", "dmy", "minute", _format("%d/%m/%Y %H:%M")),
        DateStyle("month-name", "dmy", "day", lambda m: f"{m.day:02d}-{_MONTHS[m.month - 1]}-{m:%Y}"),
        DateStyle("serial", "ymd", "second", _serial),
        DateStyle("typed", "ymd", "second", lambda m: m),
        DateStyle("typed-day", "ymd", "day", lambda m: m.replace(hour=0, minute=0, second=0)),
    )
}
"""Styles by name. ``serial`` and the typed ones are for workbooks."""
