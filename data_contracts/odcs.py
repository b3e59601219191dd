"""Open Data Contract Standard (ODCS) 3.x text -> `Contract`: the only importer of the ODCS library.

Where each thing is written, standard fields first:

==================  ===============================================================================================
ours                ODCS
==================  ===============================================================================================
id, version         ``id``, ``version``
title, purpose      ``name`` and ``description.purpose`` (English), custom properties ``titleKo``, ``purposeKo``
defects             custom property ``defectClasses`` of the contract
quarantine_ceiling  custom property ``quarantineCeiling`` of the contract
columns             ``schema[0].properties``; exactly one schema object
kind                ``logicalType``: number, integer, string (with ``enum``: category)
role, unit          custom properties ``role``, ``unit`` of the column
label               ``businessName`` (English), custom property ``labelKo``
minimum, maximum    ``logicalTypeOptions``
vocabulary          ``enum[].value`` (ODCS 3.2)
max_missing         ``quality``: ``metric: nullValues``, ``unit: percent``, ``mustBeLessOrEqualTo``
synonyms            ``synonyms[].synonym`` (ODCS 3.2)
privacy             ``classification``
key                 ``primaryKey``, in column order
unique, required    the same
==================  ===============================================================================================

A rule that a contract states and this product would not enforce is refused rather than ignored, and so is a field that
the standard does not know: a mistyped ``requierd`` must not pass silently, which the library alone would let happen.
"""

import math
import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    Description,
    EnumValue,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
    Synonym,
)
from pydantic import BaseModel, ValidationError

from data_contracts.contract import DEFAULT_QUARANTINE_CEILING, Column, Contract, Kind, Label, PrivacyClass, Role
from data_contracts.errors import ContractInvalid
from data_contracts.strict_yaml import read_mapping

__all__ = ["read_document"]

_Choice = TypeVar("_Choice", Role, PrivacyClass)

_API_VERSION = re.compile(r"v3\.[0-9]+\.[0-9]+")
_NESTED: dict[str, type[BaseModel]] = {
    "schema": SchemaObject,
    "properties": SchemaProperty,
    "customProperties": CustomProperty,
    "enum": EnumValue,
    "synonyms": Synonym,
    "quality": DataQuality,
    "description": Description,
}
_NOT_ENFORCED_ON_TABLE = ("quality", "relationships")
_NOT_ENFORCED_ON_COLUMN = ("properties", "items", "map", "relationships")
_KINDS = {"number": Kind.NUMBER, "integer": Kind.INTEGER, "string": Kind.TEXT}
_CONTRACT_PROPERTIES = ("titleKo", "purposeKo", "defectClasses", "quarantineCeiling")
_COLUMN_PROPERTIES = ("role", "labelKo", "unit")


def read_document(text: str, *, sha256: str) -> Contract:
    """Translate an ODCS document; what its values mean together is judged by `data_contracts.lint`.

    Args:
        text: the YAML document.
        sha256: SHA-256 of its bytes, in hex.

    Raises:
        ContractUnreadable: if the text is no YAML mapping, or uses what `read_mapping` refuses.
        ContractInvalid: if a field is unknown, missing, of a wrong type, or states a rule that is not enforced.
    """
    raw = read_mapping(text)
    problems = [f"{where}: unknown field" for where in _unknown_fields(raw, OpenDataContractStandard, "")]
    try:
        document = OpenDataContractStandard(**{str(key): value for key, value in raw.items()})
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        found = (f"{_short('.'.join(map(str, detail['loc'])))}: {detail['msg']}" for detail in details)
        raise ContractInvalid(tuple(dict.fromkeys([*problems, *found]))) from None
    contract = _contract(document, text, sha256, problems)
    if problems:
        raise ContractInvalid(tuple(problems))
    return contract


