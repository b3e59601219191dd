"""A message as flat, named fields and back: the one place that knows how a typed message is laid out.

`flatten` walks a frozen dataclass and yields three flat mappings:

- arrays that belong together (a field of type ``Mapping[str, NDArray]``): ``{field: {name: array}}``
- single arrays: ``{"dotted.path": array}``
- scalars, texts and tuples of them: ``{"dotted.path": value}``

``None`` is left out. `build` is its inverse and refuses anything that the type does not declare: a missing field, a
field of another type, a field nobody asked for. Nothing is guessed and nothing extra is carried along.
"""

import hashlib
import types
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from federated.errors import BadMessage

Scalar: TypeAlias = bool | int | float | str
Value: TypeAlias = Scalar | list[int] | list[float] | list[str] | list[bool]
T = TypeVar("T")


@dataclass(frozen=True)
class Flat:
    """A message taken apart.

    Attributes:
        groups: Field name -> its named arrays, in order.
        arrays: Dotted path -> array.
        values: Dotted path -> scalar, text or list of them.
    """

    groups: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)
    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)


def flatten(message: object) -> Flat:
    """Take a message (a frozen dataclass) apart into flat, named fields."""
    flat = Flat()
    _flatten_into(flat, message, "")
    return flat


def build(kind: type[T], flat: Flat) -> T:
    """Put a message of type `kind` together again.

    Raises:
        BadMessage: A declared field is missing, has another type, or an undeclared one is present.
    """
    remaining = Flat(dict(flat.groups), dict(flat.arrays), dict(flat.values))
    message = _build(kind, remaining, "")
    leftover = [*remaining.groups, *remaining.arrays, *remaining.values]
    if leftover:
        shown = ", ".join(sorted(leftover)[:5])
        raise BadMessage(f"{kind.__name__}: {len(leftover)} field(s) that this message does not have: {shown}")
    return message


def message_digest(message: object) -> str:
    """Return the SHA-256 of a message's fields, by name, type and content."""
    flat, digest = flatten(message), hashlib.sha256()
    for name, value in sorted(flat.values.items()):
        digest.update(f"{name}={value!r};".encode())
    grouped = {f"{group}/{name}": array for group, arrays in flat.groups.items() for name, array in arrays.items()}
    for name, array in sorted({**flat.arrays, **grouped}.items()):
        digest.update(f"{name}:{array.dtype}:{array.shape};".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _flatten_into(flat: Flat, node: object, prefix: str) -> None:
    for item in fields(node):  # type: ignore[arg-type]  # callers pass dataclass instances only
        path, value = f"{prefix}{item.name}", getattr(node, item.name)
        if value is None:
            continue
        if is_dataclass(value):
            _flatten_into(flat, value, f"{path}.")
        elif isinstance(value, Mapping):
            flat.groups[path] = dict(value)
        elif isinstance(value, np.ndarray):
            flat.arrays[path] = value
        elif isinstance(value, tuple):
            flat.values[path] = list(value)
        else:
            flat.values[path] = value


def _build(kind: type[T], flat: Flat, prefix: str) -> T:
    hints = _hints(kind)  # type: ignore[arg-type]  # mypy takes no class for hashable
    read = {item.name: _read(hints[item.name], flat, f"{prefix}{item.name}") for item in fields(kind)}  # type: ignore[arg-type]
    try:
        return kind(**read)
    except Exception as error:  # whatever a type refuses its own fields with
        raise BadMessage(f"{kind.__name__}: {error}") from error


@cache
def _hints(kind: type[object]) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, flat: Flat, path: str) -> Any:
    options = [option for option in _options(hint) if option is not type(None)]
    if len(options) < len(_options(hint)) and not _present(flat, path):
        return None
    (expected,) = options
    if is_dataclass(expected):
        return _build(expected, flat, f"{path}.")  # type: ignore[arg-type]  # is_dataclass cannot narrow to a type
    if get_origin(expected) is Mapping:
        return flat.groups.pop(path, {})  # Flower drops a record without entries, so absent means empty
    if get_origin(expected) is np.ndarray:
        return _array(expected, flat, path)
    return _scalar(expected, flat, path)


def _array(expected: Any, flat: Flat, path: str) -> NDArray[Any]:
    array: NDArray[Any] = _take(flat.arrays, path)
    (declared,) = get_args(get_args(expected)[1])
    if declared is not Any and array.dtype != np.dtype(declared):
        raise BadMessage(f"{path} must be an array of {np.dtype(declared)}, got {array.dtype}")
    return array


def _scalar(expected: Any, flat: Flat, path: str) -> Any:
    if get_origin(expected) is tuple:
        inner = get_args(expected)[0]
        values = flat.values.pop(path, [])  # an empty list does not survive Flower's typed records
        if not isinstance(values, list) or not all(_is(value, inner) for value in values):
            raise BadMessage(f"{path} must be a list of {inner.__name__}")
        return tuple(inner(value) for value in values)
    value = _take(flat.values, path)
    if not _is(value, expected):
        raise BadMessage(f"{path} must be {expected.__name__}, got {type(value).__name__}")
    return expected(value)


def _is(value: object, expected: type) -> bool:
    """Tell whether a value has the declared type; an int may stand for a float, a bool never for a number."""
    if isinstance(value, bool):
        return expected is bool
    return isinstance(value, (int, float)) if expected is float else isinstance(value, expected)


def _take(mapping: dict[str, Any], path: str) -> Any:
    if path not in mapping:
        raise BadMessage(f"the field {path} is missing")
    return mapping.pop(path)


def _present(flat: Flat, path: str) -> bool:
    names = [*flat.groups, *flat.arrays, *flat.values]
    return any(name == path or name.startswith(f"{path}.") for name in names)


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)
