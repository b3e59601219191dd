"""Write the contract process-fault: 208 columns are not typed by hand.

    python -m flows.benchmark.process_fault_contract > data_contracts/contracts/process-fault-1.0.0.odcs.yaml

A column's limits follow from how its variable moves in normal operation (`USUAL`), never from faulty or test rows. A
histogram between the limits is all that a member says of a column, so they are as tight as they can be without losing
what tells faults apart; what lies beyond counts as at the limit, as with a sensor at the end of its range.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import log

import yaml

from data_contracts.contract import Label
from flows.benchmark.process_fault_variables import MEASURED, USUAL, VARIABLES, Usual, Variable

VERSION = "1.0.0"
KEY = "window_id"
TARGET = "fault"
NORMAL = "normal"

_PERCENT = {"%", "mol%"}

FAULTS = {
    1: "A/C feed ratio, B composition constant (stream 4): step",
    2: "B composition, A/C ratio constant (stream 4): step",
    4: "Reactor cooling water inlet temperature: step",
    5: "Condenser cooling water inlet temperature: step",
    6: "A feed loss (stream 1): step",
    7: "C header pressure loss (stream 4): step",
    8: "A, B, C feed composition (stream 4): random variation",
    10: "C feed temperature (stream 4): random variation",
    11: "Reactor cooling water inlet temperature: random variation",
    12: "Condenser cooling water inlet temperature: random variation",
    13: "Reaction kinetics: slow drift",
    14: "Reactor cooling water valve: sticking",
    16: "Unknown to the publisher (IDV 16)",
    17: "Unknown to the publisher (IDV 17)",
    18: "Unknown to the publisher (IDV 18)",
    19: "Unknown to the publisher (IDV 19)",
    20: "Unknown to the publisher (IDV 20)",
    21: "Valve of stream 4 fixed at its steady-state position",
}
"""Number of each fault and what it is. Faults 3, 9 and 15 are left out: hardly anybody can detect them."""


@dataclass(frozen=True)
class Statistic:
    """What is said of a variable over one window.

    Attributes:
        suffix: Ending of the column's name.
        label: Its name.
        unit: Ending of the variable's unit; None for a logarithm, which has none.
        limits: Lower and upper limit of a variable that usually moves so.
        rule: The limits in words.
    """

    suffix: str
    label: Label
    unit: str | None
    limits: Callable[[Usual], tuple[float, float]]
    rule: Label


STATISTICS = (
    Statistic(
        "mean",
        Label("평균", "mean"),
        "",
        lambda usual: (usual.centre - 16 * usual.spread, usual.centre + 16 * usual.spread),
        Label(
            "정상 운전 평균에서 위아래로 정상 운전 표준편차의 16배, 단 0 미만이나 100 % 초과는 제외",
            "16 standard deviations of normal operation around its mean, but not below 0 nor above 100 %",
        ),
    ),
    Statistic(
        "logsd",
        Label("표준편차의 자연로그", "log standard deviation"),
        None,
        lambda usual: (log(usual.spread) - 3, log(usual.spread) + 4),
        Label(
            "정상 운전 표준편차의 로그에서 아래로 3, 위로 4까지",
            "3 below to 4 above the logarithm of the standard deviation of normal operation",
        ),
    ),
    Statistic(
        "logdiff",
        Label("이웃 표본 간 절대차 평균의 자연로그", "log mean absolute difference of neighbouring samples"),
        None,
        lambda usual: (log(usual.step) - 3, log(usual.step) + 4),
        Label(
            "정상 운전 절대차 평균의 로그에서 아래로 3, 위로 4까지",
            "3 below to 4 above the logarithm of the same mean in normal operation",
        ),
    ),
    Statistic(
        "trend",
        Label("추세(최소제곱 직선의 기울기)", "trend, slope of the least-squares line"),
        "/h",
        lambda usual: (-16 * usual.spread, 16 * usual.spread),
        Label(
            "시간당 정상 운전 표준편차의 16배까지, 위아래로",
            "16 standard deviations of normal operation per hour, downwards and upwards",
        ),
    ),
)
"""In the contract's order: all columns of one statistic stand together."""

_HEAD = """\
# Faults of the Tennessee Eastman process: SIMULATED data, for the benchmark only. Made by
# flows/benchmark/process_fault_contract.py: change that and run it, not this file.
# 테네시 이스트만 공정의 이상: 모의 데이터이며 벤치마크 전용입니다.
"""
_PURPOSE = "Tell from one hour of a simulated chemical process whether it runs normally, else which fault it has."
_LIMITATIONS = """\
SIMULATED: no plant stands behind these records. They come from Downs and Vogel's simulation of the Tennessee Eastman
process (1993), in the training and test files of Chiang, Russell and Braatz (2001). A record is one window of 20
samples, one hour. Faults 3, 9 and 15 are left out, as hardly anybody can detect them. A member says no more of a column
than a histogram of 64 cells between its limits, so the limits are tight: they follow from the normal training file
alone by the rule in each description, and a value beyond them is recorded as the limit.
모의 데이터입니다: 실제 공장의 기록이 아닙니다. 한 기록은 표본 20개(1시간)의 구간 하나입니다.
범위는 정상 운전 학습 파일만으로 정했고, 범위를 벗어난 값은 한계값으로 기록합니다."""


