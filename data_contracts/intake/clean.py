"""A file as a factory saves it -> frame. Today: clean CSV (UTF-8, comma, a header line) and Parquet.

Cells of a CSV stay text here; `data_contracts.enforce` gives them types, so that one module alone decides what a
number is. The frame's index is the line number that the member sees in its editor.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from data_contracts.errors import BrokenTable, TableEmpty, TableNotFound, UnknownTableFormat, WrongEncoding

__all__ = ["read_table"]

_BOM = b"\xef\xbb\xbf"
_MAX_CELL = 1_000_000  # a forgotten quotation mark would otherwise swallow the rest of the file into one cell


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a member's file.

    Args:
        path: a ``.csv`` or ``.parquet`` file.

    Returns:
        A frame whose index is the line number in the file (the header is line 1; in a Parquet file, rows count from 1).
        Cells of a CSV are text without surrounding blanks, missing where blank. Names of columns are stripped, and may
        repeat: `enforce` reports that.

    Raises:
        TableNotFound: if there is no such file, or it cannot be opened.
        UnknownTableFormat: if the suffix is neither ``.csv`` nor ``.parquet``.
        WrongEncoding: if a CSV is not UTF-8; the text names line and byte, and how to save the file as UTF-8.
        TableEmpty: if a CSV has no header line.
        BrokenTable: if lines have more or fewer cells than the header, or the Parquet file is damaged.
    """
    path = Path(path)
    readers = {".csv": _read_csv, ".parquet": _read_parquet}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        name = path.name or str(path)
        raise UnknownTableFormat(f"{name}: a table is a .csv or .parquet file; save it as CSV UTF-8 and try again")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise TableNotFound(
            f"cannot open {str(path)!r}: {error.strerror}; check the path and who may read it"
        ) from None
    return reader(data, path.name)


def _read_csv(data: bytes, name: str) -> pd.DataFrame:
    records = list(_records(_decode(data.removeprefix(_BOM), name), name))
    if not records:
        raise TableEmpty(f"{name} has no header line; export the table again, with its header")
    header = [cell.strip() for cell in records[0][1]]
    lines, rows = [line for line, _ in records[1:]], [cells for _, cells in records[1:]]
    uneven = [line for line, cells in records[1:] if len(cells) != len(header)]
    if uneven:
        raise BrokenTable(
            f"{name}: the header has {len(header)} column(s), but {len(uneven)} line(s) have more or fewer "
            f"(first: line {uneven[0]}). Put a text that holds a comma in double quotes; the separator must be a comma."
        )
    index = pd.Index(np.array(lines, dtype=np.int64))
    columns = [
        pd.Series([cell.strip() or None for cell in cells], index=index, dtype="string")
        for cells in (zip(*rows, strict=True) if rows else [()] * len(header))
    ]
    frame = pd.concat(columns, axis=1)
    frame.columns = pd.Index(header, dtype="object")
    return frame


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line_start = data.rfind(b"\n", 0, error.start) + 1
        line = data.count(b"\n", 0, error.start) + 1
        guess = " It looks like CP949 (EUC-KR), the Korean Windows encoding." if _is_cp949(data) else ""
        raise WrongEncoding(
            f"{name} is not UTF-8: line {line}, byte {error.start - line_start + 1} of the line "
            f"(byte {error.start + 1} of the file).{guess} In Excel: File > Save As > 'CSV UTF-8 (Comma delimited)'; "
            "in Notepad: Save As > Encoding: UTF-8. Then try again."
        ) from None


def _is_cp949(data: bytes) -> bool:
    try:
        data.decode("cp949")
    except UnicodeDecodeError:
        return False
    return True


def _records(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (number of its first line, cells) for every record that is not blank."""
    previous = csv.field_size_limit()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    started = 1
    try:
        csv.field_size_limit(_MAX_CELL)
        for cells in reader:
            if any(cells) and not "".join(cells).isspace():
                yield started, cells
            started = reader.line_num + 1
    except csv.Error:
        raise BrokenTable(
            f"{name}: the record that starts in line {started} is no valid CSV; look for a double quote left open"
        ) from None
    finally:
        csv.field_size_limit(previous)


def _read_parquet(data: bytes, name: str) -> pd.DataFrame:
    import pyarrow as pa  # noqa: PLC0415  # 30 MB that readers of CSV do not need
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        frame: pd.DataFrame = pq.read_table(pa.BufferReader(data)).to_pandas(ignore_metadata=True)
    except (pa.ArrowException, ValueError, OSError):
        raise BrokenTable(f"{name} is not a readable Parquet file; write it again") from None
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame
