"""From values to what stands in a cell, and what can be read back from it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from flows.synthetic.habits import ColumnHabit, Form, NumberStyle

Cell = str | float | datetime | None
Value = str | float | None
"""What a correctly read cell is in the contract: text (moments as ``2026-03-05 14:30:00``), a number, or missing."""

_TO_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass
class Written:
    """One column on its way into the file.

    Attributes:
        habit: How it is written.
        cells: What stands in the file, one per record.
        meant: What each cell means in the contract, None for missing; meaningless where `damage` struck.
    """

    habit: ColumnHabit
    cells: list[Cell]
    meant: list[Value]


def write_column(habit: ColumnHabit, lots: pd.DataFrame, form: Form, rng: np.random.Generator) -> Written:
    """Write a column as the factory does.

    Args:
        habit: How.
        lots: The records, with the column `ColumnHabit.source`.
        form: Kind of file: numbers and moments of a workbook stay what they are.
        rng: Source of chance.
    """
    source = lots[habit.source]
    if habit.number is not None:
        written = _numbers(habit, habit.number, source.to_numpy(dtype=np.float64), form, rng)
    elif habit.date is not None:
        written = _moments(habit, source)
    elif habit.words:
        written = _words(habit, source, rng)
    else:
        texts: list[str | None] = [None if pd.isna(text) else str(text) for text in source]
        written = Written(habit, list(texts), list(texts))
    _leave_out(written, rng)
    return written


def _numbers(
    habit: ColumnHabit, style: NumberStyle, values: np.ndarray, form: Form, rng: np.random.Generator
) -> Written:
    unit = habit.unit
    in_file = values if unit is None else (values - unit.offset) / unit.factor
    rounded = np.round(in_file, style.decimals)
    wide = rng.random(len(rounded)) < style.full_width
    plain = form is Form.WORKBOOK and not style.as_text and not style.suffix
    cells: list[Cell] = [
        float(value) if plain and not full else number_text(float(value), style, full_width=bool(full))
        for value, full in zip(rounded, wide, strict=True)
    ]
    in_contract = rounded if unit is None else unit.factor * rounded + unit.offset
    return Written(habit, cells, [float(value) for value in in_contract])


def number_text(value: float, style: NumberStyle, *, full_width: bool = False) -> str:
    """Return a number as the factory writes it."""
    text = f"{value:{',' if style.thousands else ''}.{style.decimals}f}"
    if style.decimal_comma:
        text = text.translate(str.maketrans(",.", ".,"))
    return (text.translate(_TO_FULL_WIDTH) if full_width else text) + style.suffix


def _moments(habit: ColumnHabit, source: pd.Series) -> Written:
    style = habit.date
    if style is None:
        raise ValueError(f"{habit.source} has no date style")
    moments = [moment.to_pydatetime() for moment in source]
    return Written(habit, [style.write(one) for one in moments], [moment_text(style.kept(one)) for one in moments])


def moment_text(moment: datetime) -> str:
    """Return a moment as the truth has it."""
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _words(habit: ColumnHabit, source: pd.Series, rng: np.random.Generator) -> Written:
    choices = dict(habit.words)
    cells: list[Cell] = []
    for value in source:
        if pd.isna(value):
            cells.append(habit.empty)
            continue
        words = choices[value]
        usual = len(words) == 1 or rng.random() < 0.85  # noqa: PLR2004  (one hand in seven writes it differently)
        cells.append(words[0] if usual else words[int(rng.integers(1, len(words)))])
    return Written(habit, cells, [None if pd.isna(value) else str(value) for value in source])


def _leave_out(written: Written, rng: np.random.Generator) -> None:
    """Blank some values, or write the factory's words for a missing one."""
    habit = written.habit
    for row in np.flatnonzero(rng.random(len(written.cells)) < habit.blank):
        blank = not habit.missing or rng.random() < 0.4  # noqa: PLR2004
        written.cells[row] = None if blank else str(rng.choice(habit.missing))
        written.meant[row] = None
