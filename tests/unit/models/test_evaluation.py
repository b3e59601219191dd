import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    f1_score,
    log_loss,
    precision_recall_curve,
    roc_auc_score,
)

from models.errors import RecordsError, ScorecardMismatchError
from models.evaluation import (
    BINS,
    Scorecard,
    bin_index,
    check_scorecard,
    merge_scorecards,
    negative_log_likelihood,
    score_rows,
)


def _binary(rows: int = 400, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    y = (rng.random(rows) < 0.3).astype(np.int64)
    p = 1 / (1 + np.exp(-rng.normal(1.5 * y - 1, 1)))
    return np.column_stack([1 - p, p]), y


def _many(rows: int = 400) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    y = rng.integers(0, 3, rows)
    logits = rng.normal(size=(rows, 4)) + 1.5 * np.eye(4)[y]  # class 3 is never true
    return np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), y


def test_four_rows_by_hand() -> None:
    """Defect probabilities .1, .9, .8, .3 of rows good, bad, good, bad: 3 of 4 pairs are in order."""
    p = np.array([0.1, 0.9, 0.8, 0.3])

    card = score_rows(np.column_stack([1 - p, p]), np.array([0, 1, 0, 1]), positive=1)

    assert card.class_counts.tolist() == [2, 2]
    assert card.confusion.tolist() == [[1, 1], [1, 1]]
    assert card.roc_auc() == 0.75
    assert card.accuracy() == 0.5
    assert card.brier() == pytest.approx((0.01 + 0.01 + 0.64 + 0.49) / 4)
    assert card.log_loss() == pytest.approx(-np.log([0.9, 0.9, 0.2, 0.3]).mean())


def test_binned_areas_equal_sklearn_on_the_bins() -> None:
    p, y = _binary()
    card = score_rows(p, y, positive=1)
    binned = bin_index(p)[:, 1]

    assert card.roc_auc() == pytest.approx(roc_auc_score(y, binned), abs=1e-12)
    assert card.average_precision() == pytest.approx(average_precision_score(y, binned), abs=1e-12)


def test_binned_areas_lie_near_sklearn_on_the_scores_themselves() -> None:
    """50 bins cost at most half the share of pairs that fall into one bin."""
    p, y = _binary(4000)
    card = score_rows(p, y, positive=1)
    same_bin = (card.histogram[1][0] * card.histogram[1][1]).sum() / ((y == 0).sum() * (y == 1).sum())

    assert card.roc_auc() == pytest.approx(roc_auc_score(y, p[:, 1]), abs=same_bin / 2)
    assert card.average_precision() == pytest.approx(average_precision_score(y, p[:, 1]), abs=0.01)


def test_exact_sums_equal_sklearn() -> None:
    p, y = _binary()
    card = score_rows(p, y, positive=1)

    assert card.log_loss() == pytest.approx(log_loss(y, p))
    assert card.brier() == pytest.approx(brier_score_loss(y, p[:, 1]))
    assert card.macro_f1() == pytest.approx(f1_score(y, p.argmax(axis=1), average="macro"))


def test_many_classes_are_averaged_over_those_present() -> None:
    p, y = _many()
    card = score_rows(p, y, positive=None)
    areas = [roc_auc_score(y == c, bin_index(p)[:, c]) for c in range(3)]

    assert card.roc_auc() == pytest.approx(np.mean(areas), abs=1e-12)
    assert card.macro_f1() == pytest.approx(f1_score(y, p.argmax(axis=1), labels=[0, 1, 2], average="macro"))
    assert card.brier() == pytest.approx(np.square(p - np.eye(4)[y]).sum(axis=1).mean())


def test_cards_of_members_add_up_to_the_card_of_all_rows() -> None:
    p, y = _binary()
    parts = [score_rows(p[start : start + 100], y[start : start + 100], positive=1) for start in (0, 100, 200, 300)]

    together, whole = merge_scorecards(parts), score_rows(p, y, positive=1)

    assert together.histogram.tolist() == whole.histogram.tolist()
    assert together.confusion.tolist() == whole.confusion.tolist()
    assert together.metrics() == pytest.approx(whole.metrics())


