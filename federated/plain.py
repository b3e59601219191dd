"""Frozen types <-> plain dicts, lists and scalars, ready for JSON; and texts from elsewhere, fit to be shown."""

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


def plain_text(text: str, most: int = 300) -> str:
    """Return a text from elsewhere so that it can be shown to a person.

    Args:
        text: The text.
        most: Characters of it that are shown.

    Returns:
        It in one line, without anything that could move a terminal's cursor or turn letters around, and cut to length.
    """
    shown = "".join(character if character.isprintable() else "?" for character in text[:most])
    return shown if len(text) <= most else f"{shown}…"


@cache
def _converter() -> JsonConverter:
    """Return cattrs' JSON converter with one addition: an array is its dtype and its nested lists."""
    converter = make_converter()
    converter.register_unstructure_hook_func(_is_array, lambda a: {"dtype": str(a.dtype), "data": a.tolist()})
    converter.register_structure_hook_func(_is_array, lambda value, _: np.array(value["data"], dtype=value["dtype"]))
    return converter


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray
