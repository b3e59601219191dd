"""Cells that are a number with a unit, or with separated thousands, read many at once.

They may all differ, although units are few. Only what one cell decides alone is read here; what depends on the column,
such as ``1,234``, is left to `data_contracts.cells.number_text`, which reads these cells alike, one by one.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.changes import Rule
from data_contracts.cells.texts import WIDE, Distinct, Mask, matching, rows_of, stripped
from data_contracts.cells.unit_spellings import canonical_unit

__all__ = ["SplitNumbers"]

_SPLIT = (
    r"(?s)^(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?"
    r"|[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}))"
    r"(?P<unit>[^-+0-9.,eE].*)?$"
)


@dataclass(frozen=True)
class SplitNumbers:
    """The cells of a column that could be read this way.

    Attributes:
        at: which cells of the column they are, shape (rows,).
        values: their numbers, shape (cells,).
        grouped: whose thousands are separated, shape (cells,).
        decimals: whether one of them has a decimal point.
        units: the distinct units as written; an empty text for none.
        unit_at: which of these each cell has, shape (cells,).
    """

    at: Mask = field(repr=False)
    values: NDArray[np.float64] = field(repr=False)
    grouped: Mask = field(repr=False)
    decimals: bool
    units: tuple[str, ...]
    unit_at: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, texts: Any, candidates: Mask) -> "SplitNumbers":
        """Read those of an Arrow array's cells that can be read this way; candidates with other texts are left."""
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.compute as pc  # noqa: PLC0415

        at = candidates & matching(texts, _SPLIT) if candidates.any() else candidates.copy()
        halves = pc.extract_regex(rows_of(texts, at), _SPLIT)
        number, unit = pc.struct_field(halves, "number"), pc.struct_field(halves, "unit")
        suffix = Distinct.of(unit, np.ones(len(unit), dtype=np.bool_))
        known = suffix.spread([_is_unit(text) for text in suffix.texts], missing=False, dtype=np.bool_)
        values = pc.replace_substring(number, ",", "").cast(pa.float64()).to_numpy(zero_copy_only=False)
        known &= np.isfinite(values)
        at[at] = known
        written = rows_of(number, known)
        units = tuple(_unit(text) if _is_unit(text) else "" for text in suffix.texts)
        decimals = bool(matching(written, "[.]").any())
        return cls(at, values[known], matching(written, ","), decimals, units, suffix.codes[known])

    def changed(self) -> dict[Rule, Mask]:
        """Return where in the column which rule was applied."""
        percent = [canonical_unit(unit) == "%" for unit in self.units]
        masks = {
            Rule.THOUSANDS: self.grouped,
            Rule.PERCENT: np.isin(self.unit_at, np.flatnonzero(percent)),
            Rule.UNIT_IN_CELL: np.isin(
                self.unit_at, [at for at, unit in enumerate(self.units) if unit and not percent[at]]
            ),
        }
        changed = {}
        for rule, cells in masks.items():
            if cells.any():
                changed[rule] = np.zeros_like(self.at)
                changed[rule][self.at] = cells
        return changed


def _unit(text: str) -> str:
    return stripped(text.translate(WIDE))


def _is_unit(text: str) -> bool:
    """Whether a text behind a number is a unit, or nothing; a blank at its end is a change that is not made here."""
    return not text or (stripped(text)[-1:] == text[-1:] and canonical_unit(_unit(text)) is not None)
