"""From predictions to figures and targets, with numbers that can be checked by eye."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flows.benchmark.case import CaseName
from flows.benchmark.compare import metrics
from flows.benchmark.predictions import EVERYBODY, Predictions
from flows.benchmark.scores import (
    ALL_F1,
    MEMBER_MEAN,
    OWN_F1,
    ROC_AUC,
    Score,
    load_scores,
    macro_f1,
    save_scores,
    score,
)
from flows.benchmark.summary import Deal, deals, estimate
from flows.benchmark.targets import targets
from tests.cooperative import Cooperative


def predictions(member: str, y: list[int], bad: list[float], *, fold: int = 0, system: str = "shared") -> Predictions:
    """Return what a system said of a few rows of two classes."""
    p = np.array([[1 - one, one] for one in bad])
    keys = np.array([f"{fold}-{row}" for row in range(len(y))], dtype=object)
    return Predictions(CaseName("tiny", "own", 1, fold), system, member, keys, np.array(y), p)


def of_classes(member: str, y: list[int], called: list[int]) -> Predictions:
    """Return predictions of three classes that are certain."""
    keys = np.arange(len(y)).astype(str).astype(object)
    return Predictions(CaseName("tiny", "own", 1, 0), "shared", member, keys, np.array(y), np.eye(3)[called])


def scores_of(system: str, values: dict[str, list[float]], metric: str = ROC_AUC) -> list[Score]:
    """Return figures of a system: member -> one value per seed; the mean over members is added."""
    every = {**values, MEMBER_MEAN: np.mean([*values.values()], axis=0).tolist()}
    return [
        Score("tiny", "own", system, metric, member, seed, value)
        for member, found in every.items()
        for seed, value in enumerate(found, start=1)
    ]


def one_deal(*scores: list[Score]) -> Deal:
    (deal,) = deals([one for found in scores for one in found])
    return deal


def test_roc_auc_is_taken_over_a_members_folds_together(tmp_path: Path) -> None:
    said = [
        predictions("anvil", [0, 1], [0.1, 0.3], fold=0),
        predictions("anvil", [0, 1], [0.4, 0.9], fold=1),
        predictions("bellows", [0, 1], [0.8, 0.2]),
    ]

    found = {(one.metric, one.member): one.value for one in score(said, Cooperative(tmp_path).contract)}

    assert found["roc_auc", "anvil"] == 0.75  # of four pairs one is wrong: 0.3 of a bad part, 0.4 of a good one
    assert found["roc_auc", "bellows"] == 0
    assert found["roc_auc", MEMBER_MEAN] == 0.375
    assert found["roc_auc_pooled", MEMBER_MEAN] == pytest.approx(5 / 9, abs=1e-6)


def test_f1_is_the_mean_over_the_classes_that_judge(tmp_path: Path) -> None:
    contract = Cooperative(tmp_path, classes=("good", "scratch", "crack")).contract
    said = [of_classes("anvil", [0, 0, 2], [0, 2, 2]), of_classes(EVERYBODY, [0, 1, 2], [0, 1, 0])]

    found = {(one.metric, one.member): one.value for one in score(said, contract)}

    assert found[OWN_F1, "anvil"] == pytest.approx(2 / 3, abs=1e-6)  # 2/3 for each of the two
    assert found[OWN_F1, MEMBER_MEAN] == found[OWN_F1, "anvil"]
    assert found[ALL_F1, MEMBER_MEAN] == pytest.approx((2 / 3 + 1 + 0) / 3, abs=1e-6)


def test_a_class_that_is_called_and_never_true_costs_no_class_of_its_own() -> None:
    assert macro_f1(np.array([0, 0]), np.array([[1.0, 0.0], [0.0, 1.0]])) == pytest.approx(2 / 3)


def test_figures_survive_their_file(tmp_path: Path) -> None:
    scores = scores_of("shared", {"anvil": [0.1, 0.3]})

    save_scores(scores, tmp_path / "scores.csv")

    assert load_scores(tmp_path / "scores.csv") == scores


def test_the_interval_is_students_over_the_seeds() -> None:
    found = estimate([0.1, 0.2, 0.3])

    assert found.mean == pytest.approx(0.2)
    assert found.half == pytest.approx(4.303 * 0.1 / 3**0.5, abs=1e-4)


def test_one_seed_has_no_interval() -> None:
    assert estimate([0.5]).half is None


def test_the_best_local_family_is_chosen_by_its_mean() -> None:
    deal = one_deal(
        scores_of("local-net", {"anvil": [0.9], "bellows": [0.5]}),
        scores_of("local-forest", {"anvil": [0.8], "bellows": [0.8]}),
    )

    assert deal.best("local-") == "local-forest"


def test_a_member_is_compared_by_its_mean_and_a_member_seed_by_itself() -> None:
    deal = one_deal(
        scores_of("personalised", {"anvil": [0.6, 0.8], "bellows": [0.5, 0.5]}),
        scores_of("local-net", {"anvil": [0.7, 0.7], "bellows": [0.5, 0.6]}),
    )

    assert deal.members_not_below("personalised", "local-net") == 1
    assert deal.member_seeds_above("personalised", "local-net") == 1


def test_systems_stand_in_one_order_and_unknown_ones_at_the_end() -> None:
    deal = one_deal(*(scores_of(name, {"anvil": [0.5]}) for name in ("zebra", "pooled-net", "shared", "local-net")))

    assert deal.systems == ("local-net", "shared", "pooled-net", "zebra")


def two_class_deal(ours: list[float], forest: list[float]) -> Deal:
    members = [f"factory-{number}" for number in range(1, 6)]
    return one_deal(
        scores_of("personalised", {member: [value] for member, value in zip(members, ours, strict=True)}),
        scores_of("local-forest", {member: [value] for member, value in zip(members, forest, strict=True)}),
        scores_of("local-net", {member: [0.5] for member in members}),
        scores_of("pooled-net", {member: [0.7] for member in members}),
    )


def test_a_target_is_met_at_its_very_number_and_missed_below() -> None:
    at, below = (targets([two_class_deal([mean] * 5, [0.6] * 5)])[0] for mean in (0.70, 0.699))

    assert (at.met, at.stretched) == (True, False)
    assert not below.met


def test_another_family_is_held_against_the_same_targets() -> None:
    deal = two_class_deal([0.9] * 5, [0.6] * 5)
    trees = scores_of("boosted-personalised", {member: [0.5] for member in deal.members})

    first, second = targets([replace(deal, scores=(*deal.scores, *trees))], "boosted-personalised", "boosted")

    assert (first.reached, first.met) == (0.5, False)
    assert (second.reached, second.met) == (0, False)


def test_four_of_five_members_are_enough_and_five_hoped_for() -> None:
    (_, four) = targets([two_class_deal([0.7, 0.7, 0.7, 0.7, 0.5], [0.6] * 5)])
    (_, three) = targets([two_class_deal([0.7, 0.7, 0.7, 0.5, 0.5], [0.6] * 5)])

    assert (four.reached, four.wanted, four.met, four.stretched) == (4, 4, True, False)
    assert not three.met


def test_faults_are_held_against_the_pooled_network_the_best_family_and_17_of_18_member_seeds() -> None:
    members = [f"factory-{number}" for number in range(1, 7)]
    deal = one_deal(
        scores_of("personalised", {one: [0.76] * 3 for one in members[:-1]} | {members[-1]: [0.4, 0.9, 0.9]}, OWN_F1),
        scores_of("local-net", {one: [0.5] * 3 for one in members}, OWN_F1),
        scores_of("pooled-net", {one: [0.5] * 3 for one in members}, OWN_F1),
        scores_of("pooled-forest", {one: [0.8] * 3 for one in members}, OWN_F1),
    )

    same, best, above = targets([deal])

    assert same.asked.endswith("pooled-net")
    assert best.asked.endswith("pooled-forest")
    assert best.reached == pytest.approx(np.mean([0.76] * 15 + [0.4, 0.9, 0.9]) / 0.8)
    assert (above.reached, above.count, above.wanted, above.met) == (17, 18, 17, True)


def test_metrics_are_nested_by_task_partition_system_and_figure() -> None:
    nested = metrics([two_class_deal([0.7] * 5, [0.6] * 5)])

    assert nested["tiny"]["own"]["personalised"]["roc_auc"] == {"mean": 0.7}  # type: ignore[index]
    assert nested["tiny"]["own"]["members"]["not_below_best_local"] == 5.0  # type: ignore[index]
    assert nested["tiny"]["own"]["targets"]["member-mean ROC-AUC"] == {"reached": 0.7, "met": 1.0}  # type: ignore[index]
