"""What commas and points mean in a column of numbers, and whether that is certain.

A comma is a separator of thousands where it stands before exactly three digits, and nothing otherwise: ``12,5`` is
unread, unless the member said that its decimals begin with a comma (``decimal=","``; then comma and point swap their
parts). ``1,234`` alone could be either. It is read as 1234, and marked as ambiguous unless the column decides:

* ``1,234,567`` or ``1,234.5`` occurs: commas stand between thousands;
* ``12.5`` occurs: decimals begin with a point;
* some number has no comma, so the file does not write a fixed number of decimals, and some ``1,230`` ends in zero, so
  it does not drop their zeros either: the three digits are no decimals. This counts only where no whole number from
  1000 on is written without a comma, since such a file does not separate thousands.

``12,5`` in the column speaks against all of these: it makes every ``1,234`` ambiguous.

With ``decimal=","`` a column may still hold ``12.5``, typed by another hand. Where no ``1.234.567`` says that points
stand between thousands, such cells are read as what alone they can be; and then ``1.234`` is 1.234, and ambiguous.

A number in parentheses is negative where the column is written as accountants do: where one of those in parentheses has
a separator of thousands. Otherwise it may as well be a remark, and stays unread.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.changes import Rule
from data_contracts.cells.number_text import NumberText, Shape

__all__ = ["Marks"]

_FIRST_GROUPED = 1000
_SEPARATED = {Shape.OPEN, Shape.GROUPED}
_NUMBERS = {Shape.WHOLE, Shape.DECIMALS, *_SEPARATED}


@dataclass(frozen=True, slots=True)
class Marks:
    """How a column writes its numbers.

    Attributes:
        thousands: the other mark certainly stands between thousands.
        mixed: both marks begin decimals.
        accounting: parentheses mean a negative number.
    """

    thousands: bool
    mixed: bool
    accounting: bool

    @classmethod
    def of(
        cls,
        readings: Sequence[NumberText],
        numbers: NDArray[np.float64],
        decimal: str,
        *,
        decimals: bool,
        grouped: bool,
    ) -> "Marks":
        """Look at a column.

        Args:
            readings: its distinct texts that were not read many at once.
            numbers: the numbers that were, NaN elsewhere.
            decimal: the mark that begins decimals.
            decimals: whether one of the numbers has decimals.
            grouped: whether one of the numbers certainly has separators of thousands.
        """
        shapes = {reading.shape for reading in readings}
        grouped = grouped or Shape.GROUPED in shapes
        certain = grouped or decimals or Shape.DECIMALS in shapes or _keeps_zeros(readings, numbers)
        bracketed = {reading.shape for reading in readings if Rule.NEGATIVE in reading.rules}
        return cls(
            thousands=certain and Shape.OTHER_DECIMALS not in shapes,
            mixed=decimal == "," and Shape.OTHER_DECIMALS in shapes and not grouped,
            accounting=bool(bracketed & _SEPARATED),
        )

    def doubts(self, reading: NumberText) -> bool:
        """Whether a text could be thousands or decimals."""
        return reading.shape is Shape.OPEN and not self.thousands

    def settled(self, reading: NumberText) -> NumberText:
        """Return a reading with its final value: that of an unread text where nothing can be said."""
        if Rule.NEGATIVE in reading.rules and not self.accounting:
            return NumberText(Shape.UNREAD)
        if self.mixed and reading.shape in {Shape.OPEN, Shape.OTHER_DECIMALS}:
            rules = tuple(rule for rule in reading.rules if rule is not Rule.THOUSANDS)
            return reading._replace(shape=Shape.DECIMALS, value=reading.other, rules=rules)
        return NumberText(Shape.UNREAD) if reading.shape is Shape.OTHER_DECIMALS else reading


def _keeps_zeros(readings: Sequence[NumberText], plain: NDArray[np.float64]) -> bool:
    """Whether ``1,230`` and 950 stand in one column, and no 1230: see the module."""
    wholes = np.array([reading.value for reading in readings if reading.shape is Shape.WHOLE])
    bare = np.abs(np.concatenate([wholes, plain[~np.isnan(plain)]]))
    ends_in_zero = any(reading.shape is Shape.OPEN and reading.value % 10 == 0 for reading in readings)
    return ends_in_zero and len(bare) > 0 and bool((bare < _FIRST_GROUPED).all())
