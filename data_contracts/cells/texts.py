"""A column's texts, each looked at once, and how two texts are compared."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["BLANKS", "WIDE", "Distinct", "Mask", "arrow_texts", "folded", "matching", "rows_of", "stripped"]

Mask = NDArray[np.bool_]
"""One flag per cell or per text."""

BLANKS = (
    " \t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"  # blanks as Unicode has them
    "\u200b\u200c\u200d\u2060\ufeff"  # and what is not even seen
)
"""Characters that show nothing."""

WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20} | dict.fromkeys((0x2212, 0xFE63), 0x2D)
"""Full-width ASCII and the true minus sign, each with its plain twin, for `str.translate`."""

_BLANK_SET = frozenset(BLANKS)
_NO_BLANKS = dict.fromkeys(map(ord, BLANKS))
_Scalar = TypeVar("_Scalar", bound=np.generic)


def stripped(text: str) -> str:
    """Drop blanks, and what is not even seen, around a text."""
    padded = text[:1] in _BLANK_SET or text[-1:] in _BLANK_SET  # quicker than `strip`, and mostly they are not
    return text.strip(BLANKS) if padded else text


def folded(text: str) -> str:
    """Return a text as it is compared: full width, case and blanks, also inner ones, make no difference."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_NO_BLANKS)


@dataclass(frozen=True)
class Distinct:
    """The distinct texts of some cells of a column.

    Attributes:
        texts: each once, in order of appearance.
        at: which cells of the column these are, shape (rows,).
        codes: which text each of them holds, shape (cells,); -1 where it is missing.
    """

    texts: list[str]
    at: Mask = field(repr=False)
    codes: NDArray[np.int64] = field(repr=False)

    @classmethod
    def of(cls, texts: Any, at: Mask) -> "Distinct":
        """Find the distinct texts of an Arrow array's cells."""
        import pyarrow.compute as pc  # noqa: PLC0415

        encoded = rows_of(texts, at).dictionary_encode()
        codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
        return cls(encoded.dictionary.to_pylist(), at, codes)

    def spread(self, per_text: Sequence[Any] | NDArray[Any], missing: Any, dtype: type[_Scalar]) -> NDArray[_Scalar]:
        """Return one value per cell, shape (cells,), from one per text and one for missing cells."""
        values = np.empty(len(self.texts) + 1, dtype=dtype)
        values[:-1] = per_text
        values[-1] = missing  # the code -1 points here
        return values[self.codes]

    def mask(self, per_text: Sequence[bool] | Mask, *, missing: bool = False) -> Mask:
        """Return one flag per cell of the whole column, shape (rows,); False for cells that are not among these."""
        mask = np.zeros(len(self.at), dtype=np.bool_)
        mask[self.at] = self.spread(per_text, missing, np.bool_)
        return mask


def arrow_texts(cells: pd.Series) -> Any:
    """Return a column of texts as one Arrow array of strings; pandas' own memory is used where it is Arrow's."""
    import pyarrow as pa  # noqa: PLC0415

    array = pa.array(cells.astype("string").array, from_pandas=True)
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    return array.cast(pa.large_string())


def rows_of(texts: Any, mask: Mask) -> Any:
    """Return the cells of an Arrow array for which a mask is True."""
    import pyarrow as pa  # noqa: PLC0415

    return texts.filter(pa.array(mask))


def matching(texts: Any, pattern: str, *, besides: Iterable[str] = ()) -> Mask:
    """Return which cells of an Arrow array match a pattern and are none of the words `besides`, whatever their case."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    mask = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    words = sorted({stripped(word).lower() for word in besides})
    if words:
        mask = pc.and_not(mask, pc.is_in(pc.utf8_lower(texts), pa.array(words, pa.large_string())))
    return np.array(mask.to_numpy(zero_copy_only=False), dtype=np.bool_)
