import numpy as np
import pytest

from models.calibration import TEMPERATURES, best_temperature, nll_by_temperature, rescale
from models.evaluation import negative_log_likelihood


def _overconfident() -> tuple[np.ndarray, np.ndarray]:
    """True chances between 0.1 and 0.9, told with doubled logits: the right temperature is 2."""
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 1.5, 20_000)
    y = (rng.random(20_000) < 1 / (1 + np.exp(-logits))).astype(np.int64)
    told = 1 / (1 + np.exp(-2 * logits))
    return np.column_stack([1 - told, told]), y


def test_the_grid_holds_1_exactly_and_reaches_a_quarter_and_four() -> None:
    assert (TEMPERATURES[0], TEMPERATURES[20], TEMPERATURES[40]) == (0.25, 1.0, 4.0)


def test_doubled_logits_are_found_out() -> None:
    assert best_temperature(nll_by_temperature(*_overconfident())) == pytest.approx(2, rel=0.1)


def test_the_sums_of_two_members_find_the_temperature_of_all_rows() -> None:
    p, y = _overconfident()

    together = nll_by_temperature(p[:50], y[:50]) + nll_by_temperature(p[50:], y[50:])

    assert together == pytest.approx(nll_by_temperature(p, y))


def test_each_sum_is_the_loss_of_the_rescaled_probabilities() -> None:
    p, y = _overconfident()

    expected = [negative_log_likelihood(rescale(p, t), y) * len(y) for t in TEMPERATURES]

    assert nll_by_temperature(p, y) == pytest.approx(expected)


def test_temperature_1_changes_nothing_and_2_takes_square_roots() -> None:
    p = np.array([[0.2, 0.8]])

    assert rescale(p, 1.0) == pytest.approx(p)
    assert rescale(p, 2.0) == pytest.approx(np.array([[1, 2]]) / 3)  # sqrt(0.2) : sqrt(0.8) = 1 : 2


def test_without_rows_or_with_broken_sums_the_temperature_is_1() -> None:
    assert best_temperature(np.zeros(41)) == 1.0
    assert best_temperature(np.full(41, np.nan)) == 1.0


def test_a_certain_mistake_costs_much_but_not_infinitely() -> None:
    assert np.isfinite(nll_by_temperature(np.array([[1.0, 0.0]]), np.array([1]))).all()
