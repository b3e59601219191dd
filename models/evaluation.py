"""Evaluation from sums: what a member may tell about its hold-out rows, and what can be known from it.

A Scorecard holds counts and sums only. Cards of several members are added; every metric is computed from the sum, so
nobody needs to see another's rows or scores. Curves and areas come from 50-bin histograms of the predicted probability.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import RecordsError, ScorecardMismatchError

BINS = 50
MOST_NATS = 34.54
"""More than what a row can cost, whose probability counts as at least 1e-15."""
_SMALLEST = 1e-15  # a probability of exactly zero would make one row outweigh all others
_MOST_SQUARED = 2.0  # squared distance between two corners of the simplex of probabilities
_ROUNDING = 1e-6  # what rounding may add per row


@dataclass(frozen=True, eq=False)
class Scorecard:
    """Sums over rows; each field of a merged card is the sum of the members' fields.

    Attributes:
        class_counts: rows per true class, int64 `(classes,)`.
        loss_sum: negative log-likelihood, summed over rows, in nats.
        squared_sum: squared distance of predicted probabilities from the one-hot label, summed over rows and classes.
        confusion: rows by true class and most probable class, int64 `(classes, classes)`.
        histogram: for class c, rows by predicted probability of c in 50 equal bins of [0, 1]: ``[c, 0]`` rows of other
            classes, ``[c, 1]`` rows of class c; int64 `(classes, 2, 50)`.
        positive: index of the defect class if there are two classes, else None.
    """

    class_counts: NDArray[np.int64]
    loss_sum: float
    squared_sum: float
    confusion: NDArray[np.int64]
    histogram: NDArray[np.int64]
    positive: int | None = None

    def __post_init__(self) -> None:
        c = len(self.class_counts)
        if self.confusion.shape != (c, c) or self.histogram.shape != (c, 2, BINS):
            expected = f"confusion {(c, c)} and histogram {(c, 2, BINS)} for {c} classes"
            raise ScorecardMismatchError(f"Expected {expected}, got {self.confusion.shape} and {self.histogram.shape}.")

    def __add__(self, other: "Scorecard") -> "Scorecard":
        if self.class_counts.shape != other.class_counts.shape or self.positive != other.positive:
            ours = f"{len(self.class_counts)} classes (defect: {self.positive})"
            theirs = f"{len(other.class_counts)} classes (defect: {other.positive})"
            raise ScorecardMismatchError(f"A card of {ours} and one of {theirs} cannot be added: other contracts.")
        return Scorecard(
            class_counts=self.class_counts + other.class_counts,
            loss_sum=self.loss_sum + other.loss_sum,
            squared_sum=self.squared_sum + other.squared_sum,
            confusion=self.confusion + other.confusion,
            histogram=self.histogram + other.histogram,
            positive=self.positive,
        )

    @property
    def rows(self) -> int:
        """Rows that were scored."""
        return int(self.class_counts.sum())

    def judged_classes(self) -> tuple[int, ...]:
        """Classes whose one-vs-rest curve is meant: the defect class of two, else each class that is present."""
        classes = range(len(self.class_counts)) if self.positive is None else (self.positive,)
        return tuple(c for c in classes if 0 < self.class_counts[c] < self.rows)

    def roc_auc(self) -> float | None:
        """Area under the ROC curve, from 50-bin histograms; rows in one bin count as ties, which count one half.

        Two classes: of the defect class. More: the mean of one-vs-rest areas over the classes present ("macro").

        Returns:
            None when there is no class to tell apart from another.
        """
        areas = [binned_roc_auc(self.histogram[c]) for c in self.judged_classes()]
        return float(np.mean(areas)) if areas else None

    def average_precision(self) -> float | None:
        """Average precision, ``sum over thresholds of (recall gained) x precision``, from 50-bin histograms.

        Returns:
            None when there is no class to tell apart; macro over classes present if there are more than two.
        """
        areas = []
        for c in self.judged_classes():
            precision, recall = self.precision_recall_curve(c)
            areas.append(float(np.sum(np.diff(recall) * precision[1:])))
        return float(np.mean(areas)) if areas else None

    def log_loss(self) -> float | None:
        """Mean negative log-likelihood per row, in nats; exact, not binned. None without rows."""
        return self.loss_sum / self.rows if self.rows else None

    def brier(self) -> float | None:
        """Mean squared error of the probabilities (Brier 1950); exact. Of two classes one counts, of more all."""
        halves = 2 if len(self.class_counts) == 2 else 1  # noqa: PLR2004
        return self.squared_sum / self.rows / halves if self.rows else None

    def accuracy(self) -> float | None:
        """Share of rows whose most probable class is the true one. None without rows."""
        return float(np.trace(self.confusion)) / self.rows if self.rows else None

    def macro_f1(self) -> float | None:
        """Mean over the classes present of ``2 TP / (2 TP + FP + FN)``, by most probable class. None without rows."""
        hits, truths, calls = np.diag(self.confusion), self.confusion.sum(axis=1), self.confusion.sum(axis=0)
        present = truths > 0
        return float(np.mean((2 * hits / np.maximum(truths + calls, 1))[present])) if present.any() else None

    def precision_recall_curve(self, class_index: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Precision and recall `(51,)` each as the threshold falls, from 50-bin histograms; starts at (1, 0)."""
        called = self._called(class_index)
        total = called.sum(axis=0)
        with np.errstate(invalid="ignore"):
            return np.where(total > 0, called[1] / np.maximum(total, 1), 1.0), called[1] / called[1, -1]

    def calibration_curve(
        self, class_index: int, *, groups: int = 10
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
        """Predicted and observed share of the class, and rows, per group of probability, from 50-bin histograms.

        A row's prediction is taken to be the centre of its bin. NaN where a group has no rows.

        Args:
            class_index: the class.
            groups: equal groups of bins, a divisor of 50.

        Returns:
            Mean predicted `(groups,)`, observed `(groups,)`, rows `(groups,)`.
        """
        by_bin = self.histogram[class_index]  # (2, 50)
        centres = (np.arange(BINS) + 0.5) / BINS
        rows = by_bin.sum(axis=0).reshape(groups, -1).sum(axis=1)
        predicted = (by_bin.sum(axis=0) * centres).reshape(groups, -1).sum(axis=1)
        observed = by_bin[1].reshape(groups, -1).sum(axis=1)
        with np.errstate(invalid="ignore"):
            return predicted / rows, observed / rows, rows

    def calibration_error(self) -> float | None:
        """Expected calibration error (Naeini et al. 2015): mean over rows of |predicted - observed| in 10 groups.

        From 50-bin histograms; of the defect class, or the mean over the classes present. None without such a class.
        """
        errors = []
        for c in self.judged_classes():
            predicted, observed, rows = self.calibration_curve(c)
            errors.append(float(np.nansum(rows * np.abs(predicted - observed)) / rows.sum()))
        return float(np.mean(errors)) if errors else None

    def metrics(self) -> dict[str, float]:
        """All single numbers by name; those that cannot be computed are left out."""
        named = {
            "roc_auc": self.roc_auc(),
            "average_precision": self.average_precision(),
            "log_loss": self.log_loss(),
            "brier": self.brier(),
            "accuracy": self.accuracy(),
            "macro_f1": self.macro_f1(),
            "calibration_error": self.calibration_error(),
        }
        return {name: value for name, value in named.items() if value is not None}

    def _called(self, class_index: int) -> NDArray[np.int64]:
        """Rows of other classes, and of the class, that lie at or above each falling threshold `(2, 51)`."""
        falling = self.histogram[class_index][:, ::-1].cumsum(axis=1)
        return np.concatenate([np.zeros((2, 1), dtype=np.int64), falling], axis=1)


def score_rows(probabilities: NDArray[np.float64], y: NDArray[np.int64], *, positive: int | None) -> Scorecard:
    """Turn predictions into a card of sums.

    Args:
        probabilities: `(rows, classes)`.
        y: class indices `(rows,)`.
        positive: index of the defect class if there are two classes, else None.

    Raises:
        RecordsError: shapes do not belong together.
    """
    if probabilities.ndim != 2 or len(y) != len(probabilities):  # noqa: PLR2004
        raise RecordsError(
            f"Expected probabilities (rows, classes) and labels (rows,), got {probabilities.shape} and {y.shape}."
        )
    classes = probabilities.shape[1]
    truth = (y[:, None] == np.arange(classes)).astype(np.int64)  # (rows, classes)
    bins = bin_index(probabilities)  # (rows, classes)
    histogram = np.zeros((classes, 2, BINS), dtype=np.int64)
    np.add.at(histogram, (np.broadcast_to(np.arange(classes), bins.shape), truth, bins), 1)
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (y, probabilities.argmax(axis=1)), 1)
    return Scorecard(
        class_counts=truth.sum(axis=0),
        loss_sum=negative_log_likelihood(probabilities, y) * len(y),
        squared_sum=float(np.square(probabilities - truth).sum()),
        confusion=confusion,
        histogram=histogram,
        positive=positive,
    )


