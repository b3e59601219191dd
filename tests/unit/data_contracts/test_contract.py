import copy
import dataclasses
import hashlib
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.contract import (
    Contract,
    Kind,
    Label,
    PrivacyClass,
    Role,
    load_contract,
    parse_contract,
    shipped_contracts,
)
from data_contracts.errors import ContractError, ContractInvalid, ContractNotFound, ContractUnreadable

Document = dict[str, Any]


def _text(document: Document) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


def _column(document: Document, name: str) -> Document:
    return next(item for item in document["schema"][0]["properties"] if item["name"] == name)


def _custom(element: Document, name: str, value: object) -> None:
    element["customProperties"] = [entry for entry in element["customProperties"] if entry["property"] != name]
    element["customProperties"].append({"property": name, "value": value})


def _moment(column: Document, *, role: str) -> None:
    column.pop("logicalTypeOptions")
    column.update(logicalType="timestamp")
    _custom(column, "role", role)


def _outcome(column: Document, **fields: object) -> None:
    column.update(fields)
    _custom(column, "role", "outcome")


def _problems(document: Document) -> str:
    with pytest.raises(ContractInvalid) as caught:
        parse_contract(_text(document))
    return "\n".join(caught.value.problems)


def test_every_field_of_a_column_comes_from_the_file(tiny: Contract) -> None:
    heat = tiny.column("heat")

    assert (heat.kind, heat.role, heat.label) == (Kind.NUMBER, Role.FEATURE, Label("가열 온도", "Heat"))
    assert (heat.unit, heat.bounds, heat.max_missing) == ("°C", (0.0, 64.0), 0.5)
    assert (heat.synonyms, heat.privacy, heat.required) == (("온도",), PrivacyClass.INTERNAL, False)


def test_columns_are_grouped_by_what_they_are_for(tiny: Contract) -> None:
    assert [column.name for column in tiny.features] == ["heat", "passes", "paper"]
    assert [column.name for column in tiny.numbers] == ["heat", "passes"]
    assert [column.name for column in tiny.categories] == ["paper"]
    assert (tiny.target.name, tiny.classes, tiny.defects) == ("grade", ("good", "bad"), ("bad",))
    assert (tiny.key, tiny.reference, tiny.quarantine_ceiling) == (("part",), "tiny@1.0.0", 0.5)


def test_what_a_contract_does_not_say_has_cautious_defaults(document: Document) -> None:
    document["customProperties"] = [
        entry for entry in document["customProperties"] if entry["property"] != "quarantineCeiling"
    ]
    contract = parse_contract(_text(document))

    assert contract.quarantine_ceiling == 0.05
    assert contract.column("passes").privacy is PrivacyClass.CONFIDENTIAL
    assert contract.column("passes").max_missing == 1.0
    assert contract.column("grade").max_missing == 0.0


