"""What a unit is worth in another: pint's definitions, our spellings.

Two units convert into one another only where that says something about the quantity. For pint, all that has no
dimension is alike: it turns a percentage into mL/L, ppm into %, and revolutions per minute into hertz (by 2π/60). Here
counts and scales of their own convert only among themselves, and a ratio only into a ratio of the same two quantities.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.unit_spellings import ATOMS, Part, Unit, canonical_unit, parse_unit

__all__ = ["Conversion", "canonical_unit", "conversion"]

_SCALES = frozenset({"%", "ppm", "ppb", "pH", "ea", "times", "rpm"})
"""Atoms that compare with nothing but themselves, whatever their dimension."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """How numbers in one unit become numbers in another: ``value_target = factor * value + offset``.

    Attributes:
        source: the unit the numbers are in.
        target: the unit they become.
        factor: what a number is multiplied by.
        offset: what is added then, in the target's unit; not 0 between temperatures only.
    """

    source: str
    target: str
    factor: float = 1.0
    offset: float = 0.0

    @property
    def identity(self) -> bool:
        """Whether every number stays what it is."""
        return self.factor == 1.0 and self.offset == 0.0

    @property
    def formula(self) -> str:
        """The conversion for people, such as ``°F → °C: (x − 32) × 0.5556``."""
        return f"{self.source} → {self.target}: {self._arithmetic()}"

    def applied(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the numbers in the target's unit; nothing is rounded beyond the arithmetic.

        Of the ways to write the same thing, that with the smallest error is taken: 131 °F are (131 - 32) × 0.5556, not
        72.78 - 17.78, and 35 A/m² are 35 / 100 A/dm².
        """
        if self.identity:
            return values
        before = self._before()
        moved = values if before is None else values + before
        whole = round(1 / self.factor)
        scaled = moved / whole if whole and 1 / whole == self.factor else moved * self.factor
        return scaled if before is not None else scaled + self.offset

    def _before(self) -> float | None:
        """Return what may be added before the factor instead of the offset after it, where that is a whole number."""
        before = round(self.offset / self.factor)
        return float(before) if math.isclose(before, self.offset / self.factor, rel_tol=1e-12) else None

    def _arithmetic(self) -> str:
        before = self._before()
        if self.offset and before is not None:
            moved = f"x {_signed(before)}"
            return moved if self.factor == 1 else f"({moved}) × {self.factor:.4g}"
        scaled = "x" if self.factor == 1 else f"x × {self.factor:.4g}"
        return f"{scaled} {_signed(self.offset)}" if self.offset else scaled


def _signed(number: float) -> str:
    return f"{'−' if number < 0 else '+'} {abs(number):.6g}"


@lru_cache(maxsize=4096)
def conversion(source: str, target: str) -> Conversion | None:
    """Find out how numbers in one unit become numbers in another.

    Args:
        source: the unit of the numbers, in any spelling.
        target: the unit wanted, in any spelling.

    Returns:
        The conversion, or None where a text is no unit we know or the two do not measure the same. Its factor is the
        double nearest to the exact one.
    """
    one, other = parse_unit(source), parse_unit(target)
    if one is None or other is None or _scales(one) != _scales(other):
        return None
    return Conversion(str(one), str(other)) if one == other else _by_pint(one, other)


def _scales(unit: Unit) -> tuple[tuple[str, int], ...]:
    above = [(part.atom, part.power) for part in unit.top]
    below = [(part.atom, -part.power) for part in unit.bottom]
    return tuple(sorted(entry for entry in (*above, *below) if entry[0] in _SCALES))


def _by_pint(one: Unit, other: Unit) -> Conversion | None:
    source, target = _quantity(one), _quantity(other)
    if source.dimensionality != target.dimensionality:
        return None
    if source.dimensionless and _product(one.top).dimensionality != _product(other.top).dimensionality:
        return None
    # Fractions: neither the step from 0 to 1 nor the factor itself may lose digits.
    zero, first = (_registry().Quantity(Fraction(number), source).to(target).magnitude for number in (0, 1))
    return Conversion(str(one), str(other), factor=float(first - zero), offset=float(zero))


def _quantity(unit: Unit) -> Any:
    if unit == Unit((Part("°C"),)) or unit == Unit((Part("°F"),)):  # the two whose zero is not nothing
        return _registry().Unit(ATOMS[unit.top[0].atom][0])
    return _product(unit.top) / _product(unit.bottom)


def _product(parts: tuple[Part, ...]) -> Any:
    """Multiply parts; a temperature in a product is a difference, as in °C/min."""
    product = _registry().Unit("dimensionless")
    for part in parts:
        name = ATOMS[part.atom][0]
        difference = f"delta_{name}" if name in {"degC", "degF"} else name or "dimensionless"
        product *= _registry().Unit(difference) ** part.power
    return product


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415  # 0.6 s that a file in the contract's own units does not need

    return pint.UnitRegistry(non_int_type=Fraction)
