"""Write one generated file, and say what is true about it."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from flows.synthetic.cells import Written, write_column
from flows.synthetic.damage import Marks, damage, repeat
from flows.synthetic.habits import COLUMNS, ColumnHabit, FileHabits, Form
from flows.synthetic.layout import Part, Row, lay_out
from flows.synthetic.text_file import write_text
from flows.synthetic.truth import ColumnTruth, Damage, Truth
from flows.synthetic.workbook_file import write_workbook


def write_file(
    habits: FileHabits, lots: pd.DataFrame, folder: Path, rng: np.random.Generator, *, seed: int, factory: str
) -> Truth:
    """Write lots as a factory would, and return what is true about the file.

    Args:
        habits: How the factory writes.
        lots: The records: the contract's columns and those of `surroundings.surround`.
        folder: Where the file goes; made when it is new.
        rng: Source of chance.
        seed: The seed behind `rng`, for the truth.
        factory: The invented factory, for the truth.
    """
    columns = [write_column(habit, lots, habits.form, rng) for habit in habits.columns]
    marks = damage(columns, lots, habits.mistakes, habits.form, rng)
    rows = lay_out(habits, columns, repeat(len(lots), habits.mistakes.repeated, rng), rng)
    folder.mkdir(parents=True, exist_ok=True)
    if habits.form is Form.TEXT:
        write_text(rows, folder / habits.name, encoding=habits.encoding, delimiter=habits.delimiter)
    else:
        write_workbook(rows, folder / habits.name, habits)
    return _truth(habits, columns, rows, marks, seed=seed, factory=factory)


def _truth(
    habits: FileHabits, columns: list[Written], rows: list[Row], marks: Marks, *, seed: int, factory: str
) -> Truth:
    records = [row for row in rows if row.part is Part.RECORD]
    header = [row.line for row in rows if row.part is Part.HEADER][: habits.header_lines]
    of_text = habits.form is Form.TEXT
    return Truth(
        file=habits.name,
        seed=seed,
        factory=factory,
        encoding=habits.encoding if of_text else "",
        delimiter=habits.delimiter if of_text else "",
        sheet="" if of_text else habits.sheet,
        header=(header[0], header[-1]),
        last=max(row.line for row in rows if row.record >= 0),
        columns=tuple(_column_truth(name, habits, columns, records, marks) for name in COLUMNS),
        lines=tuple(row.line for row in records),
        ragged=tuple(row.line for row in rows if row.part is Part.RAGGED),
        repeated=_second_times(records),
        aside=tuple(
            row.line
            for row in rows
            if row.record < 0 and row.line not in header and any(cell is not None for cell in row.cells)
        ),
    )


def _column_truth(
    name: str, habits: FileHabits, columns: list[Written], records: list[Row], marks: Marks
) -> ColumnTruth:
    index = next((index for index, habit in enumerate(habits.columns) if habit.source == name), None)
    if index is None:
        return ColumnTruth(name, None, None)
    habit, written = habits.columns[index], columns[index]
    damaged = (Damage(row.line, marks[name, row.record]) for row in records if (name, row.record) in marks)
    return ColumnTruth(
        column=name,
        header=header_texts(habits)[index],
        position=index + 1,
        unit=None if habit.unit is None else habit.unit.text,
        unit_shown=habit.shows_unit,
        words=_meanings(habit),
        dates=None if habit.date is None else habit.date.order,
        date_style=None if habit.date is None else habit.date.name,
        decimal="," if habit.number is not None and habit.number.decimal_comma else ".",
        missing=habit.missing,
        damaged=tuple(damaged),
        values=tuple(written.meant[row.record] for row in records),
    )


def header_texts(habits: FileHabits) -> tuple[str, ...]:
    """Return the headers as texts, their lines joined by a blank, the second of equal ones followed by `` (2)``."""
    seen: Counter[str] = Counter()
    texts = []
    for column in habits.columns:
        text = " ".join(" ".join(part.split()) for part in column.header if part)
        seen[text] += 1
        texts.append(text if seen[text] == 1 else f"{text} ({seen[text]})")
    return tuple(texts)


def _meanings(habit: ColumnHabit) -> tuple[tuple[str, str | None], ...]:
    known: list[tuple[str, str | None]] = [(word, value) for value, words in habit.words for word in words]
    if habit.words and habit.empty is not None:
        known.append((habit.empty, None))
    return tuple(known)


def _second_times(records: list[Row]) -> tuple[int, ...]:
    seen: set[int] = set()
    return tuple(row.line for row in records if row.record in seen or seen.add(row.record))  # type: ignore[func-returns-value]
