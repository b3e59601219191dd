"""Rows of a file -> headers, records, and lines that are neither."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data_contracts.contract import Label
from data_contracts.errors import BrokenTable, TableEmpty
from data_contracts.intake.asides import Body, Preface, sort_out
from data_contracts.intake.grid import Grid, Merge, Row
from data_contracts.intake.guesses import Guess
from data_contracts.intake.header_lines import HEAD_ROWS, find_header
from data_contracts.intake.header_names import header_texts
from data_contracts.intake.settings import NO_HEADER, FileSettings
from data_contracts.intake.table import Aside
from data_contracts.intake.turned import looks_turned, turn

__all__ = ["Laid", "lay_out"]


@dataclass(frozen=True)
class Laid:
    """A file's rows, understood as far as a layout goes.

    Attributes:
        texts: per column the header's text and, where it stands in a line of its own, its unit.
        records: the records.
        aside: lines that are no records, by reason.
        unreadable: text of the unreadable lines.
        guesses: what was concluded.
        settings: the settings, with what was found out.
    """

    texts: tuple[tuple[str, str | None], ...]
    records: Grid = field(repr=False)
    aside: dict[Aside, list[int]]
    unreadable: dict[int, str] = field(repr=False)
    guesses: tuple[Guess, ...]
    settings: FileSettings


def lay_out(grid: Grid, name: str, settings: FileSettings) -> Laid:
    """Find header, records, and what is neither.

    Args:
        grid: all rows of the file.
        name: the file's name, for messages.
        settings: what is known beforehand.

    Raises:
        TableEmpty: if no row has a cell.
        BrokenTable: if the header is not where the settings say.
    """
    grid = _without_blank(grid)
    if not len(grid.lines) and not grid.odd:
        raise TableEmpty(f"{name} has no header line; export the table again, with its header")
    aside: dict[Aside, list[int]] = defaultdict(list)
    guesses: list[Guess] = []
    grid, settings = _upright(grid, settings, aside, guesses)
    head = _head(grid)
    first, last = _header(head, grid, name, settings, guesses)
    aside[Aside.TITLE] += [line for line, _ in head if line < first]
    header = [(line, row) for line, row in head if first <= line <= last]
    texts = header_texts([row for _, row in header], _shifted(grid.merges, [line for line, _ in header]))
    texts = texts or (("", None),) * grid.width
    below = _below(grid, last)
    below, settings = _fill_merged(below, settings, guesses)
    preface = Preface([row for line, row in head if line < first], [row for _, row in header])
    body = sort_out(below, preface, settings.last)
    for why, lines in body.lines.items():
        aside[why] += lines
    _tell(body, guesses)
    settings = replace(settings, header=(first, last))
    used = [
        at for at in range(grid.width) if texts[at][0] or body.records.columns[at].null_count < len(body.records.lines)
    ]
    records = Grid(body.records.lines, tuple(body.records.columns[at] for at in used))
    return Laid(tuple(texts[at] for at in used), records, dict(aside), body.unreadable, tuple(guesses), settings)


def _without_blank(grid: Grid) -> Grid:
    odd = tuple(odd for odd in grid.odd if odd.broken or any(odd.cells))
    return replace(grid, odd=odd).keep(~grid.blank_rows())


def _upright(
    grid: Grid, settings: FileSettings, aside: dict[Aside, list[int]], guesses: list[Guess]
) -> tuple[Grid, FileSettings]:
    turned = settings.transposed
    if turned is None:
        judged = looks_turned(grid.rows(0, HEAD_ROWS))
        turned = judged.turned
        if judged.turned or not judged.certain:
            guesses.append(Guess("transposed", str(turned).lower(), judged.reason, certain=judged.certain))
    if turned:
        grid, above, below = turn(grid)
        aside[Aside.TITLE] += above
        aside[Aside.FOOTER] += below
        grid = _without_blank(grid)
    return grid, replace(settings, transposed=turned)


def _head(grid: Grid) -> list[tuple[int, Row]]:
    """Return line and cells of the first rows, those with an odd number of cells among them."""
    rows = list(zip(map(int, grid.lines[:HEAD_ROWS]), grid.rows(0, HEAD_ROWS), strict=True))
    width = grid.width
    rows += [(odd.line, (odd.cells + (None,) * width)[:width]) for odd in grid.odd[:HEAD_ROWS] if not odd.broken]
    return sorted(rows, key=lambda row: row[0])[:HEAD_ROWS]


def _header(
    head: Sequence[tuple[int, Row]], grid: Grid, name: str, settings: FileSettings, guesses: list[Guess]
) -> tuple[int, int]:
    """Return first and last line of the header."""
    if settings.header is not None:
        first, last = settings.header
        if settings.header != NO_HEADER and not any(first <= line <= last for line, _ in head):
            raise BrokenTable(
                f"{name} has nothing in its lines {first} to {last}, where the setting 'header' has the header"
            )
        return first, last
    if not head:
        return NO_HEADER
    lines = [line for line, _ in head]
    found = find_header([row for _, row in head], _shifted(grid.merges, lines))
    first, last = (lines[found.first], lines[found.last]) if found.last >= found.first else NO_HEADER
    certain, reason = found.certain, found.reason
    if _lacks_names([row for line, row in head if first <= line <= last], grid, last):
        certain, reason = False, _FEWER_NAMES
    guesses.append(Guess("header", f"[{first}, {last}]", reason, certain=certain))
    return first, last


_FEWER_NAMES = Label(
    "머리글의 칸이 기록의 칸보다 적습니다. 남는 오른쪽 열은 이름 없이 번호로 두었습니다.",
    "The header has fewer cells than the records; the columns left over on the right have numbers instead of names.",
)


def _lacks_names(header: Sequence[Row], grid: Grid, last: int) -> bool:
    """Whether the rightmost columns have cells, but no name."""
    if not header or grid.width == 0 or any(row[-1] for row in header):
        return False
    start = int(np.searchsorted(grid.lines, last, side="right"))
    return grid.columns[-1].slice(start).null_count < len(grid.lines) - start and grid.width > 1


def _shifted(merges: Sequence[Merge], lines: Sequence[int]) -> list[Merge]:
    """Return the merged cells with their rows counted as ``lines`` is."""
    places = {line: at for at, line in enumerate(lines)}
    return [
        Merge(places[merge.top + 1], merge.left, max(places.get(line + 1, 0) for line in _span(merge)), merge.right)
        for merge in merges
        if merge.top + 1 in places
    ]


def _span(merge: Merge) -> range:
    return range(merge.top, min(merge.bottom, merge.top + HEAD_ROWS) + 1)


def _below(grid: Grid, last: int) -> Grid:
    kept = grid.keep(grid.lines > last)
    return replace(kept, odd=tuple(odd for odd in grid.odd if odd.line > last))


def _fill_merged(grid: Grid, settings: FileSettings, guesses: list[Guess]) -> tuple[Grid, FileSettings]:
    """Write a cell that is merged over several lines into each of them, unless the member wants them blank."""
    tall = [merge for merge in grid.merges if merge.bottom > merge.top and merge.left < grid.width]
    tall = [merge for merge in tall if len(_rows_of(grid, merge)) > 1]
    if not tall or settings.filled is False:
        return grid, settings
    columns = list(grid.columns)
    for column in {merge.left for merge in tall}:
        columns[column] = _filled_column(grid, column, [merge for merge in tall if merge.left == column])
    if settings.filled is None:
        reason = Label(
            f"여러 줄에 걸쳐 병합된 셀 {len(tall)}개의 값을 그 줄마다 넣었습니다.",
            f"{len(tall)} cells are merged over several lines; each counts for all of its lines.",
        )
        guesses.append(Guess("filled", "true", reason))
    return replace(grid, columns=tuple(columns)), replace(settings, filled=True)


def _rows_of(grid: Grid, merge: Merge) -> range:
    return range(*np.searchsorted(grid.lines, [merge.top + 1, merge.bottom + 2]))


def _filled_column(grid: Grid, column: int, merges: Sequence[Merge]) -> pa.ChunkedArray:
    source: NDArray[np.int64] = np.arange(len(grid.lines))
    for merge in merges:
        rows = _rows_of(grid, merge)
        if grid.lines[rows.start] == merge.top + 1:
            source[rows.start : rows.stop] = rows.start
    return pc.take(grid.columns[column], source)


def _tell(body: Body, guesses: list[Guess]) -> None:
    """Report the lines among and behind the records that were taken for something else."""
    repeated = len(body.lines.get(Aside.REPEATED_HEADER, ()))
    totals = len(body.lines.get(Aside.FOOTER, ()))
    if repeated:
        header = next((guess.value for guess in guesses if guess.setting == "header"), "")
        reason = Label(
            f"머리글이 아래에서 {repeated}줄 되풀이되어 기록에서 뺐습니다.",
            f"The header comes again in {repeated} lines below.",
        )
        guesses.append(Guess("header", header, reason))
    if totals and len(body.records.lines):
        reason = Label(
            f"합계·평균·서명처럼 기록이 아닌 {totals}줄을 따로 두었습니다.",
            f"{totals} lines are totals, averages or remarks and no records.",
        )
        last = str(int(body.records.lines[-1]))
        guesses.append(Guess("last", last, reason, certain=body.certain))
