"""From columns to the rows of a file or sheet, each with the line in which it begins."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from flows.synthetic.cells import Cell, Written
from flows.synthetic.habits import FileHabits, Form


class Part(StrEnum):
    """What a row is."""

    TITLE = "title"
    HEADER = "header"
    RECORD = "record"
    RAGGED = "ragged"
    FOOTER = "footer"


@dataclass(frozen=True)
class Row:
    """One row of a file.

    Attributes:
        part: What it is.
        line: Where it begins, counted from 1.
        cells: From left to right.
        record: Which record it holds, -1 for none.
    """

    part: Part
    line: int
    cells: tuple[Cell, ...]
    record: int = -1


def lay_out(habits: FileHabits, columns: list[Written], order: list[int], rng: np.random.Generator) -> list[Row]:
    """Put titles, header, records and footer below each other.

    Args:
        habits: How the file looks.
        columns: Its columns.
        order: The records in the order in which they stand, some of them twice.
        rng: Source of chance.
    """
    plain: list[tuple[Part, tuple[Cell, ...], int]] = [(Part.TITLE, title, -1) for title in habits.titles]
    header = header_rows(habits)
    plain += [(Part.HEADER, row, -1) for row in header]
    ragged = rng.random(len(order)) < (habits.mistakes.ragged if habits.form is Form.TEXT else 0)
    for count, record in enumerate(order):
        if habits.repeat_header and count and count % habits.repeat_header == 0:
            plain += [(Part.HEADER, row, -1) for row in header]
        cells = tuple(column.cells[record] for column in columns)
        part = Part.RAGGED if ragged[count] else Part.RECORD
        plain.append((part, _torn(cells, rng) if ragged[count] else cells, record))
    plain += [(Part.FOOTER, row, -1) for row in _footer(habits, columns, order)]
    return _numbered(plain, len(columns), padded=habits.padded, text=habits.form is Form.TEXT)


def header_rows(habits: FileHabits) -> list[tuple[Cell, ...]]:
    """Return the header's rows; a text over several columns stands above the first of them, as merged cells do."""
    rows: list[tuple[Cell, ...]] = []
    last = habits.header_lines - 1
    for level in range(habits.header_lines):
        texts = [column.header[level] if level < len(column.header) else "" for column in habits.columns]
        merged = [
            None if level < last and index and text == texts[index - 1] else text for index, text in enumerate(texts)
        ]
        rows.append(tuple(text or None for text in merged))
    return rows


def _torn(cells: tuple[Cell, ...], rng: np.random.Generator) -> tuple[Cell, ...]:
    """Return a record with a cell too many (a comma inside a text without quotes) or with its last cells missing."""
    if rng.random() < 0.6:  # noqa: PLR2004
        place = int(rng.integers(2, len(cells)))
        return (*cells[:place], "재작업", *cells[place:])
    return cells[: max(len(cells) - int(rng.integers(1, 5)), 2)]


def _footer(habits: FileHabits, columns: list[Written], order: list[int]) -> list[tuple[Cell, ...]]:
    if not habits.footer:
        return list(habits.sign_off)
    totals: list[Cell] = []
    for index, column in enumerate(columns):
        found = [column.meant[record] for record in order]
        numbers = [value for value in found if isinstance(value, float)]
        if index == 0:
            totals.append("합계")
        elif index % 3 == 0 and numbers and column.habit.unit is None:
            mean = sum(numbers)
            totals.append(round(mean, 1) if habits.form is Form.WORKBOOK else f"{mean:,.1f}")
        else:
            totals.append(None)
    return [tuple(totals), *habits.sign_off]


def _numbered(plain: list[tuple[Part, tuple[Cell, ...], int]], width: int, *, padded: bool, text: bool) -> list[Row]:
    """Give each row its line; a line break inside a cell of a text file takes a line of its own."""
    rows, line = [], 1
    for part, cells, record in plain:
        filled = (*cells, *[None] * (width - len(cells))) if padded and part is not Part.RAGGED else cells
        rows.append(Row(part, line, filled, record))
        line += 1 + (sum(cell.count("\n") for cell in cells if isinstance(cell, str)) if text else 0)
    return rows
