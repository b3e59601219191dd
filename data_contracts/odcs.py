"""Open Data Contract Standard (ODCS) 3.x text -> `Contract`: with `odcs_fields` the only importer of the ODCS library.

Where each thing is written, standard fields first:

==================  ===============================================================================================
ours                ODCS
==================  ===============================================================================================
id, version         ``id``, ``version``
title, purpose      ``name`` and ``description.purpose`` (English), custom properties ``titleKo``, ``purposeKo``
defects             custom property ``defectClasses`` of the contract
quarantine_ceiling  custom property ``quarantineCeiling`` of the contract
columns             ``schema[0].properties``; exactly one schema object
kind                ``logicalType``: number, integer, string (with ``enum``: category), timestamp and date; a
                    moment is what the clock on the wall shows, so ``timezone: false`` is the only option it has
role, unit          custom properties ``role``, ``unit`` of the column
label               ``businessName`` (English), custom property ``labelKo``
minimum, maximum    ``logicalTypeOptions``
vocabulary          ``enum[].value`` (ODCS 3.2)
max_missing         ``quality``: ``metric: nullValues``, ``unit: percent``, ``mustBeLessOrEqualTo``
synonyms            ``synonyms[].synonym`` (ODCS 3.2)
same_units          custom property ``sameUnits`` of the column
words               custom property ``valueSynonyms`` of the column: value of the enum -> list of words
description         ``description`` (English), custom property ``descriptionKo``
why                 custom properties ``why`` (English) and ``whyKo`` of the column; both or neither
privacy             ``classification``
key                 ``primaryKey``, in column order
unique, required    the same
==================  ===============================================================================================

A rule that a contract states and this product would not enforce is refused rather than ignored, and so is a field that
the standard does not know: a mistyped ``requierd`` must not pass silently, which the library alone would let happen.
"""

import itertools
import re
from collections.abc import Mapping

from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty
from pydantic import ValidationError

from data_contracts.contract import DEFAULT_QUARANTINE_CEILING, Column, Contract, Kind, Label, PrivacyClass, Role
from data_contracts.errors import ContractInvalid
from data_contracts.lint import column_problems
from data_contracts.odcs_fields import (
    read_choice,
    read_custom,
    read_number,
    read_optional,
    read_text,
    read_texts,
    read_words,
    short,
    unknown_fields,
)
from data_contracts.strict_yaml import read_mapping

__all__ = ["read_document"]

_API_VERSION = re.compile(r"v3\.[0-9]+\.[0-9]+")
_NOT_ENFORCED_ON_TABLE = ("quality", "relationships")
_NOT_ENFORCED_ON_COLUMN = ("properties", "items", "map", "relationships")
_KINDS = {
    "number": Kind.NUMBER,
    "integer": Kind.INTEGER,
    "string": Kind.TEXT,
    "timestamp": Kind.TIMESTAMP,
    "date": Kind.TIMESTAMP,
}
_OPTIONS = {
    Kind.NUMBER: ("minimum", "maximum"),
    Kind.INTEGER: ("minimum", "maximum"),
    Kind.TIMESTAMP: ("timezone",),
}
_CONTRACT_PROPERTIES = ("titleKo", "purposeKo", "defectClasses", "quarantineCeiling")
_COLUMN_PROPERTIES = ("role", "labelKo", "unit", "sameUnits", "valueSynonyms", "descriptionKo", "why", "whyKo")


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
    problems = [f"{where}: unknown field" for where in unknown_fields(raw, OpenDataContractStandard, "")]
    try:
        document = OpenDataContractStandard(**{str(key): value for key, value in raw.items()})
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False, include_input=False)
        found = (f"{short('.'.join(map(str, detail['loc'])))}: {detail['msg']}" for detail in details)
        raise ContractInvalid(tuple(dict.fromkeys([*problems, *found]))) from None
    contract = _contract(document, text, sha256, problems)
    if problems:
        # What was read well is judged as well: whoever corrects a file wants to hear everything at once.
        sound = (column for column in contract.columns if not any(_concerns(problem, column) for problem in problems))
        raise ContractInvalid((*problems, *itertools.chain.from_iterable(map(column_problems, sound))))
    return contract


def _concerns(problem: str, column: Column) -> bool:
    return not column.name or problem.startswith((f"column {short(column.name)},", f"column {short(column.name)}:"))


