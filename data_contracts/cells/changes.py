"""The record of what was changed between the factory's file and the contract's columns: nothing is changed silently."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from data_contracts.contract import Label

__all__ = ["Change", "Rule"]


class Rule(StrEnum):
    """What is done to a cell's text. Reading ``23.50`` as 23.5 is no change; these are."""

    BLANKS = "blanks"
    """Blanks around the text were dropped."""
    MISSING_WORD = "missing_word"
    """A word such as ``-``, ``N/A`` or ``측정불가`` counts as missing."""
    THOUSANDS = "thousands"
    """``1,234`` was read as 1234."""
    DECIMAL_COMMA = "decimal_comma"
    """``12,5`` was read as 12.5."""
    NEGATIVE = "negative"
    """``(1,234)`` was read as -1234, in a column written as accountants do."""
    FULL_WIDTH = "full_width"
    """Full-width or typographic characters, such as ``１２．５`` or a true minus sign."""
    PERCENT = "percent"
    """A percent sign was dropped."""
    UNIT_IN_CELL = "unit_in_cell"
    """A unit after the number, such as ``23.5℃``, was dropped."""
    UNIT = "unit"
    """The number was converted from the file's unit to the contract's."""
    DATE = "date"
    """A moment that was not written as ``2026-03-05 14:30:00``."""
    EXCEL_SERIAL = "excel_serial"
    """A day number of a spreadsheet was read as a moment."""
    CLOCK = "clock"
    """The time of day was taken from a column of its own, beside that of the day."""
    WORD = "word"
    """A word of the factory's was replaced by the contract's."""


@dataclass(frozen=True)
class Change:
    """One kind of change in one column.

    Attributes:
        column: the contract's column.
        rule: what was done.
        lines: every line in which it was done, ascending.
        detail: more about it, such as ``°F → °C: (x − 32) × 0.5556``, or empty texts.
    """

    column: str
    rule: Rule
    lines: NDArray[np.int64] = field(repr=False)
    detail: Label = Label("", "")

    @property
    def cells(self) -> int:
        """How many cells were changed."""
        return len(self.lines)
