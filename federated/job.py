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
``proposed.json``         ServerApp: who has agreed and who has not (`Proposed`)
``failure.json``          ServerApp: why it ended without an outcome, when it knows
========================  =====================================================================
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from federated.agreement import SignedAgreement
from federated.disk import whole_file
from federated.learning import Learning
from federated.messages import Assignment, ContractChecked, Evaluated
from federated.plain import from_plain, to_plain
from federated.rounds import RoundReport
from federated.screening import Refused
from models.run_record import TreesKept

T = TypeVar("T")

JOB = "job.json"
CONTRACT = "contract.odcs.yaml"
CHAMPION = "champion"
DELIVERY = "delivery"
EVENTS = "events.jsonl"
WEIGHTS = "weights.safetensors"
OUTCOME = "outcome.json"
DELIVERED = "delivered.json"
PROPOSED = "proposed.json"


class Task(StrEnum):
    """What the ServerApp is started for."""

    TRAIN = "train"
    DELIVER = "deliver"
    PROPOSE = "propose"


@dataclass(frozen=True)
class Job:
    """One errand of the ServerApp.

    Attributes:
        task: Train a candidate, hand a promoted model to the members, or only show them what they are asked to approve.
        assignment: What the members are asked to do.
        learning: How the association merges what they send.
        bins: Pieces per numeric column in the preprocessing.
        agreement: What the members are asked to approve.
        admitted: Flower node id, as text -> the member that was admitted with that node's key. Empty in one process,
            where a member's folder says who it is.
    """

    task: Task
    assignment: Assignment
    learning: Learning
    bins: int
    agreement: SignedAgreement
    admitted: Mapping[str, str] = field(default_factory=dict)


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
        trees: Trees that were grown and kept; None for a network.
    """

    run_id: str
    members: tuple[MemberOutcome, ...]
    declined: tuple[Declined, ...]
    rounds: tuple[RoundReport, ...]
    preprocessing: str
    temperature: float
    weights_sha256: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    trees: TreesKept | None = None


@dataclass(frozen=True)
class Delivered:
    """Who took a promoted model home.

    Attributes:
        members: The members that hold it now, sorted by id.
        declined: Those that do not, and why.
    """

    members: tuple[str, ...]
    declined: tuple[Declined, ...]


@dataclass(frozen=True)
class Proposed:
    """Who was asked to approve an agreement, and what each said.

    Attributes:
        agreed: Members that approved it, sorted by id.
        declined: Members that did not, and why: still to be reviewed, refused, other software or contract.
    """

    agreed: tuple[str, ...]
    declined: tuple[Declined, ...]


def save(value: object, path: Path) -> None:
    """Write a frozen type as JSON, whole or not at all."""
    text = json.dumps(to_plain(value), indent=1, ensure_ascii=False)
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")


def load(kind: type[T], path: Path) -> T:
    """Read what `save` wrote."""
    return from_plain(kind, json.loads(path.read_text(encoding="utf-8")))
