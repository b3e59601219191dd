"""Mistakes on purpose: slips of the finger, impossible numbers, stray dates, records that stand twice."""

import numpy as np
import pandas as pd

from flows.synthetic.cells import Cell, Written, moment_text, number_text
from flows.synthetic.date_styles import STYLES
from flows.synthetic.habits import Form, Mistakes, NumberStyle

Marks = dict[tuple[str, int], str]
"""Column and row -> kind of damage."""

_STRAY = ("dots-minute", "iso-day", "slashes", "korean-minute")  # the year first and in full: no doubt about the order
_LOOKALIKES = {"0": "O", "1": "l", "5": "S", "8": "B"}


def damage(
    columns: list[Written], lots: pd.DataFrame, mistakes: Mistakes, form: Form, rng: np.random.Generator
) -> Marks:
    """Spoil some cells of the contract's columns, in place.

    Args:
        columns: The file's columns.
        lots: The records.
        mistakes: How often.
        form: Kind of file.
        rng: Source of chance.

    Returns:
        What was spoilt; a stray date is not, since it still says the same.
    """
    marks: Marks = {}
    numbers = [one for one in columns if one.habit.number is not None and one.habit.wanted]
    for share, kind in ((mistakes.slips, "slip"), (mistakes.impossible, "impossible")):
        for row in np.flatnonzero(rng.random(len(lots)) < share):
            column = numbers[int(rng.integers(len(numbers)))]
            if column.meant[row] is not None and (column.habit.source, int(row)) not in marks:
                column.cells[row] = _spoilt(column, int(row), kind, form, rng)
                marks[column.habit.source, int(row)] = kind
    moments = next((one for one in columns if one.habit.source == "plated_at" and one.habit.date), None)
    if moments is not None:
        _stray(moments, lots, mistakes.stray_dates, rng)
    return marks


def repeat(rows: int, share: float, rng: np.random.Generator) -> list[int]:
    """Return the order of records with some of them standing twice, the second a few lines below the first."""
    order = list(range(rows))
    for row in np.flatnonzero(rng.random(rows) < share)[::-1]:
        order.insert(min(int(row) + int(rng.integers(1, 4)), len(order)), int(row))
    return order


def _spoilt(column: Written, row: int, kind: str, form: Form, rng: np.random.Generator) -> Cell:
    style = column.habit.number
    if style is None:
        raise ValueError(f"{column.habit.source} holds no numbers")
    value = _in_file(column, row)
    if kind == "impossible":
        return _as_cell(float(rng.choice([-value - 1, 9999.0, value + 5000])), style, form)
    way = rng.random()
    if way < 0.5:  # noqa: PLR2004  (half of the slips move the dot)
        return _as_cell(value * (10.0 if rng.random() < 0.7 else 0.1), style, form)  # noqa: PLR2004
    text = number_text(value, style)
    if way < 0.75 and "." in text:  # noqa: PLR2004
        return text.replace(".", "", 1) if rng.random() < 0.5 else text.replace(".", "..", 1)  # noqa: PLR2004
    return _with_a_letter(text, rng)


def _with_a_letter(text: str, rng: np.random.Generator) -> str:
    known = [index for index, sign in enumerate(text) if sign in _LOOKALIKES]
    if known and rng.random() < 0.6:  # noqa: PLR2004
        place = known[int(rng.integers(len(known)))]
        return text[:place] + _LOOKALIKES[text[place]] + text[place + 1 :]
    return text + str(rng.choice(["?", "ㅁ", "`", "q"]))


def _in_file(column: Written, row: int) -> float:
    meant, unit = column.meant[row], column.habit.unit
    value = float(meant) if isinstance(meant, float) else 0.0
    return value if unit is None else (value - unit.offset) / unit.factor


def _as_cell(value: float, style: NumberStyle, form: Form) -> Cell:
    if form is Form.WORKBOOK and not style.as_text and not style.suffix:
        return round(value, style.decimals)
    return number_text(value, style)


def _stray(column: Written, lots: pd.DataFrame, share: float, rng: np.random.Generator) -> None:
    for row in np.flatnonzero(rng.random(len(lots)) < share):
        style, moment = STYLES[str(rng.choice(_STRAY))], lots["plated_at"].iloc[row].to_pydatetime()
        if column.meant[row] is not None:
            column.cells[row], column.meant[row] = style.write(moment), moment_text(style.kept(moment))
