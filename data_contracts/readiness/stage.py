"""How far the factory seems to be on the way from checking by hand to running by itself, judged from one file.

The five stages are those of the Korean diagnosis model for smart factories (KS X 9001): 1 checking, with paper and
spreadsheets; 2 monitoring, with values collected by machine; 3 control, with values acted upon; 4 optimisation, with
values foreseen; 5 autonomy. A file can only show the difference between the first and the second.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from data_contracts.cells.changes import Rule
from data_contracts.contract import Label, Role
from data_contracts.intake.table import Aside
from data_contracts.readiness.check_types import Sign, Stage
from data_contracts.readiness.records import Records
from data_contracts.readiness.stage_words import SIGNS, STEPS

__all__ = ["stage"]

_LOOKED_AT = 5_000
_FEWEST = 20
_ROUNDED = 0.9
_BY_CHANCE = 5
_READ = 0.99
_ONE_SHAPE = 0.99


def stage(records: Records) -> Stage:
    """Estimate the stage: 2 if moments come from a clock in one form and nothing looks typed, otherwise 1."""
    moments = tuple(_moments(records))
    typing = tuple(_typing(records))
    signs = {**dict(moments), **dict(typing)}
    from_clock = bool(moments) and all(good for _, good in moments)
    typed = any(not good for _, good in typing)
    level = 2 if from_clock and not typed else 1
    wrong = [name for name, good in signs.items() if not good]
    step = STEPS["monitoring"] if level > 1 else STEPS[wrong[0]]
    return Stage(level, tuple(Sign(good, _text(name, good=good)) for name, good in signs.items()), step)


def _text(name: str, *, good: bool) -> Label:
    return SIGNS[name][0 if good else 1]


def _moments(records: Records) -> Iterator[tuple[str, bool]]:
    column = records.time
    yield "time", column is not None
    if column is None:
        return
    moments = records.moments(column.name)
    known = moments[~np.isnat(moments)]
    of_day = (known - known.astype("datetime64[D]")).astype("timedelta64[s]").astype(np.int64)
    yield "clock", bool((of_day != 0).mean() >= 0.5)  # noqa: PLR2004  (most have a time of day)
    if len(known) >= _FEWEST and (of_day != 0).any():
        rounded = float((of_day[of_day != 0] % (_BY_CHANCE * 60) == 0).mean())
        yield "minutes", rounded < _ROUNDED
    yield "form", _one_form(records, column.name)


def _one_form(records: Records, name: str) -> bool:
    """Whether the moments are written in one way: every run of digits replaced by one sign, 99 % are the same text."""
    header = records.header(name)
    if header is None:
        return True
    cells = records.prepared.table.column(header).dropna()
    some = cells.iloc[:: max(1, len(cells) // _LOOKED_AT)]
    shapes = some.str.strip().str.replace(r"[0-9]+", "9", regex=True)
    return bool(len(shapes)) and float(shapes.value_counts(normalize=True).max()) >= _ONE_SHAPE


def _typing(records: Records) -> Iterator[tuple[str, bool]]:
    prepared = records.prepared
    rules = {change.rule for change in prepared.mapped.changes}
    unread = any(len(lines) for lines in prepared.mapped.unread.values()) or len(prepared.table.lines(Aside.UNREADABLE))
    yield "typos", not (unread or Rule.FULL_WIDTH in rules or _units_here_and_there(records))
    yield "spellings", not _several_spellings(records)


def _units_here_and_there(records: Records) -> bool:
    return any(
        change.rule is Rule.UNIT_IN_CELL and change.cells < _READ * len(records)
        for change in records.prepared.mapped.changes
    )


def _several_spellings(records: Records) -> bool:
    """Whether one word of the contract is written in several ways in the file, such as ``OK`` and ``양품``."""
    for column in records.mapped:
        header = records.header(column.name)
        if not column.vocabulary or column.role is Role.OUTCOME or header is None:
            continue
        written = records.prepared.table.column(header).str.strip()
        codes, _ = pd.factorize(written)
        meant, _ = records.codes(column.name)
        known = (meant >= 0) & (codes >= 0)
        spellings = pd.unique(meant[known] * (codes.max(initial=0) + 1) + codes[known])
        if len(spellings) > len(pd.unique(meant[known])):
            return True
    return False
