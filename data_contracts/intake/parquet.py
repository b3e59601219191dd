"""Parquet files: typed columns with names, written out as the text that a person would type."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_contracts.errors import BrokenTable, TableTooLarge
from data_contracts.intake.cell_text import cell_text
from data_contracts.intake.grid import Grid, blank_to_null, check_size, text_array
from data_contracts.intake.layout import Laid
from data_contracts.intake.limits import MAX_BYTES, bytes_text
from data_contracts.intake.settings import NO_HEADER, FileSettings

__all__ = ["named_columns", "read_parquet"]

_BATCH = 65_536


def read_parquet(data: bytes, name: str, settings: FileSettings) -> Laid:
    """Read a Parquet file; its rows count from 1.

    Raises:
        BrokenTable: if it is damaged, or a column holds lists or records.
        TableTooLarge: if it has too many rows, columns, cells or bytes.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415  # 30 MB that readers of CSV do not need

    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        check_size(file.metadata.num_rows, file.metadata.num_columns)
        names = file.schema_arrow.names
        columns = [_column(data, name, at, file.schema_arrow) for at in range(len(names))]
    except (pa.ArrowMemoryError, pa.ArrowCapacityError):
        raise
    except (pa.ArrowException, ValueError, OSError, KeyError, IndexError, OverflowError):
        raise BrokenTable(f"{name} is not a readable Parquet file; write it again") from None
    if len({len(column) for column in columns}) > 1:
        raise BrokenTable(f"{name} is not a readable Parquet file: its columns differ in length; write it again")
    return named_columns(names, columns, settings)


def named_columns(names: Sequence[str], columns: Sequence[pa.ChunkedArray], settings: FileSettings) -> Laid:
    """Return columns whose names are known, as a layout."""
    rows = len(columns[0]) if columns else 0
    grid = Grid(np.arange(1, rows + 1, dtype=np.int64), tuple(columns))
    grid = grid.keep(~grid.blank_rows())
    texts = tuple((" ".join(str(name).split()), None) for name in names)
    return Laid(texts, grid, {}, {}, (), _no_layout(settings))


def _no_layout(settings: FileSettings) -> FileSettings:
    return FileSettings(header=NO_HEADER if settings.header == NO_HEADER else None, melt=settings.melt)


def _column(data: bytes, name: str, at: int, schema: pa.Schema) -> pa.ChunkedArray:
    import pyarrow.parquet as pq  # noqa: PLC0415

    field = schema.field(at)
    if pa.types.is_nested(field.type):
        raise BrokenTable(
            f"{name}: column {at + 1} holds lists or records, not cells; write it with one value per cell"
        )
    file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=[field.name] if _is_text(field.type) else None)
    earlier = schema.names[:at].count(field.name)  # columns of the same name come together
    pieces = []
    for batch in file.iter_batches(batch_size=_BATCH, columns=[field.name]):
        places = [place for place, other in enumerate(batch.schema.names) if other == field.name]
        pieces.append(_as_text(batch.column(places[earlier])))
    if sum(piece.nbytes for piece in pieces) > MAX_BYTES:
        raise TableTooLarge(f"{name}: column {at + 1} has more than {bytes_text(MAX_BYTES)} of text; split the file")
    return pa.chunked_array(pieces, pa.large_string())


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind))


def _as_text(cells: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(cells.type):
        return _from_dictionary(cells)
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        return blank_to_null(cells.cast(pa.large_string()))
    if pa.types.is_integer(cells.type):
        return cells.cast(pa.large_string())
    return text_array(list(map(cell_text, cells.to_pylist())))


def _from_dictionary(cells: pa.DictionaryArray) -> pa.Array:
    """Write out a column that stores each text once: a small file can hold a large text a million times."""
    words = text_array([cell_text(word) for word in _plain_values(cells.dictionary)])
    sizes = pc.fill_null(pc.binary_length(words), 0).take(cells.indices)
    if (pc.sum(sizes).as_py() or 0) > MAX_BYTES:
        raise TableTooLarge(f"a column has more than {bytes_text(MAX_BYTES)} of text; split the file")
    return words.take(cells.indices)


def _plain_values(cells: pa.Array) -> Iterable[object]:
    values: list[object] = cells.to_pylist()
    return values
