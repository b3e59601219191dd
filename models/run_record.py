"""What the association may know of one training run: the single source of the MLflow run, the plots and the report.

A `RunRecord` holds sums, counts and names that were meant to leave a member, and nothing else. A member's own numbers
stand in `members` only when that member opted in; everybody else appears as a sum, a count and, for the one that
gains least, as a `WorstMember` without a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from data_contracts.contract import Label
    from models.evaluation import Scorecard
    from models.intervals import Interval
    from models.promotion import Verdict

FEDERATED = "federated"
PERSONALISED = "personalised"
LOCAL = "local"
CHAMPION = "champion"
POOLED = "pooled"
"""In no record: only the demonstration and the benchmark, whose split is ours, can put all rows in one place."""
FEWEST_UNNAMED = 5
"""Unnamed members from which a spread over the members may show, unless all are named."""
REQUIRED_SCORECARDS = (FEDERATED, PERSONALISED, LOCAL)
ALLOWED_SCORECARDS = (*REQUIRED_SCORECARDS, CHAMPION)

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NOT_A_METRIC_CHARACTER = re.compile(r"[^\w\-]+")


class RunRecordError(ValueError):
    """A run record contradicts itself, so nothing may be published from it."""


@dataclass(frozen=True)
class RoundPoint:
    """One round as the association saw it.

    Attributes:
        round: Number of the round, counted from 1.
        train_loss: Mean training loss over the accepted members' rows (nats).
        validation_log_loss: Mean log loss over all members' validation rows (nats); None when not evaluated.
        asked: Members that were asked for an update.
        answered: Members that replied in time, whether accepted or not.
        accepted: Members whose update went into the shared model.
        refused: Reason codes with the number of members refused for each.
        update_norm: Euclidean norm of the shared model's change in this round.
        seconds: Wall time of the round.
    """

    round: int
    train_loss: float
    validation_log_loss: float | None
    asked: int
    answered: int
    accepted: int
    refused: tuple[tuple[str, int], ...]
    update_norm: float
    seconds: float

    @property
    def refused_count(self) -> int:
        """Members refused in this round, over all reasons."""
        return sum(count for _, count in self.refused)


@dataclass(frozen=True)
class TreesKept:
    """What became of the trees that the members grew: the last ones are left out where members stopped gaining by them.

    Attributes:
        grown: Trees added to the forest over all rounds.
        kept: Those of them, from the first on, that the shared model has.
    """

    grown: int
    kept: int


@dataclass(frozen=True)
class Commitment:
    """A member's salted promise of which data version it trained on. It names neither rows nor, by default, the member.

    Attributes:
        member_label: "member 1" and so on in the order of the sorted commitments, or the name of one that opted in.
        value: The commitment itself, hexadecimal.
        contract: Contract the data was enforced against, like "print-defect@1.0.0".
        rows: Accepted rows of that data version; None when the member does not tell.
    """

    member_label: str
    value: str
    contract: str
    rows: int | None


@dataclass(frozen=True)
class MemberRecord:
    """The numbers of one member that opted in to having them shown under its name.

    Attributes:
        name: The member's name.
        rows: Training and validation rows that its statistics spoke of; hold-out rows are not among them.
        holdout_counts: Hold-out rows per class, in the order of the contract's classes.
        roc_auc_local: Of the model trained on the member's own rows alone; None when it cannot be computed.
        roc_auc_federated: Of the shared model on the same hold-out rows.
        roc_auc_personalised: Of the shared model after fine-tuning at the member.
        difference: Paired difference "chosen variant minus local" with its interval; None when not computed.
        variant: Which of the shared model's variants it keeps: "shared", "fine-tuned" or "mean" of both.
    """

    name: str
    rows: int
    holdout_counts: tuple[int, ...]
    roc_auc_local: float | None
    roc_auc_federated: float | None
    roc_auc_personalised: float | None
    difference: Interval | None
    variant: str


@dataclass(frozen=True)
class WorstMember:
    """The member that gains least from the shared model, without its name.

    Attributes:
        roc_auc_local: Of that member's local model.
        roc_auc_federated: Of the shared model on that member's hold-out rows.
        roc_auc_personalised: Of the variant that the member keeps.
        difference: Paired difference "chosen variant minus local" with its interval.
    """

    roc_auc_local: float | None
    roc_auc_federated: float | None
    roc_auc_personalised: float | None
    difference: Interval | None


@dataclass(frozen=True)
class MemberSpread:
    """How a figure spreads over all members when most of them stay unnamed.

    Attributes:
        minimum: Smallest value over the members.
        mean: Unweighted mean over the members.
        maximum: Largest value over the members.
    """

    minimum: float
    mean: float
    maximum: float


@dataclass(frozen=True)
class RunRecord:
    """Everything the association may know of a training run.

    Attributes:
        run_id: The training run's own identifier (not MLflow's).
        purpose: Why the model is trained, in both languages.
        plan_yaml: The plan as YAML text.
        plan_sha256: SHA-256 of the plan as JSON with sorted keys and no spaces, in UTF-8.
        contract: Reference like "print-defect@1.0.0".
        contract_sha256: SHA-256 of the contract file.
        model_name: Name of the registered model.
        seed: Seed of the run.
        member_count: Members that took part.
        minimum: Fewest members for which anything summed is published.
        weights_sha256: Fingerprint of the shared model's weights; None when the run ended without a model.
        rounds: One point per finished round, ascending.
        commitments: One per member.
        scorecards: "federated", "personalised", "local" and perhaps "champion", each summed over all members' hold-out
            rows. May be empty when the run ended before evaluation.
        members: Members that opted in, and only those.
        spread: Per variant, how ROC-AUC spreads over all members; dropped when :func:`may_show_spread` says no.
        worst: The member that gains least, unnamed; dropped in the same case.
        withheld: Members whose figures were withheld because their counts were below a minimum.
        temperature: Divisor of the logits that calibrates the shared model; 1 changes nothing.
        verdict: The gates' decision; None before it is taken.
        versions: Software by name with version.
        phase_seconds: Wall time per phase of the run.
        simulated: What about this run is simulated, in one sentence; empty when nothing is.
        classes: Names of the target's classes in contract order, for counts and curves; empty shows numbers.
        joint_level: Probability with which all members' difference intervals hold together, such as 0.95; None when
            each is a 95 % interval of its own.
        declined: Who did not take part in a phase, in counts: phase, reason, members.
        trees: Trees that were grown and kept; None for a network.
    """

    run_id: str
    purpose: Label
    plan_yaml: str
    plan_sha256: str
    contract: str
    contract_sha256: str
    model_name: str
    seed: int
    member_count: int
    minimum: int
    weights_sha256: str | None
    rounds: tuple[RoundPoint, ...]
    commitments: tuple[Commitment, ...]
    scorecards: Mapping[str, Scorecard]
    members: tuple[MemberRecord, ...] = ()
    spread: Mapping[str, MemberSpread] = field(default_factory=dict)
    worst: WorstMember | None = None
    withheld: int = 0
    temperature: float = 1.0
    verdict: Verdict | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    phase_seconds: Mapping[str, float] = field(default_factory=dict)
    simulated: str = ""
    classes: tuple[str, ...] = ()
    joint_level: float | None = None
    declined: tuple[tuple[str, str, int], ...] = ()
    trees: TreesKept | None = None

    def __post_init__(self) -> None:
        """Refuse a record that would publish something wrong, and drop what would give an unnamed member away.

        Raises:
            RunRecordError: If a hash, a count, the order of rounds or the set of scorecards is not what it must be.
        """
        for name, problem in _contradictions(self):
            raise RunRecordError(f"The run record of {self.run_id!r} cannot be published: `{name}` {problem}.")
        if not self.spread_allowed:
            object.__setattr__(self, "spread", {})
            object.__setattr__(self, "worst", None)

    @property
    def spread_allowed(self) -> bool:
        """Whether the spread over members and the worst member may show; see :func:`may_show_spread`."""
        return may_show_spread(self.member_count - self.withheld, len(self.members))

    @property
    def refused_total(self) -> int:
        """Refused updates over all rounds."""
        return sum(point.refused_count for point in self.rounds)


def may_show_spread(member_count: int, named: int) -> bool:
    """Whether smallest, mean and largest value over the members, and the worst member, may be published.

    They may if everybody is named anyway, or if enough members are not: of three values, smallest, mean and largest
    give the third, and whoever knows its own value (or reads the named members') knows more still. With
    `FEWEST_UNNAMED` or more, two at least stay unknown even to a member that is itself one of them.

    Args:
        member_count: members whose figures are in them.
        named: those of them that opted in to being named.
    """
    unnamed = member_count - named
    return unnamed == 0 or unnamed >= FEWEST_UNNAMED


def label_commitments(
    commitments: Mapping[str, tuple[str, int | None]], *, contract: str, opted_in: frozenset[str]
) -> tuple[Commitment, ...]:
    """Order commitments so that their order says nothing about who made them.

    Args:
        commitments: Member name with its commitment (hexadecimal) and its rows, or None when it does not tell.
        contract: Contract reference all of them were made under.
        opted_in: Members that agreed to be named.

    Returns:
        Commitments sorted by value; the n-th is labelled "member n" unless that member opted in.
    """
    ordered = sorted(commitments.items(), key=lambda item: item[1][0])
    return tuple(
        Commitment(name if name in opted_in else f"member {place}", value, contract, rows)
        for place, (name, (value, rows)) in enumerate(ordered, start=1)
    )


def metric_key(name: str) -> str:
    """Turn a member's name into a part of a metric name: letters of any script, digits, `_` and `-` only."""
    return _NOT_A_METRIC_CHARACTER.sub("_", name).strip("_") or "_"


def _contradictions(record: RunRecord) -> list[tuple[str, str]]:
    """Name each broken condition as (field, what is wrong and what is allowed)."""
    hashes = {"plan_sha256": record.plan_sha256, "contract_sha256": record.contract_sha256}
    if record.weights_sha256 is not None:
        hashes["weights_sha256"] = record.weights_sha256
    found = [
        (name, f"must be 64 lower-case hexadecimal digits, got {len(value)} characters")
        for name, value in hashes.items()
        if not _SHA256.fullmatch(value)
    ]
    numbers = [point.round for point in record.rounds]
    if numbers != sorted(set(numbers)):
        found.append(("rounds", f"must be ascending without repetition, got {numbers}"))
    found += [
        ("rounds", f"round {point.round}: asked >= answered >= accepted + refused is broken, got {_counts(point)}")
        for point in record.rounds
        if not point.asked >= point.answered >= point.accepted + point.refused_count
    ]
    if record.trees is not None and not 0 <= record.trees.kept <= record.trees.grown:
        found.append(("trees", f"must be kept out of those grown, got {record.trees.kept} of {record.trees.grown}"))
    return found + _set_contradictions(record)


def _counts(point: RoundPoint) -> str:
    return f"{point.asked} asked, {point.answered} answered, {point.accepted} accepted, {point.refused_count} refused"


def _set_contradictions(record: RunRecord) -> list[tuple[str, str]]:
    """Check the sets: which scorecards, how many members and commitments."""
    found = []
    names = set(record.scorecards)
    if names and not set(REQUIRED_SCORECARDS) <= names <= set(ALLOWED_SCORECARDS):
        allowed = ", ".join(REQUIRED_SCORECARDS)
        found.append(("scorecards", f"must be {allowed} and perhaps {CHAMPION}, got {sorted(names)}"))
    if len(record.commitments) > record.member_count:
        found.append(("commitments", f"are {len(record.commitments)} for {record.member_count} members"))
    if len(record.members) > record.member_count:
        found.append(("members", f"are {len(record.members)} of {record.member_count}"))
    keys = [metric_key(member.name) for member in record.members]
    if len(keys) != len(set(keys)):
        found.append(("members", "must differ in letters and digits, because metrics are named after them"))
    return found
