from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import SettingError
from models.intervals import Interval
from models.promotion import Evidence, Gates, MemberEvidence, NoChampion, Scores, Verdict, decide

GOOD = Scores(roc_auc=0.75, log_loss=0.6, brier=0.2)
BETTER_TOGETHER = MemberEvidence((40, 35), Interval(-0.01, 0.03, 0.07))
BETTER_ALONE = MemberEvidence((40, 35), Interval(-0.09, -0.05, -0.01))
EVIDENCE = Evidence(candidate=GOOD, champion=GOOD, members=(BETTER_TOGETHER, BETTER_TOGETHER, BETTER_TOGETHER))


def _reason(verdict: Verdict, gate: str) -> str:
    return next(outcome.reason for outcome in verdict.outcomes if outcome.gate == gate)


def test_a_candidate_as_good_as_the_champion_is_promoted() -> None:
    verdict = decide(EVIDENCE, Gates())

    assert verdict.promoted
    assert verdict.refused_by == ()
    assert [outcome.members for outcome in verdict.outcomes] == [3] * 5


def test_a_worse_model_is_refused_and_the_gate_says_by_how_much() -> None:
    verdict = decide(replace(EVIDENCE, candidate=replace(GOOD, roc_auc=0.70)), Gates(champion_tolerance=0.02))

    assert not verdict.promoted
    assert verdict.refused_by == ("not-worse-than-champion",)
    assert _reason(verdict, "not-worse-than-champion") == (
        "ROC-AUC 0.700 against the champion's 0.750 on the same hold-out rows (-0.050); down to -0.020 is tolerated. "
        "Log loss 0.600 against 0.600 nats per row (+0.000); up to +0.020 is tolerated."
    )


def test_a_candidate_that_ranks_as_well_but_promises_too_much_is_refused() -> None:
    worse = replace(EVIDENCE, candidate=replace(GOOD, log_loss=0.64))
    verdict = decide(worse, Gates())

    assert verdict.refused_by == ("not-worse-than-champion",)
    assert "Log loss 0.640 against 0.600 nats per row (+0.040); up to +0.020 is tolerated." in _reason(
        verdict, "not-worse-than-champion"
    )
    assert decide(worse, Gates(champion_log_loss_tolerance=0.05)).promoted
    assert decide(replace(EVIDENCE, candidate=replace(GOOD, log_loss=0.1)), Gates()).promoted


def test_a_loss_within_the_tolerance_passes() -> None:
    evidence = replace(EVIDENCE, candidate=replace(GOOD, roc_auc=0.735))

    assert decide(evidence, Gates(champion_tolerance=0.02)).promoted
    assert not decide(evidence, Gates(champion_tolerance=0.01)).promoted


@pytest.mark.parametrize("reason", ["no champion yet", "not comparable: made for print-defect@0.9.0"])
def test_without_a_comparable_champion_the_gate_passes_and_says_why(reason: str) -> None:
    verdict = decide(replace(EVIDENCE, champion=NoChampion(reason)), Gates())

    assert verdict.promoted
    assert _reason(verdict, "not-worse-than-champion") == f"Not compared with a champion: {reason}."


def test_a_champion_that_could_not_be_judged_stops_the_candidate() -> None:
    verdict = decide(replace(EVIDENCE, champion=replace(GOOD, roc_auc=None)), Gates())

    assert verdict.refused_by == ("not-worse-than-champion",)
    assert "The champion has no ROC-AUC" in _reason(verdict, "not-worse-than-champion")
    blind = decide(replace(EVIDENCE, champion=replace(GOOD, log_loss=None)), Gates())
    assert "The champion has no log loss" in _reason(blind, "not-worse-than-champion")


def test_one_member_surely_better_off_alone_refuses_for_all() -> None:
    verdict = decide(replace(EVIDENCE, members=(BETTER_TOGETHER, BETTER_ALONE)), Gates())

    assert verdict.refused_by == ("no-member-better-off-alone",)
    assert _reason(verdict, "no-member-better-off-alone") == (
        "1 of 2 members with enough hold-out rows are surely better off with their own model."
    )


