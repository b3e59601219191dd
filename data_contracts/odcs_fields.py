"""Single values of a contract's document, with a problem noted where one is not what it must be.

Every reader takes the list that problems are added to, and returns something harmless after a problem: one reading of
a file finds all of them.
"""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    Description,
    EnumValue,
    SchemaObject,
    SchemaProperty,
    Synonym,
)
from pydantic import BaseModel

from data_contracts.contract import PrivacyClass, Role

__all__ = [
    "read_choice",
    "read_custom",
    "read_number",
    "read_optional",
    "read_text",
    "read_texts",
    "read_words",
    "short",
    "unknown_fields",
]

_Choice = TypeVar("_Choice", Role, PrivacyClass)

_NESTED: dict[str, type[BaseModel]] = {
    "schema": SchemaObject,
    "properties": SchemaProperty,
    "customProperties": CustomProperty,
    "enum": EnumValue,
    "synonyms": Synonym,
    "quality": DataQuality,
    "description": Description,
}
_QUOTE = "put it in quotes (YAML reads no and 1 otherwise)"


def unknown_fields(raw: Mapping[Hashable, Any], model: type[BaseModel], where: str) -> Iterable[str]:
    """Yield the path of every field the standard does not know; the library reports only those of the first level."""
    known = {info.alias or name for name, info in model.model_fields.items()}
    for key, value in raw.items():
        path = f"{where}.{short(str(key))}".lstrip(".")
        if key not in known:
            yield path
        elif (inner := _NESTED.get(str(key))) is not None:
            items = value if isinstance(value, list) else [value]
            for index, item in enumerate(items):
                if isinstance(item, Mapping):
                    yield from unknown_fields(item, inner, f"{path}[{index}]" if isinstance(value, list) else path)


def read_custom(
    properties: Sequence[CustomProperty] | None, allowed: Sequence[str], where: str, problems: list[str]
) -> dict[str, object]:
    """Return the custom properties of an element by name; those not allowed, or written twice, are problems."""
    values: dict[str, object] = {}
    for entry in properties or ():
        if entry.property is None or entry.property not in allowed:
            names = ", ".join(allowed) or "none"
            problems.append(f"{where}: unknown custom property {short(entry.property)}; allowed here: {names}")
        elif entry.property in values:
            problems.append(f"{where}: custom property {entry.property} is written twice")
        else:
            values[entry.property] = entry.value
    return values


def read_choice(value: object, choices: type[_Choice], fallback: _Choice, where: str, problems: list[str]) -> _Choice:
    """Return one of a fixed set of words, or the fallback."""
    if isinstance(value, str) and value in set(choices):
        return choices(value)
    problems.append(f"{where}: must be one of {', '.join(choices)}, got {short(value)}")
    return fallback


def read_text(value: object, where: str, problems: list[str]) -> str:
    """Return a text of one line, or an empty one."""
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    what = "missing" if value is None else "must be a text of one line that is not blank"
    problems.append(f"{where}: {what}")
    return ""


def read_optional(values: Mapping[str, object], name: str, where: str, problems: list[str]) -> str:
    """Return a text of one line that may be left out, or an empty one."""
    return read_text(values[name], f"{where}, {name}", problems) if name in values else ""


def read_texts(values: object, where: str, problems: list[str]) -> tuple[str, ...]:
    """Return a list of texts, those that are none left out."""
    if not isinstance(values, list):
        problems.append(f"{where}: must be a list")
        return ()
    if any(not isinstance(value, str) for value in values):
        problems.append(f"{where}: every entry must be a text; {_QUOTE}")
    return tuple(read_text(value, where, problems) for value in values if isinstance(value, str))


def read_words(value: object, where: str, problems: list[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return pairs of a value and its other words, from a mapping of values to lists."""
    if not isinstance(value, Mapping):
        problems.append(f"{where}: must map values of the enum to lists of words")
        return ()
    if any(not isinstance(name, str) for name in value):
        problems.append(f"{where}: every value must be a text; {_QUOTE}")
    return tuple(
        (name, read_texts(words, f"{where}.{short(name)}", problems))
        for name, words in value.items()
        if isinstance(name, str)
    )


def read_number(value: object, where: str, problems: list[str]) -> float | None:
    """Return a finite number, or None."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    problems.append(f"{where}: must be a finite number")
    return None


def short(value: object) -> str:
    """Show a value of the contract (never of the data) in a bounded, printable form."""
    text = ascii(value) if not isinstance(value, str) or not value.isprintable() else value
    return text if len(text) <= 40 else f"{text[:40]}..."  # noqa: PLR2004
