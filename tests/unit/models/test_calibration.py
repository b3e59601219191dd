import numpy as np
import pytest

from models.calibration import TEMPERATURES, best_temperature, check_loss_sums, nll_by_temperature
from models.errors import ScorecardMismatchError


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


def test_temperature_1_changes_nothing_and_2_takes_square_roots() -> None:
    sums = nll_by_temperature(np.array([[0.2, 0.8]]), np.array([0]))

    assert np.exp(-sums[TEMPERATURES.index(1.0)]) == pytest.approx(0.2)
    assert np.exp(-sums[TEMPERATURES.index(2.0)]) == pytest.approx(1 / 3)  # sqrt(0.2) : sqrt(0.8) = 1 : 2


def test_without_rows_or_with_broken_sums_the_temperature_is_1() -> None:
    assert best_temperature(np.zeros(41)) == 1.0
    assert best_temperature(np.full(41, np.nan)) == 1.0


def test_a_certain_mistake_costs_much_but_not_infinitely() -> None:
    assert np.isfinite(nll_by_temperature(np.array([[1.0, 0.0]]), np.array([1]))).all()


@pytest.mark.parametrize("shape", [(), (0,), (1,), (40,), (41, 1)])
def test_sums_of_a_wrong_shape_name_no_temperature(shape: tuple[int, ...]) -> None:
    with pytest.raises(ScorecardMismatchError, match=r"one loss sum per temperature \(41,\)"):
        best_temperature(np.zeros(shape))


def test_the_sums_of_real_rows_pass_the_check_even_after_certain_mistakes() -> None:
    p, y = _overconfident()
    check_loss_sums(nll_by_temperature(p, y), len(y), most_rows=len(y))
    check_loss_sums(nll_by_temperature(np.array([[1.0, 0.0]]), np.array([1])), 1, most_rows=1)
    check_loss_sums(nll_by_temperature(p[:0], y[:0]), 0, most_rows=0)
    check_loss_sums(np.zeros(41), 0, most_rows=10)


@pytest.mark.parametrize(
    ("sums", "rows", "problem"),
    [
        (np.ones(41), 0, "over 0 rows"),
        (np.full(41, np.nan), 5, "finite"),
        (np.full(41, np.inf), 5, "finite"),
        (np.full(41, -0.1), 5, "from 0"),
        (np.full(41, 1e9), 5, "to 3000 per row"),
        (np.ones(40), 5, r"float64 \(41,\), got float64 \(40,\)"),
        (np.ones(41, dtype=np.float32), 5, "got float32"),
        ([1.0] * 41, 5, "got list"),
        (np.ones(41), 6, "an integer from 0 to 5"),
        (np.ones(41), -1, "an integer from 0 to 5"),
        (np.ones(41), 5.0, "an integer from 0 to 5"),
        (np.ones(41), True, "an integer from 0 to 5"),
    ],
)
def test_loss_sums_that_no_rows_can_have_are_refused(sums: np.ndarray, rows: int, problem: str) -> None:
    with pytest.raises(ScorecardMismatchError, match=problem):
        check_loss_sums(sums, rows, most_rows=5)
