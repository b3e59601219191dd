"""The tests' trade as a contract document: parts with a heat and a paper, of which hot ones are bad."""

from typing import Any

DOCUMENT: dict[str, Any] = {
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
                    "unique": True,
                    "primaryKey": True,
                    "customProperties": [{"property": "role", "value": "id"}, {"property": "labelKo", "value": "번호"}],
                },
                {
                    "name": "heat",
                    "businessName": "Heat",
                    "logicalType": "number",
                    "logicalTypeOptions": {"minimum": 0, "maximum": 100},
                    "quality": [{"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 50}],
                    "customProperties": [
                        {"property": "role", "value": "feature"},
                        {"property": "labelKo", "value": "온도"},
                        {"property": "unit", "value": "°C"},
                    ],
                },
                {
                    "name": "paper",
                    "businessName": "Paper",
                    "logicalType": "string",
                    "enum": [{"value": "a"}, {"value": "b"}],
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
                        {"property": "labelKo", "value": "등급"},
                    ],
                },
            ],
        }
    ],
}
"""A test that needs it otherwise copies it first."""