def _contract(document: OpenDataContractStandard, text: str, sha256: str, problems: list[str]) -> Contract:
    if document.kind != "DataContract":
        problems.append("kind: must be DataContract")
    if not _API_VERSION.fullmatch(document.apiVersion or ""):
        problems.append(f"apiVersion: must be v3.x.y (written for v3.2.0), got {short(document.apiVersion)}")
    custom = read_custom(document.customProperties, _CONTRACT_PROPERTIES, "customProperties", problems)
    purpose = document.description.purpose if document.description else None
    properties = _properties(document, problems)
    return Contract(
        id=read_text(document.id, "id", problems),
        version=read_text(document.version, "version", problems),
        title=Label(read_text(custom.get("titleKo"), "titleKo", problems), read_text(document.name, "name", problems)),
        purpose=Label(
            read_text(custom.get("purposeKo"), "purposeKo", problems),
            read_text(purpose, "description.purpose", problems),
        ),
        sha256=sha256,
        source=text,
        columns=tuple(_column(item, f"column {index}", problems) for index, item in enumerate(properties, start=1)),
        key=tuple(item.name or "" for item in properties if item.primaryKey),
        defects=read_texts(custom.get("defectClasses", []), "defectClasses", problems),
        quarantine_ceiling=read_number(
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
    read_custom(tables[0].customProperties, (), "schema[0].customProperties", problems)
    return tables[0].properties or []


def _column(item: SchemaProperty, position: str, problems: list[str]) -> Column:
    name = read_text(item.name, f"{position}, name", problems)
    where = f"column {short(name)}" if name else position
    problems.extend(
        f"{where}, {field}: rules of this kind are not enforced; remove them"
        for field in _NOT_ENFORCED_ON_COLUMN
        if getattr(item, field)
    )
    custom = read_custom(item.customProperties, _COLUMN_PROPERTIES, where, problems)
    kind = _kind(item, where, problems)
    minimum, maximum = _bounds(item, kind, where, problems)
    required = bool(item.required)
    return Column(
        name=name,
        kind=kind,
        role=read_choice(custom.get("role"), Role, Role.ID, f"{where}, role", problems),
        label=Label(
            read_text(custom.get("labelKo"), f"{where}, labelKo", problems),
            read_text(item.businessName, f"{where}, businessName", problems),
        ),
        unit=read_optional(custom, "unit", where, problems) or None,
        minimum=minimum,
        maximum=maximum,
        vocabulary=read_texts([entry.value for entry in item.enum or []], f"{where}, enum", problems),
        max_missing=_max_missing(item, 0.0 if required else 1.0, where, problems),
        synonyms=read_texts([entry.synonym for entry in item.synonyms or []], f"{where}, synonyms", problems),
        same_units=read_texts(custom.get("sameUnits", []), f"{where}, sameUnits", problems),
        words=read_words(custom.get("valueSynonyms", {}), f"{where}, valueSynonyms", problems),
        privacy=read_choice(
            item.classification or "confidential",
            PrivacyClass,
            PrivacyClass.CONFIDENTIAL,
            f"{where}, classification",
            problems,
        ),
        unique=bool(item.unique),
        required=required,
        description=item.description or "",
        description_ko=read_optional(custom, "descriptionKo", where, problems),
        why=_why(custom, where, problems),
    )


def _why(custom: Mapping[str, object], where: str, problems: list[str]) -> Label:
    if ("why" in custom) != ("whyKo" in custom):
        problems.append(f"{where}: why and whyKo belong together; give both or neither")
    return Label(
        read_optional(custom, "whyKo", where, problems),
        read_optional(custom, "why", where, problems),
    )


def _kind(item: SchemaProperty, where: str, problems: list[str]) -> Kind:
    kind = _KINDS.get(item.logicalType or "")
    if kind is None:
        problems.append(f"{where}, logicalType: must be one of {', '.join(_KINDS)}, got {short(item.logicalType)}")
        return Kind.TEXT
    if item.enum is not None and kind is not Kind.TEXT:
        problems.append(f"{where}, enum: only a string column can have one, this is {kind}")
    return Kind.CATEGORY if kind is Kind.TEXT and item.enum is not None else kind


def _bounds(item: SchemaProperty, kind: Kind, where: str, problems: list[str]) -> tuple[float | None, float | None]:
    options = item.logicalTypeOptions or {}
    enforced = _OPTIONS.get(kind, ())
    problems.extend(
        f"{where}, logicalTypeOptions.{short(option)}: not enforced for a {kind} column; remove it"
        for option in options
        if option not in enforced
    )
    if "timezone" in enforced:
        if options.get("timezone", False) is not False:
            problems.append(f"{where}, logicalTypeOptions.timezone: must be false; moments are read as local time")
        return None, None
    minimum, maximum = (
        read_number(options[name], f"{where}, {name}", problems) if name in options else None
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
    percent = read_number(rule.mustBeLessOrEqualTo, f"{where}, quality.mustBeLessOrEqualTo", problems)
    return default if percent is None else percent / 100
