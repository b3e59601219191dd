"""Values of workbooks, Parquet files and databases, written out as the text that a person would type."""

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

__all__ = ["cell_text"]

_EXACT = 1e15  # beyond, a float no longer holds every whole number, and an exponent says so
_DIGITS = 50
_HOUR, _MINUTE = 3600, 60


def cell_text(value: object) -> str | None:
    """Return a value as text, None where it is blank.

    Whole numbers have no ``.0``, other numbers the fewest digits that give the number back, moments are
    ``2026-03-05 14:30:00`` (at midnight the date alone), booleans ``TRUE`` and ``FALSE``; bytes are in hex.
    """
    if type(value) is float:  # most cells of a workbook
        return _float_text(value)
    text = _text(value)
    return text if text is None or text.strip() else None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    for kind, write in _WRITTEN:
        if isinstance(value, kind):
            return write(value)
    return str(value)


def _float_text(value: float) -> str | None:
    if math.isnan(value):
        return None
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return repr(value)


def _decimal_text(value: Decimal) -> str | None:
    if not value.is_finite():
        return None
    return format(value, "f") if abs(value.adjusted()) <= _DIGITS else str(value)


def _moment_text(value: dt.date | dt.time) -> str:
    if not isinstance(value, (dt.datetime, dt.time)):
        return value.isoformat()
    if isinstance(value, dt.time):
        return value.isoformat()
    if value.time() == dt.time() and value.tzinfo is None:
        return value.date().isoformat()
    return value.isoformat(sep=" ")


def _duration_text(value: dt.timedelta) -> str:
    seconds = abs(value).total_seconds()
    hours, rest = divmod(int(seconds), _HOUR)
    minutes, whole = divmod(rest, _MINUTE)
    fraction = f"{abs(value).microseconds / 1e6:.6f}".rstrip("0")[1:].rstrip(".")
    return f"{'-' if value < dt.timedelta() else ''}{hours}:{minutes:02d}:{whole:02d}{fraction}"


_WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], str | None]], ...] = (
    (bool, lambda value: "TRUE" if value else "FALSE"),
    (float, _float_text),
    (dt.timedelta, _duration_text),
    ((dt.date, dt.time), _moment_text),  # a datetime is a date
    (Decimal, _decimal_text),
    ((bytes, bytearray, memoryview), lambda value: bytes(value).hex()),
)
