from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.contract import Contract
from data_contracts.statistics import describe, merge
from models.encodings import CategoryEncoding, NumberEncoding
from models.errors import PreprocessingError, RecordsError, SettingError
from models.preprocessing import Preprocessing, balanced_weights, fit_preprocessing

_FINITE = st.floats(-1e9, 1e9)
_EDGES = st.lists(_FINITE, min_size=2, max_size=9, unique=True).map(lambda e: tuple(sorted(e)))


def test_a_number_fills_the_bins_below_it_and_part_of_its_own() -> None:
    encoding = NumberEncoding("heat", edges=(0, 10, 20, 40), reference=10, missing=False)

    encoded = encoding.encode(np.array([-5.0, 0, 5, 15, 30, 99]))

    assert encoded.tolist() == [[0, 0, 0], [0, 0, 0], [0.5, 0, 0], [1, 0.5, 0], [1, 1, 0.5], [1, 1, 1]]


def test_a_missing_number_sits_at_the_median_and_raises_its_flag() -> None:
    encoding = NumberEncoding("heat", edges=(0, 10, 20), reference=15, missing=True)

    assert encoding.encode(np.array([np.nan, 15])).tolist() == [[1, 0.5, 1], [1, 0.5, 0]]


def test_unknown_and_missing_categories_are_all_zeros() -> None:
    encoding = CategoryEncoding("paper", vocabulary=("a", "b"), reference="a")

    assert encoding.encode(pd.Series(["b", "a", "x", None])).tolist() == [[0, 1], [1, 0], [0, 0], [0, 0]]


@given(_EDGES, st.lists(_FINITE, min_size=1, max_size=20))
def test_the_encoding_stays_between_0_and_1_and_never_falls_as_the_value_rises(
    edges: tuple[float, ...], values: list[float]
) -> None:
    encoded = NumberEncoding("x", edges, reference=edges[0], missing=False).encode(np.sort(np.array(values)))

    assert ((encoded >= 0) & (encoded <= 1)).all()
    assert (np.diff(encoded, axis=0) >= 0).all()


def test_edges_are_quantiles_of_all_members_together(tiny_contract: Contract) -> None:
    """One member is cold, one is hot: half of all rows lie in each half, so the middle edge is where they meet."""
    cold = pd.DataFrame({"heat": np.linspace(0, 31.9, 64), "speed": 5, "paper": "a", "grade": "good"})
    hot = cold.assign(heat=cold.heat + 32, grade="bad")
    parts = [describe(frame, tiny_contract, minimum_count=1) for frame in (cold, hot)]

    heat = fit_preprocessing(tiny_contract, merge(parts), bins=2).numbers[0]

    assert heat.edges == pytest.approx((0, 32, 64), abs=0.01)
    assert heat.reference == pytest.approx(32, abs=0.01)


def test_equal_quantiles_fall_together_and_edges_stay_inside_the_range(tiny_contract: Contract) -> None:
    frame = pd.DataFrame({"heat": [3.0] * 30 + [50.0] * 2, "speed": 128, "paper": "a", "grade": "good"})

    found = fit_preprocessing(tiny_contract, describe(frame, tiny_contract, minimum_count=1), bins=16)

    for number, column in zip(found.numbers, tiny_contract.numbers, strict=True):
        assert (np.diff(number.edges) > 0).all()
        assert number.edges[0] >= column.bounds[0]
        assert number.edges[-1] <= column.bounds[1]


def test_a_column_nobody_may_speak_of_gets_the_range_of_the_contract(tiny_contract: Contract) -> None:
    frame = pd.DataFrame({"heat": [3.0] * 8, "speed": pd.array([None] * 8, "Int64"), "paper": None, "grade": "good"})

    found = fit_preprocessing(tiny_contract, describe(frame, tiny_contract, minimum_count=5), bins=4)

    assert found.numbers[1].edges == (0.0, 128.0)
    assert found.numbers[1].reference == 64
    assert found.categories[0].reference is None
    assert found.reference_row()[-3:].tolist() == [0, 0, 0]


