"""The mean over the last rounds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from federated.aggregation import capped_rows, update_mean


def test_the_mean_of_three_and_six_is_four_and_a_half() -> None:
    first = update_mean(None, 0, {"w": np.array([3.0], dtype=np.float32)})
    second = update_mean(first, 1, {"w": np.array([6.0], dtype=np.float32)})

    assert second["w"].tolist() == [4.5]


@given(st.lists(st.floats(-1e3, 1e3, width=32), min_size=1, max_size=20))
def test_the_running_mean_is_the_mean(values: list[float]) -> None:
    mean = None
    for count, value in enumerate(values):
        mean = update_mean(mean, count, {"w": np.array([value], dtype=np.float32)})

    assert mean is not None
    assert np.isclose(mean["w"][0], np.mean(values), atol=1e-3)


def test_rows_ten_twenty_and_nine_hundred_become_ten_twenty_and_a_hundred() -> None:
    assert capped_rows({"a": 10, "b": 20, "c": 900}, 5) == {"a": 10, "b": 20, "c": 100}