def merge_scorecards(cards: Sequence[Scorecard]) -> Scorecard:
    """Add the cards of several members.

    Raises:
        ScorecardMismatchError: there are none, or they count different classes.
    """
    if not cards:
        raise ScorecardMismatchError("There are no scorecards to merge: at least one member must answer.")
    total = cards[0]
    for card in cards[1:]:
        total = total + card
    return total


def check_scorecard(card: Scorecard, *, classes: int, positive: int | None, most_rows: int) -> None:
    """Check a card that came from elsewhere: could rows of a member, so many of them, have it?

    What rows cannot have is refused. A card that is false and possible passes, as it would on paper.

    Args:
        card: as a member sent it.
        classes: classes of the contract.
        positive: index of the defect class if there are two classes, else None.
        most_rows: hold-out rows that a member may have, below 2**40 (so that no sum of counts overflows).

    Raises:
        ScorecardMismatchError: the first rule that the card breaks, in one sentence.
    """
    for rule in (_array_problem, _count_problem, _sum_problem):
        problem = rule(card, classes, most_rows)
        if problem:
            raise ScorecardMismatchError(f"No hold-out rows have this scorecard: {problem}.")
    if card.positive != positive or isinstance(card.positive, bool):
        raise ScorecardMismatchError(f"The scorecard's defect class must be {positive}, got {card.positive}.")