def contract_text() -> str:
    """Return the contract as YAML."""
    return _HEAD + yaml.safe_dump(_document(), allow_unicode=True, sort_keys=False, width=120)


def fault_class(number: int) -> str:
    """Return the class of a published file: 0 is normal operation, others are faults."""
    return f"idv_{number:02d}" if number else NORMAL


def _document() -> dict[str, object]:
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "process-fault",
        "version": VERSION,
        "status": "active",
        "name": "Tennessee Eastman process faults (simulated)",
        "domain": "chemical process",
        "description": {
            "purpose": _PURPOSE,
            "usage": "For the benchmark. One row per window; rows of a window's neighbourhood stay with one member.",
            "limitations": _LIMITATIONS.replace("\n", " "),
        },
        "customProperties": _custom(
            titleKo="테네시 이스트만 공정 이상 (모의 데이터)",
            purposeKo="모의 화학 공정의 한 시간 기록으로 정상 운전인지, 아니면 어떤 이상인지 알아냅니다.",
            defectClasses=[fault_class(number) for number in FAULTS],
            quarantineCeiling=0.0,
        ),
        "schema": [
            {
                "name": "windows",
                "logicalType": "object",
                "physicalType": "file",
                "description": "Windows of one hour of the simulated process.",
                "dataGranularityDescription": "One row per window of 20 samples, three minutes apart.",
                "properties": [_key(), *_features(), _target()],
            }
        ],
    }


def _key() -> dict[str, object]:
    return {
        "name": KEY,
        "businessName": "Window",
        "description": "Published file and number of the window's first row in it, counted from 0, such as d01-0040.",
        "logicalType": "string",
        "required": True,
        "unique": True,
        "primaryKey": True,
        "classification": "public",
        "customProperties": _custom(role="id", labelKo="구간 번호"),
    }


def _features() -> Iterator[dict[str, object]]:
    for statistic in STATISTICS:
        for position, variable in enumerate(VARIABLES):
            yield _feature(statistic, variable, _published(position))


def _feature(statistic: Statistic, variable: Variable, published: str) -> dict[str, object]:
    low, high = _limits(statistic, variable)
    unit = {} if statistic.unit is None else {"unit": variable.unit + statistic.unit}
    return {
        "name": f"{variable.name}_{statistic.suffix}",
        "businessName": f"{variable.en}, {statistic.label.en}",
        "description": f"{published} over the window, {statistic.label.en}. Simulated. Limits: {statistic.rule.en}.",
        "logicalType": "number",
        "logicalTypeOptions": {"minimum": low, "maximum": high},
        "required": True,
        "classification": "public",
        "synonyms": [{"synonym": f"{published} {statistic.suffix}", "locale": "en"}],
        "customProperties": _custom(
            role="feature",
            labelKo=f"{variable.ko} {statistic.label.ko}",
            **unit,
            descriptionKo=f"구간 안의 {published} {statistic.label.ko}. 모의 데이터. 범위: {statistic.rule.ko}.",
        ),
    }


def _limits(statistic: Statistic, variable: Variable) -> tuple[float, float]:
    low, high = (float(f"{limit:.5g}") for limit in statistic.limits(USUAL[variable.name]))
    if statistic.suffix != "mean":
        return low, high
    return max(low, 0.0), min(high, 100.0) if variable.unit in _PERCENT else high


def _target() -> dict[str, object]:
    faults = [{"value": fault_class(number), "label": text} for number, text in FAULTS.items()]
    return {
        "name": TARGET,
        "businessName": "Fault",
        "description": "The simulated fault, by its published number IDV(n), or normal. Every fault is a defect class.",
        "logicalType": "string",
        "enum": [{"value": NORMAL, "label": "Normal operation"}, *faults],
        "required": True,
        "classification": "public",
        "customProperties": _custom(
            role="target", labelKo="공정 이상", descriptionKo="모의 이상의 번호 IDV(n), 또는 정상(normal)."
        ),
    }


def _published(position: int) -> str:
    return f"XMEAS({position + 1})" if position < MEASURED else f"XMV({position + 1 - MEASURED})"


def _custom(**values: object) -> list[dict[str, object]]:
    return [{"property": name, "value": value} for name, value in values.items()]


if __name__ == "__main__":
    sys.stdout.write(contract_text())
