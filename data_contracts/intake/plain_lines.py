"""Blocks of plain lines -> columns, by pyarrow: some fifty million cells in two seconds.

A block is plain if each of its lines is one record and its quotation marks all open and close at the edges of cells.
Then any two parsers agree about it; of any other block this one keeps its hands off.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data_contracts.intake.blocks import Block, line_count
from data_contracts.intake.delimiters import Dialect
from data_contracts.intake.grid import Odd, blank_to_null
from data_contracts.intake.limits import MAX_CELL

__all__ = ["PlainLines", "Shape", "split_plain"]

_QUOTE, _LF, _CR = b'"\n\r'


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found out about the records before all of them are read.

    Attributes:
        dialect: what separates the cells.
        width: how many cells a record has.
        padded: whether a record with fewer cells lacks blank ones at its end.
        trails: whether records may have blank cells too many at their end.
        name: the file's name, for messages.
    """

    dialect: Dialect
    width: int
    padded: bool
    trails: bool
    name: str


@dataclass(frozen=True)
class PlainLines:
    """The records of a block.

    Attributes:
        columns: the cells, one array of large_string per column, null where blank.
        lines: the line of each record.
        odd: lines with another number of cells.
    """

    columns: list[pa.Array]
    lines: NDArray[np.int64]
    odd: list[Odd]


def split_plain(block: Block, shape: Shape) -> PlainLines | None:
    """Split the lines of a block, or return None if it is not plain."""
    if shape.padded or shape.dialect.spaced or shape.width == 1:
        return None
    if not block.clean or not _plainly_quoted(block.data, shape.dialect.delimiter):
        return None
    skipped: list[Odd] = []
    places: list[int] = []

    def skip(row: Any) -> str:
        places.append(row.number)
        skipped.append(Odd(block.line + row.number - 1, row.text, shape.dialect.delimiter))
        longer = row.actual_columns > shape.width
        return "error" if shape.trails and longer and not any(skipped[-1].cells[shape.width :]) else "skip"

    table = _parse(block.data, shape, skip)
    if table is None:
        return None
    lines = line_count(block.data) + (block.data[-1] not in (_LF, _CR))
    columns = [blank_to_null(column.combine_chunks()) for column in table.columns]
    if table.num_rows + len(skipped) != lines or not all(map(_short, columns)):
        return None
    numbers = np.delete(np.arange(block.line, block.line + lines, dtype=np.int64), [place - 1 for place in places])
    return PlainLines(columns, numbers, [odd for odd in skipped if odd.text.strip()])


def _parse(data: bytes, shape: Shape, skip: Callable[[Any], str]) -> pa.Table | None:
    from pyarrow import csv as arrow_csv  # noqa: PLC0415  # 10 ms that readers of workbooks do not need

    names = [str(at) for at in range(shape.width)]
    text = dict.fromkeys(names, pa.large_string())
    try:
        return arrow_csv.read_csv(
            pa.BufferReader(data),
            read_options=arrow_csv.ReadOptions(column_names=names, block_size=len(data) + 1, use_threads=False),
            parse_options=arrow_csv.ParseOptions(
                delimiter=shape.dialect.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=text, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=True
            ),
        )
    except (pa.ArrowException, ValueError):
        return None


def _short(column: pa.Array) -> bool:
    longest = pc.max(pc.binary_length(column)).as_py()
    return longest is None or longest <= MAX_CELL


def _plainly_quoted(data: bytes, delimiter: str) -> bool:
    """Whether every quotation mark opens or closes a whole cell, in turn: then any two parsers agree."""
    if b'"' not in data:
        return True
    signs = np.frombuffer(data, dtype=np.uint8)
    quotes = np.flatnonzero(signs == _QUOTE)
    if len(quotes) % 2:
        return False
    edges = np.array([ord(delimiter), _LF, _CR], dtype=np.uint8)
    opening, closing = quotes[0::2], quotes[1::2]
    before = opening[opening > 0] - 1
    after = closing[closing < len(data) - 1] + 1
    return bool(np.isin(signs[before], edges).all() and np.isin(signs[after], edges).all())
