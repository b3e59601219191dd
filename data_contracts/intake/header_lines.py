"""Which lines are the header: those whose cells are words where the columns below hold numbers, moments or codes.

Every line is compared with the lines below it, column by column. A cell unlike the rest of its column speaks for a
header, a cell like it for a record. Titles stand above and fill few cells; units may stand in a line of their own.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data_contracts.cells.unit_spellings import canonical_unit
from data_contracts.contract import Label
from data_contracts.intake.grid import Merge, Row
from data_contracts.intake.kinds import CellKind, is_name, kind_of, pattern_of

__all__ = ["HEAD_ROWS", "HeaderLines", "find_header", "is_units_line"]

HEAD_ROWS = 400
"""Rows at the beginning of a file that are looked at."""

_SEARCHED = 60  # a header begins among the first so many rows
_MOST_LINES = 4
_MOSTLY = 0.6  # share of a column's cells that make its kind
_LIKE_BEST = 0.7  # of two lines that both could be, the first one that is nearly as good as the best
_VALUES = (CellKind.NUMBER, CellKind.MOMENT)


@dataclass(frozen=True, slots=True)
class HeaderLines:
    """The header among the first rows of a file.

    Attributes:
        first: index of its first row.
        last: index of its last row; less than `first` if there is no header.
        certain: whether nothing speaks against it.
        reason: why.
    """

    first: int
    last: int
    certain: bool
    reason: Label


_NONE = Label(
    "첫 줄부터 아래 줄과 같은 모양의 값이어서 머리글 줄이 없다고 보고 열에 번호를 붙였습니다.",
    "From the first line on the cells look like those below, so there seems to be no header; columns are numbered.",
)
_ONLY = Label("아래에 기록이 없는 줄입니다.", "There are no records below the line.")
_CLEAR = Label(
    "이 줄에는 이름이, 그 아래 줄에는 숫자·날짜·코드가 있습니다.",
    "Its cells are names, and below it come numbers, moments and codes.",
)
_WORDS = Label(
    "글자로만 된 표여서, 아래에서 되풀이되지 않는 줄을 머리글로 보았습니다.",
    "All cells are words, so the line that is not repeated below was taken for the header.",
)
_DOUBTFUL = Label(
    "머리글로 보이지만 아래 값과 뚜렷이 구별되지 않습니다.",
    "It looks like a header, but not clearly unlike the cells below.",
)


def find_header(rows: Sequence[Row], merges: Sequence[Merge] = ()) -> HeaderLines:
    """Find the header.

    Args:
        rows: the first rows of a file that are not blank, all of the same width.
        merges: merged cells, their rows counted as `rows` is.
    """
    looked = _Looked(rows)
    if len(rows) == 1:
        return _of_one_row(looked)
    scores = [looked.score(at) for at in range(min(len(rows), _SEARCHED))]
    best = max(scores)
    likely = [at for at, score in enumerate(scores) if score >= _LIKE_BEST * best and looked.could_be_header(at)]
    if best <= 0 or not likely:
        return _without_evidence(looked)
    first = likely[0]
    last = first
    while last + 1 < min(len(rows), first + _MOST_LINES) and looked.continues(last + 1):
        last += 1
    while first > 0 and last - first + 1 < _MOST_LINES and looked.adds(first - 1, first, last, merges):
        first -= 1
    return HeaderLines(first, last, *looked.judge(first, last))


def is_units_line(cells: Row) -> bool:
    """Whether a line of a header holds units only, such as ``(℃)``, ``rpm``, ``-``."""
    filled = [cell.strip() for cell in cells if cell and cell.strip() not in {"단위", "Unit", "unit", "UNIT"}]
    units = sum(1 for cell in filled if canonical_unit(cell) is not None)
    return units > 0 and all(canonical_unit(cell) is not None or not any(map(str.isalnum, cell)) for cell in filled)


class _Looked:
    """The rows with their kinds, and for each row what the columns hold below it."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.kinds = np.array([[kind_of(cell) for cell in row] for row in rows], dtype=np.int8)
        counts = np.stack([self.kinds == kind for kind in CellKind], axis=2).astype(np.int32)
        self.below = np.cumsum(counts[::-1], axis=0)[::-1] - counts  # shape (rows, columns, kinds)
        self.identical = Counter(rows)
        columns = [[cell for cell in column if cell] for column in zip(*rows, strict=True)]
        self.texts = [Counter(cells) for cells in columns]
        self.patterns = [Counter(map(pattern_of, cells)) for cells in columns]

    def column_kinds(self, at: int) -> NDArray[np.int8]:
        """Return what most cells below a row are, per column; `CellKind.BLANK` where there are none or all sorts."""
        found = self.below[at][:, CellKind.NUMBER :]
        total = found.sum(axis=1)
        most = found.argmax(axis=1) + CellKind.NUMBER
        clear = (total > 0) & (found.max(axis=1) >= _MOSTLY * total)
        return np.where(clear, most, CellKind.BLANK).astype(np.int8)

    def score(self, at: int) -> float:
        """Rate a row: how much speaks for it being a header and not a record."""
        kinds = self.column_kinds(at)
        return float(sum(self._evidence(at, column, kinds[column]) for column in range(len(kinds))))

    def _evidence(self, at: int, column: int, below: int) -> float:
        kind, cell = self.kinds[at, column], self.rows[at][column]
        if cell is None or kind == CellKind.NOTHING or below == CellKind.BLANK:
            return 0.0
        if below in _VALUES:
            return 1.0 if is_name(cell) else self._like_value(at, column, kind, below)
        again = self.texts[column][cell] > self.identical[self.rows[at]]
        if below == CellKind.CODE:
            if kind == CellKind.WORD:
                return 0.5
            alike = self.patterns[column][pattern_of(cell)] > self.identical[self.rows[at]]
            return -1.0 if again or alike else 0.25
        if kind != CellKind.WORD:
            return 0.0
        repeats = len(self.texts[column]) <= self.texts[column].total() / 2
        return -1.0 if again else 0.25 * repeats

    def _like_value(self, at: int, column: int, kind: int, below: int) -> float:
        """Rate a value above values: a record's, unless it is one of a row such as 1, 2, 3 or 1월, 2월, 3월."""
        if self._in_sequence(at, column):
            return 0.25
        return -1.0 if kind == below else 0.0

    def _in_sequence(self, at: int, column: int) -> bool:
        row = self.rows[at]
        return any(_counts_up(row[start : start + 3]) for start in range(max(0, column - 2), column + 1))

    def could_be_header(self, at: int) -> bool:
        """Whether a row names at least two columns (one, if there is but one)."""
        return int((self.kinds[at] != CellKind.BLANK).sum()) >= min(2, len(self.rows[0]))

    def continues(self, at: int) -> bool:
        """Whether a row below a header line belongs to the header: more of its cells are names than values."""
        below = self.column_kinds(at)
        over_values = np.isin(below, _VALUES)
        kinds = self.kinds[at]
        cells = zip(self.rows[at], over_values, strict=True)
        names = sum(1 for cell, over in cells if over and (is_name(cell) or cell in _SIGNS))
        values = int((over_values & np.isin(kinds, _VALUES)).sum())
        return is_units_line(self.rows[at]) or (names > 2 * values and names > 0 and self.score(at) > 0)

    def adds(self, at: int, first: int, last: int, merges: Sequence[Merge]) -> bool:
        """Whether a row above a header line belongs to it: it names what the lines below it leave open."""
        row, kinds = self.rows[at], self.kinds[at]
        filled = [cell for cell in row if cell]
        said = any(cell.strip().endswith((":", "：")) for cell in filled)
        if len(filled) < 2 or said or np.isin(kinds, _VALUES).any():  # noqa: PLR2004  # one cell alone is a title
            return False
        active = [column for column, kind in enumerate(self.column_kinds(last)) if kind or self.texts[column]]
        spans = [merge for merge in merges if merge.top == at and 0 < merge.right - merge.left < len(active) - 1]
        if len(spans) > 1 or any(_is_group(merge, len(active)) for merge in spans):
            return True
        names = [
            " ".join(filter(None, (self.rows[line][column] for line in range(first, last + 1)))) for column in active
        ]
        open_columns = [column for column, name in zip(active, names, strict=True) if not name]
        if any(row[column] for column in open_columns):
            return True
        above = filled_right(row, self.rows[first])
        longer = [f"{above[column]} {name}" for column, name in zip(active, names, strict=True)]
        return len(set(names)) < len(names) and len(set(longer)) > len(set(names))

    def judge(self, first: int, last: int) -> tuple[bool, Label]:
        """Say whether a header is beyond doubt, and why."""
        below = self.column_kinds(last)
        over_values = np.isin(below, _VALUES)
        named = np.array([any(map(is_name, cells)) for cells in zip(*self.rows[first : last + 1], strict=True)])
        named &= over_values
        against = sum(self._evidence(last, column, below[column]) < 0 for column in range(len(below)))
        if over_values.any():
            clear = 2 * int(named.sum()) >= int(over_values.sum()) and 4 * against <= len(below)
            return clear, _CLEAR if clear else _DOUBTFUL
        score = self.score(last)
        return (score >= 1 and not against), _WORDS if not against else _DOUBTFUL