def test_the_gate_says_at_which_joint_level_it_is_sure_if_it_is_told() -> None:
    verdict = decide(replace(EVIDENCE, joint_level=0.95), Gates())

    assert _reason(verdict, "no-member-better-off-alone") == (
        "0 of 3 members with enough hold-out rows are surely better off with their own model, "
        "at a joint level of 95 % over the members."
    )


def test_a_member_only_perhaps_better_off_alone_does_not_refuse() -> None:
    unsure = MemberEvidence((40, 35), Interval(-0.09, -0.05, 0.0))

    assert decide(replace(EVIDENCE, members=(unsure, unsure)), Gates()).promoted


@pytest.mark.parametrize(
    "member", [replace(BETTER_ALONE, rows_per_class=(40, 29)), replace(BETTER_ALONE, difference=None)]
)
def test_a_member_with_too_few_rows_never_refuses_and_is_counted(member: MemberEvidence) -> None:
    verdict = decide(replace(EVIDENCE, members=(BETTER_TOGETHER, member)), Gates(minimum_rows_per_class=30))

    assert verdict.promoted
    assert "not enough rows at 1 more (fewer than 30 of a class)" in _reason(verdict, "no-member-better-off-alone")


@pytest.mark.parametrize("broken", [None, float("nan"), float("inf")])
@pytest.mark.parametrize("metric", ["roc_auc", "log_loss", "brier"])
def test_a_metric_that_is_missing_or_not_finite_refuses_by_name(metric: str, broken: float | None) -> None:
    verdict = decide(replace(EVIDENCE, candidate=replace(GOOD, **{metric: broken})), Gates())

    assert "metrics-present" in verdict.refused_by
    assert f"no finite {metric}:" in _reason(verdict, "metrics-present")


def test_too_few_members_refuse() -> None:
    verdict = decide(EVIDENCE, Gates(minimum_members=4))

    assert verdict.refused_by == ("enough-members",)
    assert _reason(verdict, "enough-members") == "3 members judged the candidate, at least 4 are wanted."


def test_the_floor_counts_only_if_the_plan_sets_one() -> None:
    assert decide(EVIDENCE, Gates(floor_roc_auc=0.75)).promoted
    assert decide(EVIDENCE, Gates(floor_roc_auc=0.76)).refused_by == ("floor",)
    assert _reason(decide(EVIDENCE, Gates()), "floor") == "The plan sets no floor."


def test_a_refusal_names_every_gate_that_refuses() -> None:
    evidence = Evidence(replace(GOOD, roc_auc=0.5), GOOD, (BETTER_ALONE,))

    assert decide(evidence, Gates(floor_roc_auc=0.6)).refused_by == (
        "enough-members",
        "floor",
        "not-worse-than-champion",
        "no-member-better-off-alone",
    )


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_a_better_candidate_never_turns_a_promotion_into_a_refusal(own: float, best: float, tolerance: float) -> None:
    gates = Gates(champion_tolerance=tolerance)
    evidence = replace(EVIDENCE, candidate=replace(GOOD, roc_auc=own), champion=replace(GOOD, roc_auc=best))
    higher = replace(evidence, candidate=replace(GOOD, roc_auc=min(1.0, own + 0.1)))

    assert decide(higher, gates).promoted or not decide(evidence, gates).promoted


@pytest.mark.parametrize(
    "setting",
    [
        {"champion_tolerance": 0.6},
        {"champion_tolerance": float("nan")},
        {"champion_log_loss_tolerance": -0.1},
        {"champion_log_loss_tolerance": float("nan")},
        {"minimum_rows_per_class": 0},
        {"minimum_members": 0},
        {"floor_roc_auc": 0.4},
    ],
)
def test_impossible_gates_are_refused_by_name(setting: dict[str, float]) -> None:
    with pytest.raises(SettingError, match=f"gates.{next(iter(setting))} must be"):
        Gates(**setting)  # type: ignore[arg-type]
