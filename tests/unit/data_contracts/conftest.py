"""A tiny trade written as a contract file: a record number, heat, a count of passes, the paper, and good or bad."""

import copy
from typing import Any

import pandas as pd
import pytest
import yaml

from data_contracts.contract import Contract, parse_contract
from tests.tiny_contract import DOCUMENT


def _document() -> dict[str, Any]:
    """Return the tests' trade with a ceiling, a second number, a third paper and a synonym; a part may come twice."""
    made = copy.deepcopy(DOCUMENT)
    made["customProperties"].append({"property": "quarantineCeiling", "value": 0.5})
    part, heat, paper, grade = made["schema"][0]["properties"]
    del part["unique"]
    heat["logicalTypeOptions"]["maximum"] = 64
    heat["customProperties"][1]["value"] = "가열 온도"
    heat |= {"classification": "internal", "synonyms": [{"synonym": "온도", "locale": "ko"}]}
    passes = {
        "name": "passes",
        "businessName": "Passes",
        "logicalType": "integer",
        "logicalTypeOptions": {"minimum": 0, "maximum": 8},
        "customProperties": [{"property": "role", "value": "feature"}, {"property": "labelKo", "value": "횟수"}],
    }
    paper["enum"].append({"value": "c"})
    made["schema"][0]["properties"] = [part, heat, passes, paper, grade]
    return made


def to_text(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


@pytest.fixture
def document() -> dict[str, Any]:
    """The tiny contract as a document that a test may spoil."""
    return _document()


@pytest.fixture(scope="session")
def tiny() -> Contract:
    return parse_contract(to_text(_document()))


@pytest.fixture
def parts() -> pd.DataFrame:
    """Four records that keep the contract, as text, the way `read_source` hands them over: lines 2 to 5."""
    return pd.DataFrame(
        {
            "part": ["P1", "P2", "P3", "P4"],
            "heat": ["10", "20.5", "30", None],
            "passes": ["1", "2", "3", "4"],
            "paper": ["a", "b", "c", "a"],
            "grade": ["good", "bad", "bad", "good"],
        },
        index=[2, 3, 4, 5],
        dtype="string",
    )
