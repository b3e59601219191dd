"""Write rows as a text file."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from flows.synthetic.layout import Row


def write_text(rows: Iterable[Row], path: Path, *, encoding: str, delimiter: str) -> None:
    """Write rows with quotes where a cell needs them, and the line ends of Windows.

    Args:
        rows: The rows.
        path: The file.
        encoding: Python's name of the encoding.
        delimiter: What separates cells.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow(["" if cell is None else str(cell) for cell in row.cells])
    path.write_bytes(text.getvalue().encode(encoding))