def test_blocks_name_the_columns_that_own_each_input(tiny_preprocessing: Preprocessing) -> None:
    """Four bins of heat, four of speed and its missing flag, three papers."""
    assert tiny_preprocessing.blocks == (("heat", slice(0, 4)), ("speed", slice(4, 9)), ("paper", slice(9, 12)))
    assert tiny_preprocessing.width == 12


def test_encoding_a_frame_joins_the_blocks_and_repeats_to_the_bit(
    tiny_preprocessing: Preprocessing, tiny_frame: pd.DataFrame
) -> None:
    x = tiny_preprocessing.encode(tiny_frame)

    assert x.shape == (200, 12)
    assert x.dtype == np.float32
    assert (x[:, 8] > 0).sum() == 20  # the missing speeds
    assert ((x[:, 9:] > 0).sum(axis=1) == 1).all()
    assert x.tobytes() == tiny_preprocessing.encode(tiny_frame).tobytes()


def test_the_usual_row_encodes_medians_and_the_commonest_category(tiny_preprocessing: Preprocessing) -> None:
    usual = tiny_preprocessing.reference_row()

    frame = pd.DataFrame({"heat": [tiny_preprocessing.numbers[0].reference], "speed": [np.nan], "paper": ["b"]})
    expected = tiny_preprocessing.encode(frame)[0]
    assert usual[:8].tolist() == expected[:8].tolist()  # a missing speed sits at its median, too
    assert usual[8] < 0 < expected[8]  # but only the frame's row says that it is missing
    assert usual[9:].tolist() == expected[9:].tolist()


def test_inputs_are_centred_and_scaled_by_sums_over_all_members(
    tiny_preprocessing: Preprocessing, tiny_frame: pd.DataFrame
) -> None:
    """The statistics hold 64 cells and not the values, so means and deviations are met within a few hundredths."""
    x = tiny_preprocessing.encode(tiny_frame)

    assert np.abs(x.mean(axis=0)).max() < 0.05
    assert x.std(axis=0) == pytest.approx(np.ones(12), abs=0.1)


def test_a_rare_input_is_not_blown_up(tiny_contract: Contract) -> None:
    """One paper in a hundred is c: its deviation is 0.1, but it is divided by 0.25."""
    frame = pd.DataFrame({"heat": np.linspace(1, 63, 100), "speed": 5, "paper": ["a"] * 99 + ["c"], "grade": "good"})

    found = fit_preprocessing(tiny_contract, describe(frame, tiny_contract, minimum_count=1), bins=4)

    assert found.scales[-1] == 0.25
    assert found.encode(frame)[:, -1].max() == pytest.approx(0.99 / 0.25)


def test_json_brings_back_the_same_bits(tiny_preprocessing: Preprocessing) -> None:
    back = Preprocessing.from_json(tiny_preprocessing.to_json())

    assert back == tiny_preprocessing
    assert back.sha256() == tiny_preprocessing.sha256()


@given(_EDGES)
def test_json_keeps_every_bit_of_any_edge(edges: tuple[float, ...]) -> None:
    own = Preprocessing(
        contract="tiny@1.0.0",
        contract_sha256="0" * 64,
        target="grade",
        classes=("good", "bad"),
        defects=("bad",),
        numbers=(NumberEncoding("x", edges, reference=edges[0], missing=True),),
        categories=(),
        class_weights=(0.1 + 0.2, 1.0),
        centres=edges,
        scales=(1 / 3,) * len(edges),
    )

    assert Preprocessing.from_json(own.to_json()) == own


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"numbers": 3, "categories": []}'])
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(PreprocessingError, match="not a preprocessing"):
        Preprocessing.from_json(text)


def test_a_frame_without_its_columns_is_refused_by_name(
    tiny_preprocessing: Preprocessing, tiny_frame: pd.DataFrame
) -> None:
    with pytest.raises(PreprocessingError, match=r"lacks 2 of 3 feature columns of tiny@1\.0\.0: heat, paper"):
        tiny_preprocessing.encode(tiny_frame.drop(columns=["heat", "paper"]))
    with pytest.raises(PreprocessingError, match="no column grade"):
        tiny_preprocessing.targets(tiny_frame.drop(columns="grade"))


