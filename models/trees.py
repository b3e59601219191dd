"""Boosted trees as two arrays: what a member's tree says, it says in numbers that whoever receives it can check.

A decision asks of one encoded input whether it is above the zero of its encoding: is this number above that edge of the
shared preprocessing, is it missing, is the category that one. So a tree names inputs that everybody knows and no value
of a row. Each leaf is the mean of ``y - softmax(score)`` over at least a minimum of rows (Friedman 2001, "Greedy
Function Approximation: A Gradient Boosting Machine", section 4.6, with the mean in place of Newton's step), so it lies
between -1 and 1. One tree carries all classes, as many scores per leaf.

A tree is a `models.weights.Weights` of `inputs` `(N,)`, int32: what each node asks about, or `NO_DECISION`; and
`leaves` `(L, C)`, float32: each class's mean residual, zeros where no row can come. A forest has many: `(T, N)` and
`(T, L, C)`. Letters in the shape comments: R rows, I encoded inputs, C classes, T trees, N nodes of a tree,
``2 ** depth - 1``, in the order of a heap (the children of node k are 2k + 1 and 2k + 2), L leaves, ``N + 1``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.configs import TreesConfig
from models.errors import WeightsMismatchError
from models.weights import ArraySpec, Weights

INPUTS, LEAVES = "inputs", "leaves"
NO_DECISION = -1
"""In place of an input: every row goes left."""
_ROUNDING = 1e-4  # what a leaf's classes may add up to in float32
_LEAST_GAIN = 1e-9  # of the squared residuals' sum: below it a decision only follows rounding

Numbers = NDArray[np.float64]


def tree_layout(config: TreesConfig, classes: int) -> tuple[ArraySpec, ...]:
    """Return names, shapes and dtypes of one tree, in order.

    Args:
        config: its depth.
        classes: number of classes.
    """
    nodes = 2**config.depth - 1
    return ArraySpec(INPUTS, (nodes,), "int32"), ArraySpec(LEAVES, (nodes + 1, classes), "float32")


def forest_layout(config: TreesConfig, classes: int, *, trees: int) -> tuple[ArraySpec, ...]:
    """Return names, shapes and dtypes of a forest, in order.

    Args:
        config: depth of its trees.
        classes: number of classes.
        trees: how many trees it has.
    """
    return tuple(ArraySpec(one.name, (trees, *one.shape), one.dtype) for one in tree_layout(config, classes))


def trees_in(forest: Mapping[str, NDArray[Any]]) -> int:
    """Return how many trees arrays seem to hold, by the first of them: 0 where they cannot be a forest.

    Args:
        forest: arrays from anywhere, by name.
    """
    first = next(iter(forest.values()), None)
    return first.shape[0] if first is not None and first.ndim else 0


def prior_tree(config: TreesConfig, shares: Sequence[float]) -> Weights:
    """Return the forest that a run starts from: one tree without a decision, which knows the classes' shares only.

    Args:
        config: gives the size.
        shares: share of each class among all rows, above 0 `(C,)`.
    """
    empty, zeros = (np.zeros(spec.shape, dtype=spec.dtype) for spec in tree_layout(config, len(shares)))
    zeros[0] = np.log(shares)
    return Weights({INPUTS: (empty + NO_DECISION)[None].astype(np.int32), LEAVES: zeros[None]})


def with_trees(forest: Weights, trees: Sequence[Weights], factor: float) -> Weights:
    """Add trees to a forest, their leaves times a factor.

    Args:
        forest: the trees so far `(T, ...)`.
        trees: those to be added, in order.
        factor: what their leaves are multiplied by.
    """
    inputs = np.concatenate([forest.arrays[INPUTS], *(tree.arrays[INPUTS][None] for tree in trees)])
    leaves = np.concatenate(
        [forest.arrays[LEAVES], *(np.float32(factor) * tree.arrays[LEAVES][None] for tree in trees)]
    )
    return Weights({INPUTS: inputs, LEAVES: leaves})


def first_trees(forest: Weights, count: int) -> Weights:
    """Return the forest as it was when it had so many trees."""
    return Weights({name: array[:count] for name, array in forest.arrays.items()})


def above_zero(x: NDArray[np.float32], zeros: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell of each encoded input whether it is above its encoding's zero `(R, I)`: all that trees see of a row.

    Args:
        x: encoded rows `(R, I)`.
        zeros: of `models.preprocessing.Preprocessing.zeros` `(I,)`.
    """
    above: NDArray[np.bool_] = x > zeros
    return above


def forest_scores(forest: Weights, above: NDArray[np.bool_]) -> Numbers:
    """Sum the leaves that each row falls into over all trees `(R, C)`; their softmax are the classes' probabilities."""
    inputs, leaves = forest.arrays[INPUTS], forest.arrays[LEAVES]
    total = np.zeros((len(above), leaves.shape[2]))
    for nodes, values in zip(inputs, leaves, strict=True):
        total += values[_leaf(nodes, above)]
    return total


def grow(
    above: NDArray[np.bool_],
    residuals: Numbers,
    *,
    blocks: Sequence[slice],
    config: TreesConfig,
    leaf_rows: int,
    seed: int,
) -> Weights:
    """Grow one tree that explains residuals by least squares, node by node.

    Args:
        above: of `above_zero` `(R, I)`.
        residuals: what the trees so far leave unexplained `(R, C)`.
        blocks: which inputs belong to which column; a decision chooses among some of the columns.
        config: depth and share of columns.
        leaf_rows: rows that every leaf must cover; no decision is made that leaves fewer on a side.
        seed: of the choice of columns.
    """
    draw = np.random.default_rng(seed)
    nodes = np.full(2**config.depth - 1, NO_DECISION, dtype=np.int32)
    place = np.zeros(len(above), dtype=np.int64)  # the node that each row has come to
    for node in range(len(nodes) if len(above) else 0):
        here = np.flatnonzero(place == node)
        candidates = _candidates(blocks, config.columns, draw)
        decision = _best_decision(above[np.ix_(here, candidates)], residuals[here], leaf_rows)
        right: NDArray[np.bool_] | bool = False
        if decision is not None:
            nodes[node] = candidates[decision]
            right = above[here, candidates[decision]]
        place[here] = 2 * node + 1 + right
    leaf = place - len(nodes)
    rows = np.maximum(np.bincount(leaf, minlength=len(nodes) + 1), 1)
    sums = np.zeros((len(nodes) + 1, residuals.shape[1]))
    np.add.at(sums, leaf, residuals)
    return Weights({INPUTS: nodes, LEAVES: (sums / rows[:, None]).astype(np.float32)})


def check_tree(tree: Weights, config: TreesConfig, *, width: int, classes: int) -> None:
    """Refuse a tree that breaks a rule which every grown one keeps, so that little else can be said with it.

    What is left to a liar: decisions that exclude each other (above a high edge and not above a low one), and means
    that are made up.

    Args:
        tree: one tree, by name.
        config: its size.
        width: encoded inputs, I.
        classes: C.

    Raises:
        WeightsMismatchError: names, shapes or dtypes are others, a number is not finite, an input does not exist or is
            asked about twice on a path, a leaf lies outside -1 to 1 or does not add up to 0 over the classes, as
            residuals do, or a part that no row can reach is not empty.
    """
    tree.check(tree_layout(config, classes))
    inputs, leaves = tree.arrays[INPUTS], tree.arrays[LEAVES]
    nodes, ends = _reachable(inputs)
    rules = {
        "asks about inputs that there are not": bool(((inputs >= NO_DECISION) & (inputs < width)).all()),
        "asks about an input twice on a path": not _asks_twice(inputs, nodes),
        "has leaves outside -1 to 1": bool((np.abs(leaves) <= 1).all()),
        "has leaves that do not add up to 0 over the classes": bool((np.abs(leaves.sum(axis=1)) <= _ROUNDING).all()),
        "says something where no row can come": not (inputs[~nodes] != NO_DECISION).any() and not leaves[~ends].any(),
    }
    if broken := tuple(f"The tree {what}." for what, kept in rules.items() if not kept):
        raise WeightsMismatchError(broken)


