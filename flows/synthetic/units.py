"""Units in which factories write, with the generator's own factors: the mapper's come from elsewhere.

The contract's unit is the first of each list. Factors: 1 ASF = 1 A per 9.290304 dm²; 1 oz/gal (US) = 28.349523125 g per
3.785411784 L; 1 in² = 0.064516 dm²; ppm stands for mg/L, as shops use it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileUnit:
    """A unit as a factory writes it.

    Attributes:
        text: The spelling.
        factor: ``value in the contract's unit = factor · value in the file + offset``.
        offset: See there.
    """

    text: str
    factor: float = 1.0
    offset: float = 0.0

    @property
    def same(self) -> bool:
        """Whether the numbers are those of the contract's unit."""
        return self.factor == 1.0 and self.offset == 0.0


def _same(*texts: str) -> tuple[FileUnit, ...]:
    return tuple(FileUnit(text) for text in texts)


_ASF = 1 / 9.290304
_OZ_PER_GAL = 28.349523125 / 3.785411784

_PER_LITRE = (*_same("g/L", "g/l", "g/ℓ", "G/L", "gr/L"), FileUnit("oz/gal", _OZ_PER_GAL))  # noqa: RUF001
_SECONDS = (*_same("초", "s", "sec", "SEC", "second", "s."), FileUnit("분", 60.0), FileUnit("min", 60.0))

UNITS: dict[str, tuple[FileUnit, ...]] = {
    "bath_temperature": (
        *_same("℃", "°C", "도", "deg C", "˚C", "º C"),
        FileUnit("°F", 5 / 9, -160 / 9),
        FileUnit("℉", 5 / 9, -160 / 9),
    ),
    "current_density": (
        *_same("A/dm²", "A/dm2", "ASD", "A/d㎡", "A/dm^2", "a/dm2"),
        FileUnit("ASF", _ASF),
        FileUnit("A/ft²", _ASF),
        FileUnit("mA/cm²", 0.1),
        FileUnit("A/㎡", 0.01),
    ),
    "voltage": (*_same("V", "볼트", "Volt", "volts"), FileUnit("mV", 0.001)),
    "nickel_sulfate": _PER_LITRE,
    "nickel_chloride": _PER_LITRE,
    "boric_acid": _PER_LITRE,
    "brightener": (*_same("mL/L", "ml/L", "ml/ℓ", "㎖/ℓ", "cc/L", "ML/L"),),  # noqa: RUF001
    "iron_content": (*_same("mg/L", "ppm", "PPM", "mg/ℓ", "㎎/L"), FileUnit("g/L", 1000.0)),  # noqa: RUF001
    "degreasing_time": _SECONDS,
    "pickling_time": _SECONDS,
    "rinse_time": _SECONDS,
    "plating_time": (
        *_same("분", "min", "MIN", "mins", "minute"),
        FileUnit("초", 1 / 60),
        FileUnit("sec", 1 / 60),
        FileUnit("hr", 60.0),
    ),
    "part_area": (
        *_same("dm²", "dm2", "d㎡", "dm^2"),
        FileUnit("㎠", 0.01),
        FileUnit("cm2", 0.01),
        FileUnit("㎡", 100.0),
        FileUnit("in²", 0.064516),
    ),
}
"""Per column of the contract that has a unit, the spellings seen in files; the contract's own unit comes first."""

DECIMALS: dict[str, int] = {
    "bath_temperature": 1, "ph": 2, "current_density": 2, "voltage": 1, "nickel_sulfate": 0, "nickel_chloride": 1,
    "boric_acid": 1, "brightener": 2, "iron_content": 0, "degreasing_time": 0, "pickling_time": 0, "rinse_time": 0,
    "plating_time": 1, "part_area": 2,
}  # fmt: skip
"""Decimal places in the contract's unit; a number column without a unit is here too."""


def unit(column: str, text: str) -> FileUnit:
    """Return a unit of a column by its spelling.

    Raises:
        KeyError: The column has no such spelling.
    """
    for one in UNITS[column]:
        if one.text == text:
            return one
    raise KeyError(f"{column} has no unit {text!r}")
