"""Wide tables: like columns such as ``온도1``, ``온도2`` are proposed to be made one long column, or made so."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from data_contracts.contract import Label
from data_contracts.errors import BrokenTable
from data_contracts.intake.grid import Grid, check_size
from data_contracts.intake.guesses import Guess
from data_contracts.intake.kinds import CellKind
from data_contracts.intake.profiles import profiles_of
from data_contracts.intake.settings import Melt
from data_contracts.intake.table import Header

__all__ = ["make_long", "propose_melt"]

_LEAST = 3
_DIGITS = re.compile(r"\d+")
_SHOWN = 3


def propose_melt(headers: Sequence[Header], records: Grid) -> Guess | None:
    """Return the guess that some columns are one series, or None where there is no such series."""
    kinds = [profile.kind for profile in profiles_of(records)]
    numbers = [header for header, kind in zip(headers, kinds, strict=True) if kind is CellKind.NUMBER]
    found = max(_series(numbers), key=len, default=())
    if len(found) < _LEAST:
        return None
    stem = _DIGITS.sub("", found[0].name).strip(" _-#.()차회번월일") or "값"
    shown = ", ".join(header.text for header in found[:_SHOWN])
    reason = Label(
        f"번호만 다른 열 {len(found)}개({shown}…)가 이어집니다. 같은 양을 여러 번 잰 것이면 한 열로 모을 수 있습니다.",
        f"{len(found)} columns differ in a running number only ({shown}…); if they hold one quantity, measured several "
        "times, they can be made one long column.",
    )
    melt = {"series": [header.text for header in found], "names": f"{stem} 구분", "values": stem}
    return Guess("melt", json.dumps(melt, ensure_ascii=False), reason, certain=False)


def make_long(headers: Sequence[Header], records: Grid, melt: Melt) -> tuple[list[tuple[str, str | None]], Grid]:
    """Make one column of names and one of values out of a series of columns.

    Returns:
        Text and unit of each header, and the records: each as often as the series has columns.

    Raises:
        BrokenTable: if the file lacks a column of the series.
    """
    at = {header.text: header.position - 1 for header in headers}
    missing = [text for text in melt.series if text not in at]
    if missing:
        raise BrokenTable(
            f"the file has no column {missing[0]!r}, which the setting 'melt' names; correct the mapping file"
        )
    series = [at[text] for text in melt.series]
    others = [place for place in range(len(headers)) if place not in series]
    check_size(len(records.lines) * len(series), len(others) + 2)
    order = np.argsort(np.tile(np.arange(len(records.lines)), len(series)), kind="stable")
    columns = [pa.chunked_array(records.columns[place].chunks * len(series), pa.large_string()) for place in others]
    names = pa.array(np.repeat(np.array(melt.series, dtype=object), len(records.lines)), pa.large_string())
    values = [chunk for place in series for chunk in records.columns[place].chunks]
    long = [*columns, pa.chunked_array([names]), pa.chunked_array(values, pa.large_string())]
    grid = Grid(np.repeat(records.lines, len(series)), tuple(column.take(order) for column in long), records.odd)
    units = {headers[place].unit for place in series}
    texts = [(headers[place].text, None) for place in others]
    return [*texts, (melt.names, None), (melt.values, units.pop() if len(units) == 1 else None)], grid


def _series(headers: Sequence[Header]) -> Iterator[tuple[Header, ...]]:
    """Yield runs of headers that are the same but for one number, which counts up."""
    groups: dict[tuple[str, int], list[tuple[int, Header]]] = defaultdict(list)
    for header in headers:
        for number, found in enumerate(_DIGITS.finditer(header.text)):
            if len(found.group()) <= 4:  # noqa: PLR2004  # a year, not a serial number
                stem = f"{header.text[: found.start()]}#{header.text[found.end() :]}"
                groups[stem, number].append((int(found.group()), header))
    for members in groups.values():
        run = [members[0]]
        for member in members[1:]:
            if member[0] != run[-1][0] + 1:
                yield tuple(header for _, header in run)
                run = []
            run.append(member)
        yield tuple(header for _, header in run)
