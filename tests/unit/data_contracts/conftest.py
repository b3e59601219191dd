"""A tiny trade written as a contract file: a record number, heat, a count of passes, the paper, and good or bad."""

import copy
from typing import Any

import pandas as pd
import pytest
import yaml

from data_contracts.contract import Contract, parse_contract

_DOCUMENT: dict[str, Any] = {
    "apiVersion": "v3.2.0",
    "kind": "DataContract",
    "id": "tiny",
    "version": "1.0.0",
    "name": "Tiny trade",
    "description": {"purpose": "Tell good parts from bad ones."},
    "customProperties": [
        {"property": "titleKo", "value": "작은 업종"},
        {"property": "purposeKo", "value": "양품과 불량을 구별합니다."},
        {"property": "defectClasses", "value": ["bad"]},
        {"property": "quarantineCeiling", "value": 0.5},
    ],
    "schema": [
        {
            "name": "parts",
            "properties": [
                {
                    "name": "part",
                    "businessName": "Part number",
                    "logicalType": "string",
                    "required": True,
                    "primaryKey": True,
                    "customProperties": [{"property": "role", "value": "id"}, {"property": "labelKo", "value": "번호"}],
                },
                {
                    "name": "heat",
                    "businessName": "Heat",
                    "logicalType": "number",
                    "logicalTypeOptions": {"minimum": 0, "maximum": 64},
                    "classification": "internal",
                    "quality": [{"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 50}],
                    "synonyms": [{"synonym": "온도", "locale": "ko"}],
                    "customProperties": [
                        {"property": "role", "value": "feature"},
                        {"property": "labelKo", "value": "가열 온도"},
                        {"property": "unit", "value": "°C"},
                    ],
                },
                {
                    "name": "passes",
                    "businessName": "Passes",
                    "logicalType": "integer",
                    "logicalTypeOptions": {"minimum": 0, "maximum": 8},
                    "customProperties": [
                        {"property": "role", "value": "feature"},
                        {"property": "labelKo", "value": "횟수"},
                    ],
                },
                {
                    "name": "paper",
                    "businessName": "Paper",
                    "logicalType": "string",
                    "enum": [{"value": "a"}, {"value": "b"}, {"value": "c"}],
                    "customProperties": [
                        {"property": "role", "value": "feature"},
                        {"property": "labelKo", "value": "용지"},
                    ],
                },
                {
                    "name": "grade",
                    "businessName": "Grade",
                    "logicalType": "string",
                    "enum": [{"value": "good"}, {"value": "bad"}],
                    "required": True,
                    "customProperties": [
                        {"property": "role", "value": "target"},
                        {"property": "labelKo", "value": "판정"},
                    ],
                },
            ],
        }
    ],
}


def to_text(document: dict[str, Any]) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


@pytest.fixture
def document() -> dict[str, Any]:
    """The tiny contract as a document that a test may spoil."""
    return copy.deepcopy(_DOCUMENT)


@pytest.fixture(scope="session")
def tiny() -> Contract:
    return parse_contract(to_text(_DOCUMENT))


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