def _array_problem(card: Scorecard, classes: int, _most_rows: int) -> str:
    shapes = {"class_counts": (classes,), "confusion": (classes, classes), "histogram": (classes, 2, BINS)}
    for name, shape in shapes.items():
        array: object = getattr(card, name)
        if not isinstance(array, np.ndarray) or array.dtype != np.int64 or array.shape != shape:
            got = f"{array.dtype} {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            return f"{name} must be int64 {shape}, got {got}"
    return ""


def _count_problem(card: Scorecard, _classes: int, most_rows: int) -> str:
    counts = {"class_counts": card.class_counts, "confusion": card.confusion, "histogram": card.histogram}
    for name, array in counts.items():
        if (array < 0).any() or (array > most_rows).any():
            return f"{name} must hold counts from 0 to {most_rows}"
    own, others = card.histogram[:, 1].sum(axis=1), card.histogram[:, 0].sum(axis=1)
    broken = {
        f"its rows must be at most {most_rows}": card.rows > most_rows,
        "each line of confusion must add up to its class count": (
            card.confusion.sum(axis=1) != card.class_counts
        ).any(),
        "each class's own histogram must add up to its class count": (own != card.class_counts).any(),
        "each class's other histogram must add up to the rest": (others != card.rows - card.class_counts).any(),
    }
    return next((rule for rule, is_broken in broken.items() if is_broken), "")


def _sum_problem(card: Scorecard, _classes: int, _most_rows: int) -> str:
    for name, most in {"loss_sum": MOST_NATS, "squared_sum": _MOST_SQUARED}.items():
        value: object = getattr(card, name)
        if not isinstance(value, float):
            return f"{name} must be a float, got {type(value).__name__}"
        if not -_ROUNDING * card.rows <= value <= (most + _ROUNDING) * card.rows:  # NaN fails too
            return f"{name} must be finite and from 0 to {most:.1f} per row"
    return ""


def bin_index(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """Bin of each probability, 0 to 49; bin i is [i/50, (i+1)/50), and 1.0 belongs to the last."""
    return np.clip((probabilities * BINS).astype(np.int64), 0, BINS - 1)


def binned_roc_auc(histogram: NDArray[np.int64]) -> float:
    """Chance that a row of the class lies in a higher bin than another row, ties one half (Mann and Whitney 1947).

    Args:
        histogram: rows by bin, ``[0]`` of other classes, ``[1]`` of the class `(2, bins)`; both have rows.
    """
    others, own = histogram.astype(np.float64)
    below = others.cumsum() - others
    return float((own * (below + 0.5 * others)).sum() / (own.sum() * others.sum()))


def negative_log_likelihood(probabilities: NDArray[np.float64], y: NDArray[np.int64]) -> float:
    """Mean over rows of ``-log p(true class)`` in nats, p at least 1e-15; 0 without rows."""
    return float(row_losses(probabilities, y).mean()) if len(y) else 0.0


def row_losses(probabilities: NDArray[np.float64], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """``-log p(true class)`` of each row `(rows,)` in nats, p at least 1e-15."""
    return -np.log(np.maximum(probabilities[np.arange(len(y)), y], _SMALLEST))
