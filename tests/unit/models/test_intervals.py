import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from models.errors import ScorecardMismatchError, SettingError
from models.intervals import (
    Interval,
    _areas,
    _resample,
    _resamples,
    check_interval,
    family_level,
    paired_difference,
)


def _two_models(rows: int = 100) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A good model, a blind one, and the truth."""
    rng = np.random.default_rng(1)
    y = np.arange(rows) % 2
    good, blind = 1 / (1 + np.exp(-rng.normal(2 * y - 1, 1))), rng.random(rows)
    return np.column_stack([1 - good, good]), np.column_stack([1 - blind, blind]), y


def _once(y: np.ndarray) -> np.ndarray:
    """Take every row once, in place of resamples."""
    return np.ones((1, len(y)), dtype=np.uint8)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), min_size=2, max_size=30))
def test_the_area_equals_sklearn_whatever_the_ties(rows: list[tuple[int, int]]) -> None:
    p, y = np.array([r[0] / 5 for r in rows]), np.array([r[1] for r in rows])
    areas = _areas(np.column_stack([1 - p, p]), y, _once(y), positive=1)

    assert (None if areas is None else areas.tolist()) == (
        [pytest.approx(roc_auc_score(y, p))] if len(set(y.tolist())) == 2 else None
    )


def test_each_resample_has_the_area_of_its_repeated_rows() -> None:
    good, _, y = _two_models(40)
    weights = _resample(y, resamples=5, seed=3)
    areas = _areas(good, y, weights, positive=1)

    expected = [roc_auc_score(np.repeat(y, w.astype(int)), np.repeat(good[:, 1], w.astype(int))) for w in weights]
    assert areas == pytest.approx(np.array(expected))


def test_every_resample_keeps_the_class_counts() -> None:
    y = np.array([0] * 7 + [1] * 3)

    weights = _resample(y, resamples=50, seed=1)

    assert weights[0].tolist() == [1] * 10
    assert (weights[:, :7].sum(axis=1) == 7).all()
    assert (weights[:, 7:].sum(axis=1) == 3).all()
    assert len({tuple(w) for w in weights.tolist()}) > 40


def test_a_better_model_differs_surely_and_the_interval_turns_its_sign_when_swapped() -> None:
    good, blind, y = _two_models()

    better = paired_difference(good, blind, y, positive=1, seed=1)
    worse = paired_difference(blind, good, y, positive=1, seed=1)

    assert better is not None
    assert worse is not None
    assert 0 < better.low < better.mean < better.high
    assert (worse.low, worse.mean, worse.high) == pytest.approx((-better.high, -better.mean, -better.low))
    assert better.mean == pytest.approx(roc_auc_score(y, good[:, 1]) - roc_auc_score(y, blind[:, 1]))


def test_a_model_does_not_differ_from_itself_at_all() -> None:
    good, _, y = _two_models()
    same = paired_difference(good, good, y, positive=1, seed=1)

    assert same is not None
    assert (same.low, same.mean, same.high) == (0, 0, 0)


def test_the_interval_over_guessing_covers_the_true_area_about_as_often_as_it_says() -> None:
    """Scores N(1, 1) against N(0, 1) have a true area of .7602; 95 % intervals should miss it about 5 times in 100."""
    missed, guess = 0, np.full((100, 2), 0.5)
    for seed in range(100):
        rng = np.random.default_rng(seed)
        y = np.arange(100) % 2
        p = 1 / (1 + np.exp(-rng.normal(y, 1)))
        found = paired_difference(np.column_stack([1 - p, p]), guess, y, positive=1, seed=seed, resamples=200)
        assert found is not None
        missed += not found.low <= 0.7602 - 0.5 <= found.high

    assert 1 <= missed <= 12


def test_equal_seeds_give_equal_intervals() -> None:
    good, blind, y = _two_models()

    first, again, other = (paired_difference(good, blind, y, positive=1, seed=seed) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_without_one_of_the_classes_there_is_no_interval() -> None:
    good, blind, y = _two_models()

    assert paired_difference(good, blind, np.zeros_like(y), positive=1, seed=1) is None
    assert paired_difference(good[:0], blind[:0], y[:0], positive=1, seed=1) is None


def test_many_classes_are_averaged_over_those_present() -> None:
    rng = np.random.default_rng(2)
    y = rng.integers(0, 3, 90)
    p = rng.random((90, 4)) + np.eye(4)[y]

    expected = np.mean([roc_auc_score(y == c, p[:, c]) for c in range(3)])
    assert _areas(p, y, _once(y), positive=None) == pytest.approx([expected])


def test_a_hundred_rows_take_well_under_a_third_of_a_second_and_many_rows_little_memory() -> None:
    good, blind, y = _two_models(100)
    started = time.process_time()
    paired_difference(good, blind, y, positive=1, seed=1)

    assert time.process_time() - started < 0.3
    many = (np.tile(good, (300, 1)), np.tile(blind, (300, 1)), np.tile(y, 300))
    assert paired_difference(*many, positive=1, seed=1, resamples=20) is not None


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), min_size=3, max_size=20))
def test_every_interval_of_real_rows_passes_the_check(rows: list[tuple[int, int, int]]) -> None:
    a, b = np.eye(4)[[r[0] for r in rows]], np.eye(4)[[r[1] for r in rows]]
    interval = paired_difference(a, b, np.array([r[2] for r in rows]), positive=None, seed=1, resamples=20)
    if interval is not None:
        check_interval(interval)


@pytest.mark.parametrize(
    ("interval", "problem"),
    [
        (Interval(float("nan"), 0.0, 0.0), "low must be a finite"),
        (Interval(-1.1, 0.0, 0.0), "low must be a finite"),
        (Interval(0.0, float("-inf"), 0.0), "mean must be a finite"),
        (Interval(0.0, 0.0, 1.5), "high must be a finite"),
        (Interval(0.0, 0.0, "1"), "high must be a finite"),  # type: ignore[arg-type]
        (Interval(0.2, 0.1, 0.1), "low end lies above its high end"),
    ],
)
def test_what_is_no_interval_of_areas_is_refused(interval: Interval, problem: str) -> None:
    with pytest.raises(ScorecardMismatchError, match=problem):
        check_interval(interval)


def test_an_estimate_may_lie_outside_of_its_percentile_interval() -> None:
    check_interval(Interval(0.1, 0.05, 0.2))


def test_five_members_at_95_percent_together_need_99_percent_each() -> None:
    assert family_level(5) == pytest.approx(0.99)
    assert family_level(1) == pytest.approx(0.95)
    assert family_level(20, level=0.9) == pytest.approx(0.995)


@pytest.mark.parametrize(("members", "level"), [(0, 0.95), (3, 1.0), (3, 0.0)])
def test_a_joint_level_needs_members_and_a_level_between_0_and_1(members: int, level: float) -> None:
    with pytest.raises(SettingError):
        family_level(members, level)


def test_a_higher_level_makes_the_interval_wider_and_leaves_the_estimate() -> None:
    good, blind, y = _two_models()
    plain = paired_difference(good, blind, y, positive=1, seed=1)
    joint = paired_difference(good, blind, y, positive=1, seed=1, level=family_level(5))

    assert plain is not None
    assert joint is not None
    assert joint.low < plain.low < plain.mean == joint.mean < plain.high < joint.high


def test_a_higher_level_draws_more_so_that_its_ends_are_not_one_resample_each_unless_rows_are_many() -> None:
    assert _resamples(0.95, rows=100) == 500
    assert _resamples(family_level(5), rows=100) == 2500
    assert _resamples(family_level(20), rows=100) == 10_000
    assert _resamples(family_level(20), rows=10_000) == 1000
    assert _resamples(family_level(20), rows=1_000_000) == 500
