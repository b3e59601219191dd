"""The family of boosted trees: each round every member grows one tree, and the association adds them all to the forest.

Bagging as in Flower's ``FedXgbBagging``, in a form that a member can let go of: see `models.trees`. XGBoost itself has
no minimum of rows in a leaf, and its trees travel as a file whose every field the border would have to judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.configs import TreesConfig
from models.errors import RecordsError, SettingError
from models.evaluation import negative_log_likelihood, row_losses
from models.family import Personal, Update
from models.preprocessing import Preprocessing
from models.records import Records
from models.trees import above_zero, check_forest, forest_scores, grow, prior_tree, with_trees
from models.variants import ENOUGH_TO_CHOOSE, Variant, choose
from models.weights import Weights

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class TreeFamily:
    """Boosted trees of one size; see `models.family.Family`.

    A member's residuals are among its own classes only: else it would teach everybody that the classes it never saw are
    not there.

    Attributes:
        trees: their settings.
        leaf_rows: rows that each leaf must cover.
    """

    trees: TreesConfig
    leaf_rows: int

    def start(self, preprocessing: Preprocessing, *, seed: int) -> Weights:
        """Return the forest that knows the classes' shares and nothing else; no chance is in it."""
        del seed
        return prior_tree(self.trees, preprocessing.class_shares)

    def check(self, weights: Weights, preprocessing: Preprocessing) -> None:
        """Refuse a forest that cannot score rows of the preprocessing."""
        check_forest(weights, self.trees, width=preprocessing.width, classes=len(preprocessing.classes))

    def predict(
        self, weights: Weights, x: NDArray[np.float32], *, preprocessing: Preprocessing, temperature: float = 1.0
    ) -> Numbers:
        """Return the softmax of the scores over the temperature."""
        if not 0 < temperature < np.inf:
            raise SettingError("temperature", allowed="above 0 and finite", got=temperature)
        if x.ndim != 2 or x.shape[1] != preprocessing.width:  # noqa: PLR2004
            raise RecordsError(f"Inputs must have shape (rows, {preprocessing.width}), got {x.shape}.")
        self.check(weights, preprocessing)
        return softmax(forest_scores(weights, above_zero(x, preprocessing.zeros())) / temperature)

    def train(self, weights: Weights, records: Records, *, preprocessing: Preprocessing, seed: int) -> Update:
        """Grow one tree on what the forest leaves unexplained at home."""
        self.check(weights, preprocessing)
        rows = _Rows.of(records, preprocessing)
        scores = forest_scores(weights, rows.above)
        tree = self._grow(rows, scores, preprocessing, seed)
        return Update(tree, negative_log_likelihood(rows.probabilities(scores), records.y))

    def personalise(
        self, shared: Weights, records: Records, validation: Records, *, preprocessing: Preprocessing, seed: int
    ) -> Personal:
        """Add trees of the member's own, with full and with half weight, and keep what its validation rows say.

        Half of their weight gives the mean of both models' scores.
        """
        if len(validation) < ENOUGH_TO_CHOOSE:
            return Personal(Variant.SHARED, shared, {})
        own = list(islice(self._own_trees(shared, records, preprocessing, seed), self.trees.own_trees))
        step = self.trees.own_step
        variants = {
            Variant.SHARED: shared,
            Variant.FINE_TUNED: with_trees(shared, own, step),
            Variant.MEAN: with_trees(shared, own, step / 2),
        }
        among = np.isin(np.arange(len(preprocessing.classes)), np.union1d(records.y, validation.y))
        above = above_zero(validation.x, preprocessing.zeros())
        losses = {
            variant: row_losses(softmax(_among(forest_scores(forest, above), among)), validation.y)
            for variant, forest in variants.items()
        }
        chosen = choose(losses)
        return Personal(chosen, variants[chosen], {v: float(of_rows.mean()) for v, of_rows in losses.items()})

    def train_alone(
        self,
        records: Records,
        validation: Records,
        *,
        preprocessing: Preprocessing,
        rounds: int,
        average_last: int,
        start_seed: int,
        seed: int,
    ) -> Weights:
        """Grow as many trees as there are rounds, and keep as many of them as the validation rows like best."""
        del average_last  # trees are added up, not averaged
        start = self.start(preprocessing, seed=start_seed)
        own = list(islice(self._own_trees(start, records, preprocessing, seed), rounds))
        if len(validation) < ENOUGH_TO_CHOOSE:
            return with_trees(start, own, self.trees.own_step)
        above = above_zero(validation.x, preprocessing.zeros())
        scores = forest_scores(start, above)
        losses = [negative_log_likelihood(softmax(scores), validation.y)]
        for tree in own:
            scores = scores + self._step_scores(tree, above)
            losses.append(negative_log_likelihood(softmax(scores), validation.y))
        return with_trees(start, own[: int(np.argmin(losses))], self.trees.own_step)

    def _own_trees(
        self, forest: Weights, records: Records, preprocessing: Preprocessing, seed: int
    ) -> Iterator[Weights]:
        """Yield trees that a member grows for itself, each on what those before leave unexplained."""
        rows = _Rows.of(records, preprocessing)
        scores, seeds = forest_scores(forest, rows.above), np.random.SeedSequence(seed)
        while True:
            (child,) = seeds.spawn(1)
            tree = self._grow(rows, scores, preprocessing, int(child.generate_state(1)[0]))
            scores = scores + self._step_scores(tree, rows.above)
            yield tree

    def _grow(self, rows: "_Rows", scores: Numbers, preprocessing: Preprocessing, seed: int) -> Weights:
        return grow(
            rows.above,
            rows.residuals(scores),
            blocks=[block for _, block in preprocessing.blocks],
            config=self.trees,
            leaf_rows=self.leaf_rows,
            seed=seed,
        )

    def _step_scores(self, tree: Weights, above: NDArray[np.bool_]) -> Numbers:
        """Return what one tree that stays at home adds to the rows' scores."""
        forest = Weights({name: array[None] for name, array in tree.arrays.items()})
        return self.trees.own_step * forest_scores(forest, above)


@dataclass(frozen=True, eq=False)
class _Rows:
    """A member's rows as trees read them: inputs `(R, I)`, labels one-hot `(R, C)`, and which classes are its own."""

    above: NDArray[np.bool_]
    one_hot: Numbers
    own: NDArray[np.bool_]

    @classmethod
    def of(cls, records: Records, preprocessing: Preprocessing) -> "_Rows":
        records.check(preprocessing)
        one_hot = np.eye(len(preprocessing.classes))[records.y]
        own = np.isin(np.arange(len(preprocessing.classes)), records.y)
        return cls(above_zero(records.x, preprocessing.zeros()), one_hot, own)

    def probabilities(self, scores: Numbers) -> Numbers:
        return softmax(_among(scores, self.own))

    def residuals(self, scores: Numbers) -> Numbers:
        return self.one_hot - self.probabilities(scores)


def softmax(scores: Numbers) -> Numbers:
    """Return probabilities `(R, C)`; a score of minus infinity is none."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


def _among(scores: Numbers, classes: NDArray[np.bool_]) -> Numbers:
    """Leave out the scores of all other classes."""
    return np.where(classes, scores, -np.inf)