def _is_group(merge: Merge, columns: int) -> bool:
    """Whether a single merged cell names some columns; one that begins at the left or covers most is a title."""
    return merge.left > 0 and 2 * (merge.right - merge.left + 1) <= columns


_SIGNS = frozenset({"%", "℃", "°C", "(%)", "(℃)", "[%]", "[℃]", "℉", "°"})


def filled_right(upper: Row, lower: Row) -> Row:
    """Spread the cells of an upper header line over the blank ones to their right, as a merged cell reads.

    A cell with nothing below it is the header of its own column, and does not spread.
    """
    filled: list[str | None] = []
    for column, cell in enumerate(upper):
        spreads = column > 0 and lower[column - 1] is not None and lower[column] is not None
        filled.append(cell if cell is not None or not spreads else filled[-1])
    return tuple(filled)


def _counts_up(cells: Row) -> bool:
    """Whether three cells hold numbers that grow by one."""
    digits = ["".join(filter(str.isdecimal, cell or "")) for cell in cells]
    if len(digits) < 3 or not all(0 < len(text) <= 8 for text in digits):  # noqa: PLR2004
        return False
    if any(kind_of(cell) not in _VALUES for cell in cells):
        return False
    first, second, third = map(int, digits)
    return second == first + 1 and third == second + 1


def _of_one_row(looked: _Looked) -> HeaderLines:
    if np.isin(looked.kinds[0], _VALUES).any():
        return HeaderLines(0, -1, certain=False, reason=_NONE)
    return HeaderLines(0, 0, certain=True, reason=_ONLY)


def _without_evidence(looked: _Looked) -> HeaderLines:
    """No line is clearly unlike those below it: what names every column may still be the header."""
    filled = (looked.kinds != CellKind.BLANK).sum(axis=1)
    widest = int(filled.argmax())
    cells = [cell for cell in looked.rows[widest] if cell]
    if len(set(cells)) == len(cells) and all(map(is_name, cells)):
        return HeaderLines(widest, widest, certain=False, reason=_DOUBTFUL)
    return HeaderLines(0, -1, certain=False, reason=_NONE)
