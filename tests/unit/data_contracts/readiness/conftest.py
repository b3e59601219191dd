"""A tiny plating trade: an id, a time, a line, one number, one category, the judgement, and the kind of defect."""

import pytest

from data_contracts.contract import Contract, parse_contract

_CONTRACT = """
apiVersion: v3.2.0
kind: DataContract
id: tiny-plating
version: "1.0.0"
name: Tiny plating
description: {purpose: Tell good lots from bad ones.}
customProperties:
  - {property: titleKo, value: 작은 도금}
  - {property: purposeKo, value: 양품과 불량을 구별합니다.}
  - {property: defectClasses, value: [ng]}
  - {property: quarantineCeiling, value: 0.1}
schema:
  - name: lots
    properties:
      - name: lot
        businessName: Lot
        logicalType: string
        required: true
        unique: true
        primaryKey: true
        customProperties: [{property: role, value: id}, {property: labelKo, value: 로트}]
      - name: at
        businessName: Time
        logicalType: timestamp
        logicalTypeOptions: {timezone: false}
        customProperties: [{property: role, value: time}, {property: labelKo, value: 시각}]
      - name: heat
        businessName: Heat
        logicalType: number
        logicalTypeOptions: {minimum: 40, maximum: 60}
        quality: [{metric: nullValues, unit: percent, mustBeLessOrEqualTo: 20}]
        customProperties:
          - {property: role, value: feature}
          - {property: labelKo, value: 온도}
          - {property: unit, value: °C}
      - name: paper
        businessName: Paper
        logicalType: string
        enum: [{value: a}, {value: b}]
        customProperties: [{property: role, value: feature}, {property: labelKo, value: 종이}]
      - name: grade
        businessName: Grade
        logicalType: string
        enum: [{value: ok}, {value: ng}]
        required: true
        customProperties: [{property: role, value: target}, {property: labelKo, value: 판정}]
      - name: flaw
        businessName: Flaw
        logicalType: string
        enum: [{value: pit}, {value: burn}]
        customProperties: [{property: role, value: outcome}, {property: labelKo, value: 불량 유형}]
"""


@pytest.fixture(scope="session")
def tiny() -> Contract:
    return parse_contract(_CONTRACT)
