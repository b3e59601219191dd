"""What changed between two versions of a contract, and the number that it takes."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from data_contracts.contract import load_contract, parse_contract
from data_contracts.evolution import Evolution, Step, Weight, compare
from tests.unit.data_contracts.conftest import to_text

Document = dict[str, Any]


def column(document: Document, name: str) -> Document:
    return next(item for item in document["schema"][0]["properties"] if item["name"] == name)


def custom(element: Document, name: str, value: object) -> None:
    element["customProperties"] = [entry for entry in element["customProperties"] if entry["property"] != name]
    element["customProperties"].append({"property": name, "value": value})


def explain_heat(document: Document) -> None:
    custom(column(document, "heat"), "why", "So.")
    custom(column(document, "heat"), "whyKo", "그래서")


def optional(name: str, **fields: object) -> Document:
    """A text column that a file need not have."""
    said = [{"property": "role", "value": "entity"}, {"property": "labelKo", "value": "칸"}]
    return {"name": name, "businessName": name, "logicalType": "string", "customProperties": said, **fields}


def evolved(document: Document, change: Callable[[Document], object], version: str = "1.0.0") -> Evolution:
    new = copy.deepcopy(document)
    change(new)
    new["version"] = version
    return compare(parse_contract(to_text(document)), parse_contract(to_text(new)))


def bounds(low: float, high: float) -> dict[str, float]:
    return {"minimum": low, "maximum": high}


BREAKING: dict[str, tuple[Callable[[Document], object], str]] = {
    "higher minimum": (lambda d: column(d, "heat").update(logicalTypeOptions=bounds(1, 64)), "minimum: 0 → 1"),
    "lower maximum": (lambda d: column(d, "heat").update(logicalTypeOptions=bounds(0, 60)), "maximum: 64 → 60"),
    "fewer values": (lambda d: column(d, "paper").update(enum=[{"value": "a"}, {"value": "b"}]), "values gone: c"),
    "another class": (
        lambda d: column(d, "grade")["enum"].append({"value": "rework"}),
        "new values: rework (models have to predict other classes)",
    ),
    "other defects": (lambda d: custom(d, "defectClasses", ["good"]), "defect classes: bad → good"),
    "no column": (lambda d: d["schema"][0]["properties"].remove(column(d, "passes")), "passes: the column is gone"),
    "new feature": (
        lambda d: d["schema"][0]["properties"].append(
            copy.deepcopy(column(d, "heat")) | {"name": "cold", "synonyms": []}
        ),
        "cold: a feature is new (files without it are refused)",
    ),
    "new required column": (
        lambda d: d["schema"][0]["properties"].append(optional("desk", required=True)),
        "desk: a required column is new",
    ),
    "other kind": (lambda d: column(d, "passes").update(logicalType="number"), "passes: kind: integer → number"),
    "other role": (lambda d: custom(column(d, "paper"), "role", "entity"), "paper: role: feature → entity"),
    "other unit": (lambda d: custom(column(d, "heat"), "unit", "°F"), "heat: unit: °C → °F"),
    "now required": (
        lambda d: (column(d, "heat").update(required=True), column(d, "heat").pop("quality")),
        "heat: new rule: required",
    ),
    "now unique": (lambda d: column(d, "passes").update(unique=True), "passes: new rule: unique"),
    "fewer blanks": (
        lambda d: column(d, "heat")["quality"][0].update(mustBeLessOrEqualTo=10),
        "allowed share of missing values: 50 % → 10 %",
    ),
    "other key": (lambda d: column(d, "part").update(primaryKey=False), "primary key: part → -"),
    "lower ceiling": (lambda d: custom(d, "quarantineCeiling", 0.1), "quarantine ceiling: 50 % → 10 %"),
    "less protected": (
        lambda d: column(d, "heat").update(classification="public"),
        "privacy class: internal → public (it is looser than what members agreed to)",
    ),
    "a header that means another column": (
        lambda d: (column(d, "heat").pop("synonyms"), column(d, "passes").update(synonyms=[{"synonym": "온도"}])),
        "passes: the header '온도' meant heat and now means passes",
    ),
}

COMPATIBLE: dict[str, tuple[Callable[[Document], object], str]] = {
    "wider range": (lambda d: column(d, "heat").update(logicalTypeOptions=bounds(-1, 64)), "minimum: 0 → -1"),
    "more values": (lambda d: column(d, "paper")["enum"].append({"value": "d"}), "new values: d (it is more lenient)"),
    "values in another order": (lambda d: column(d, "paper")["enum"].reverse(), "the order of the values changed"),
    "more headers": (
        lambda d: column(d, "passes").update(synonyms=[{"synonym": "번 수"}]),
        "1 more synonyms (more files are understood)",
    ),
    "fewer headers": (lambda d: column(d, "heat").pop("synonyms"), "1 fewer synonyms (members may be asked"),
    "more words": (
        lambda d: custom(column(d, "paper"), "valueSynonyms", {"a": ["ah", "ay"]}),
        "2 more words for values",
    ),
    "new optional column": (
        lambda d: d["schema"][0]["properties"].append(optional("desk")),
        "an optional column is new",
    ),
    "more blanks": (lambda d: column(d, "heat").pop("quality"), "missing values: 50 % → 100 %"),
    "higher ceiling": (lambda d: custom(d, "quarantineCeiling", 0.6), "quarantine ceiling: 50 % → 60 %"),
    "more protected": (lambda d: column(d, "heat").update(classification="confidential"), "it protects more"),
    "columns in another order": (lambda d: d["schema"][0]["properties"].reverse(), "the order of the columns changed"),
}

TEXTS: dict[str, tuple[Callable[[Document], object], str]] = {
    "another label": (lambda d: column(d, "heat").update(businessName="Warmth"), "heat: texts changed: label"),
    "another title": (lambda d: d.update(name="Small trade"), "texts changed: title"),
    "a reason": (explain_heat, "heat: texts changed: why"),
    "the unit in another spelling": (lambda d: custom(column(d, "heat"), "unit", "℃"), "heat: texts changed: unit"),
    "a header in another spelling": (
        lambda d: column(d, "heat").update(synonyms=[{"synonym": "온 도"}]),
        "heat: texts changed: synonyms",
    ),
}


@pytest.mark.parametrize("name", BREAKING)
def test_what_could_refuse_or_reread_a_file_is_breaking_and_takes_a_major_number(document: Document, name: str) -> None:
    change, said = BREAKING[name]
    found = evolved(document, change, "1.1.0")

    assert found.differences[0].weight is Weight.BREAKING
    assert any(said in one.sentence("en") for one in found.differences if one.weight is Weight.BREAKING)
    assert (found.breaking, found.needed, found.numbered_well, found.next_version) == (True, Step.MAJOR, False, "2.0.0")
    assert evolved(document, change, "2.0.0").numbered_well


@pytest.mark.parametrize("name", COMPATIBLE)
def test_what_only_lets_more_in_is_compatible_and_takes_a_minor_number(document: Document, name: str) -> None:
    change, said = COMPATIBLE[name]
    found = evolved(document, change, "1.0.1")

    assert said in found.differences[0].sentence("en")
    assert {one.weight for one in found.differences} == {Weight.COMPATIBLE}
    assert (found.breaking, found.needed, found.numbered_well, found.next_version) == (
        False,
        Step.MINOR,
        False,
        "1.1.0",
    )
    assert evolved(document, change, "1.1.0").numbered_well


@pytest.mark.parametrize("name", TEXTS)
def test_texts_take_a_patch_number(document: Document, name: str) -> None:
    change, said = TEXTS[name]
    found = evolved(document, change)

    assert [said] == [
        one.what.en if one.column is None else f"{one.column}: {one.what.en}" for one in found.differences
    ]
    assert (found.breaking, found.needed, found.numbered_well, found.next_version) == (
        False,
        Step.PATCH,
        False,
        "1.0.1",
    )
    assert evolved(document, change, "1.0.1").numbered_well


def test_a_contract_that_did_not_change_needs_no_number(document: Document) -> None:
    found = evolved(document, lambda _: None)

    assert (found.differences, found.needed, found.numbered_well) == ((), Step.NONE, True)
    assert found.verdict().en.startswith("The two files are the same.")


def test_even_a_comment_needs_a_number_since_members_hold_the_files_hash(document: Document) -> None:
    text = to_text(document)
    found = compare(parse_contract(text), parse_contract(f"# a comment\n{text}"))

    assert (found.differences, found.needed, found.numbered_well, found.next_version) == (
        (),
        Step.PATCH,
        False,
        "1.0.1",
    )


def test_a_number_that_fell_is_never_right(document: Document) -> None:
    found = evolved(document, lambda d: d.update(name="Small trade"), "0.9.0")

    assert (found.raised, found.numbered_well) == (Step.NONE, False)


def test_before_1_0_0_a_breaking_change_takes_a_minor_number(document: Document) -> None:
    document["version"] = "0.3.1"
    found = evolved(document, lambda d: custom(d, "quarantineCeiling", 0.1), "0.4.0")

    assert (found.breaking, found.needed, found.numbered_well, found.next_version) == (True, Step.MINOR, True, "0.4.0")


def test_a_word_that_comes_to_mean_another_value_is_breaking(document: Document) -> None:
    custom(column(document, "paper"), "valueSynonyms", {"a": ["Kraft"]})
    found = evolved(document, lambda d: custom(column(d, "paper"), "valueSynonyms", {"b": ["KRAFT"]}))

    assert [one.sentence("en") for one in found.differences] == [
        "paper: words mean something else: kraft: a → b (the same file means something else)"
    ]


def test_a_word_that_becomes_a_value_of_its_own_is_breaking(document: Document) -> None:
    custom(column(document, "paper"), "valueSynonyms", {"c": ["stain"]})

    def split_off(changed: Document) -> None:
        custom(column(changed, "paper"), "valueSynonyms", {})
        column(changed, "paper")["enum"].append({"value": "stain"})

    assert evolved(document, split_off).breaking


def test_another_trade_is_another_contract_and_nothing_more(document: Document) -> None:
    found = compare(parse_contract(to_text(document)), load_contract("print-defect"))

    assert [one.sentence("ko") for one in found.differences] == ["이름 변경: tiny → print-defect (다른 계약입니다)"]
    assert (found.breaking, found.next_version) == (True, "1.0.0")


def test_what_programs_get_says_the_same_in_both_languages(document: Document) -> None:
    plain = evolved(document, BREAKING["lower maximum"][0]).to_plain()

    assert plain["breaking"] is True
    assert (plain["needed"], plain["raised"], plain["next_version"]) == ("major", "none", "2.0.0")
    assert plain["differences"] == [
        {
            "column": "heat",
            "weight": "breaking",
            "what": {"ko": "최댓값: 64 → 60", "en": "maximum: 64 → 60"},
            "why": {"ko": "통과하던 파일이나 행이 걸릴 수 있습니다", "en": "files or rows that passed may fail"},
        }
    ]
