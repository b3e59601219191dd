"""Accepted rows <-> the bytes of a Parquet file: the same bytes for the same rows."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data_contracts.contract import Contract, Kind
from data_contracts.errors import BrokenTable, FrameNotEnforced

__all__ = ["from_parquet", "to_parquet"]

_MOMENT = pa.timestamp("us")
_ARROW_TYPES = {
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.CATEGORY: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.TIMESTAMP: _MOMENT,
}
_PANDAS_TYPES: Mapping[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.int64(): pd.Int64Dtype(),
    pa.string(): pd.StringDtype(),
}


def to_parquet(frame: pd.DataFrame, contract: Contract) -> bytes:
    """Return the same bytes for the same rows: fixed columns, types and settings, no index, no time.

    Raises:
        FrameNotEnforced: if the rows lack contract columns or have other types.
    """
    names = [column.name for column in contract.columns]
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise FrameNotEnforced(f"the rows lack {', '.join(absent)}; enforce {contract.reference} first")
    schema = pa.schema(
        [(column.name, _ARROW_TYPES[column.kind]) for column in contract.columns],
        metadata={"contract": contract.reference, "contract_sha256": contract.sha256},
    )
    try:
        arrays = [pa.Array.from_pandas(frame[field.name], type=field.type) for field in schema]
    except (pa.ArrowException, TypeError, ValueError):  # their texts show cells
        raise FrameNotEnforced(f"the rows do not have the types of {contract.reference}; enforce it first") from None
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd", version="2.6")
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def from_parquet(data: bytes, name: str) -> pd.DataFrame:
    """Return the rows of a Parquet file with the types of an enforced frame; the index counts rows from 1.

    Args:
        data: the file's bytes.
        name: the file's name, for the error.

    Raises:
        BrokenTable: if the bytes are no Parquet file.
    """
    try:
        table = pq.read_table(pa.BufferReader(data))
    except (pa.ArrowException, ValueError, OSError):
        raise BrokenTable(f"{name} is not a readable Parquet file; write it again") from None
    frame = pd.DataFrame({name: _typed(column) for name, column in zip(table.column_names, table.columns, strict=True)})
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


def _typed(column: pa.ChunkedArray) -> pd.Series:
    cells: pd.Series = column.to_pandas(types_mapper=_PANDAS_TYPES.get)
    kind = "datetime64[us]" if column.type == _MOMENT else _PANDAS_TYPES.get(column.type, "float64")
    return cells.astype(pd.api.types.pandas_dtype(kind))
