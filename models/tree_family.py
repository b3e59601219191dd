"""The family of boosted trees: each round every member grows one tree, and the association adds them all to the forest.

Bagging as in Flower's ``FedXgbBagging``, in a form that a member can let go of: see `models.trees`. XGBoost knows no
minimum of rows in a leaf as such, and its trees travel as a file whose every field the border would have to judge.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from models.configs import TreesConfig
from models.errors import SettingError
from models.evaluation import negative_log_likelihood, row_losses
from models.family import Personal, Update, check_prediction
from models.preprocessing import Preprocessing
from models.records import Records
from models.trees import above_zero, check_forest, forest_scores, grow, prior_tree, with_trees
from models.variants import ENOUGH_TO_CHOOSE, Variant
from models.weights import Weights

TREES_ALONE = 5
"""Trees per round that a member alone grows at most."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class TreeFamily:
    """Boosted trees of one size; see `models.family.Family`.

    In a round a member's residuals are among those classes only of which it has as many rows as a leaf must cover. Of a
    class that it never saw it would teach everybody that there is none; of one that it has a row or two of, that row
    could be read off its leaf. So a federation whose members have one class each learns nothing. What stays at home is
    over all classes and rows.

    Attributes:
        trees: their settings.
        leaf_rows: rows that each leaf must cover; None for a family that only predicts.
    """

    trees: TreesConfig
    leaf_rows: int | None = None

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
        check_prediction(x, preprocessing, temperature)
        self.check(weights, preprocessing)
        return softmax(forest_scores(weights, above_zero(x, preprocessing.zeros())) / temperature)

    def train(self, weights: Weights, records: Records, *, preprocessing: Preprocessing, seed: int) -> Update:
        """Grow one tree on what the forest leaves unexplained at home; it says nothing where no class may be shown."""
        self.check(weights, preprocessing)
        rows = _Rows.of(records, preprocessing).shown(self._least_rows())
        scores = forest_scores(weights, rows.above)
        return Update(self._grow(rows, scores, preprocessing, seed), rows.loss(scores))

    def personalise(
        self, shared: Weights, records: Records, validation: Records, *, preprocessing: Preprocessing, seed: int
    ) -> Personal:
        """Add trees of the member's own, with full and with half weight, and keep what its validation rows say.

        Half of their weight gives the mean of both models' scores.
        """
        self.check(shared, preprocessing)
        if len(validation) < ENOUGH_TO_CHOOSE:
            return Personal(Variant.SHARED, shared, {})
        own = list(islice(self._own_trees(shared, records, preprocessing, seed), self.trees.own_trees))
        step = self.trees.own_step
        variants = {
            Variant.SHARED: shared,
            Variant.FINE_TUNED: with_trees(shared, own, step),
            Variant.MEAN: with_trees(shared, own, step / 2),
        }
        among = np.isin(np.arange(len(preprocessing.classes)), [*records.y, *validation.y])
        above = above_zero(validation.x, preprocessing.zeros())
        losses = {
            variant: row_losses(softmax(_among(forest_scores(forest, above), among)), validation.y)
            for variant, forest in variants.items()
        }
        return Personal.chosen(variants, losses)

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
        """Grow trees of the member's own, and keep as many of them as its validation rows like best.

        A round adds the trees of all members, so this one may grow several times as many as there are rounds; where its
        validation rows are too few to say when to stop, as many as there are.
        """
        del average_last  # trees are added up, not averaged
        start, stops = self.start(preprocessing, seed=start_seed), len(validation) >= ENOUGH_TO_CHOOSE
        most = rounds * TREES_ALONE if stops else rounds
        own = list(islice(self._own_trees(start, records, preprocessing, seed), most))
        if not stops:
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
            leaf_rows=self._least_rows(),
            seed=seed,
        )

    def _least_rows(self) -> int:
        if self.leaf_rows is None:
            raise SettingError("minimums.count", allowed="given where trees are grown", got=None)
        return self.leaf_rows

    def _step_scores(self, tree: Weights, above: NDArray[np.bool_]) -> Numbers:
        """Return what one tree that stays at home adds to the rows' scores."""
        forest = Weights({name: array[None] for name, array in tree.arrays.items()})
        return self.trees.own_step * forest_scores(forest, above)


@dataclass(frozen=True, eq=False)
class _Rows:
    """A member's rows as trees read them: inputs `(R, I)`, labels `(R,)`, and which classes are chosen among `(C,)`."""

    above: NDArray[np.bool_]
    y: NDArray[np.int64]
    among: NDArray[np.bool_]

    @classmethod
    def of(cls, records: Records, preprocessing: Preprocessing) -> "_Rows":
        records.check(preprocessing)
        every = np.ones(len(preprocessing.classes), dtype=bool)
        return cls(above_zero(records.x, preprocessing.zeros()), records.y, every)

    def shown(self, minimum: int) -> "_Rows":
        """Return the rows of classes with at least so many rows."""
        among = np.bincount(self.y, minlength=len(self.among)) >= minimum
        kept = among[self.y]
        return _Rows(self.above[kept], self.y[kept], among)

    def residuals(self, scores: Numbers) -> Numbers:
        one_hot: Numbers = np.eye(len(self.among))[self.y]
        return one_hot - self._probabilities(scores)

    def loss(self, scores: Numbers) -> float:
        return negative_log_likelihood(self._probabilities(scores), self.y)

    def _probabilities(self, scores: Numbers) -> Numbers:
        return softmax(_among(scores, self.among)) if len(scores) else scores


def softmax(scores: Numbers) -> Numbers:
    """Return probabilities `(R, C)`; a score of minus infinity is none."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = powers / powers.sum(axis=1, keepdims=True)
    return result


def _among(scores: Numbers, classes: NDArray[np.bool_]) -> Numbers:
    """Leave out the scores of all other classes."""
    return np.where(classes, scores, -np.inf)
