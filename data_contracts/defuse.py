"""Text on its way into a file that a spreadsheet may open: nothing in it may run as a formula.

Source: OWASP, "CSV Injection": a cell that begins with one of ``= + - @``, a tab, a carriage return or a line feed can
be taken for a formula; so can the full-width twins of the four signs.
"""

import re

__all__ = ["defused"]

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  (the full-width twins)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def defused(text: str) -> str:
    """Return a text that a spreadsheet shows and never evaluates: an apostrophe before what could be a formula.

    Plain numbers such as ``-3.5`` stay as they are.
    """
    begins = text.lstrip(" \u00a0\u3000").startswith(_STARTS) or text.startswith(_STARTS)
    return f"'{text}" if begins and not _NUMBER.fullmatch(text) else text
