"""What the text of a day says; where the order of day, month and year is open, what it says in each order.

Certain are ``2026-03-05``, ``2026.3.5``, ``2026. 3. 5.``, ``2026/03/05``, ``20260305``, ``260305``, ``'26.3.5``,
``2026년 3월 5일``, ``5-Mar-2026`` and ``Mar 5, 2026``; open are ``26-03-05``, ``03/05/2026`` and ``05-Mar-26``. Two
digits of a year are those of 20yy. A weekday may stand beside the day, and must be the right one. A day that no
calendar has is none, and neither is one without a year.
"""

import re
from datetime import date

from data_contracts.cells.texts import BLANKS, WIDE

__all__ = ["ORDERS", "days_of"]

ORDERS = ("ymd", "dmy", "mdy")
"""The orders of day, month and year that people write, the likeliest in Korea first."""

Days = tuple[int | None, int | None, int | None]

_EPOCH = date(1970, 1, 1).toordinal()
_CENTURY = 2000
_LONGEST = 60  # longer texts are remarks, on which the patterns would be slow
_NONE: Days = (None, None, None)
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = {short: at for at, name in enumerate(_MONTH_NAMES.split(), start=1) for short in (name, name[:3], name[:4])}
_WEEKDAY_NAMES = ("월 화 수 목 금 토 일", "mon tue wed thu fri sat sun")
_WEEKDAYS = {name: at for names in _WEEKDAY_NAMES for at, name in enumerate(names.split())}
_CHINESE = str.maketrans("年月日曜", "년월일요")

_WEEKDAY = re.compile(
    r"[\s,]*(?:\(([월화수목금토일])(?:요일)?\)|\b([월화수목금토일])요일|\(?\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?\)?,?)\s*"
)
_MONTH = "(?P<name>[a-z]{3,9})"
_CERTAIN = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<y>[0-9]{4})\s*(?P<mark>[-./])\s*(?P<m>[0-9]{1,2})\s*(?P=mark)\s*(?P<d>[0-9]{1,2})\s*\.?",
        r"'?(?P<y>[0-9]{4}|[0-9]{2})\s*년\s*(?P<m>[0-9]{1,2})\s*월\s*(?P<d>[0-9]{1,2})\s*일",
        r"(?P<y>(?:19|2[01])[0-9]{2}|[0-9]{2})(?P<m>[0-9]{2})(?P<d>[0-9]{2})",  # 05032026 begins with no year
        r"'(?P<y>[0-9]{2})\s*(?P<mark>[-./])\s*(?P<m>[0-9]{1,2})\s*(?P=mark)\s*(?P<d>[0-9]{1,2})\s*\.?",
        rf"(?P<d>[0-9]{{1,2}})[-\s./]*{_MONTH}[-\s./,]*(?P<y>[0-9]{{4}})",
        rf"{_MONTH}[-\s./]*(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?[-\s./,]+(?P<y>[0-9]{{4}})",
        rf"(?P<y>[0-9]{{4}})[-\s./]*{_MONTH}[-\s./]*(?P<d>[0-9]{{1,2}})",
    )
)
_OPEN = re.compile(r"([0-9]{1,2})\s*([-./])\s*([0-9]{1,2})\s*\2\s*([0-9]{4}|[0-9]{1,2})\s*\.?")
_OPEN_NAMED = re.compile(r"([0-9]{1,2})[-\s./]*([a-z]{3,9})\.?[-\s./]*([0-9]{2})")


def days_of(text: str) -> Days:
    """Return the day in each of the `ORDERS`, in days since 1970-01-01; None where the text is no day in that order."""
    if len(text) > _LONGEST:
        return _NONE
    plain = text.translate(WIDE).translate(_CHINESE).casefold().strip(BLANKS)
    named = _WEEKDAY.search(plain)
    if named is None:
        return _days(plain)
    weekday = _WEEKDAYS[next(group for group in named.groups() if group)]
    first, second, third = _days(plain[: named.start()] + plain[named.end() :])
    return _if_weekday(first, weekday), _if_weekday(second, weekday), _if_weekday(third, weekday)


def _days(plain: str) -> Days:
    for pattern in _CERTAIN:
        if match := pattern.fullmatch(plain):
            found = match.groupdict()
            day = _day(found["y"], found.get("m") or _month(found["name"]), found["d"])
            return day, day, day
    if match := _OPEN.fullmatch(plain):
        a, _, b, c = match.groups()
        return _day(a, b, c), _day(c, b, a), _day(c, a, b)
    if match := _OPEN_NAMED.fullmatch(plain):
        a, name, c = match.groups()
        return _day(a, _month(name), c), _day(c, _month(name), a), None
    return _NONE


def _day(year: str, month: str, day: str) -> int | None:
    if len(year) not in {2, 4} or len(day) not in {1, 2}:
        return None
    number = int(year) + _CENTURY * (len(year) == 2)  # noqa: PLR2004
    try:
        return date(number, int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        return None


def _month(name: str) -> str:
    """Return the number of an English month, 0 where the word is none."""
    return str(_MONTHS.get(name, 0))


def _if_weekday(day: int | None, weekday: int) -> int | None:
    return day if day is not None and (day + _EPOCH - 1) % 7 == weekday else None