def test_labels_become_indices_and_strange_ones_are_refused_by_row_never_by_value(
    tiny_preprocessing: Preprocessing, tiny_frame: pd.DataFrame
) -> None:
    tiny_frame.loc[[7, 9], "grade"] = ["secret", None]

    assert tiny_preprocessing.targets(tiny_frame.loc[2:6]).tolist() == [
        ["good", "bad"].index(label) for label in tiny_frame.loc[2:6, "grade"]
    ]
    with pytest.raises(RecordsError, match=r"2 of 200 rows have no label .*rows 7, 9\.") as caught:
        tiny_preprocessing.targets(tiny_frame)
    assert "secret" not in str(caught.value)


def test_class_weights_balance_the_classes_and_average_to_one() -> None:
    assert balanced_weights(np.array([30, 10])) == pytest.approx((2 / 3, 2))


def test_a_withheld_class_counts_as_the_rarest_that_was_counted() -> None:
    assert balanced_weights(np.array([30, 10, 0])) == pytest.approx((50 / 90, 50 / 30, 50 / 30))
    assert balanced_weights(np.array([0, 0])) == (1.0, 1.0)


def test_the_defect_class_is_positive_only_among_two(tiny_preprocessing: Preprocessing) -> None:
    assert tiny_preprocessing.positive == 1
    assert tiny_preprocessing.defect_indices == (1,)


def test_bins_outside_their_limits_are_refused(tiny_contract: Contract, tiny_frame: pd.DataFrame) -> None:
    with pytest.raises(SettingError, match=r"bins must be a whole number from 1 to 64, got 0 \(int\)"):
        fit_preprocessing(tiny_contract, describe(tiny_frame, tiny_contract, minimum_count=5), bins=0)


@pytest.mark.parametrize(
    "damage",
    [
        {"centres": (0.0,)},
        {"scales": (0.0,) * 12},
        {"scales": (float("nan"),) * 12},
        {"class_weights": (1.0,)},
        {"class_weights": (1.0, -1.0)},
        {"defects": ("ugly",)},
    ],
)
def test_a_preprocessing_that_cannot_work_is_refused_before_it_meets_a_row(
    tiny_preprocessing: Preprocessing, damage: dict[str, tuple[float | str, ...]]
) -> None:
    with pytest.raises(PreprocessingError, match=r"preprocessing of tiny@1\.0\.0 needs"):
        replace(tiny_preprocessing, **damage)  # type: ignore[arg-type]


@pytest.mark.parametrize("edges", [(), (1.0,), (1.0, 1.0), (2.0, 1.0), (0.0, float("inf"))])
def test_edges_that_do_not_rise_are_refused(edges: tuple[float, ...]) -> None:
    with pytest.raises(PreprocessingError, match="finite and strictly increasing"):
        NumberEncoding("heat", edges, reference=1, missing=False)


def test_what_was_fitted_to_a_contract_passes_its_check(
    tiny_contract: Contract, tiny_preprocessing: Preprocessing
) -> None:
    tiny_preprocessing.check(tiny_contract)


def test_a_preprocessing_that_reads_an_id_or_isolates_a_value_is_refused(
    tiny_contract: Contract, tiny_preprocessing: Preprocessing
) -> None:
    """An association that chose the encodings freely could ask a model whether a part with a number exists here."""
    usual = tiny_preprocessing
    ids = CategoryEncoding("part", vocabulary=("part-1", "part-2"), reference=None)
    spread = usual.scales
    extended = {"centres": (*usual.centres, 0.0, 0.0), "scales": (*spread, 1.0, 1.0)}
    changes: list[dict[str, Any]] = [
        {"categories": (*usual.categories, ids), **extended},
        {"scales": (1e-6, *spread[1:])},
        {"numbers": (replace(usual.numbers[0], edges=(-1e9, *usual.numbers[0].edges[1:])), *usual.numbers[1:])},
        {"target": "part"},
        {"classes": tuple(reversed(usual.classes))},
        {"contract_sha256": "f" * 64},
    ]

    for change in changes:
        with pytest.raises(PreprocessingError, match="does not fit"):
            replace(usual, **change).check(tiny_contract)
