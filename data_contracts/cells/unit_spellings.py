"""How units are written, and the one text that stands for each.

A unit is made of atoms (``A``, ``dm``), each perhaps squared or cubed, joined by ``/`` and ``·``: so ``A/d㎡``,
``A/dm^2`` and ``ASD`` are all ``A/dm²``, and what was never listed, such as ``mS/cm``, is understood as well. What
atoms are worth is left to pint (`data_contracts.mapping.units`); here are their names only.

Capitals are forgiven where that leaves no doubt: ``KPA`` is ``kPa``, but ``mpa`` may be ``MPa`` or ``mPa`` and is
therefore no unit: better asked than wrong by a factor of a billion.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from data_contracts.cells.texts import BLANKS

__all__ = ["ATOMS", "Part", "Unit", "canonical_unit", "parse_unit"]

ATOMS = {
    "°C": ("degC", "degC deg.C degreeC oC 도 도C 섭씨 섭씨도 도섭씨 celsius C"),
    "°F": ("degF", "degF deg.F degreeF oF 화씨 화씨도 도화씨 fahrenheit F"),
    "K": ("kelvin", "kelvin 켈빈"),
    "%": ("", "% percent pct 퍼센트 프로"),
    "ppm": ("", ""),
    "ppb": ("", ""),
    "pH": ("", "pH 페하 피에이치"),
    "ea": ("", "pcs pc 개"),
    "times": ("", "회"),
    "rpm": ("1/minute", "r/min rev/min rev./min 회전/분 분당회전수"),
    "Pa": ("pascal", "파스칼"),
    "hPa": ("hectopascal", ""),
    "kPa": ("kilopascal", ""),
    "MPa": ("megapascal", "메가파스칼"),
    "mPa": ("millipascal", ""),
    "bar": ("bar", "바"),
    "mbar": ("millibar", ""),
    "psi": ("psi", "lbf/in² lbf/in2"),
    "kgf": ("kilogram_force", ""),
    "atm": ("standard_atmosphere", "기압"),
    "mmHg": ("mmHg", ""),
    "Torr": ("torr", ""),
    "m": ("meter", "meter 미터"),
    "km": ("kilometer", ""),
    "dm": ("decimeter", ""),
    "cm": ("centimeter", "센티 센티미터"),
    "mm": ("millimeter", "밀리 밀리미터"),
    "µm": ("micrometer", "um μ u mic micron microns micrometer 마이크론 미크론 마이크로미터"),
    "nm": ("nanometer", "나노미터"),
    "in": ("inch", "inch inches 인치"),
    "ft": ("foot", "feet foot 피트"),
    "mil": ("thou", "mils thou"),
    "A": ("ampere", "amp amps ampere 암페어"),
    "kA": ("kiloampere", ""),
    "mA": ("milliampere", "밀리암페어"),
    "µA": ("microampere", "uA"),
    "V": ("volt", "volt volts 볼트"),
    "kV": ("kilovolt", ""),
    "mV": ("millivolt", "밀리볼트"),
    "W": ("watt", "watt 와트"),
    "kW": ("kilowatt", ""),
    "MW": ("megawatt", ""),
    "mW": ("milliwatt", ""),
    "Wh": ("watt_hour", ""),
    "kWh": ("kilowatt_hour", ""),
    "Ah": ("ampere_hour", ""),
    "Ω": ("ohm", "ohm 옴"),
    "kΩ": ("kiloohm", "kohm"),
    "MΩ": ("megaohm", "Mohm"),
    "S": ("siemens", ""),
    "mS": ("millisiemens", ""),
    "µS": ("microsiemens", "uS"),
    "J": ("joule", ""),
    "kJ": ("kilojoule", ""),
    "N": ("newton", ""),
    "kN": ("kilonewton", ""),
    "Hz": ("hertz", "헤르츠"),
    "kHz": ("kilohertz", ""),
    "MHz": ("megahertz", ""),
    "g": ("gram", "gr gram grams 그램 그람"),
    "mg": ("milligram", "밀리그램"),
    "µg": ("microgram", "ug"),
    "kg": ("kilogram", "kilogram 킬로그램 킬로"),
    "t": ("metric_ton", "ton tons 톤"),
    "lb": ("pound", "lbs"),
    "oz": ("ounce", ""),
    "L": ("liter", "liter litre liters ltr 리터"),
    "mL": ("milliliter", "cc 밀리리터 씨씨"),
    "µL": ("microliter", "uL"),
    "gal": ("gallon", "gallon gallons 갤런"),
    "mol": ("mole", "몰"),
    "mmol": ("millimole", ""),
    "s": ("second", "sec sec. secs second seconds 초 秒"),
    "ms": ("millisecond", "msec"),
    "min": ("minute", "min. mins minute minutes 분 分"),
    "h": ("hour", "hr hr. hrs hour hours 시간 時間"),
    "d": ("day", "day days 일"),
}
"""Each atom: what pint calls it (nothing where it counts or is a scale of its own), and further spellings."""

_WHOLE = {
    "asd": "A/dm²",
    "asf": "A/ft²",
    "gpl": "g/L",
    "mpm": "m/min",
    "lpm": "L/min",
    "fpm": "ft/min",
    "sqm": "m²",
    "sqdm": "dm²",
    "sqcm": "cm²",
    "sqmm": "mm²",
    "sqin": "in²",
    "sq.in": "in²",
    "sqft": "ft²",
    "sq.ft": "ft²",
    "%v/v": "%",
    "%w/w": "%",
    "vol%": "%",
    "vol.%": "%",
    "wt%": "%",
    "wt.%": "%",
    "제곱미터": "m²",
}
_PART = re.compile(r"(?P<atom>.+?)(?:\^?(?P<power>[23]))?")
_POWERS = {1: "", 2: "²", 3: "³"}
_DEGREES = str.maketrans("º˚⁰", "°°°")  # before NFKC, which makes letters, accents and digits of them
_DOTS = str.maketrans("⋅∙・*×", "·····")
_LONGEST = 40
_MOST_SLASHES = 2
_BRACKETS = {"(": ")", "[": "]", "<": ">", "{": "}"}


@dataclass(frozen=True, slots=True)
class Part:
    """An atom and its power, 1 to 3."""

    atom: str
    power: int = 1

    def __str__(self) -> str:
        return self.atom + _POWERS[self.power]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit taken apart.

    Attributes:
        top: what stands before the first ``/``.
        bottom: what stands after it.
    """

    top: tuple[Part, ...]
    bottom: tuple[Part, ...] = ()

    def __str__(self) -> str:
        return "/".join(("·".join(map(str, self.top)), *map(str, self.bottom)))


