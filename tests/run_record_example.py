"""A small synthetic run record: five members, of which two opted in, on a made-up contract. For tests only."""

import numpy as np
import pandas as pd

from data_contracts.contract import Contract, Label, load_contract
from data_contracts.statistics import describe
from models.configs import NetworkConfig
from models.evaluation import Scorecard, score_rows
from models.intervals import Interval
from models.package import ModelPackage
from models.prediction import initial_weights
from models.preprocessing import fit_preprocessing
from models.run_record import (
    MemberRecord,
    MemberSpread,
    RoundPoint,
    RunRecord,
    WorstMember,
    label_commitments,
)

PLAN = """\
model: print-defect
training:
  rounds: 12
  epochs: 2
  learning_rate: 0.003
minimum_members: 3
gates:
  roc_auc_at_least: 0.7
"""


def card(skill: float, rows: int = 400, seed: int = 7) -> Scorecard:
    """Scores of a binary model whose logits carry `skill` times the truth."""
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < 0.37).astype(np.int64)
    logit = skill * (y - 0.5) + rng.normal(size=rows) - 0.5
    p = 1 / (1 + np.exp(-logit))
    return score_rows(np.stack([1 - p, p], axis=1), y, positive=1)


def rounds(count: int = 12) -> tuple[RoundPoint, ...]:
    """A training that gets better; in round 3 one member is refused and in round 5 one is silent."""
    return tuple(
        RoundPoint(
            round=n,
            train_loss=0.40 + 0.3 / n,
            validation_log_loss=0.48 + 0.2 / n,
            asked=5,
            answered=4 if n == 5 else 5,
            accepted=4 if n in (3, 5) else 5,
            refused=(("norm_too_large", 1),) if n == 3 else (),
            update_norm=1.0 / n,
            seconds=0.25,
        )
        for n in range(1, count + 1)
    )


def example_record(**changes: object) -> RunRecord:
    """The record, with fields replaced by `changes`."""
    commitments = {name: (str(place) * 64, 60 + place) for place, name in enumerate("cdeb", start=2)}
    commitments["대림인쇄"] = ("9" * 64, 75)
    fields: dict[str, object] = {
        "run_id": "2026-11-21-print-defect-7",
        "purpose": Label(
            ko="인쇄 실린더 밴드 불량을 공정 조건으로 미리 알아내기",
            en="Predict cylinder bands from the process conditions of a print run",
        ),
        "plan_yaml": PLAN,
        "plan_sha256": "a" * 64,
        "contract": "print-defect@1.0.0",
        "contract_sha256": "b" * 64,
        "model_name": "print-defect",
        "seed": 7,
        "member_count": 5,
        "minimum": 3,
        "weights_sha256": "c" * 64,
        "rounds": rounds(),
        "commitments": label_commitments(
            commitments, contract="print-defect@1.0.0", opted_in=frozenset({"대림인쇄", "b"})
        ),
        "scorecards": {"federated": card(1.3), "personalised": card(1.4), "local": card(0.9)},
        "members": (
            MemberRecord("대림인쇄", 75, (9, 6), 0.70, 0.76, 0.78, Interval(0.01, 0.08, 0.15), "personalised"),
            MemberRecord("b", 65, (8, 5), 0.66, 0.72, 0.71, Interval(-0.02, 0.06, 0.13), "federated"),
        ),
        "spread": {
            "local": MemberSpread(0.61, 0.68, 0.74),
            "federated": MemberSpread(0.66, 0.74, 0.79),
            "personalised": MemberSpread(0.67, 0.75, 0.80),
        },
        "worst": WorstMember(0.74, 0.73, 0.735, Interval(-0.08, -0.005, 0.06)),
        "withheld": 1,
        "temperature": 1.2,
        "versions": {"pumasi": "0.1.0", "torch": "2.13.0", "flwr": "1.41.0"},
        "phase_seconds": {"statistics": 0.8, "training": 4.2, "evaluation": 1.1},
        "simulated": "The five members are one public data set split by press speed on one machine.",
        "classes": ("noband", "band"),
    }
    return RunRecord(**(fields | changes))  # type: ignore[arg-type]


def example_frame(contract: Contract, rows: int = 60, seed: int = 3) -> pd.DataFrame:
    """Made-up accepted rows of a contract: uniform numbers in their ranges, categories in turn."""
    rng = np.random.default_rng(seed)
    data: dict[str, object] = {}
    for column in contract.features:
        if column.is_numeric:
            low, high = column.bounds
            data[column.name] = rng.uniform(low, high, rows)
        else:
            data[column.name] = [column.vocabulary[i % len(column.vocabulary)] for i in range(rows)]
    data[contract.target.name] = [contract.classes[i % len(contract.classes)] for i in range(rows)]
    return pd.DataFrame(data)


def example_package(seed: int = 1) -> ModelPackage:
    """An untrained model for the shipped contract: enough to be stored, loaded and asked."""
    contract = load_contract("print-defect@1.0.0")
    statistics = describe(example_frame(contract), contract, minimum_count=5)
    preprocessing = fit_preprocessing(contract, statistics, bins=4)
    network = NetworkConfig(width=8, blocks=1)
    return ModelPackage(
        contract=contract,
        preprocessing=preprocessing,
        network=network,
        weights=initial_weights(preprocessing, network, seed=seed),
        temperature=1.2,
        threshold=0.5,
        variant="shared",
        name="print-defect",
        version=None,
        run_id="2026-11-21-print-defect-7",
    )


def record_of(package: ModelPackage, **changes: object) -> RunRecord:
    """The example record with the hashes of a package."""
    hashes = {"weights_sha256": package.weights.sha256(), "contract_sha256": package.contract.sha256}
    return example_record(**(hashes | changes))
