"""Typed messages <-> Flower records: the only module that knows under which keys they travel.

A message becomes one Flower ``ConfigRecord`` named ``message``: its scalars under their dotted paths, all its arrays
as one flat run of bytes, and a table of contents that says which array lies where. A SuperLink's cost is the number of
objects it carries, not their size: like this a message is three of them, whatever the network.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from flwr.app import ConfigRecord, RecordDict
from numpy.typing import NDArray

from federated.errors import BadMessage
from federated.fields import Flat, Value, build, flatten

T = TypeVar("T")

MESSAGE = "message"
"""Name of the one record of a message."""
CONTENTS = "@contents"
"""Key of the table of contents: JSON ``[[group, name, dtype, shape], ...]`` in the order of the bytes."""
ARRAYS = "@arrays"
"""Key of the flat bytes: every array little-endian and row-major, one after the other, nothing between or behind."""

_DTYPES = frozenset({"bool", "int8", "int16", "int32", "int64", "uint8", "float16", "float32", "float64"})
_MOST_DIMENSIONS = 8
_MOST_NUMBERS = 2**40  # in one dimension; numpy refuses larger ones in its own way, even where another is zero


@dataclass(frozen=True)
class _Entry:
    """One line of the table of contents; `group` is empty for a single array."""

    group: str
    name: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


def pack(message: object) -> RecordDict:
    """Turn a typed message into the Flower record that carries it."""
    return pack_flat(flatten(message))


def pack_flat(flat: Flat) -> RecordDict:
    """Turn flat fields into the Flower record that carries them."""
    named = [*_named(flat)]
    contents = [[group, name, array.dtype.name, list(array.shape)] for group, name, array in named]
    # Flower cannot type an empty list; an absent one is read back as empty.
    values: dict[str, Any] = {name: value for name, value in flat.values.items() if value != []}
    if named:
        values[CONTENTS] = json.dumps(contents, separators=(",", ":"))
        values[ARRAYS] = b"".join(_bytes(array) for _, _, array in named)
    return RecordDict({MESSAGE: ConfigRecord(values)})


def unpack(kind: type[T], record: RecordDict) -> T:
    """Read a typed message from a Flower record.

    Raises:
        BadMessage: The record does not hold exactly the fields that `kind` declares.
    """
    return build(kind, read_flat(record))


def read_flat(record: RecordDict) -> Flat:
    """Read the flat fields of a Flower record, whatever message it is.

    Raises:
        BadMessage: There is anything but one config record named ``message``, or its arrays do not add up.
    """
    # Not `record.config_records`: that view points at itself and would keep the bytes until the garbage collector runs.
    message = record[MESSAGE] if set(record) == {MESSAGE} else None
    if not isinstance(message, ConfigRecord):
        raise BadMessage(f"exactly one config record, named {MESSAGE!r}, and nothing else must be sent")
    values: dict[str, Any] = dict(message)
    contents, data = values.pop(CONTENTS, "[]"), values.pop(ARRAYS, b"")
    if not isinstance(contents, str) or not isinstance(data, bytes):
        raise BadMessage(f"{CONTENTS} must be a text and {ARRAYS} bytes")
    for name, value in values.items():
        _check_value(name, value)
    flat = Flat(values=values)
    for entry, array in _arrays(_entries(contents), data):
        place = flat.groups.setdefault(entry.group, {}) if entry.group else flat.arrays
        if entry.name in place:
            raise BadMessage(f"the array {entry.name!r} is named twice")
        place[entry.name] = array
    return flat


def _named(flat: Flat) -> Iterator[tuple[str, str, NDArray[Any]]]:
    for group, arrays in flat.groups.items():
        for name, array in arrays.items():
            yield group, name, array
    for name, array in flat.arrays.items():
        yield "", name, array


def _bytes(array: NDArray[Any]) -> bytes:
    if array.dtype.name not in _DTYPES:
        raise BadMessage(f"arrays of {array.dtype} cannot travel")
    return array.astype(array.dtype.newbyteorder("<"), order="C", copy=False).tobytes()


def _entries(contents: str) -> list[_Entry]:
    try:
        entries = [_Entry(group, name, dtype, tuple(shape)) for group, name, dtype, shape in json.loads(contents)]
    except (ValueError, TypeError, RecursionError) as error:
        raise BadMessage("the table of contents cannot be read") from error
    for entry in entries:
        _check_entry(entry)
    return entries


def _check_entry(entry: _Entry) -> None:
    if not all(isinstance(text, str) for text in (entry.group, entry.name, entry.dtype)) or not entry.name:
        raise BadMessage("an array in the table of contents has no name")
    if entry.dtype not in _DTYPES:
        raise BadMessage("an array in the table of contents has a type that cannot travel")
    if len(entry.shape) > _MOST_DIMENSIONS or not all(type(n) is int and 0 <= n <= _MOST_NUMBERS for n in entry.shape):
        raise BadMessage("an array in the table of contents has an impossible shape")


def _arrays(entries: list[_Entry], data: bytes) -> Iterator[tuple[_Entry, NDArray[Any]]]:
    """Cut the bytes into arrays; what is left over, or missing, is refused."""
    if sum(entry.size for entry in entries) != len(data):
        raise BadMessage("the arrays' bytes are not as many as their table of contents says")
    at = 0
    for entry in entries:
        piece = np.frombuffer(data, dtype=np.uint8, count=entry.size, offset=at)
        little = np.dtype(entry.dtype).newbyteorder("<")
        # A copy: the bytes may lie at an odd address, and readers may keep the array longer than the message.
        array = piece.copy().view(little).reshape(entry.shape).astype(entry.dtype, copy=False)
        at += entry.size
        yield entry, array


def _check_value(name: str, value: Value | bytes) -> None:
    if isinstance(value, bytes) or (isinstance(value, list) and any(isinstance(item, bytes) for item in value)):
        raise BadMessage(f"the field {name} holds bytes; only {ARRAYS} does")