def _unknown_fields(raw: Mapping[Hashable, Any], model: type[BaseModel], where: str) -> Iterable[str]:
    """Yield the path of every field the standard does not know; the library reports only those of the first level."""
    known = {info.alias or name for name, info in model.model_fields.items()}
    for key, value in raw.items():
        path = f"{where}.{_short(str(key))}".lstrip(".")
        if key not in known:
            yield path
        elif (inner := _NESTED.get(str(key))) is not None:
            items = value if isinstance(value, list) else [value]
            for index, item in enumerate(items):
                if isinstance(item, Mapping):
                    yield from _unknown_fields(item, inner, f"{path}[{index}]" if isinstance(value, list) else path)


def _contract(document: OpenDataContractStandard, text: str, sha256: str, problems: list[str]) -> Contract:
    if document.kind != "DataContract":
        problems.append("kind: must be DataContract")
    if not _API_VERSION.fullmatch(document.apiVersion or ""):
        problems.append(f"apiVersion: must be v3.x.y (written for v3.2.0), got {_short(document.apiVersion)}")
    custom = _custom(document.customProperties, _CONTRACT_PROPERTIES, "customProperties", problems)
    purpose = document.description.purpose if document.description else None
    properties = _properties(document, problems)
    return Contract(
        id=_text(document.id, "id", problems),
        version=_text(document.version, "version", problems),
        title=Label(_text(custom.get("titleKo"), "titleKo", problems), _text(document.name, "name", problems)),
        purpose=Label(
            _text(custom.get("purposeKo"), "purposeKo", problems), _text(purpose, "description.purpose", problems)
        ),
        sha256=sha256,
        source=text,
        columns=tuple(_column(item, f"column {index}", problems) for index, item in enumerate(properties, start=1)),
        key=tuple(item.name or "" for item in properties if item.primaryKey),
        defects=_texts(custom.get("defectClasses", []), "defectClasses", problems),
        quarantine_ceiling=_number(
            custom.get("quarantineCeiling", DEFAULT_QUARANTINE_CEILING), "quarantineCeiling", problems
        )
        or 0.0,
    )


def _properties(document: OpenDataContractStandard, problems: list[str]) -> list[SchemaProperty]:
    tables = document.schema_ or []
    if len(tables) != 1:
        problems.append(f"schema: exactly one table is described by a contract, got {len(tables)}")
        return []
    problems.extend(
        f"schema[0].{name}: rules of this kind are not enforced; remove them"
        for name in _NOT_ENFORCED_ON_TABLE
        if getattr(tables[0], name)
    )
    _custom(tables[0].customProperties, (), "schema[0].customProperties", problems)
    return tables[0].properties or []


def _column(item: SchemaProperty, position: str, problems: list[str]) -> Column:
    name = _text(item.name, f"{position}, name", problems)
    where = f"column {_short(name)}" if name else position
    problems.extend(
        f"{where}, {field}: rules of this kind are not enforced; remove them"
        for field in _NOT_ENFORCED_ON_COLUMN
        if getattr(item, field)
    )
    custom = _custom(item.customProperties, _COLUMN_PROPERTIES, where, problems)
    kind = _kind(item, where, problems)
    minimum, maximum = _bounds(item, kind, where, problems)
    required = bool(item.required)
    return Column(
        name=name,
        kind=kind,
        role=_choice(custom.get("role"), Role, Role.ID, f"{where}, role", problems),
        label=Label(
            _text(custom.get("labelKo"), f"{where}, labelKo", problems),
            _text(item.businessName, f"{where}, businessName", problems),
        ),
        unit=_text(custom["unit"], f"{where}, unit", problems) if "unit" in custom else None,
        minimum=minimum,
        maximum=maximum,
        vocabulary=_texts([entry.value for entry in item.enum or []], f"{where}, enum", problems),
        max_missing=_max_missing(item, 0.0 if required else 1.0, where, problems),
        synonyms=_texts([entry.synonym for entry in item.synonyms or []], f"{where}, synonyms", problems),
        privacy=_choice(
            item.classification or "confidential",
            PrivacyClass,
            PrivacyClass.CONFIDENTIAL,
            f"{where}, classification",
            problems,
        ),
        unique=bool(item.unique),
        required=required,
        description=item.description or "",
    )


