"""Federated boosted trees: what they learn, and what of a row could leave with them."""

from pathlib import Path

import numpy as np

from flows.benchmark.boosted import Boosted, boosted, codes, train_boosted
from flows.benchmark.predictions import EVERYBODY
from flows.benchmark.scores import macro_f1
from tests.cooperative import Cooperative
from tests.tiny_case import MEMBERS, tiny_case, tiny_plan, without_class

SETTINGS = Boosted(rounds=8)


def test_the_union_learns_that_hot_parts_fail(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    said = list(boosted(tiny_case(cooperative), tiny_plan(cooperative), SETTINGS))

    assert [one.member for one in said] == [*MEMBERS, EVERYBODY]
    assert all(one.system == "boosted" for one in said)
    everybody = said[-1]
    assert macro_f1(everybody.y, everybody.probabilities) > 0.7
    assert np.allclose(everybody.probabilities.sum(axis=1), 1)


def test_every_member_grows_one_tree_in_each_round(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    model = train_boosted(tiny_case(cooperative), tiny_plan(cooperative), SETTINGS)

    assert len(model.trees) == len(MEMBERS) * SETTINGS.rounds


def test_a_split_lies_between_two_bins_and_a_leaf_has_the_minimum_of_rows(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    plan = tiny_plan(cooperative)
    model = train_boosted(tiny_case(cooperative), plan, SETTINGS)

    assert max(tree.tree_.node_count for tree in model.trees) > 1
    for tree in model.trees:
        inside = tree.tree_.children_left >= 0
        assert np.all(tree.tree_.threshold[inside] % 0.5 == 0)  # codes are whole numbers
        assert tree.tree_.n_node_samples[~inside].min() >= plan.minimums.count


def test_two_values_of_one_bin_are_the_same_to_the_trees(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case = tiny_case(cooperative)
    preprocessing = train_boosted(case, tiny_plan(cooperative), SETTINGS).preprocessing
    encoding = preprocessing.numbers[0]
    low, high = encoding.edges[:2]
    rows = case.test.iloc[:3].copy()
    rows[encoding.name] = [low + 0.1 * (high - low), low + 0.9 * (high - low), encoding.edges[-1]]

    assert codes(rows, preprocessing)[:, 0].tolist() == [0, 0, len(encoding.edges) - 2]


def test_a_member_says_nothing_against_a_class_that_it_never_saw(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path, classes=("good", "scratch", "crack"))
    case = without_class(tiny_case(cooperative), "anvil", "scratch")
    plan = tiny_plan(cooperative)
    model = train_boosted(case, plan, Boosted(rounds=1))
    scratch = model.preprocessing.classes.index("scratch")
    leaves = [tree.tree_.value[:, scratch, 0] for tree in model.trees]

    assert np.all(leaves[sorted(MEMBERS).index("anvil")] == 0)
    assert any(np.any(leaf != 0) for leaf in leaves)


def test_the_same_seed_gives_the_same_trees(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    case, plan = tiny_case(cooperative), tiny_plan(cooperative)
    first, second = (train_boosted(case, plan, SETTINGS)(case.test) for _ in range(2))

    assert np.array_equal(first, second)