def test_cards_of_other_contracts_are_not_added() -> None:
    binary, many = score_rows(*_binary(), positive=1), score_rows(*_many(), positive=None)

    with pytest.raises(ScorecardMismatchError, match=r"2 classes \(defect: 1\) and one of 4 classes \(defect: None\)"):
        merge_scorecards([binary, many])
    with pytest.raises(ScorecardMismatchError, match="no scorecards"):
        merge_scorecards([])


def test_a_card_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(ScorecardMismatchError, match="for 2 classes, got"):
        Scorecard(np.zeros(2, np.int64), 0.0, 0.0, np.zeros((2, 2), np.int64), np.zeros((2, 2, 10), np.int64), 1)


def test_without_defects_there_is_no_area_but_a_loss() -> None:
    p, _ = _binary(10)

    card = score_rows(p, np.zeros(10, np.int64), positive=1)

    assert card.roc_auc() is None
    assert card.average_precision() is None
    assert card.calibration_error() is None
    assert set(card.metrics()) == {"log_loss", "brier", "accuracy", "macro_f1"}


def test_a_card_without_rows_has_no_metrics() -> None:
    assert score_rows(np.zeros((0, 2)), np.zeros(0, np.int64), positive=1).metrics() == {}


def test_the_precision_recall_curve_passes_through_sklearns_points() -> None:
    p, y = _binary()
    precision, recall = score_rows(p, y, positive=1).precision_recall_curve(1)
    expected_precision, expected_recall, _ = precision_recall_curve(y, bin_index(p)[:, 1])
    ours = set(zip(precision.round(9).tolist(), recall.round(9).tolist(), strict=True))

    assert len(precision) == BINS + 1
    assert set(zip(expected_precision.round(9).tolist(), expected_recall.round(9).tolist(), strict=True)) <= ours


def test_an_honest_forecast_lies_on_the_diagonal_and_a_boastful_one_does_not() -> None:
    rng = np.random.default_rng(3)
    p = rng.random(50_000)
    y = (rng.random(50_000) < p).astype(np.int64)
    boast = (p > 0.5) * 0.98 + 0.01

    honest, boastful = (score_rows(np.column_stack([1 - q, q]), y, positive=1) for q in (p, boast))

    predicted, observed, rows = honest.calibration_curve(1)
    assert predicted == pytest.approx(observed, abs=0.03)
    assert rows.sum() == 50_000
    assert honest.calibration_error() == pytest.approx(0, abs=0.01)
    assert boastful.calibration_error() == pytest.approx(0.24, abs=0.02)  # says .99 and .01 where .75 and .25 is true


def test_empty_groups_of_the_calibration_curve_are_nan() -> None:
    p = np.array([0.05, 0.95])

    predicted, _, rows = score_rows(np.column_stack([1 - p, p]), np.array([0, 1]), positive=1).calibration_curve(1)

    assert rows.tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    assert np.isnan(predicted[1:9]).all()


def test_a_perfect_forecast_is_perfect_in_every_metric() -> None:
    y = np.array([0, 1, 0, 1, 1])

    metrics = score_rows(np.eye(2)[y], y, positive=1).metrics()

    assert (metrics["roc_auc"], metrics["average_precision"], metrics["accuracy"], metrics["macro_f1"]) == (1, 1, 1, 1)
    assert metrics["log_loss"] == pytest.approx(0)


def test_one_certain_mistake_does_not_make_the_loss_infinite() -> None:
    assert negative_log_likelihood(np.array([[1.0, 0.0]]), np.array([1])) == pytest.approx(-np.log(1e-15))
    assert negative_log_likelihood(np.zeros((0, 2)), np.zeros(0, np.int64)) == 0.0


def test_rows_and_labels_of_different_length_are_refused() -> None:
    with pytest.raises(RecordsError, match=r"got \(2, 2\) and \(3,\)"):
        score_rows(np.zeros((2, 2)), np.zeros(3, np.int64), positive=1)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 1)), min_size=1, max_size=60))
