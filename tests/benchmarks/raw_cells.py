"""A generated file's cells, read with the truth at hand and without any of the product's readers or rules."""

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from flows.synthetic.truth import Truth

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
SECOND = "%Y-%m-%d %H:%M:%S"


def raw_cells(path: Path, truth: Truth) -> Mapping[int, Sequence[str]]:
    """Return each line's cells as text; numbers and moments of a workbook are written out plainly."""
    if truth.sheet:
        sheet = CalamineWorkbook.from_path(path).get_sheet_by_name(truth.sheet)
        first = sheet.start[0] if sheet.start else 0
        rows = sheet.to_python(skip_empty_area=False)
        skipped = 0 if len(rows) > sheet.height else first  # the library may or may not pad empty rows above
        return {skipped + index + 1: [_plain(cell) for cell in row] for index, row in enumerate(rows)}
    reader = csv.reader(io.StringIO(path.read_bytes().decode(truth.encoding), newline=""), delimiter=truth.delimiter)
    found, begins = {}, 1
    for row in reader:
        found[begins] = row
        begins = reader.line_num + 1
    return found


def says(text: str, value: object, *, number: bool) -> bool:
    """Tell whether a value is what the text says with nothing done to it: not a blank, a comma or a word changed.

    Args:
        text: What stands in the file.
        value: What it became.
        number: Whether the column holds numbers: then ``4.30`` says the same as ``4.3``.
    """
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)) or value is pd.NA:
        return not text
    if isinstance(value, float | int):
        return _is_number(text) and float(text) == float(value)
    if isinstance(value, datetime):
        return text == value.strftime(SECOND)
    return text == value or (
        number and _is_number(text) and _is_number(str(value)) and float(text) == float(str(value))
    )


def _is_number(text: str) -> bool:
    return NUMBER.fullmatch(text) is not None


def _plain(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.strftime(SECOND)
    return repr(cell) if isinstance(cell, float) else str(cell)
