"""What the association asks its ServerApp to do, as a folder: written by whoever starts the run, read by the app.

The ServerApp may live in another process than the flow that asked, so the two meet in ``runs/<run id>/``:

========================  =====================================================================
file                      written by, content
========================  =====================================================================
``job.json``              flow: the `Job`
``contract.odcs.yaml``    flow: the contract, byte for byte
``champion/``             flow: the promoted model, when there is one to compare with
``delivery/``             flow: the model that members shall take home
``events.jsonl``          ServerApp: one line per phase and per round, as they happen
``weights.safetensors``   ServerApp: the candidate's weights
``outcome.json``          ServerApp: the `Outcome`
``delivered.json``        ServerApp: who took the promoted model home (`Delivered`)
========================  =====================================================================
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from cattrs.preconf.json import JsonConverter, make_converter

from federated.disk import whole_file
from federated.learning import Learning
from federated.messages import Assignment, ContractChecked, Evaluated
from federated.rounds import RoundReport
from federated.screening import Refused

T = TypeVar("T")

JOB = "job.json"
CONTRACT = "contract.odcs.yaml"
CHAMPION = "champion"
DELIVERY = "delivery"
EVENTS = "events.jsonl"
WEIGHTS = "weights.safetensors"
OUTCOME = "outcome.json"
DELIVERED = "delivered.json"


class Task(StrEnum):
    """What the ServerApp is started for."""

    TRAIN = "train"
    DELIVER = "deliver"


@dataclass(frozen=True)
class Job:
    """One errand of the ServerApp.

    Attributes:
        task: Train a candidate, or hand a promoted model to the members.
        assignment: What the members are asked to do.
        learning: How the association merges what they send.
        bins: Pieces per numeric column in the preprocessing.
    """

    task: Task
    assignment: Assignment
    learning: Learning
    bins: int


@dataclass(frozen=True)
class Declined:
    """A member that did not take part in a phase.

    Attributes:
        phase: The phase it dropped out of.
        refused: The member and the reason.
    """

    phase: str
    refused: Refused


@dataclass(frozen=True)
class MemberOutcome:
    """What one member contributed to a run, as far as it said.

    Attributes:
        member: The member's id.
        shares_metrics: Its recorded opt-in to its own figures being shown.
        check: Its contract verdict and its dataset's commitment.
        described_rows: Rows its statistics spoke of: its weight in the rounds.
        evaluated: Its evaluation reply, or None if it gave none.
    """

    member: str
    shares_metrics: bool
    check: ContractChecked
    described_rows: int
    evaluated: Evaluated | None


@dataclass(frozen=True)
class Outcome:
    """What a finished training run leaves behind, besides the weights.

    Attributes:
        run_id: The run.
        members: The members that described their records, sorted by id.
        declined: Who dropped out, where and why.
        rounds: Every round.
        preprocessing: JSON of the preprocessing.
        temperature: The fitted temperature.
        weights_sha256: Digest of the candidate's weights.
        seconds: Phase -> wall seconds.
    """

    run_id: str
    members: tuple[MemberOutcome, ...]
    declined: tuple[Declined, ...]
    rounds: tuple[RoundReport, ...]
    preprocessing: str
    temperature: float
    weights_sha256: str
    seconds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivered:
    """Who took a promoted model home.

    Attributes:
        members: The members that hold it now, sorted by id.
        declined: Those that do not, and why.
    """

    members: tuple[str, ...]
    declined: tuple[Declined, ...]


def save(value: object, path: Path) -> None:
    """Write a frozen type as JSON, whole or not at all."""
    text = json.dumps(_converter().unstructure(value), indent=1, ensure_ascii=False)
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def load(kind: type[T], path: Path) -> T:
    """Read what `save` wrote."""
    return _converter().structure(json.loads(path.read_text(encoding="utf-8")), kind)


def to_plain(value: object) -> Any:
    """Return a frozen type as dicts, lists and scalars, ready for JSON."""
    return _converter().unstructure(value)


def from_plain(kind: type[T], value: object) -> T:
    """Return the frozen type that `to_plain` took apart."""
    return _converter().structure(value, kind)


@cache
def _converter() -> JsonConverter:
    """Return cattrs' JSON converter with one addition: an array is its dtype and its nested lists."""
    converter = make_converter()
    converter.register_unstructure_hook_func(_is_array, lambda a: {"dtype": str(a.dtype), "data": a.tolist()})
    converter.register_structure_hook_func(_is_array, lambda value, _: np.array(value["data"], dtype=value["dtype"]))
    return converter


def _is_array(kind: Any) -> bool:
    return kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray
