import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from data_contracts.contract import Contract
from data_contracts.disclosure import enlarge, group_cells, shown_categories, shown_numbers
from data_contracts.errors import FrameNotEnforced, NothingObserved, StatisticsMismatch, TooFewRows
from data_contracts.statistics import GRID, FrameStatistics, check_statistics, describe, merge, quantiles


def _frame(
    heat: list[float], *, grade: list[str] | None = None, paper: Sequence[str | None] | None = None
) -> pd.DataFrame:
    rows = len(heat)
    return pd.DataFrame(
        {
            "part": pd.array([str(i) for i in range(rows)], dtype="string"),
            "heat": np.array(heat, dtype=np.float64),
            "passes": pd.array([4] * rows, dtype="Int64"),
            "paper": pd.array(paper or ["a"] * rows, dtype="string"),
            "grade": pd.array(grade or ["good", "bad"] * (rows // 2) + ["good"] * (rows % 2), dtype="string"),
        }
    )


def _with(statistics: FrameStatistics, **changes: Any) -> FrameStatistics:
    return dataclasses.replace(statistics, **changes)


def test_sums_are_those_of_the_scaled_values(tiny: Contract) -> None:
    """Heat runs from 0 to 64: 16 and 48 become 0.25 and 0.75, their squares 0.0625 and 0.5625."""
    statistics = describe(_frame([16, 48, 16, 48]), tiny, minimum_count=1)

    assert statistics.rows == 4
    assert statistics.class_counts.tolist() == [2, 2]
    assert statistics.present.tolist() == [4, 4]
    assert statistics.sums.tolist() == [2.0, 2.0]
    assert statistics.squares.tolist() == [1.25, 1.0]
    assert statistics.means().tolist() == [0.5, 0.5]
    assert statistics.deviations().tolist() == [0.25, 0.0]
    assert np.flatnonzero(statistics.bins[0]).tolist() == [16, 48]
    assert statistics.categories.tolist() == [[4, 0, 0]]


def test_both_ends_of_the_range_have_a_cell(tiny: Contract) -> None:
    statistics = describe(_frame([0, 64]), tiny, minimum_count=1)

    assert (statistics.bins[0, 0], statistics.bins[0, GRID - 1]) == (1, 1)


def test_too_few_rows_are_not_described_and_the_refusal_counts_only_the_minimum(tiny: Contract) -> None:
    """Its text goes to the association: 9 and 17 rows, 5 and 9 of a class, must not be told apart."""
    texts = []
    for rows in (9, 17):
        with pytest.raises(TooFewRows, match="no class has 10 rows") as refusal:
            describe(_frame([1.0] * rows), tiny, minimum_count=10)
        texts.append(str(refusal.value))

    assert texts[0] == texts[1]


def test_a_rare_class_is_left_out_of_every_number(tiny: Contract) -> None:
    """Otherwise rows minus the other class would tell how rare it is."""
    frame = _frame([16.0] * 10 + [64.0] * 2, grade=["good"] * 10 + ["bad"] * 2)
    statistics = describe(frame, tiny, minimum_count=3)

    assert statistics.class_counts.tolist() == [10, 0]
    assert (statistics.rows, statistics.sums[0]) == (10, 2.5)
    assert statistics.bins[0].sum() == 10


def test_a_column_with_few_values_contributes_nothing(tiny: Contract) -> None:
    statistics = describe(_frame([16.0] * 2 + [np.nan] * 8), tiny, minimum_count=3)

    assert (statistics.present[0], statistics.sums[0], statistics.squares[0], statistics.bins[0].sum()) == (0, 0, 0, 0)
    assert statistics.present[1] == 10


def test_few_missing_values_do_not_show_and_the_mean_stays(tiny: Contract) -> None:
    """8 values of 0.25 and 2 missing become 10 of 0.25; with 3 missing the count is large enough to show."""
    hidden = describe(_frame([16.0] * 8 + [np.nan] * 2), tiny, minimum_count=3)
    shown = describe(_frame([16.0] * 7 + [np.nan] * 3), tiny, minimum_count=3)

    assert (hidden.present[0], hidden.sums[0], hidden.bins[0, 16]) == (10, 2.5, 10)
    assert (shown.present[0], shown.sums[0], shown.bins[0, 16]) == (7, 1.75, 7)


def test_rare_categories_do_not_show_directly_or_by_subtraction(tiny: Contract) -> None:
    """8 a and 2 b: b alone is hidden, so its rows are counted with a. 6 a, 2 b, 2 blank: 4 hidden rows may show."""
    folded = describe(_frame([1.0] * 10, paper=["a"] * 8 + ["b"] * 2), tiny, minimum_count=3)
    apart = describe(_frame([1.0] * 10, paper=["a"] * 6 + ["b"] * 2 + [None] * 2), tiny, minimum_count=3)

    assert folded.categories.tolist() == [[10, 0, 0]]
    assert apart.categories.tolist() == [[6, 0, 0]]


def test_a_frame_that_was_not_enforced_is_refused_without_showing_its_values(tiny: Contract) -> None:
    spoiled = [
        _frame([1, 2]).drop(columns="heat"),
        _frame([1, 777]),
        _frame([1, 2], grade=["good", "SECRET"]),
        _frame([1, 2], paper=["a", "SECRET"]),
    ]
    for frame in spoiled:
        with pytest.raises(FrameNotEnforced, match="enforce") as caught:
            describe(frame, tiny, minimum_count=1)
        assert "777" not in str(caught.value)
        assert "SECRET" not in str(caught.value)
    with pytest.raises(ValueError, match="at least 1"):
        describe(_frame([1, 2]), tiny, minimum_count=0)


def test_merging_adds_what_one_member_with_all_rows_would_say(tiny: Contract) -> None:
    heat = [float(i % 64) for i in range(40)]
    parts = [describe(_frame(heat[:10]), tiny, minimum_count=1), describe(_frame(heat[10:]), tiny, minimum_count=1)]

    assert merge(parts) == describe(_frame(heat), tiny, minimum_count=1)


def test_members_of_different_contracts_cannot_be_merged(tiny: Contract) -> None:
    part = describe(_frame([1, 2]), tiny, minimum_count=1)
    other = _with(part, categories=np.zeros((2, 3), dtype=np.int64))

    with pytest.raises(StatisticsMismatch, match=r"part 2: categories has shape \(2, 3\), part 1 has \(1, 3\)"):
        merge([part, other])
    with pytest.raises(StatisticsMismatch, match="nothing to merge"):
        merge([])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"rows": -1}, "rows must be an integer"),
        ({"rows": 4.0}, "rows must be an integer of at least 0, got float"),
        ({"rows": 5}, "class_counts must add up to rows"),
        ({"present": np.array([4.0, 4.0])}, "present must be an array of int64, got float64"),
        ({"sums": [1.0, 1.0]}, "sums must be an array of float64, got list"),
        ({"sums": np.array([1.0])}, r"sums must have shape \(2,\), got \(1,\)"),
        ({"bins": np.zeros((2, 9), dtype=np.int64)}, r"bins must have shape \(2, 64\), got \(2, 9\)"),
        ({"bins": np.zeros((2, GRID), dtype=np.int64)}, "bins must add up to present"),
        ({"class_counts": np.array([5, -1])}, "class_counts must hold finite numbers of at least 0"),
        ({"class_counts": np.array([2**62, 2**62])}, "class_counts holds a number above"),
        ({"sums": np.array([np.nan, 2.0])}, "sums must hold finite numbers"),
        ({"sums": np.array([4.5, 2.0]), "squares": np.array([4.5, 1.0])}, "sums must not exceed present"),
        ({"squares": np.array([2.5, 1.0])}, "squares must not exceed sums"),
        ({"squares": np.array([0.5, 1.0])}, "squares are too small for these sums"),
        ({"categories": np.array([[4, 1, 0]])}, "categories must not exceed rows"),
        ({"categories": np.array([4])}, "categories two"),
    ],
)
def test_numbers_that_no_table_can_have_are_refused(tiny: Contract, changes: dict[str, Any], expected: str) -> None:
    statistics = describe(_frame([16, 48, 16, 48]), tiny, minimum_count=1)

    with pytest.raises(StatisticsMismatch, match=expected):
        _with(statistics, **changes)


