"""Trees of a round are added to the forest, whoever sends them counts alike, and what is no tree is refused."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from flwr.app import ConfigRecord, Message
from numpy.typing import NDArray

from federated import job as jobs
from federated.member.home import PROFILE
from federated.results import scorecards
from federated.rounds import RoundReport, trees_to_keep
from federated.screening import Refusal, Rules, screen_tree
from federated.strategies import make_strategy
from federated.wire import array_record, read_arrays, weights_reply
from models.configs import TreesConfig
from models.trees import INPUTS, LEAVES, check_forest, prior_tree
from models.weights import Weights
from tests.cooperative import TREES, Cooperative

STUMP = TreesConfig(depth=1)
RULES = Rules(rows=10, maximum_norm=100.0)


@pytest.fixture
def cooperative(tmp_path: Path) -> Cooperative:
    """Three members."""
    made = Cooperative(tmp_path)
    for member in ("anvil", "bellows", "crucible"):
        made.add(member)
    return made


def test_a_run_grows_one_tree_per_member_and_round_and_ends_with_a_model_that_separates_hot_from_cold(
    cooperative: Cooperative,
) -> None:
    outcome = cooperative.run("first", trees=TREES)

    forest = Weights.load(cooperative.folder / "runs" / "first" / jobs.WEIGHTS)
    assert outcome.declined == ()
    assert [len(report.accepted) for report in outcome.rounds] == [3, 3, 3]
    assert len(forest.arrays[INPUTS]) == trees_to_keep(outcome.rounds) == 1 + 3 * 3
    check_forest(forest, TREES, width=10, classes=2)
    shared = scorecards(outcome, minimum=2)["federated"].roc_auc()
    assert shared is not None
    assert shared > 0.8


def test_the_same_seed_gives_bit_equal_trees(cooperative: Cooperative) -> None:
    first = cooperative.run("first", trees=TREES).weights_sha256

    assert cooperative.run("again", trees=TREES).weights_sha256 == first


def test_no_leaf_of_a_round_speaks_of_fewer_rows_than_the_members_own_minimum(tmp_path: Path) -> None:
    cooperative = Cooperative(tmp_path)
    for member in ("anvil", "bellows"):
        profile = cooperative.add(member).folder / PROFILE
        own = {"minimums": {"count": 40, "evaluation_rows": 40}}  # of fewer than 80 rows that teach
        profile.write_text(yaml.safe_dump(yaml.safe_load(profile.read_text()) | own), encoding="utf-8")

    outcome = cooperative.run("first", trees=TREES)

    assert [len(one.accepted) for one in outcome.rounds] == [2, 2, 2]
    forest = Weights.load(cooperative.folder / "runs" / "first" / jobs.WEIGHTS)
    assert (forest.arrays[INPUTS] == -1).all()


def test_the_mean_of_a_rounds_trees_is_added_times_the_step() -> None:
    strategy = make_strategy("Bagging", {"step": 3.0})
    start = array_record(prior_tree(STUMP, [1.0]).arrays)

    asked = list(strategy.configure_train(1, start, ConfigRecord(), TwoNodes()))  # type: ignore[arg-type]
    sent = [tree(), tree(leaves=np.array([[0.25], [1.0]], dtype=np.float32))]
    replies = [Message(weights_reply(one, 10, 0.5), reply_to=ask) for one, ask in zip(sent, asked, strict=True)]
    merged, metrics = strategy.aggregate_train(1, replies)

    assert merged is not None
    assert read_arrays(merged)[LEAVES].squeeze().tolist() == [[0, 0], [-0.75, 0.75], [0.375, 1.5]]
    assert read_arrays(merged)[INPUTS].tolist() == [[-1], [0], [0]]
    assert metrics is not None
    assert metrics["loss"] == 0.5


class TwoNodes:
    """All that a strategy asks of a grid."""

    def get_node_ids(self) -> list[int]:
        """Return both."""
        return [1, 2]


def tree(**changes: NDArray[Any]) -> dict[str, NDArray[Any]]:
    usual = {INPUTS: np.array([0], dtype=np.int32), LEAVES: np.array([[-0.5], [0.5]], dtype=np.float32)}
    return {**usual, **changes}


def test_a_tree_that_the_software_can_have_grown_is_accepted() -> None:
    assert screen_tree("a", tree(), 10, trees=STUMP, inputs=4, classes=1, rules=RULES) is None


@pytest.mark.parametrize(
    ("sent", "rows", "reason"),
    [
        (tree(inputs=np.array([4], dtype=np.int32)), 10, Refusal.NO_TREE),
        (tree(leaves=np.array([[9], [0]], dtype=np.float32)), 10, Refusal.NO_TREE),
        (tree(leaves=np.array([[np.nan], [0]], dtype=np.float32)), 10, Refusal.NO_TREE),
        (tree(rows=np.ones(3)), 10, Refusal.NO_TREE),
        (tree(), 99, Refusal.WRONG_COUNT),
    ],
)
def test_a_tree_that_it_cannot_have_grown_is_refused(sent: dict[str, NDArray[Any]], rows: int, reason: Refusal) -> None:
    refused = screen_tree("a", sent, rows, trees=STUMP, inputs=4, classes=1, rules=RULES)

    assert refused is not None
    assert (refused.member, refused.reason) == ("a", reason)


def report(number: int, loss: float | None, *, rows: int = 40) -> RoundReport:
    return RoundReport(number, ("a", "b"), ("a", "b"), (), 0.7, rows, loss, 1.0, 0.1)


def test_trees_from_after_the_least_validation_loss_are_left_out() -> None:
    assert trees_to_keep([report(1, 0.7), report(2, 0.5), report(3, 0.6)]) == 1 + 2
    assert trees_to_keep([report(1, 0.5), report(2, 0.6), report(3, 0.7)]) == 1


def test_where_the_forest_became_better_to_the_end_the_last_rounds_trees_are_kept() -> None:
    assert trees_to_keep([report(1, 0.7), report(2, 0.6), report(3, 0.5)]) == 1 + 6
    assert trees_to_keep([report(1, 0.7)]) == 1 + 2


def test_with_fewer_than_thirty_validation_rows_or_none_all_trees_are_kept() -> None:
    few = [report(1, 0.5, rows=29), report(2, 0.7, rows=29)]

    assert trees_to_keep(few) == 1 + 4
    assert trees_to_keep([replace(one, validation_loss=None, validation_rows=0) for one in few]) == 1 + 4
