"""Trees as two arrays: which decisions are made, what a leaf says, and what cannot be said with a tree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.configs import TreesConfig
from models.errors import SettingError, WeightsMismatchError
from models.trees import (
    INPUTS,
    LEAVES,
    NO_DECISION,
    added_norm,
    check_forest,
    check_tree,
    first_trees,
    forest_scores,
    grow,
    prior_tree,
    with_trees,
)
from models.weights import Weights

STUMP = TreesConfig(depth=1, columns=1.0)
TWO = TreesConfig(depth=2, columns=1.0)


def bits(*rows: str) -> NDArray[np.bool_]:
    """Write rows of inputs as ones and zeros."""
    return np.array([[letter == "1" for letter in row] for row in rows])


def stump(asked: int, left: float, right: float) -> Weights:
    """Return a tree of one decision about one class."""
    leaves = np.array([[left], [right]], dtype=np.float32)
    return Weights({INPUTS: np.array([asked], dtype=np.int32), LEAVES: leaves})


def sent(asked: int, left: float, right: float) -> Weights:
    """Return a tree of one decision about two classes, as it leaves a member: what one gains the other loses."""
    leaves = np.array([[left, -left], [right, -right]], dtype=np.float32)
    return Weights({INPUTS: np.array([asked], dtype=np.int32), LEAVES: leaves})


def one_column_each(inputs: int) -> list[slice]:
    return [slice(place, place + 1) for place in range(inputs)]


def grown(above: NDArray[np.bool_], residuals: list[float], config: TreesConfig = STUMP, leaf_rows: int = 1) -> Weights:
    return grow(
        above,
        np.array(residuals)[:, None],
        blocks=one_column_each(above.shape[1]),
        config=config,
        leaf_rows=leaf_rows,
        seed=1,
    )


def test_the_input_that_separates_the_residuals_is_asked_about_and_leaves_are_their_means() -> None:
    tree = grown(bits("00", "10", "01", "11"), [-0.5, -0.3, 0.2, 0.4])

    assert tree.arrays[INPUTS].tolist() == [1]
    assert tree.arrays[LEAVES].ravel().tolist() == pytest.approx([-0.4, 0.3])


def test_no_decision_leaves_fewer_rows_on_a_side_than_the_minimum() -> None:
    one_apart = bits("1", "0", "0", "0")

    assert grown(one_apart, [1.0, 0.0, 0.0, 0.0], leaf_rows=1).arrays[INPUTS].tolist() == [0]
    refused = grown(one_apart, [1.0, 0.0, 0.0, 0.0], leaf_rows=2)
    assert refused.arrays[INPUTS].tolist() == [NO_DECISION]
    assert refused.arrays[LEAVES].ravel().tolist() == [0.25, 0.0]


def test_what_explains_nothing_is_not_asked_about() -> None:
    assert grown(bits("0", "1", "0", "1"), [0.5, 0.5, 0.5, 0.5]).arrays[INPUTS].tolist() == [NO_DECISION]


def test_a_second_decision_is_made_on_the_side_that_it_helps() -> None:
    above = bits("00", "01", "10", "11")

    tree = grown(above, [0.0, 0.0, -1.0, 1.0], TWO)

    assert tree.arrays[INPUTS].tolist() in ([0, NO_DECISION, 1], [1, 0, 0])
    assert forest_scores(with_trees(prior_tree(TWO, [1.0]), [tree], 1.0), above).ravel().tolist() == [0, 0, -1, 1]


def test_trees_are_added_with_their_factor_and_scores_are_sums() -> None:
    forest = with_trees(prior_tree(STUMP, [1.0]), [stump(0, -1.0, 1.0), stump(1, 0.0, 0.5)], 0.5)

    assert len(forest.arrays[INPUTS]) == 3
    assert forest_scores(forest, bits("00", "10", "11")).ravel().tolist() == [-0.5, 0.5, 0.75]
    assert forest_scores(first_trees(forest, 2), bits("11")).tolist() == [[0.5]]
    assert added_norm(forest.arrays, 2) == 0.25
    assert added_norm(forest.arrays, 3) == 0


def test_a_run_starts_from_the_shares_of_the_classes() -> None:
    scores = forest_scores(prior_tree(TWO, [0.75, 0.25]), bits("0", "1"))

    assert np.exp(scores).tolist() == [pytest.approx([0.75, 0.25])] * 2


def test_the_same_seed_chooses_the_same_columns_and_some_seed_others() -> None:
    above, residuals = np.random.default_rng(0).random((200, 40)) < 0.5, np.random.default_rng(1).normal(size=(200, 1))
    few = TreesConfig(depth=3, columns=0.1)

    def asked(seed: int) -> list[int]:
        tree = grow(above, residuals, blocks=one_column_each(40), config=few, leaf_rows=5, seed=seed)
        found: list[int] = tree.arrays[INPUTS].tolist()
        return found

    assert asked(1) == asked(1)
    assert len({tuple(asked(seed)) for seed in range(5)}) == 5


@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 12), st.integers(2, 60))
def test_whatever_is_grown_passes_the_check_and_covers_the_minimum_in_every_leaf(
    seed: int, depth: int, leaf_rows: int, rows: int
) -> None:
    draw = np.random.default_rng(seed)
    above, labels = draw.random((rows, 6)) < draw.random(), draw.integers(0, 3, rows)
    config = TreesConfig(depth=depth, columns=0.5)
    residuals = np.eye(3)[labels] - 1 / 3

    tree = grow(above, residuals, blocks=[slice(0, 4), slice(4, 6)], config=config, leaf_rows=leaf_rows, seed=seed)

    check_tree(tree, config, width=6, classes=3)
    marks = Weights({**tree.arrays, LEAVES: np.eye(2**depth, dtype=np.float32)})  # the leaf that a row falls into
    forest = Weights({name: array[None] for name, array in marks.arrays.items()})
    found = forest_scores(forest, above).sum(axis=0)
    assert found.sum() == rows
    assert rows < leaf_rows or found[found > 0].min() >= leaf_rows


def test_a_tree_that_keeps_the_rules_passes() -> None:
    check_tree(sent(0, -0.5, 0.25), STUMP, width=5, classes=2)


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        (sent(5, 0.0, 0.0), "asks about inputs that there are not"),
        (sent(-2, 0.0, 0.0), "asks about inputs that there are not"),
        (sent(0, 1.5, 0.0), "has leaves outside -1 to 1"),
        (sent(NO_DECISION, 0.0, 0.25), "says something where no row can come"),
        (sent(0, float("nan"), 0.0), "not finite"),
        (Weights({**sent(0, 0.0, 0.0).arrays, LEAVES: np.ones((2, 2), dtype=np.float32)}), "do not add up to 0"),
        (Weights({**sent(0, 0.0, 0.0).arrays, "rows": np.ones(9)}), "unknown"),
        (Weights({INPUTS: np.zeros(1), LEAVES: np.zeros((2, 2), dtype=np.float32)}), "dtype"),
        (Weights({INPUTS: np.zeros(3, dtype=np.int32), LEAVES: np.zeros((4, 2), dtype=np.float32)}), "shape"),
    ],
)
def test_a_tree_that_breaks_a_rule_is_refused(tree: Weights, said: str) -> None:
    with pytest.raises(WeightsMismatchError, match=said):
        check_tree(tree, STUMP, width=5, classes=2)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ([NO_DECISION, NO_DECISION, 3], "no row can come"),
        ([2, 2, 3], "twice on a path"),
        ([2, 3, 2], "twice on a path"),
    ],
)
def test_nothing_can_be_hidden_below_a_decision_that_sends_no_row_there(inputs: list[int], said: str) -> None:
    tree = Weights({INPUTS: np.array(inputs, dtype=np.int32), LEAVES: np.zeros((4, 2), dtype=np.float32)})

    with pytest.raises(WeightsMismatchError, match=said):
        check_tree(tree, TWO, width=5, classes=2)


def test_a_forest_that_asks_about_inputs_that_there_are_not_is_refused() -> None:
    forest = with_trees(prior_tree(STUMP, [1.0]), [stump(4, 0.0, 0.0)], 1.0)

    check_forest(forest, STUMP, width=5, classes=1)
    with pytest.raises(WeightsMismatchError, match="inputs that there are not"):
        check_forest(forest, STUMP, width=4, classes=1)
    with pytest.raises(WeightsMismatchError):
        check_forest(Weights({}), STUMP, width=5, classes=1)


@pytest.mark.parametrize("name", [INPUTS, LEAVES])
def test_a_single_number_in_place_of_a_forests_array_is_refused_as_a_shape(name: str) -> None:
    arrays = prior_tree(STUMP, [1.0]).arrays
    odd = Weights({**arrays, name: arrays[name].ravel()[0]})

    assert odd.arrays[name].shape == ()
    with pytest.raises(WeightsMismatchError, match="another shape than the model"):
        check_forest(odd, STUMP, width=5, classes=1)


@pytest.mark.parametrize(
    ("setting", "value"), [("depth", 0), ("depth", 9), ("columns", 0.0), ("own_trees", 0), ("own_step", 1.5)]
)
def test_a_setting_outside_its_range_is_refused_by_name(setting: str, value: float) -> None:
    with pytest.raises(SettingError, match=f"trees.{setting}"):
        TreesConfig(**{setting: value})  # type: ignore[arg-type]
