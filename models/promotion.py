"""Promotion: may a candidate replace the champion? A pure function of numbers; the gates are data in the plan.

Knows numpy and the standard library only, and no member by name: members are counted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, ClassVar, TypeGuard

from models.errors import SettingError
from models.intervals import Interval


@dataclass(frozen=True)
class Gates:
    """What a candidate must hold against. What a plan sets once."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}

    champion_tolerance: float = 0.02
    """How far the candidate's pooled ROC-AUC may lie below the champion's, in ROC-AUC, 0 to 0.5. It is granted anew at
    each promotion, so that many promotions may lose several times as much: the gate knows the last champion only, not
    the best there ever was. Whoever cannot bear that sets `floor_roc_auc`, or 0 here."""
    champion_log_loss_tolerance: float = 0.02
    """How far the candidate's pooled log loss may lie above the champion's, in nats per row, 0 to 1. It sees what
    ROC-AUC does not, a model that ranks as well and promises too much; it, too, is granted anew each time."""
    minimum_rows_per_class: int = 30
    """Hold-out rows of each class that a member needs before its comparison may refuse, at least 1."""
    minimum_members: int = 2
    """Members that must have judged the candidate, at least 1."""
    floor_roc_auc: float | None = None
    """Pooled ROC-AUC that a candidate must reach whatever the champion does, 0.5 to 1; none if left out."""

    def __post_init__(self) -> None:
        if not 0 <= self.champion_tolerance <= 0.5:  # noqa: PLR2004
            raise SettingError("gates.champion_tolerance", allowed="from 0 to 0.5", got=self.champion_tolerance)
        if not 0 <= self.champion_log_loss_tolerance <= 1:
            got = self.champion_log_loss_tolerance
            raise SettingError("gates.champion_log_loss_tolerance", allowed="from 0 to 1", got=got)
        if self.minimum_rows_per_class < 1:
            raise SettingError("gates.minimum_rows_per_class", allowed="at least 1", got=self.minimum_rows_per_class)
        if self.minimum_members < 1:
            raise SettingError("gates.minimum_members", allowed="at least 1", got=self.minimum_members)
        if self.floor_roc_auc is not None and not 0.5 <= self.floor_roc_auc <= 1:  # noqa: PLR2004
            raise SettingError("gates.floor_roc_auc", allowed="from 0.5 to 1, or left out", got=self.floor_roc_auc)


@dataclass(frozen=True)
class Scores:
    """Pooled metrics of one model on the members' hold-out rows; None where a metric could not be computed.

    Attributes:
        roc_auc: area under the ROC curve, 0 to 1.
        log_loss: mean negative log-likelihood, in nats per row.
        brier: mean squared error of the probabilities.
    """

    roc_auc: float | None
    log_loss: float | None
    brier: float | None


@dataclass(frozen=True)
class NoChampion:
    """Why the candidate is not compared with a champion.

    Attributes:
        reason: for example ``no champion yet`` or ``not comparable: the champion was made for print-defect@1.0.0``.
    """

    reason: str


@dataclass(frozen=True)
class MemberEvidence:
    """What one member, unnamed, says about the model it would use.

    Attributes:
        rows_per_class: hold-out rows of each class.
        difference: ROC-AUC of its chosen variant minus that of its own local-only model, on the same rows; None if a
            class is absent.
    """

    rows_per_class: tuple[int, ...]
    difference: Interval | None


@dataclass(frozen=True)
class Evidence:
    """Everything that decides.

    Attributes:
        candidate: its pooled scores.
        champion: the champion's, on the same hold-out rows, or why there are none.
        members: one entry per member that judged the candidate.
        joint_level: probability with which all members' intervals hold together, such as 0.95 if each member computed
            its own at `intervals.family_level(members, 0.95)`; None if each interval stands for itself.
    """

    candidate: Scores
    champion: Scores | NoChampion
    members: tuple[MemberEvidence, ...]
    joint_level: float | None = None


@dataclass(frozen=True)
class GateOutcome:
    """What one gate says.

    Attributes:
        gate: its name.
        passed: whether it lets the candidate through.
        reason: one sentence with the numbers behind it.
        members: how many members the outcome rests on.
    """

    gate: str
    passed: bool
    reason: str
    members: int


@dataclass(frozen=True)
class Verdict:
    """The decision and all its reasons.

    Attributes:
        outcomes: one per gate, in a fixed order.
    """

    outcomes: tuple[GateOutcome, ...]

    @property
    def promoted(self) -> bool:
        """Whether every gate let the candidate through."""
        return all(outcome.passed for outcome in self.outcomes)

    @property
    def refused_by(self) -> tuple[str, ...]:
        """Names of the gates that refused."""
        return tuple(outcome.gate for outcome in self.outcomes if not outcome.passed)


def decide(evidence: Evidence, gates: Gates) -> Verdict:
    """Hold the evidence against every gate; all are asked, so that a refusal names every reason at once.

    Args:
        evidence: numbers of candidate, champion and members.
        gates: the plan's limits.
    """
    return Verdict(tuple(_gate(name, rule(evidence, gates), evidence) for name, rule in _RULES.items()))


def _gate(name: str, said: tuple[bool, str], evidence: Evidence) -> GateOutcome:
    return GateOutcome(gate=name, passed=said[0], reason=said[1], members=len(evidence.members))


def _metrics_present(evidence: Evidence, _gates: Gates) -> tuple[bool, str]:
    metrics = vars(evidence.candidate)
    broken = [name for name, value in metrics.items() if value is None or not isfinite(value)]
    if broken:
        return False, f"The candidate has no finite {', '.join(broken)}: without them nothing can be judged."
    return True, f"All {len(metrics)} metrics of the candidate are present and finite."


def _enough_members(evidence: Evidence, gates: Gates) -> tuple[bool, str]:
    judged, wanted = len(evidence.members), gates.minimum_members
    return judged >= wanted, f"{judged} members judged the candidate, at least {wanted} are wanted."


def _floor(evidence: Evidence, gates: Gates) -> tuple[bool, str]:
    own, floor = evidence.candidate.roc_auc, gates.floor_roc_auc
    if floor is None:
        return True, "The plan sets no floor."
    if not _usable(own):
        return False, f"The candidate has no ROC-AUC to hold against the floor {floor:.3f}."
    return own >= floor, f"The candidate's ROC-AUC is {own:.3f}, the floor is {floor:.3f}."


def _champion(evidence: Evidence, gates: Gates) -> tuple[bool, str]:
    if isinstance(evidence.champion, NoChampion):
        return True, f"Not compared with a champion: {evidence.champion.reason}."
    own, best = evidence.candidate.roc_auc, evidence.champion.roc_auc
    if not _usable(own) or not _usable(best):
        return False, _incomparable("ROC-AUC", own)
    loss, least = evidence.candidate.log_loss, evidence.champion.log_loss
    if not _usable(loss) or not _usable(least):
        return False, _incomparable("log loss", loss)
    down, up = -gates.champion_tolerance, gates.champion_log_loss_tolerance
    area = f"ROC-AUC {own:.3f} against the champion's {best:.3f} on the same hold-out rows ({own - best:+.3f})"
    nats = f"Log loss {loss:.3f} against {least:.3f} nats per row ({loss - least:+.3f})"
    text = f"{area}; down to {down:+.3f} is tolerated. {nats}; up to {up:+.3f} is tolerated."
    return own - best >= down and loss - least <= up, text


def _incomparable(metric: str, own: float | None) -> str:
    whose = "champion" if _usable(own) else "candidate"
    return f"The {whose} has no {metric} on these hold-out rows, so the two cannot be compared."


def _members(evidence: Evidence, gates: Gates) -> tuple[bool, str]:
    """Refuse if any member with enough rows is surely (whole interval below zero) better off alone.

    Looked at for many members at once, "surely" needs wider intervals: `intervals.family_level`. The reason counts
    members and shows no difference of one of them, which might give it away.
    """
    enough = [m.difference for m in evidence.members if _enough(m, gates) and m.difference is not None]
    worse = [d for d in enough if d.high < 0]
    few = len(evidence.members) - len(enough)
    text = f"{len(worse)} of {len(enough)} members with enough hold-out rows are surely better off with their own model"
    sure = f", at a joint level of {100 * evidence.joint_level:g} % over the members" if evidence.joint_level else ""
    limit = f"fewer than {gates.minimum_rows_per_class} of a class"
    aside = f"; not enough rows at {few} more ({limit}), which therefore cannot refuse" if few else ""
    return not worse, f"{text}{sure}{aside}."


def _enough(member: MemberEvidence, gates: Gates) -> bool:
    return bool(member.rows_per_class) and min(member.rows_per_class) >= gates.minimum_rows_per_class


def _usable(value: float | None) -> TypeGuard[float]:
    return value is not None and isfinite(value)


_RULES: dict[str, Callable[[Evidence, Gates], tuple[bool, str]]] = {
    "metrics-present": _metrics_present,
    "enough-members": _enough_members,
    "floor": _floor,
    "not-worse-than-champion": _champion,
    "no-member-better-off-alone": _members,
}
