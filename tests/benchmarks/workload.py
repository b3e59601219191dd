"""The work that every system in the benchmark does: the same rows, the same network, the same local epoch.

A member teaches with 4,000 rows of 30 numbers and a yes-or-no label, and validates the model that arrives with 1,000
more. Pumasi decides by a hash of a row's key which rows teach, so the keys are drawn until each part has its size; the
2,000 rows held out are used by Pumasi alone, after the rounds. The rivals get the very same teaching and validating
rows, already standardised; Pumasi gets the raw file and standardises in its own way, by federated statistics.
"""

import csv
import hashlib
import json
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

CONTRACT_ID = "benchmark-parts"
FEATURES = 30
TRAIN, VALIDATION, HOLDOUT = 4000, 1000, 2000
BATCH = 128
LEARNING_RATE = 0.001
BOUND = 8.0
HOLDOUT_SHARE, VALIDATION_SHARE = 0.33, 0.17  # as in data_contracts.split; Pumasi's own counts are checked in the run
MEMBERS = 5


@dataclass(frozen=True)
class Size:
    """A network's size: hidden width and residual blocks."""

    width: int
    blocks: int

    @property
    def parameters(self) -> int:
        """Numbers that travel: entry, blocks (norm and two layers), norm and a head of two classes."""
        block = 2 * self.width + 2 * (self.width**2 + self.width)
        return (FEATURES + 1) * self.width + self.blocks * block + 2 * self.width + 2 * self.width + 2

    @property
    def bytes(self) -> int:
        """The size of all parameters as float32."""
        return 4 * self.parameters


SMALL = Size(width=47, blocks=1)
"""25 kB, and the multiplications of a plain 30-64-64-1 network."""
SIZES = {"25 kB": SMALL, "1 MB": Size(width=344, blocks=1), "10 MB": Size(width=785, blocks=2)}


@dataclass(frozen=True)
class Rows:
    """One member's rows.

    Attributes:
        keys: part numbers.
        x: process values `(rows, features)`, float32.
        y: whether the part failed `(rows,)`.
        part: 0 teaches, 1 validates, 2 is held out `(rows,)`.
    """

    keys: list[str]
    x: NDArray[np.float32]
    y: NDArray[np.bool_]
    part: NDArray[np.int64]


def rows_of(member: int) -> Rows:
    """Draw one member's rows; every member's numbers are shifted a little its own way."""
    keys, part = _keys(member)
    chance = np.random.default_rng([11, member])
    true = np.random.default_rng(7).normal(size=(FEATURES, 8)) / FEATURES**0.5
    drawn = chance.normal(size=(len(keys), FEATURES)) + 0.3 * chance.normal(size=FEATURES)
    x = np.clip(drawn, -BOUND, BOUND).round(6).astype(np.float32)
    score = np.tanh(x @ true * 1.5).sum(axis=1) + 0.5 * x[:, 0] * x[:, 1] + 0.5 * chance.normal(size=len(keys))
    return Rows(keys, x, score > 0, part)


def _keys(member: int) -> tuple[list[str], NDArray[np.int64]]:
    left = [TRAIN, VALIDATION, HOLDOUT]
    keys, parts = [], []
    for number in count():
        key = f"m{member}-{number}"
        digest = hashlib.sha256(f"{CONTRACT_ID}\x1f{key}".encode()).digest()
        position = int.from_bytes(digest[:8], "big") / 2**64
        part = 2 if position < HOLDOUT_SHARE else 1 if position < HOLDOUT_SHARE + VALIDATION_SHARE else 0
        if left[part]:
            left[part] -= 1
            keys.append(key)
            parts.append(part)
        if not any(left):
            return keys, np.array(parts)
    raise AssertionError  # count() never ends


def write_csv(member: int, path: Path) -> None:
    """Write one member's file as a factory would bring it."""
    rows = rows_of(member)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["part", *_names(), "outcome"])
        for key, values, bad in zip(rows.keys, rows.x.tolist(), rows.y.tolist(), strict=True):
            writer.writerow([key, *(f"{value:.6f}" for value in values), "bad" if bad else "good"])


