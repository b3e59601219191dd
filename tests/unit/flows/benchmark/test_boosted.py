"""The other family on the same cases comes from the product's own path, by the shipped plan of the task."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flows.benchmark.boosted import boosted
from flows.benchmark.federation import train_federated
from flows.benchmark.predictions import EVERYBODY
from flows.benchmark.scores import macro_f1
from flows.plan import load_plan
from models.trees import INPUTS, LEAVES
from tests.cooperative import BAGGING_TREES, TREES, Cooperative
from tests.tiny_case import MEMBERS, tiny_case, tiny_plan, without_class


def test_both_tasks_have_a_plan_with_trees() -> None:
    for task in ("print-defect", "process-fault"):
        grown, usual = load_plan(f"{task}-trees"), load_plan(task)

        assert grown.trees is not None
        assert (grown.contract, grown.minimums) == (usual.contract, usual.minimums)


def test_the_forest_learns_that_hot_parts_fail_and_speaks_of_members_and_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cooperative = Cooperative(tmp_path)
    case, plan = tiny_case(cooperative), tiny_plan(cooperative, trees=TREES, learning=BAGGING_TREES)
    (tmp_path / "tiny-trees").write_text(plan.yaml(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    said = list(boosted(case))

    assert [(one.system, one.member) for one in said] == [
        *(("boosted", member) for member in MEMBERS),
        ("boosted", EVERYBODY),
        *(("boosted-personalised", member) for member in MEMBERS),
    ]
    everybody = said[len(MEMBERS)]
    assert macro_f1(everybody.y, everybody.probabilities) > 0.7
    assert np.allclose(everybody.probabilities.sum(axis=1), 1)


def test_it_makes_the_same_bits_as_a_run_over_members_folders(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    for member in MEMBERS:
        cooperative.add(member)
    outcome = cooperative.run("first", trees=TREES)

    made = train_federated(tiny_case(cooperative), tiny_plan(cooperative, trees=TREES, learning=BAGGING_TREES))

    assert made.shared.weights.sha256() == outcome.weights_sha256


def test_a_member_says_nothing_against_a_class_that_it_never_saw(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path, classes=("good", "scratch", "crack"))
    case = without_class(tiny_case(cooperative), "anvil", "scratch")
    one_round = replace(BAGGING_TREES, rounds=1)

    made = train_federated(case, tiny_plan(cooperative, trees=TREES, learning=one_round))

    scratch = made.shared.preprocessing.classes.index("scratch")
    leaves = made.shared.weights.arrays[LEAVES][1:, :, scratch]
    assert len(made.shared.weights.arrays[INPUTS]) == 3  # the start, and one tree of each member
    assert not leaves[sorted(MEMBERS).index("anvil")].any()
    assert leaves.any()