def canonical_unit(text: str) -> str | None:
    """Return the one text for a unit, such as ``A/dm²`` for ``ASD``, or None where the text is no unit we know."""
    unit = parse_unit(text)
    return None if unit is None else str(unit)


def parse_unit(text: str) -> Unit | None:
    """Take a unit apart; None where the text is no unit we know."""
    return _parsed(text) if len(text) <= _LONGEST else None  # what is remembered must not grow with a file's remarks


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Unit | None:
    squashed = _squashed(text)
    whole = _WHOLE.get(squashed.casefold())
    if whole is not None:
        return parse_unit(whole)
    if (atom := _atom(squashed)) is not None:  # first, since ``r/min`` is one atom
        return Unit((Part(atom),))
    above, *below = squashed.split("/")
    top = [_part(text) for text in above.split("·")]
    bottom = [_part(text) for text in below]
    known = [part for part in (*top, *bottom) if part is not None]
    if len(known) < len(top) + len(bottom) or len(bottom) > _MOST_SLASHES:
        return None
    return Unit(tuple(known[: len(top)]), tuple(known[len(top) :]))


def _squashed(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_DEGREES)).translate(_DOTS)
    squashed = "".join(character for character in plain if character not in BLANKS)
    if _BRACKETS.get(squashed[:1]) == squashed[-1:]:
        squashed = squashed[1:-1]
    return squashed.rstrip(".")


def _part(text: str) -> Part | None:
    match = _PART.fullmatch(text)
    atom = None if match is None else _atom(match["atom"])
    return None if match is None or atom is None else Part(atom, int(match["power"] or 1))


def _atom(text: str) -> str | None:
    exact, forgiving = _spellings()
    if text in exact:
        return exact[text]
    candidates = forgiving.get(text.casefold(), frozenset())
    if len(candidates) > 1 and text[:1] == "M":  # ``Mpa`` is mega; ``mpa`` stays open
        candidates = frozenset(name for name in candidates if name.startswith("M"))
    return next(iter(candidates)) if len(candidates) == 1 else None


@cache
def _spellings() -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Return atoms by exact spelling, and by spelling with capitals ignored: several where these make a difference."""
    exact = {_squashed(text): atom for atom, (_, more) in ATOMS.items() for text in (atom, *more.split())}
    forgiving: dict[str, frozenset[str]] = {}
    for text, atom in exact.items():
        forgiving[text.casefold()] = forgiving.get(text.casefold(), frozenset()) | {atom}
    return exact, forgiving
