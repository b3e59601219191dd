"""Frozen types <-> plain dicts, lists and scalars, ready for JSON."""

from functools import cache
from typing import Any, TypeVar

import numpy as np
from cattrs.preconf.json import JsonConverter, make_converter

T = TypeVar("T")


def to_plain(value: object) -> Any:
    """Return a frozen type as dicts, lists and scalars, ready for JSON."""
    return _converter().unstructure(value)


def from_plain(kind: type[T], value: object) -> T:
    """Return the frozen type that `to_plain` took apart."""
    return _converter().structure(value, kind)


@cache
def _converter() -> JsonConverter:
    """Return cattrs' JSON converter with one addition: an array is its dtype and its nested lists."""
    converter = make_converter()
    converter.register_unstructure_hook_func(_is_array, lambda a: {"dtype": str(a.dtype), "data": a.tolist()})
    converter.register_structure_hook_func(_is_array, lambda value, _: np.array(value["data"], dtype=value["dtype"]))
    return converter


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray
