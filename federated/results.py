"""From what the members answered to what may be published: sums over members, and single members only as they allow."""

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from statistics import fmean

from data_contracts.contract import Contract
from federated.job import MemberOutcome, Outcome
from federated.messages import Comparison
from federated.rounds import RoundReport
from federated.screening import Refusal
from models.evaluation import Scorecard, merge_scorecards
from models.promotion import Evidence, MemberEvidence, NoChampion, Scores
from models.run_record import (
    CHAMPION,
    FEDERATED,
    LOCAL,
    PERSONALISED,
    Commitment,
    MemberRecord,
    MemberSpread,
    RoundPoint,
    WorstMember,
    label_commitments,
    may_show_spread,
)

JOINT_LEVEL = 0.95
"""Level of the members' intervals, jointly over all of them."""

SOFTWARE = ("pumasi", "flwr", "torch", "numpy", "pandas")


def scorecards(outcome: Outcome, *, minimum: int) -> dict[str, Scorecard]:
    """Sum the members' scorecards on hold-out rows, per model; empty when fewer than the minimum told theirs.

    Args:
        outcome: The finished run.
        minimum: Members that a published sum must cover.
    """
    told = list(_comparisons(outcome).values())
    if len(told) < minimum:
        return {}
    cards = {
        FEDERATED: merge_scorecards([one.shared for one in told]),
        PERSONALISED: merge_scorecards([one.personalised for one in told]),
        LOCAL: merge_scorecards([one.local for one in told]),
    }
    champions = [one.champion for one in told if one.champion is not None]
    return {**cards, CHAMPION: merge_scorecards(champions)} if champions else cards


def evidence(outcome: Outcome, no_champion: str | None, *, minimum: int) -> Evidence:
    """Collect what the gates decide on.

    Args:
        outcome: The finished run.
        no_champion: Why there is no champion to compare with; None when the members were asked to score one.
        minimum: Members that a sum must cover.
    """
    cards = scorecards(outcome, minimum=minimum)
    return Evidence(
        candidate=_scores(cards.get(FEDERATED)),
        champion=_scores(cards.get(CHAMPION)) if no_champion is None else NoChampion(no_champion),
        joint_level=JOINT_LEVEL,
        members=tuple(
            MemberEvidence(tuple(int(count) for count in one.shared.class_counts), one.difference)
            for one in _comparisons(outcome).values()
        ),
    )


def round_point(report: RoundReport) -> RoundPoint:
    """Return a round in counts, without the members' names."""
    reasons = [str(one.reason) for one in report.refused if one.reason is not Refusal.NO_REPLY]
    silent = len(report.refused) - len(reasons)
    return RoundPoint(
        round=report.round,
        train_loss=report.train_loss,
        validation_log_loss=report.validation_loss,
        asked=len(report.asked),
        answered=len(report.asked) - silent,
        accepted=len(report.accepted),
        refused=tuple((reason, reasons.count(reason)) for reason in sorted(set(reasons))),
        update_norm=report.update_norm,
        seconds=report.seconds,
    )


def member_records(outcome: Outcome) -> tuple[MemberRecord, ...]:
    """Return the figures of the members that recorded their opt-in, and of nobody else."""
    opted_in = {one.member: one for one in outcome.members if one.shares_metrics}
    return tuple(
        _member_record(opted_in[member], comparison)
        for member, comparison in _comparisons(outcome).items()
        if member in opted_in
    )


def spreads(outcome: Outcome) -> dict[str, MemberSpread]:
    """Return smallest, mean and largest ROC-AUC over the members, per model, without names; empty for a few members."""
    if not _may_spread(outcome):
        return {}
    told = list(_comparisons(outcome).values())
    areas = {
        FEDERATED: [one.shared.roc_auc() for one in told],
        PERSONALISED: [one.personalised.roc_auc() for one in told],
        LOCAL: [one.local.roc_auc() for one in told],
    }
    known = {name: [area for area in values if area is not None] for name, values in areas.items()}
    return {name: MemberSpread(min(values), fmean(values), max(values)) for name, values in known.items() if values}


def worst_member(outcome: Outcome) -> WorstMember | None:
    """Return the member that gains least from taking part, without its name; None when that would name it."""
    if not _may_spread(outcome):
        return None
    gains = [(one.difference.mean, one) for one in _comparisons(outcome).values() if one.difference is not None]
    if not gains:
        return None
    _, worst = min(gains, key=lambda gain: gain[0])
    return WorstMember(worst.local.roc_auc(), worst.shared.roc_auc(), worst.personalised.roc_auc(), worst.difference)


def commitments(outcome: Outcome, contract: Contract) -> tuple[Commitment, ...]:
    """Return the commitments of the members' dataset versions, named only as the members allow."""
    made: Mapping[str, tuple[str, int | None]] = {
        one.member: (one.check.commitment, one.described_rows if one.shares_metrics else None)
        for one in outcome.members
    }
    opted_in = frozenset(one.member for one in outcome.members if one.shares_metrics)
    return label_commitments(made, contract=contract.reference, opted_in=opted_in)


def withheld(outcome: Outcome) -> int:
    """Count the members that gave no comparison: too few hold-out rows, or no reply."""
    return len(outcome.members) - len(_comparisons(outcome))


def software_versions() -> dict[str, str]:
    """Return the versions of the software that made the model."""
    found = {}
    for name in SOFTWARE:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _may_spread(outcome: Outcome) -> bool:
    """Count the members that told their figures, not those that took part."""
    told = _comparisons(outcome)
    return may_show_spread(len(told), sum(one.shares_metrics for one in outcome.members if one.member in told))


def declined(outcome: Outcome) -> tuple[tuple[str, str, int], ...]:
    """Return who dropped out in counts: phase, reason, members."""
    places = [(one.phase, str(one.refused.reason)) for one in outcome.declined]
    return tuple((phase, reason, places.count((phase, reason))) for phase, reason in dict.fromkeys(places))


def _comparisons(outcome: Outcome) -> dict[str, Comparison]:
    return {
        one.member: one.evaluated.comparison
        for one in outcome.members
        if one.evaluated is not None and one.evaluated.comparison is not None
    }


def _member_record(member: MemberOutcome, comparison: Comparison) -> MemberRecord:
    return MemberRecord(
        name=member.member,
        rows=member.described_rows,
        holdout_counts=tuple(int(count) for count in comparison.shared.class_counts),
        roc_auc_local=comparison.local.roc_auc(),
        roc_auc_federated=comparison.shared.roc_auc(),
        roc_auc_personalised=comparison.personalised.roc_auc(),
        difference=comparison.difference,
        variant=comparison.variant,
    )


def _scores(card: Scorecard | None) -> Scores:
    if card is None:
        return Scores(None, None, None)
    return Scores(roc_auc=card.roc_auc(), log_loss=card.log_loss(), brier=card.brier())
