"""How a drawn factory writes its headers: language, case of English names, and where the unit stands."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from flows.synthetic.header_names import ENGLISH, GROUPS, KOREAN
from flows.synthetic.other_names import OTHER

CASES = ("snake", "upper", "title", "sentence", "camel")
BRACKETS = (
    "{name}({unit})",
    "{name} ({unit})",
    "{name}[{unit}]",
    "{name} [{unit}]",
    "{name}\n({unit})",
    "{name}, {unit}",
)
_MARKED = ("값", "실적", "분석", "량")
"""Endings of Korean names that take no further addition."""
_SLUGS = {
    "℃": "c", "°C": "c", "deg C": "deg_c", "°F": "f", "A/dm²": "a_dm2", "A/dm2": "a_dm2", "ASD": "asd", "ASF": "asf",
    "V": "v", "mV": "mv", "g/L": "g_l", "g/l": "gpl", "mL/L": "ml_l", "ml/L": "ml_l", "mg/L": "mg_l", "ppm": "ppm",
    "s": "s", "sec": "sec", "min": "min", "dm²": "dm2", "dm2": "dm2", "cm2": "cm2", "hr": "hr",
}  # fmt: skip
"""Units as they stand in names of databases."""


class UnitPlace(StrEnum):
    """Where a file names its units."""

    HEADER = "header"
    ROW = "row"
    CELLS = "cells"
    NOWHERE = "nowhere"


@dataclass(frozen=True)
class HeaderStyle:
    """How all headers of one file are written.

    Attributes:
        korean: Share of Korean headers; the others are English.
        case: Of English names, one of `CASES`.
        bracket: How a unit stands in a header, one of `BRACKETS`.
        place: Where units stand.
        groups: Whether titles of groups stand above the names.
        marks: Whether some Korean names of numbers have an addition such as ``측정값``.
    """

    korean: float
    case: str
    bracket: str
    place: UnitPlace
    groups: bool
    marks: bool

    def header(
        self, source: str, unit: str | None, rng: np.random.Generator, *, name: str | None = None
    ) -> tuple[str, ...]:
        """Return the header of one column, one text per line.

        Args:
            source: The column.
            unit: Its unit, or None where the header does not name it.
            rng: Source of chance.
            name: Instead of a drawn name, in lower-case English or in Korean.
        """
        korean = rng.random() < self.korean
        chosen = name or str(rng.choice(_names(source, korean=korean)))
        shown = chosen if _is_korean(chosen) else _cased(chosen, self.case)
        bare = _is_korean(chosen) and not chosen.endswith(_MARKED)
        if self.marks and unit is not None and bare and rng.random() < 0.15:  # noqa: PLR2004
            shown += str(rng.choice([" 측정값", " 실적", "(실측)", " 평균"]))
        if self.place is UnitPlace.ROW:
            return (shown, f"({unit})" if unit else "")
        full = shown if unit is None or self.place is not UnitPlace.HEADER else self._with_unit(shown, unit)
        if not self.groups:
            return (full,)
        title = _group(source, korean=self.korean >= 0.5)  # noqa: PLR2004
        return (full, "") if title is None else (title, full)

    def _with_unit(self, name: str, unit: str) -> str:
        if self.case in ("snake", "upper") and not _is_korean(name) and unit in _SLUGS:
            slug = _SLUGS[unit]
            return f"{name}_{slug.upper() if self.case == 'upper' else slug}"
        return self.bracket.format(name=name, unit=unit)


def draw_header_style(rng: np.random.Generator) -> HeaderStyle:
    """Draw a style."""
    place = UnitPlace(str(rng.choice(list(UnitPlace), p=[0.7, 0.1, 0.06, 0.14])))
    return HeaderStyle(
        korean=float(rng.choice([1.0, 0.7, 0.0], p=[0.6, 0.2, 0.2])),
        case=str(rng.choice(CASES)),
        bracket=str(rng.choice(BRACKETS)),
        place=place,
        groups=bool(place is not UnitPlace.ROW and rng.random() < 0.15),  # noqa: PLR2004
        marks=bool(rng.random() < 0.2),  # noqa: PLR2004
    )


def _names(source: str, *, korean: bool) -> tuple[str, ...]:
    if source in OTHER:
        return OTHER[source][0 if korean else 1]
    return (KOREAN if korean else ENGLISH)[source]


def _group(source: str, *, korean: bool) -> str | None:
    for title, (english, members) in GROUPS.items():
        if source in members:
            return title if korean else english
    return None


def _is_korean(text: str) -> bool:
    return any("가" <= sign <= "힣" for sign in text) or any(sign.isupper() for sign in text)


def _cased(name: str, case: str) -> str:
    """Write lower-case words as the file's names are: ``bath_temp``, ``BATH_TEMP``, ``Bath Temp``, ``bathTemp``."""
    parts = name.split(" ")
    if case == "snake":
        return "_".join(parts)
    if case == "upper":
        return "_".join(parts).upper()
    if case == "camel":
        return parts[0] + "".join(part.capitalize() for part in parts[1:])
    spoken = ["pH" if part == "ph" else part.capitalize() if case == "title" or not index else part
              for index, part in enumerate(parts)]  # fmt: skip
    return " ".join(spoken)
