"""Day numbers of a spreadsheet, such as ``46086.604``, where a column can only hold these."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

__all__ = ["serials_of"]

_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]+)?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_FIRST = date(1899, 12, 30).toordinal()  # day 0, for every day after February 1900
_EPOCH = date(1970, 1, 1).toordinal() - _FIRST
_PLAUSIBLE = range(date(1990, 1, 1).toordinal() - _FIRST, date(2061, 1, 1).toordinal() - _FIRST)
_MILLISECONDS = 86_400_000


def serials_of(texts: Sequence[str], readable: Sequence[bool]) -> NDArray[np.int64]:
    """Read day numbers.

    Args:
        texts: distinct cells of a column.
        readable: which of them say a day in another way, such as ``20260305``.

    Returns:
        Microseconds since 1970-01-01, to the millisecond, -1 for every other text; -1 everywhere as soon as one
        number of the column is no day between 1990 and 2060.
    """
    moments = np.full(len(texts), -1, dtype=np.int64)
    for at, (text, read) in enumerate(zip(texts, readable, strict=True)):
        if read or not _NUMBER.fullmatch(text):
            continue
        if not _SERIAL.fullmatch(text) or int(float(text)) not in _PLAUSIBLE:
            return np.full(len(texts), -1, dtype=np.int64)
        moments[at] = round((float(text) - _EPOCH) * _MILLISECONDS) * 1000
    return moments
