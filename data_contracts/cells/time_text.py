"""What the text of a time of day says.

Read are ``14:30``, ``14:30:05.25``, ``오후 2:30``, ``2:30 PM``, ``14시 30분`` and, behind a day, ``1430`` and
``143005``. ``24:00`` is the midnight that ends the day and therefore begins the next; ``24:30`` is no time. A
difference to world time behind the seconds, such as ``+09:00``, is told apart; the time is the clock's all the same.
"""

import re

from data_contracts.cells.texts import BLANKS, WIDE

__all__ = ["microseconds_of", "split_moment"]

_HALF_DAY = 12
_DAY = 24
_SIXTY = 60
_MERIDIEM = r"오전|오후|[ap]\.?m\.?"
_BETWEEN = re.compile(
    rf"(?:[t\s,]\s*|(?<=일)|(?=오[전후]))(?=(?:(?:{_MERIDIEM})\s*)?[0-9]{{1,2}}\s*(?:[:시]|[ap]\.?m))"
    r"|(?:(?<=[0-9]{8})|(?<=[0-9]{4}[-./][0-9]{2}[-./][0-9]{2}))[t\s]\s*(?=(?:[0-9]{6}|[0-9]{4})$)"
)
_JOINED = re.compile(r"[0-9]{12}(?:[0-9]{2})?")
_DATE_DIGITS = 8
_LONGEST = 100  # longer texts are remarks, on which the patterns would be slow
_CLOCK = re.compile(
    rf"(?P<before>{_MERIDIEM})?\s*(?P<h>[0-9]{{1,2}})(?:\s*:\s*(?P<m>[0-9]{{2}})(?:\s*:\s*(?P<s>[0-9]{{2}})"
    rf"(?:[.,](?P<f>[0-9]{{1,9}}))?(?P<zone>\s*(?:z|[+-](?:0[0-9]|1[0-4])(?::?(?:00|30|45))?))?)?)?"
    rf"\s*(?P<after>{_MERIDIEM})?"
)
_KOREAN = re.compile(
    rf"(?P<before>{_MERIDIEM})?\s*(?P<h>[0-9]{{1,2}})\s*시(?:\s*(?P<m>[0-9]{{1,2}})\s*분(?:\s*(?P<s>[0-9]{{1,2}})\s*초)?)?"
)
_DIGITS = re.compile(r"(?P<h>[0-9]{2})(?P<m>[0-9]{2})(?P<s>[0-9]{2})?")


def split_moment(text: str) -> tuple[str, str]:
    """Split the text of a moment into that of its day and that of its time, which may be empty."""
    if len(text) > _LONGEST:
        return text, ""
    plain = text.lower() if text.isascii() else text.translate(WIDE).strip(BLANKS).lower().replace("時", "시")
    if _JOINED.fullmatch(plain):
        return plain[:_DATE_DIGITS], plain[_DATE_DIGITS:]
    found = _BETWEEN.search(plain)
    return (plain, "") if found is None else (plain[: found.start()], plain[found.end() :])


def microseconds_of(text: str) -> tuple[int | None, str]:
    """Read the text of a time.

    Returns:
        Microseconds since midnight, None where the text is no time, and the difference to world time as written.
    """
    if not text:
        return 0, ""
    match = _CLOCK.fullmatch(text) or _KOREAN.fullmatch(text) or _DIGITS.fullmatch(text)
    if match is None:
        return None, ""
    found = match.groupdict()
    half = (found.get("before") or "") + (found.get("after") or "")
    if (found["m"] is None and not half and "시" not in text) or (found.get("before") and found.get("after")):
        return None, ""
    hour = _hour(int(found["h"]), half)
    minute, second = int(found["m"] or 0), int(found["s"] or 0)
    micro = int(((found.get("f") or "") + "000000")[:6])
    return _total(hour, minute, second, micro), (found.get("zone") or "").strip(BLANKS)


def _hour(hour: int, half: str) -> int | None:
    """Return the hour of the day; None where it contradicts the half of the day beside it."""
    if half in {"오후", "pm", "p.m.", "p.m", "pm."}:
        return hour % _HALF_DAY + _HALF_DAY if hour < _DAY else None
    if half:
        return None if hour > _HALF_DAY else hour % _HALF_DAY
    return hour


def _total(hour: int | None, minute: int, second: int, micro: int) -> int | None:
    rest = (minute * 60 + second) * 1_000_000 + micro
    if hour is None or minute >= _SIXTY or second >= _SIXTY or hour > _DAY or (hour == _DAY and rest):
        return None
    return hour * 3_600_000_000 + rest