def check_forest(forest: Weights, config: TreesConfig, *, width: int, classes: int) -> None:
    """Refuse a forest that cannot score rows of this width and these classes.

    Raises:
        WeightsMismatchError: names, shapes or dtypes are others, a number is not finite, or an input does not exist.
    """
    forest.check(forest_layout(config, classes, trees=max(trees_in(forest.arrays), 1)))
    inputs = forest.arrays[INPUTS]
    if not ((inputs >= NO_DECISION) & (inputs < width)).all():
        raise WeightsMismatchError(("The trees ask about inputs that there are not.",))


def added_norm(forest: Mapping[str, NDArray[Any]], before: int) -> float:
    """Return the L2 norm of the leaves that were added to a forest: how far a round has moved it.

    Args:
        forest: its arrays, by name.
        before: how many trees it had.
    """
    return float(np.sqrt(np.square(forest[LEAVES][before:], dtype=np.float64).sum()))


def _leaf(nodes: NDArray[np.int32], above: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return which leaf each row falls into `(R,)`."""
    rows, place = np.arange(len(above)), np.zeros(len(above), dtype=np.int64)
    for _ in range(int(np.log2(len(nodes) + 1))):
        asked = nodes[place]
        place = 2 * place + 1 + (above[rows, asked] & (asked != NO_DECISION))
    return place - len(nodes)


def _candidates(blocks: Sequence[slice], share: float, draw: np.random.Generator) -> NDArray[np.int64]:
    """Draw columns and return their inputs, in order."""
    chosen = draw.choice(len(blocks), size=max(1, round(share * len(blocks))), replace=False)
    return np.concatenate([np.arange(blocks[column].start, blocks[column].stop) for column in sorted(chosen)])


def _best_decision(above: NDArray[np.bool_], residuals: Numbers, leaf_rows: int) -> int | None:
    """Return the input whose decision explains most of the squared residuals; None where none may or none does.

    With n rows and the residuals' sum s on each side, a decision explains ``|s_0|^2 / n_0 + |s_1|^2 / n_1 - |s|^2 / n``
    (Breiman, Friedman, Olshen and Stone 1984, "Classification and Regression Trees", section 8.4).
    """
    rows, total = len(residuals), residuals.sum(axis=0)  # (C,)
    right = above.sum(axis=0)  # (candidates,)
    allowed = (right >= leaf_rows) & (rows - right >= leaf_rows)
    if not allowed.any():
        return None
    sums = above.T.astype(np.float64) @ residuals  # (candidates, C)
    left = np.maximum(rows - right, 1)
    gains = np.square(sums).sum(axis=1) / np.maximum(right, 1) + np.square(total - sums).sum(axis=1) / left
    gains = np.where(allowed, gains - np.square(total).sum() / rows, -np.inf)
    best = int(gains.argmax())
    return best if gains[best] > _LEAST_GAIN * np.square(residuals).sum() else None


def _asks_twice(inputs: NDArray[np.int32], reachable: NDArray[np.bool_]) -> bool:
    """Tell whether a path asks about an input that was asked about above: the rows there all give one answer."""
    above: list[frozenset[int]] = [frozenset()] * (2 * len(inputs) + 1)
    for node, asked in enumerate(inputs.tolist()):
        if reachable[node] and asked in above[node]:
            return True
        known = above[node] | ({asked} - {NO_DECISION})
        above[2 * node + 1] = above[2 * node + 2] = known
    return False


def _reachable(inputs: NDArray[np.int32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which nodes `(N,)` and which leaves `(L,)` of a tree a row can come to."""
    reached = np.zeros(2 * len(inputs) + 1, dtype=bool)
    reached[0] = True
    for node, asked in enumerate(inputs):
        reached[2 * node + 1] = reached[node]
        reached[2 * node + 2] = reached[node] and asked != NO_DECISION
    return reached[: len(inputs)], reached[len(inputs) :]