def test_any_predictions_give_areas_between_0_and_1_and_counts_that_add_up(rows: list[tuple[float, int]]) -> None:
    p, y = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])

    card = score_rows(np.column_stack([1 - p, p]), y, positive=1)

    assert card.histogram.sum() == 2 * len(rows)
    assert card.confusion.sum() == card.rows == len(rows)
    assert all(0 <= card.metrics().get(name, 0) <= 1 for name in ("roc_auc", "average_precision", "calibration_error"))


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 4),
    st.lists(st.tuples(st.integers(0, 3), st.lists(st.floats(0, 1), min_size=4, max_size=4)), max_size=30),
    st.integers(0, 1),
)
def test_every_card_of_real_rows_passes_the_check(
    classes: int, rows: list[tuple[int, list[float]]], single: int
) -> None:
    """Also without rows, with certain mistakes (a probability of 0), and from probabilities in single precision."""
    scores = np.array([p[:classes] for _, p in rows]).reshape(len(rows), classes) + 1e-12
    p = scores / scores.sum(axis=1, keepdims=True)
    p = np.where(p < 1e-9, 0.0, p).astype(np.float32 if single else np.float64)
    y = np.array([label % classes for label, _ in rows], dtype=np.int64)
    positive = 1 if classes == 2 else None

    check_scorecard(score_rows(p, y, positive=positive), classes=classes, positive=positive, most_rows=len(rows))


def _card() -> Scorecard:
    """Three rows: a good one found, a bad one found, a bad one missed."""
    return score_rows(np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]]), np.array([0, 1, 1]), positive=1)


def _moved(array: np.ndarray, source: tuple[int, ...], target: tuple[int, ...], rows: int = 1) -> np.ndarray:
    changed = array.copy()
    changed[source] -= rows
    changed[target] += rows
    return changed


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"class_counts": np.array([1.0, 2.0])}, "class_counts must be int64"),
        ({"class_counts": np.array([1, 2], dtype=np.int32)}, "class_counts must be int64"),
        ({"class_counts": np.array([2, 1])}, "each line of confusion"),
        ({"confusion": _moved(_card().confusion, (1, 0), (0, 1))}, "each line of confusion"),
        ({"confusion": _moved(_card().confusion, (1, 0), (1, 1), 2)}, "confusion must hold counts from 0 to 3"),
        ({"histogram": _moved(_card().histogram, (1, 1, 40), (1, 0, 40))}, "own histogram"),
        ({"histogram": _card().histogram + np.eye(1, BINS, dtype=np.int64) * np.array([[1], [0]])}, "other histogram"),
        ({"histogram": np.full((2, 2, BINS), 2**62)}, "histogram must hold counts from 0 to 3"),
        ({"loss_sum": np.nan}, "loss_sum must be finite"),
        ({"loss_sum": -1.0}, "loss_sum must be finite and from 0"),
        ({"loss_sum": 3 * 35.0}, "loss_sum must be finite and from 0 to 34.5 per row"),
        ({"loss_sum": "0"}, "loss_sum must be a float, got str"),
        ({"squared_sum": 6.1}, "squared_sum must be finite and from 0 to 2.0 per row"),
        ({"squared_sum": np.inf}, "squared_sum"),
        ({"positive": 0}, "defect class must be 1, got 0"),
        ({"positive": None}, "defect class must be 1, got None"),
    ],
)
def test_a_card_that_no_rows_can_have_is_refused(changes: dict[str, Any], problem: str) -> None:
    check_scorecard(_card(), classes=2, positive=1, most_rows=3)

    with pytest.raises(ScorecardMismatchError, match=problem):
        check_scorecard(dataclasses.replace(_card(), **changes), classes=2, positive=1, most_rows=3)


def test_a_card_of_other_classes_or_of_more_rows_than_a_member_may_have_is_refused() -> None:
    with pytest.raises(ScorecardMismatchError, match="its rows must be at most 2"):
        check_scorecard(_card(), classes=2, positive=1, most_rows=2)
    with pytest.raises(ScorecardMismatchError, match=r"class_counts must be int64 \(3,\)"):
        check_scorecard(_card(), classes=3, positive=None, most_rows=3)
