"""What one text says when it is taken for a number; what only the whole column can tell is left open."""

import math
import re
from enum import Enum, auto
from typing import NamedTuple

from data_contracts.cells.changes import Rule
from data_contracts.cells.missing import is_missing
from data_contracts.cells.texts import WIDE, stripped
from data_contracts.cells.unit_spellings import canonical_unit

__all__ = ["NumberText", "Shape", "read_number"]


class Shape(Enum):
    """How a text is written. "The other mark" is the comma where a point begins the decimals, otherwise the point."""

    BLANK = auto()
    UNREAD = auto()
    WHOLE = auto()
    """Digits, perhaps with blanks between thousands."""
    DECIMALS = auto()
    """With a decimal mark."""
    OPEN = auto()
    """``1,234``: one other mark before exactly three digits; thousands, or three decimals."""
    GROUPED = auto()
    """``1,234,567`` or ``1,234.5``: the other mark can only stand between thousands."""
    OTHER_DECIMALS = auto()
    """``12,5`` or ``0,125``: the other mark can only begin decimals."""


class NumberText(NamedTuple):
    """One text, read.

    Attributes:
        shape: how it is written.
        value: its number, where the other mark stands between thousands; NaN for `Shape.OTHER_DECIMALS`.
        other: its number where the other mark begins decimals; NaN for every shape in which it cannot.
        unit: the unit behind the number as written, or an empty text.
        rules: what was done to read it; `Rule.NEGATIVE` for a number in parentheses, of which only the column can tell
            whether it is a negative one.
    """

    shape: Shape
    value: float = math.nan
    other: float = math.nan
    unit: str = ""
    rules: tuple[Rule, ...] = ()


_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)
    (?: (?P<grouped>[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?P<point>\.[0-9]*)?
      | (?P<spaced>[1-9][0-9]{0,2}(?:[ \u00a0\u2009\u202f][0-9]{3})+(?P<spacedpoint>\.[0-9]*)?)
      | (?P<comma>[0-9]+,[0-9]+)
      | (?P<plain>[0-9]+(?P<plainpoint>\.[0-9]*)?|(?P<bare>\.[0-9]+))(?P<power>[eE][+-]?[0-9]+)?
    )(?![0-9.,])(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_ACCOUNTING = re.compile(r"\(([0-9][0-9., \u00a0\u2009\u202f]*)\)")
_SWAPPED = str.maketrans(".,", ",.")
_LONGEST = 100  # longer texts are remarks


def read_number(text: str, decimal: str, missing: frozenset[str]) -> NumberText:
    """Read one text.

    Args:
        text: the cell.
        decimal: the mark that begins decimals, ``.`` or ``,``.
        missing: words that count as missing besides those that always do, folded.
    """
    core = stripped(text)
    rules = (Rule.BLANKS,) if core != text else ()
    if not core:
        return NumberText(Shape.BLANK, rules=rules)
    if is_missing(core, missing):
        return NumberText(Shape.BLANK, rules=(*rules, Rule.MISSING_WORD))
    if len(core) > _LONGEST:
        return NumberText(Shape.UNREAD)
    plain = core if core.isascii() else core.translate(WIDE)
    inner = _ACCOUNTING.fullmatch(plain)
    number = inner[1] if inner else plain
    match = _NUMBER.fullmatch(number if decimal == "." else number.translate(_SWAPPED))
    if match is None:
        return NumberText(Shape.UNREAD)
    found = _found(match, decimal)
    found += [Rule.FULL_WIDTH] if plain[: match.start("rest")] != core[: match.start("rest")] else []
    found += [Rule.NEGATIVE] if inner else []
    return _read(match, decimal, (*rules, *found))


def _found(match: re.Match[str], decimal: str) -> list[Rule]:
    point = match["point"] or match["spacedpoint"] or match["plainpoint"] or match["bare"]
    found = [Rule.DECIMAL_COMMA] if decimal == "," and point else []
    return found + ([Rule.THOUSANDS] if match["grouped"] or match["spaced"] else [])


def _read(match: re.Match[str], decimal: str, rules: tuple[Rule, ...]) -> NumberText:
    unit = stripped(match["rest"])
    unit = unit if decimal == "." else unit.translate(_SWAPPED)
    canonical = canonical_unit(unit) if unit else ""
    shape, value, other = _valued(match)
    if canonical is None or not math.isfinite(other if shape is Shape.OTHER_DECIMALS else value):
        return NumberText(Shape.UNREAD)
    sign = -1.0 if Rule.NEGATIVE in rules else 1.0
    dropped = (Rule.PERCENT if canonical == "%" else Rule.UNIT_IN_CELL,) if unit else ()
    return NumberText(shape, sign * value, sign * other, unit, (*rules, *dropped))


def _valued(match: re.Match[str]) -> tuple[Shape, float, float]:
    """Return the shape, the number with the other mark between thousands, and with it before decimals."""
    sign = match["sign"]
    if comma := match["comma"]:
        return Shape.OTHER_DECIMALS, math.nan, float(sign + comma.replace(",", "."))
    if grouped := match["grouped"]:
        value = float(sign + grouped.replace(",", "") + (match["point"] or ""))
        single = match["point"] is None and grouped.count(",") == 1
        other = float(sign + grouped.replace(",", ".")) if single else math.nan
        return (Shape.OPEN if single else Shape.GROUPED), value, other
    digits = match["plain"] or "".join(character for character in match["spaced"] if not character.isspace())
    point = match["spacedpoint"] or match["plainpoint"] or match["bare"]
    return (Shape.DECIMALS if point else Shape.WHOLE), float(sign + digits + (match["power"] or "")), math.nan