def _kind(item: SchemaProperty, where: str, problems: list[str]) -> Kind:
    kind = _KINDS.get(item.logicalType or "")
    if kind is None:
        problems.append(f"{where}, logicalType: must be one of {', '.join(_KINDS)}, got {_short(item.logicalType)}")
        return Kind.TEXT
    if item.enum is not None and kind is not Kind.TEXT:
        problems.append(f"{where}, enum: only a string column can have one, this is {kind}")
    return Kind.CATEGORY if kind is Kind.TEXT and item.enum is not None else kind


def _bounds(item: SchemaProperty, kind: Kind, where: str, problems: list[str]) -> tuple[float | None, float | None]:
    options = item.logicalTypeOptions or {}
    enforced = ("minimum", "maximum") if kind in {Kind.NUMBER, Kind.INTEGER} else ()
    problems.extend(
        f"{where}, logicalTypeOptions.{_short(option)}: not enforced for a {kind} column; remove it"
        for option in options
        if option not in enforced
    )
    minimum, maximum = (
        _number(options[name], f"{where}, {name}", problems) if name in options else None
        for name in ("minimum", "maximum")
    )
    return minimum, maximum


def _max_missing(item: SchemaProperty, default: float, where: str, problems: list[str]) -> float:
    rules = item.quality or []
    if not rules:
        return default
    rule = rules[0]
    stated = rule.model_dump(exclude_none=True).keys() - {"id", "name", "description", "dimension", "type", "severity"}
    if len(rules) > 1 or stated != {"metric", "unit", "mustBeLessOrEqualTo"} or rule.type not in {None, "library"}:
        problems.append(f"{where}, quality: the only rule enforced is one of metric, unit and mustBeLessOrEqualTo")
    elif (rule.metric, rule.unit) != ("nullValues", "percent"):
        problems.append(f"{where}, quality: the only metric enforced is nullValues with unit percent")
    percent = _number(rule.mustBeLessOrEqualTo, f"{where}, quality.mustBeLessOrEqualTo", problems)
    return default if percent is None else percent / 100


def _custom(
    properties: Sequence[CustomProperty] | None, allowed: Sequence[str], where: str, problems: list[str]
) -> dict[str, object]:
    values: dict[str, object] = {}
    for entry in properties or ():
        if entry.property is None or entry.property not in allowed:
            names = ", ".join(allowed) or "none"
            problems.append(f"{where}: unknown custom property {_short(entry.property)}; allowed here: {names}")
        elif entry.property in values:
            problems.append(f"{where}: custom property {entry.property} is written twice")
        else:
            values[entry.property] = entry.value
    return values


def _choice(value: object, choices: type[_Choice], fallback: _Choice, where: str, problems: list[str]) -> _Choice:
    if isinstance(value, str) and value in set(choices):
        return choices(value)
    problems.append(f"{where}: must be one of {', '.join(choices)}, got {_short(value)}")
    return fallback


def _text(value: object, where: str, problems: list[str]) -> str:
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value
    what = "missing" if value is None else "must be a text of one line that is not blank"
    problems.append(f"{where}: {what}")
    return ""


def _texts(values: object, where: str, problems: list[str]) -> tuple[str, ...]:
    if not isinstance(values, list):
        problems.append(f"{where}: must be a list")
        return ()
    if any(not isinstance(value, str) for value in values):
        problems.append(f"{where}: every entry must be a text; put it in quotes (YAML reads no and 1 otherwise)")
    return tuple(_text(value, where, problems) for value in values if isinstance(value, str))


def _number(value: object, where: str, problems: list[str]) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if math.isfinite(number):
            return number
    problems.append(f"{where}: must be a finite number")
    return None


def _short(value: object) -> str:
    """Show a value of the contract (never of the data) in a bounded, printable form."""
    text = ascii(value) if not isinstance(value, str) or not value.isprintable() else value
    return text if len(text) <= 40 else f"{text[:40]}..."  # noqa: PLR2004