def test_the_association_checks_shapes_and_the_minimum_count(tiny: Contract) -> None:
    statistics = describe(_frame([16, 48, 16, 48]), tiny, minimum_count=1)
    check_statistics(statistics, tiny)

    with pytest.raises(StatisticsMismatch, match="class_counts shows a group of fewer than 3 rows"):
        check_statistics(statistics, tiny, minimum_count=3)
    with pytest.raises(StatisticsMismatch, match=r"categories has shape \(2, 3\), tiny@1\.0\.0 asks for \(1, 3\)"):
        check_statistics(_with(statistics, categories=np.zeros((2, 3), dtype=np.int64)), tiny)


def test_the_association_accepts_no_more_rows_than_a_member_may_have(tiny: Contract) -> None:
    statistics = describe(_frame([16, 48, 16, 48]), tiny, minimum_count=1)
    check_statistics(statistics, tiny, most_rows=4)

    with pytest.raises(StatisticsMismatch, match="rows must be at most 3, got 4"):
        check_statistics(statistics, tiny, most_rows=3)


def test_statistics_cannot_be_changed(tiny: Contract) -> None:
    statistics = describe(_frame([1, 2]), tiny, minimum_count=1)

    with pytest.raises(ValueError, match="read-only"):
        statistics.bins[0, 0] = 9


def test_quantiles_are_read_off_by_linear_interpolation(tiny: Contract) -> None:
    """Two rows in cell 0 (0 to 1 degree), two in cell 1: a quarter lies below 0.5, three quarters below 1.5."""
    statistics = describe(_frame([0.1, 0.9, 1.1, 1.9]), tiny, minimum_count=1)

    assert quantiles(statistics, 0, [0, 0.25, 0.5, 0.75, 1], 0.0, 64.0).tolist() == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_quantiles_of_nothing_are_refused(tiny: Contract) -> None:
    statistics = describe(_frame([np.nan] * 4), tiny, minimum_count=1)

    with pytest.raises(NothingObserved):
        quantiles(statistics, 0, [0.5], 0.0, 64.0)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        quantiles(statistics, 1, [1.5], 0.0, 8.0)


def test_cells_are_grouped_from_the_left_and_counted_where_the_median_row_lies() -> None:
    """(1, 2) make the first group; (0, 3, 1) the second, whose tail of one row joined it."""
    assert group_cells(np.array([1, 2, 0, 3, 1]), 3).tolist() == [0, 3, 0, 4, 0]


def test_counts_are_enlarged_by_largest_remainders() -> None:
    assert enlarge(np.array([2, 1]), 4).tolist() == [3, 1]


HISTOGRAMS = arrays.arrays(np.int64, GRID, elements=st.integers(0, 5))


@given(histogram=HISTOGRAMS, minimum=st.integers(1, 40))
def test_grouping_keeps_the_total_and_leaves_no_small_group(histogram: np.ndarray, minimum: int) -> None:
    if histogram.sum() < minimum:
        return
    grouped = group_cells(histogram, minimum)

    assert grouped.sum() == histogram.sum()
    assert (grouped[grouped > 0] >= minimum).all()
    assert (histogram[grouped > 0] > 0).all()


@given(counts=arrays.arrays(np.int64, 5, elements=st.integers(0, 9)), more=st.integers(0, 30))
def test_enlarging_reaches_the_total_and_makes_nothing_smaller_or_new(counts: np.ndarray, more: int) -> None:
    if not counts.any():
        return
    enlarged = enlarge(counts, int(counts.sum()) + more)

    assert enlarged.sum() == counts.sum() + more
    assert (enlarged >= counts).all()
    assert (enlarged[counts == 0] == 0).all()


@given(
    u=arrays.arrays(np.float64, st.integers(0, 40), elements=st.floats(0, 1)),
    blank=st.integers(0, 20),
    k=st.integers(1, 12),
)
def test_neither_a_few_values_nor_a_few_blanks_can_be_read_off(u: np.ndarray, blank: int, k: int) -> None:
    rows = len(u) + blank
    histogram, total, square = shown_numbers(u, rows, k)
    present = int(histogram.sum())

    assert present == 0 or present >= k
    assert rows - present == 0 or rows - present >= min(k, rows)
    assert (histogram[histogram > 0] >= k).all()
    assert 0 <= square <= total + 1e-9
    assert total <= present + 1e-9
    if present:
        assert total / present == pytest.approx(u.mean())


@given(counts=arrays.arrays(np.int64, 4, elements=st.integers(0, 20)), blank=st.integers(0, 20), k=st.integers(1, 12))
def test_neither_a_rare_category_nor_the_few_others_can_be_read_off(counts: np.ndarray, blank: int, k: int) -> None:
    rows = int(counts.sum()) + blank
    shown = shown_categories(counts, rows, k)
    hidden = rows - int(shown.sum())

    assert (shown[shown > 0] >= k).all()
    assert hidden == 0 or hidden >= min(k, rows)


VALUES = st.lists(st.floats(0, 64) | st.just(np.nan), min_size=4, max_size=30)


@given(frames=st.lists(VALUES, min_size=1, max_size=4), k=st.integers(1, 4), data=st.data())
def test_merging_does_not_depend_on_order_or_grouping(
    tiny: Contract, frames: list[list[float]], k: int, data: st.DataObject
) -> None:
    parts = [describe(_frame(heat, grade=["good"] * len(heat)), tiny, minimum_count=k) for heat in frames]
    shuffled = data.draw(st.permutations(parts))
    cut = data.draw(st.integers(0, len(parts) - 1))

    assert merge(shuffled) == merge(parts)
    assert merge([*parts[:cut], merge(parts[cut:])]) == merge(parts)
    for part in parts:
        check_statistics(part, tiny, minimum_count=k)


@given(heat=st.lists(st.floats(0, 64), min_size=4, max_size=40), k=st.integers(1, 4))
def test_quantiles_never_decrease_and_stay_in_the_range(tiny: Contract, heat: list[float], k: int) -> None:
    statistics = describe(_frame(heat, grade=["good"] * len(heat)), tiny, minimum_count=k)
    found = quantiles(statistics, 0, np.linspace(0, 1, 33), 0.0, 64.0)

    assert (np.diff(found) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 64
    if k == 1:
        assert found[0] <= min(heat) + 1e-9
        assert found[-1] >= max(heat) - 1e-9


def test_quantiles_of_grouped_cells_are_not_shifted(tiny: Contract) -> None:
    """400 rows spread evenly, groups of at least 20: the median stays at 32 degrees within half a group."""
    heat = list(np.linspace(0, 64, 400))
    statistics = describe(_frame(heat), tiny, minimum_count=20)

    assert quantiles(statistics, 0, [0.25, 0.5, 0.75], 0.0, 64.0) == pytest.approx([16, 32, 48], abs=2)
