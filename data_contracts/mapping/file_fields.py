"""The fields of a mapping file, read strictly: what is not understood is refused, with its place and the choices."""

from collections.abc import Iterable
from typing import Any

from data_contracts.cells.moments import ORDERS
from data_contracts.errors import MappingUnreadable
from data_contracts.intake.settings import NO_HEADER, FileSettings, Melt
from data_contracts.mapping.types import ColumnMapping, Mapping

__all__ = ["mapping_of"]

Fields = dict[Any, Any]

_TOP = ("contract", "file", "columns", "headers")
_FILE = ("encoding", "delimiter", "sheet", "header", "last", "transposed", "melt", "padded", "filled")
_MELT = ("series", "names", "values")
_SHOWN = 40  # characters of a key that is not ours
_COLUMN = ("header", "unit", "words", "missing", "dates", "time", "decimal")


def mapping_of(document: Fields) -> Mapping:
    """Build a mapping from what YAML read.

    Raises:
        MappingUnreadable: if a key is unknown or missing, or a value of a wrong type. The text names the place; values
            stay out of it.
    """
    _check_keys(document, "the file", _TOP, needed=("contract", "columns", "headers"))
    columns = _fields(document["columns"], "columns")
    return Mapping(
        contract=_text(document["contract"], "contract"),
        headers=_texts(document["headers"], "headers"),
        columns=tuple(_column(_text(name, "columns"), entry) for name, entry in columns.items()),
        file=_settings(_fields(document.get("file") or {}, "file")),
    )


def _column(name: str, entry: object) -> ColumnMapping:
    where = f"columns.{name}"
    fields = _fields(entry, where)
    _check_keys(fields, where, _COLUMN, needed=("header",))
    return ColumnMapping(
        column=name,
        header=_optional(fields, "header", where),
        unit=_optional(fields, "unit", where),
        words=_words(fields.get("words"), f"{where}.words"),
        missing=_texts(fields.get("missing", []), f"{where}.missing"),
        dates=_one_of(_optional(fields, "dates", where), f"{where}.dates", ORDERS),
        time=_optional(fields, "time", where),
        decimal=_one_of(_optional(fields, "decimal", where), f"{where}.decimal", (".", ",")) or ".",
    )


def _settings(fields: Fields) -> FileSettings:
    _check_keys(fields, "file", _FILE)
    melt = fields.get("melt")
    return FileSettings(
        encoding=_optional(fields, "encoding", "file"),
        delimiter=_optional(fields, "delimiter", "file"),
        sheet=_optional(fields, "sheet", "file"),
        header=_header_lines(fields.get("header")),
        last=None if fields.get("last") is None else _line(fields["last"], "file.last"),
        transposed=_truth(fields, "transposed"),
        melt=None if melt is None else _melt(_fields(melt, "file.melt")),
        padded=_truth(fields, "padded"),
        filled=_truth(fields, "filled"),
    )


def _melt(fields: Fields) -> Melt:
    _check_keys(fields, "file.melt", _MELT, needed=_MELT)
    return Melt(
        series=_texts(fields["series"], "file.melt.series"),
        names=_text(fields["names"], "file.melt.names"),
        values=_text(fields["values"], "file.melt.values"),
    )


def _header_lines(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != len(NO_HEADER):
        raise MappingUnreadable("file.header is the first and the last line of the header, such as [2, 3]")
    if tuple(value) == NO_HEADER:
        return NO_HEADER
    first, last = (_line(line, "file.header") for line in value)
    if first > last:
        raise MappingUnreadable("file.header: the first line comes before the last")
    return first, last


def _truth(fields: Fields, key: str) -> bool | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, bool):
        raise MappingUnreadable(f"file.{key} is true or false")
    return value


def _line(value: object, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise MappingUnreadable(f"{where}: a line is a whole number from 1 on")
    return value


def _words(value: object, where: str) -> tuple[tuple[str, str | None], ...]:
    fields = _fields({} if value is None else value, where)
    return tuple(
        (_text(word, where), None if meaning is None else _text(meaning, where)) for word, meaning in fields.items()
    )


def _fields(value: object, where: str) -> Fields:
    if not isinstance(value, dict):
        raise MappingUnreadable(f"{where} is a mapping (key: value)")
    return value


def _check_keys(fields: Fields, where: str, allowed: tuple[str, ...], *, needed: Iterable[str] = ()) -> None:
    strange = [key for key in fields if key not in allowed]
    if strange:
        raise MappingUnreadable(f"{where}: unknown key {str(strange[0])[:_SHOWN]!r}; allowed are {', '.join(allowed)}")
    lacking = [key for key in needed if key not in fields]
    if lacking:
        raise MappingUnreadable(f"{where}: the key {lacking[0]!r} is missing")


def _optional(fields: Fields, key: str, where: str) -> str | None:
    return None if fields.get(key) is None else _text(fields[key], f"{where}.{key}")


def _texts(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise MappingUnreadable(f"{where} is a list of texts")
    return tuple(_text(item, where) for item in value)


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise MappingUnreadable(f'{where}: a text is expected; write it in double quotes, such as "no" or "1"')
    return value


def _one_of(value: str | None, where: str, allowed: tuple[str, ...]) -> str | None:
    if value is not None and value not in allowed:
        raise MappingUnreadable(f"{where} is one of {', '.join(map(repr, allowed))}")
    return value