def test_the_digest_is_that_of_the_files_bytes(document: Document, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + _text(document).replace("\n", "\r\n").encode()
    path = tmp_path / "tiny.yaml"
    path.write_bytes(data)
    contract = load_contract(path)

    assert contract.sha256 == hashlib.sha256(data).hexdigest()
    assert contract.source.encode() == data
    assert parse_contract(contract.source) == contract


def test_a_contract_cannot_be_changed(tiny: Contract) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        tiny.id = "other"  # type: ignore[misc]


SPOILED: dict[str, tuple[Callable[[Document], object], str]] = {
    "old standard": (lambda d: d.update(apiVersion="v2.2.2"), "apiVersion: must be v3"),
    "other kind": (lambda d: d.update(kind="DataProduct"), "kind: must be DataContract"),
    "no id": (lambda d: d.pop("id"), "id: missing"),
    "version is no text": (lambda d: d.update(version=1.0), "version"),
    "version of two numbers": (lambda d: d.update(version="1.0"), "version: must be three numbers"),
    "unknown field": (lambda d: d.update(descripton="x"), "descripton: unknown field"),
    "unknown field of a column": (
        lambda d: _column(d, "part").update(requierd=True),
        "schema[0].properties[0].requierd: unknown field",
    ),
    "unknown custom property": (lambda d: _custom(d, "ceiling", 1), "unknown custom property ceiling"),
    "unknown custom property of a column": (
        lambda d: _custom(_column(d, "heat"), "maxMissing", 1),
        "column heat: unknown custom property maxMissing; allowed here: role, labelKo, unit",
    ),
    "unknown role": (
        lambda d: _custom(_column(d, "heat"), "role", "label"),
        "heat, role: must be one of feature",
    ),
    "unknown type": (
        lambda d: _column(d, "heat").update(logicalType="time"),
        "column heat, logicalType: must be one of",
    ),
    "moment that is learned from": (
        lambda d: _moment(_column(d, "heat"), role="feature"),
        "column heat: a moment cannot be a feature",
    ),
    "moment with limits": (
        lambda d: _column(d, "part").update(logicalType="timestamp", logicalTypeOptions={"minimum": "2026-01-01"}),
        "column part, logicalTypeOptions.minimum: not enforced for a timestamp column",
    ),
    "moment with a time zone": (
        lambda d: _column(d, "part").update(logicalType="timestamp", logicalTypeOptions={"timezone": True}),
        "column part, logicalTypeOptions.timezone: must be false",
    ),
    "required outcome": (
        lambda d: _outcome(_column(d, "paper"), required=True),
        "column paper: an outcome can be neither required nor limited in missing values; it is known only once",
    ),
    "outcome that may hardly be missing": (
        lambda d: _outcome(
            _column(d, "paper"), quality=[{"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 5}]
        ),
        "column paper: an outcome can be neither required nor limited",
    ),
    "outcome in the key": (
        lambda d: _outcome(_column(d, "paper"), primaryKey=True),
        "column paper: an outcome cannot be part of the primary key",
    ),
    "word of two values": (
        lambda d: _custom(_column(d, "paper"), "valueSynonyms", {"a": ["Art 1"], "b": ["ART１"]}),
        "column paper, valueSynonyms: ART１ already means a, it cannot mean b",
    ),
    "word that is another value": (
        lambda d: _custom(_column(d, "paper"), "valueSynonyms", {"a": ["B"]}),
        "column paper, valueSynonyms: B already means b, it cannot mean a",
    ),
    "words of no value": (
        lambda d: _custom(_column(d, "paper"), "valueSynonyms", {"z": ["zet"]}),
        "column paper, valueSynonyms: z is not in the enum",
    ),
    "words of a number": (
        lambda d: _custom(_column(d, "heat"), "valueSynonyms", {"a": ["b"]}),
        "column heat: valueSynonyms are words for the values of an enum",
    ),
    "words that are no mapping": (
        lambda d: _custom(_column(d, "paper"), "valueSynonyms", ["a"]),
        "column paper, valueSynonyms: must map values of the enum to lists",
    ),
    "word that is no text": (
        lambda d: _custom(_column(d, "paper"), "valueSynonyms", {"a": [True]}),
        "column paper, valueSynonyms.a: every entry must be a text; put it in quotes",
    ),
    "value that is no text": (
        lambda d: _custom(_column(d, "paper"), "valueSynonyms", {False: ["x"]}),
        "column paper, valueSynonyms: every value must be a text; put it in quotes",
    ),
    "half a reason": (
        lambda d: _custom(_column(d, "paper"), "why", "Because."),
        "column paper: why and whyKo belong together",
    ),
    "unknown classification": (lambda d: _column(d, "heat").update(classification="secret"), "classification: must be"),
    "no Korean label": (lambda d: _custom(_column(d, "heat"), "labelKo", " "), "column heat, labelKo: must be"),
    "numeric feature without range": (
        lambda d: _column(d, "heat").pop("logicalTypeOptions"),
        "column heat: a numeric feature needs",
    ),
    "numeric feature with half a range": (
        lambda d: _column(d, "heat").update(logicalTypeOptions={"minimum": 0}),
        "column heat: a numeric feature needs",
    ),
    "empty range": (
        lambda d: _column(d, "heat").update(logicalTypeOptions={"minimum": 4, "maximum": 4}),
        "column heat: minimum must be smaller than maximum",
    ),
    "infinite range": (
        lambda d: _column(d, "heat").update(logicalTypeOptions={"minimum": -1e308, "maximum": 1e308}),
        "column heat: minimum must be smaller",
    ),
    "range of texts": (
        lambda d: _column(d, "heat").update(logicalTypeOptions={"minimum": "0", "maximum": float("nan")}),
        "column heat, minimum: must be a finite number",
    ),
    "fractional limit of an integer": (
        lambda d: _column(d, "passes").update(logicalTypeOptions={"minimum": 0.5, "maximum": 8}),
        "column passes: the limits of an integer",
    ),
    "rule that is not enforced": (
        lambda d: _column(d, "heat").update(logicalTypeOptions={"minimum": 0, "maximum": 9, "multipleOf": 3}),
        "column heat, logicalTypeOptions.multipleOf: not enforced",
    ),
    "quality rule that is not enforced": (
        lambda d: _column(d, "heat").update(quality=[{"metric": "rowCount", "mustBeGreaterThan": 3}]),
        "column heat, quality: the only rule enforced",
    ),
    "share above 100 percent": (
        lambda d: _column(d, "heat")["quality"][0].update(mustBeLessOrEqualTo=101),
        "column heat: the allowed share of missing values",
    ),
    "required but may be missing": (
        lambda d: _column(d, "heat").update(required=True),
        "column heat: a required column cannot allow missing values",
    ),
    "free text feature": (lambda d: _column(d, "paper").pop("enum"), "column paper: free text cannot be a feature"),
    "enum of a number": (
        lambda d: _column(d, "heat").update(enum=[{"value": "a"}]),
        "only a string column can have",
    ),
    "enum value that is no text": (
        lambda d: _column(d, "paper").update(enum=[{"value": False}, {"value": "a"}]),
        "column paper, enum: every entry must be a text; put it in quotes",
    ),
    "enum value twice": (
        lambda d: _column(d, "paper").update(enum=[{"value": "a"}, {"value": "a"}]),
        "column paper: a stands 2 times",
    ),
    "target without vocabulary": (lambda d: _column(d, "grade").pop("enum"), "column grade: the target needs an enum"),
    "optional target": (
        lambda d: _column(d, "grade").update(required=False),
        "grade: the target must be required",
    ),
    "no target": (
        lambda d: _custom(_column(d, "grade"), "role", "feature"),
        "one column must have the role target",
    ),
    "two targets": (lambda d: _custom(_column(d, "paper"), "role", "target"), "role target, got 2"),
    "defect outside the vocabulary": (
        lambda d: _custom(d, "defectClasses", ["broken"]),
        "defectClasses: broken is not in the enum of column grade",
    ),
    "every class a defect": (lambda d: _custom(d, "defectClasses", ["good", "bad"]), "and not all of them"),
    "no defect": (lambda d: _custom(d, "defectClasses", []), "name at least one class"),
    "ceiling above 1": (lambda d: _custom(d, "quarantineCeiling", 5), "quarantineCeiling: must be between 0 and 1"),
    "column twice": (
        lambda d: d["schema"][0]["properties"].append(copy.deepcopy(_column(d, "heat"))),
        "column heat: described 2 times",
    ),
    "column named like one of ours": (
        lambda d: _column(d, "heat").update(name="_line"),
        "column _line: a name is",
    ),
    "synonym of two columns": (
        lambda d: _column(d, "passes").update(synonyms=[{"synonym": " HEAT "}]),
        "column passes: the header heat already means column heat",
    ),
    "synonym twice": (
        lambda d: _column(d, "passes").update(synonyms=[{"synonym": "runs"}, {"synonym": "runs"}]),
        "column passes: the synonym runs stands 2 times",
    ),
    "optional key": (
        lambda d: _column(d, "part").update(required=False),
        "part: a primary key must be required",
    ),
    "personal feature": (
        lambda d: _column(d, "heat").update(classification="personal"),
        "column heat: personal data must not be learned from",
    ),
    "nested columns": (
        lambda d: _column(d, "heat").update(properties=[{"name": "inner"}]),
        "column heat, properties: rules of this kind are not enforced",
    ),
    "two tables": (lambda d: d["schema"].append(copy.deepcopy(d["schema"][0])), "schema: exactly one table"),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_a_contract_that_breaks_a_rule_is_refused_by_name(document: Document, spoil: str) -> None:
    change, expected = SPOILED[spoil]
    change(document)

    assert expected in _problems(document)


def test_a_column_that_reads_well_is_judged_although_another_does_not(document: Document) -> None:
    _custom(_column(document, "heat"), "role", "label")
    _outcome(_column(document, "paper"), required=True)
    problems = _problems(document)

    assert "column heat, role: must be one of" in problems
    assert "column paper: an outcome can be neither required" in problems


@pytest.mark.parametrize("logical_type", ["timestamp", "date"])
def test_a_date_and_a_timestamp_are_moments(document: Document, logical_type: str) -> None:
    _moment(_column(document, "heat"), role="time")
    _column(document, "heat").update(logicalType=logical_type)

    assert parse_contract(_text(document)).column("heat").kind is Kind.TIMESTAMP


def test_words_texts_and_reasons_come_from_the_file(document: Document) -> None:
    for name, value in {
        "valueSynonyms": {"b": ["나", "bee"], "a": ["가"]},
        "descriptionKo": "종이의 종류입니다.",
        "why": "It matters.",
        "whyKo": "중요합니다.",
    }.items():
        _custom(_column(document, "paper"), name, value)
    paper = parse_contract(_text(document)).column("paper")

    assert paper.words == (("b", ("나", "bee")), ("a", ("가",)))
    assert (paper.description_ko, paper.why) == ("종이의 종류입니다.", Label("중요합니다.", "It matters."))


def test_the_first_contract_changes_with_this_line_only() -> None:
    known = "e8eef26d94e7da36560191139aa0adbd218b43e7fd296ebd55abed97fca03120"

    assert load_contract("print-defect@1.0.0").sha256 == known


def test_every_broken_rule_is_reported_at_once(document: Document) -> None:
    document["apiVersion"] = "v2"
    _custom(_column(document, "heat"), "role", "label")
    _column(document, "grade").pop("enum")
    problems = _problems(document)

    assert "apiVersion" in problems
    assert "column heat, role" in problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a contract is a YAML mapping"),
        ("- 1", "a contract is a YAML mapping"),
        ("kind: DataContract\nkind: DataContract", "line 1: a key is written twice"),
        ("a: &x 1\nb: *x", "line 1: YAML anchors"),
        ("a: !!python/object:os.system x", "line 1: YAML anchors, aliases and tags"),
        ("a: 1\n---\nb: 2", "line 2: a second document"),
        ("[" * 300_000, "nested more than 32 levels"),
        ("a: " + "[" * 32 + "]" * 32, "nested more than 32 levels"),
        ("a: 2024-99-99", "not valid YAML"),
        ("a: [1", "not valid YAML (line"),
        ("x" * 1_000_001, "at most 1000000 are read"),
        ("id: \ud800", "not UTF-8"),
    ],
)
def test_text_that_is_no_plain_yaml_mapping_is_unreadable(text: str, expected: str) -> None:
    with pytest.raises(ContractUnreadable) as caught:
        parse_contract(text)

    assert expected in str(caught.value)


@given(
    st.text(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.dates(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
        max_leaves=12,
    ).map(yaml.safe_dump)
)
def test_garbage_gives_a_contract_error_and_nothing_else(text: str) -> None:
    with pytest.raises(ContractError):
        parse_contract(text)


@given(
    name=st.sampled_from(["valueSynonyms", "descriptionKo", "why", "unit"]),
    value=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just("a"),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("a") | st.text(max_size=3), inner),
        max_leaves=6,
    ),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_any_value_of_a_custom_property_is_read_or_refused(document: Document, name: str, value: object) -> None:
    spoiled = copy.deepcopy(document)
    _custom(_column(spoiled, "paper"), name, value)
    try:
        paper = parse_contract(_text(spoiled)).column("paper")
    except ContractError:
        return

    assert all(isinstance(word, str) for _, words in paper.words for word in words)
    assert {value for value, _ in paper.words} <= set(paper.vocabulary)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
def test_a_contract_with_any_value_put_anywhere_is_read_or_refused(document: Document, data: st.DataObject) -> None:
    spoiled = copy.deepcopy(document)
    element: Any = spoiled
    while isinstance(element, dict | list) and element:
        keys = list(element) if isinstance(element, dict) else list(range(len(element)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(element[key], dict | list):
            element[key] = data.draw(
                st.none()
                | st.booleans()
                | st.integers()
                | st.floats()
                | st.text(max_size=8)
                | st.just([])
                | st.just({})
            )
            break
        element = element[key]

    try:
        contract = parse_contract(_text(spoiled))
    except ContractError:
        return
    assert all(column.bounds[0] < column.bounds[1] for column in contract.numbers)
    assert len(contract.classes) >= 2


def test_errors_never_repeat_the_text_of_a_file_that_is_no_contract(tmp_path: Path) -> None:
    """A member that names its data file by mistake must not find its values in a log."""
    path = tmp_path / "parts.csv"
    path.write_text("number,heat\nSECRET-1, [17\n", encoding="utf-8")

    with pytest.raises(ContractUnreadable) as caught:
        load_contract(path)
    assert "SECRET" not in f"{caught.value}{caught.value!r}"


def test_a_name_without_version_means_the_newest_by_number(
    document: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1.10.0 is newer than 1.9.0, although it sorts before it."""
    (tmp_path / "contracts").mkdir()
    for version in ("1.9.0", "1.10.0"):
        document["version"] = version
        (tmp_path / "contracts" / f"tiny-{version}.odcs.yaml").write_text(_text(document), encoding="utf-8")
    monkeypatch.setattr(resources, "files", lambda _: tmp_path)

    assert shipped_contracts() == ("tiny@1.9.0", "tiny@1.10.0")
    assert load_contract("tiny").version == "1.10.0"
    assert load_contract("tiny@1.9.0").version == "1.9.0"


def test_an_unknown_name_lists_what_is_shipped() -> None:
    for reference in ("nothing", "print-defect@9.9.9"):
        with pytest.raises(ContractNotFound, match=r"print-defect@1\.0\.0"):
            load_contract(reference)


def test_a_missing_file_is_named() -> None:
    with pytest.raises(ContractNotFound, match=r"no/such\.yaml"):
        load_contract("no/such.yaml")
    with pytest.raises(ContractNotFound):
        load_contract(Path("a\0b"))


def test_handling_a_contract_does_not_load_the_odcs_library() -> None:
    code = "import sys, data_contracts.contract; sys.exit('pydantic' in sys.modules or 'pandas' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
