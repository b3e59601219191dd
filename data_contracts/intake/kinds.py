"""What a cell looks like, without knowing what it means: enough to tell a header from the records below it."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache

from data_contracts.cells.missing import is_missing
from data_contracts.cells.unit_spellings import canonical_unit

__all__ = ["CellKind", "is_name", "kind_of", "pattern_of"]


class CellKind(IntEnum):
    """The kinds; `NOTHING` is a word for a missing value, which fits every column."""

    BLANK = 0
    NOTHING = 1
    NUMBER = 2
    MOMENT = 3
    CODE = 4
    """Digits among other characters, such as ``L2603-01``."""
    WORD = 5


_LONGEST = 60  # characters looked at
_NUMBER = re.compile(
    r"[▲△(]?[+\-−–]?\s*(?:(?:\d{1,3}(?:[, ']\d{3})+|\d+)(?:[.,]\d*)?|[.,]\d+)(?:[eE][+\-]?\d+)?\)?"
    r"\s*(?P<unit>[^\d\s][^\s]{0,7})?"
)
_DATE = (
    r"(?:\d{2}|\d{4})\s?[-./]\s?\d{1,2}\s?[-./]\s?\d{1,2}\.?"
    r"|\d{1,2}[-./]\d{1,2}[-./](?:\d{4}|\d{2})"
    r"|(?:(?:\d{2}|\d{4})\s?년\s?)?\d{1,2}\s?월(?:\s?\d{1,2}\s?일)?"
    r"|\d{1,2}/\d{1,2}|\d{1,2}-?[A-Za-z]{3}-?\d{2,4}"
)
_HALF = r"(?:오전|오후|AM|PM|am|pm)?"
_TIME = rf"{_HALF}\s?\d{{1,2}}\s?[:시]\s?\d{{1,2}}(?:\s?[:분]\s?\d{{1,2}}(?:\.\d+)?초?)?분?\s?{_HALF}Z?"
_MOMENT = re.compile(rf"(?:{_DATE})(?:\s?\([월화수목금토일]\))?(?:[\sT]*(?:{_TIME}))?|{_TIME}")
_DIGITS = re.compile(r"\d+")
_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=100_000)  # the first rows are looked at from several sides
def kind_of(cell: str | None) -> CellKind:
    """Say what a cell looks like."""
    text = unicodedata.normalize("NFKC", (cell or "")[:_LONGEST].strip().strip("\ufeff"))
    if not text:
        return CellKind.BLANK
    if is_missing(text):
        return CellKind.NOTHING
    return _kind_of_digits(text) if _DIGITS.search(text) else CellKind.WORD


def _kind_of_digits(text: str) -> CellKind:
    if _MOMENT.fullmatch(text):
        return CellKind.MOMENT
    number = _NUMBER.fullmatch(text)
    if number and (number["unit"] is None or canonical_unit(number["unit"]) is not None):
        return CellKind.NUMBER
    return CellKind.CODE


def is_name(cell: str | None) -> bool:
    """Whether a cell may name a column: it is a word, or has digits behind a letter or among several."""
    kind = kind_of(cell)
    if cell is None or kind is not CellKind.CODE:
        return kind is CellKind.WORD
    return cell.strip()[:1].isalpha() or sum(map(len, _LETTERS.findall(cell))) > 1


def pattern_of(cell: str) -> str:
    """Return a code with digits and letters made alike: ``L2603-01`` and ``M117-3`` have the pattern ``a0-0``."""
    return _DIGITS.sub("0", _LETTERS.sub("a", cell.strip()[:_LONGEST]))