def write_arrays(member: int, path: Path) -> None:
    """Write the same teaching and validating rows as arrays, for the rivals."""
    rows = rows_of(member)
    split = {}
    for name, part in (("train", 0), ("validation", 1)):
        split[f"x_{name}"] = rows.x[rows.part == part]
        split[f"y_{name}"] = rows.y[rows.part == part].astype(np.int64)
    np.savez(path, **split)


def write_contract(path: Path) -> None:
    """Write the data contract of the work."""
    path.write_text(yaml.safe_dump(_contract(), allow_unicode=True, sort_keys=False), encoding="utf-8")


def write_plan(path: Path, contract: Path, *, rounds: int, size: Size = SMALL) -> None:
    """Write a training plan for the work."""
    plan = {
        "purpose": {"ko": "성능 측정.", "en": "A measurement on made-up rows."},
        "contract": str(contract),
        "model": CONTRACT_ID,
        "seed": 1,
        "bins": 1,
        "network": asdict(size),
        "training": {"epochs": 1, "batch_size": BATCH, "learning_rate": LEARNING_RATE, "weight_decay": 0.0},
        "learning": {
            "rounds": rounds,
            "strategy": "FedAvg",
            "options": {},
            "average_last": 1,
            "minimum_members": 3,
            "deadline_seconds": 300,
        },
    }
    path.write_text(yaml.safe_dump(plan, allow_unicode=True, sort_keys=False), encoding="utf-8")


def write_all(folder: Path, members: int = MEMBERS) -> Path:
    """Write contract, CSV files and arrays into a folder, unless they are there already.

    Returns:
        The folder, which holds ``contract.odcs.yaml``, ``member-K.csv`` and ``member-K.npz``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_contract(folder / "contract.odcs.yaml")
    facts = json.dumps({"train": TRAIN, "validation": VALIDATION, "holdout": HOLDOUT, "features": FEATURES})
    if (folder / "facts.json").exists() and (folder / "facts.json").read_text(encoding="utf-8") != facts:
        for stale in folder.glob("member-*"):
            stale.unlink()
    for member in range(members):
        for suffix, write in ((".csv", write_csv), (".npz", write_arrays)):
            path = folder / f"member-{member + 1}{suffix}"
            if not path.exists():
                write(member, path)
    (folder / "facts.json").write_text(facts, encoding="utf-8")
    return folder


def _names() -> list[str]:
    return [f"value_{number:02d}" for number in range(1, FEATURES + 1)]


def _contract() -> dict[str, Any]:
    return {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": CONTRACT_ID,
        "version": "1.0.0",
        "name": "Parts of the benchmark",
        "description": {"purpose": "Measure how long a round takes, on made-up rows."},
        "customProperties": [
            {"property": "titleKo", "value": "성능 측정용 부품"},
            {"property": "purposeKo", "value": "만들어 낸 데이터로 한 라운드에 걸리는 시간을 잽니다."},
            {"property": "defectClasses", "value": ["bad"]},
        ],
        "schema": [{"name": "parts", "properties": [_key(), *map(_number, _names()), _target()]}],
    }


def _key() -> dict[str, Any]:
    return {
        "name": "part",
        "businessName": "Part number",
        "logicalType": "string",
        "required": True,
        "unique": True,
        "primaryKey": True,
        "customProperties": _roles("id", "번호"),
    }


def _number(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "businessName": name.replace("_", " "),
        "logicalType": "number",
        "logicalTypeOptions": {"minimum": -BOUND, "maximum": BOUND},
        "quality": [{"metric": "nullValues", "unit": "percent", "mustBeLessOrEqualTo": 0}],
        "customProperties": _roles("feature", f"측정값 {name[-2:]}"),
    }


def _target() -> dict[str, Any]:
    return {
        "name": "outcome",
        "businessName": "Outcome",
        "logicalType": "string",
        "enum": [{"value": "good"}, {"value": "bad"}],
        "required": True,
        "customProperties": _roles("target", "판정"),
    }


def _roles(role: str, label: str) -> list[dict[str, str]]:
    return [{"property": "role", "value": role}, {"property": "labelKo", "value": label}]
