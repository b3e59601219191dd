"""What separates the cells of a text file, found out from its first lines."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from data_contracts.contract import Label
from data_contracts.errors import BrokenTable
from data_contracts.intake.guesses import Guess
from data_contracts.particles import with_particles

__all__ = ["DELIMITERS", "Dialect", "find_dialect"]

DELIMITERS = {
    ",": Label("쉼표", "comma"),
    ";": Label("세미콜론", "semicolon"),
    "\t": Label("탭", "tab"),
    "|": Label("세로줄", "bar"),
}
"""What may separate cells, and its name."""

_SAID = re.compile(r"sep=(?P<delimiter>[,;\t|])\s*", re.IGNORECASE)
_NUMBER_COMMA = re.compile(r"(?<=\d),(?=\d)")
_CLEAR = 0.15  # by so much the best must be ahead of the next for nobody to be asked
_FULL_WIDTH = 6  # columns from which more columns say nothing more


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file separates its cells.

    Attributes:
        delimiter: what stands between cells.
        spaced: whether blanks follow the delimiter even before quotation marks.
        said: whether the first line is ``sep=;`` and no record.
        guess: what was concluded, or None if the member named the delimiter.
    """

    delimiter: str
    spaced: bool = False
    said: bool = False
    guess: Guess | None = None


def find_dialect(lines: Sequence[str], named: str | None) -> Dialect:
    """Decide what separates the cells.

    Args:
        lines: the first lines of the file, with their line ends.
        named: the delimiter the member named, or None to find it out.

    Raises:
        BrokenTable: if the named delimiter is none.
    """
    said = _SAID.fullmatch(lines[0]) if lines else None
    if named is not None:
        if named not in DELIMITERS:
            raise BrokenTable("a delimiter is one of , ; | and a tab; correct the setting 'delimiter'")
        return Dialect(named, _spaced(lines, named), said is not None)
    if said is not None:
        reason = Label("첫 줄에 'sep='으로 적혀 있습니다.", "The first line says so with 'sep='.")
        return Dialect(
            said["delimiter"], _spaced(lines[1:], said["delimiter"]), said=True, guess=_guess(said["delimiter"], reason)
        )
    return _likeliest(lines)


def _likeliest(lines: Sequence[str]) -> Dialect:
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    best, second = sorted(scores, key=lambda delimiter: -scores[delimiter])[:2]
    name = DELIMITERS[best]
    if scores[best] == 0:
        reason = Label("구분 기호가 없어 열이 하나인 표로 봅니다.", "No delimiter occurs: a table of one column.")
        return Dialect(",", guess=_guess(",", reason, certain=not any(sign in "".join(lines) for sign in DELIMITERS)))
    reason = Label(
        with_particles(f"{name.ko}(으)로 나누면 줄마다 칸 수가 가장 고르고 칸 안에 다른 구분 기호가 남지 않습니다."),
        f"Split at the {name.en}, the lines have the most even number of cells and no other delimiter is left in them.",
    )
    certain = scores[best] - scores[second] >= _CLEAR * scores[best]
    return Dialect(best, _spaced(lines, best), guess=_guess(best, reason, certain=certain))


def _guess(delimiter: str, reason: Label, *, certain: bool = True) -> Guess:
    return Guess("delimiter", delimiter, reason, certain=certain)


def _score(lines: Sequence[str], delimiter: str) -> float:
    """Rate a delimiter: how even it makes the lines, times how free of other delimiters the cells are, 0 to 1."""
    records = [cells for cells in _split(lines, delimiter) if any(cell.strip() for cell in cells)]
    body = records[min(len(records) // 3, 10) :]  # titles stand above
    widths = Counter(len(cells) for cells in body if len(cells) > 1)
    if not widths:
        return 0.0
    width, times = max(widths.items(), key=lambda found: (found[1], found[0]))
    cells = [cell for cells in body if len(cells) == width for cell in cells if cell.strip()]
    clean = sum(1 for cell in cells if not _other_inside(cell, delimiter)) / max(1, len(cells))
    columns = 0.8 + 0.2 * min(width, _FULL_WIDTH) / _FULL_WIDTH  # of two even ways to split, the finer one
    return times / len(body) * clean * columns


def _other_inside(cell: str, delimiter: str) -> bool:
    rest = _NUMBER_COMMA.sub("", cell)
    return any(other in rest for other in DELIMITERS if other != delimiter) or '"' in cell


def _split(lines: Sequence[str], delimiter: str, *, spaced: bool = False) -> list[list[str]]:
    records: list[list[str]] = []
    with suppress(csv.Error):  # a cell beyond all bounds
        records.extend(csv.reader(lines, delimiter=delimiter, skipinitialspace=spaced))
    return records


def _spaced(lines: Sequence[str], delimiter: str) -> bool:
    """Whether quotation marks only make sense if the blanks before them are dropped."""
    if delimiter == "\t" or not any(f'{delimiter} "' in line for line in lines):
        return False
    plain, spaced = (_uneven(_split(lines, delimiter, spaced=way)) for way in (False, True))
    opened = sum(line.count(f'{delimiter} "') for line in lines)
    return spaced <= plain and 2 * opened >= sum(line.count('"') for line in lines) / 2


def _uneven(records: Sequence[Sequence[str]]) -> int:
    widths = Counter(len(cells) for cells in records if cells)
    return len(records) - max(widths.values(), default=0)
