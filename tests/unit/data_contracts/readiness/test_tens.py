from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.contract import Contract
from data_contracts.readiness.tens import _power, tens
from tests.tiny_lots import lots, records_of


def _tens(contract: Contract, heat: Sequence[str | None]) -> list[tuple[int, bool, int, tuple[int, ...]]]:
    found = tens(records_of(lots(len(heat), heat=heat), contract))
    return [(ten.power, ten.whole, ten.where.rows, ten.where.lines) for ten in found]


def test_values_within_the_range_are_no_suspects(tiny: Contract) -> None:
    assert _tens(tiny, ["45", "50", "55"] * 10) == []


@pytest.mark.parametrize(
    ("factor", "power"), [(10, -1), (100, -2), (1000, -3), (10_000, -4), (0.1, 1), (0.01, 2), (0.001, 3)]
)
def test_a_whole_column_off_by_a_power_of_ten_is_a_suspect(tiny: Contract, factor: float, power: int) -> None:
    heat = [f"{value * factor:.6g}" for value in (45, 50, 55)] * 10

    assert _tens(tiny, heat) == [(power, True, 30, (2, 3, 4, 5, 6))]


def test_values_in_another_unit_that_no_power_of_ten_brings_back_are_no_suspects(tiny: Contract) -> None:
    assert _tens(tiny, ["113", "122", "131"] * 10) == []  # °F


def test_stray_rows_are_suspects_if_they_then_lie_among_the_others(tiny: Contract) -> None:
    heat: list[str | None] = ["45", "50", "55"] * 10
    heat[4], heat[5], heat[9] = "480", "510", "520"

    assert _tens(tiny, heat) == [(-1, False, 3, (6, 7, 11))]


def test_two_stray_rows_may_be_anything(tiny: Contract) -> None:
    assert _tens(tiny, ["45", "50", "55"] * 10 + ["480", "510"]) == []


def test_nine_values_are_too_few_to_say(tiny: Contract) -> None:
    assert _tens(tiny, ["450"] * 9) == []
    assert len(_tens(tiny, ["450"] * 10)) == 1


def test_nothing_but_zeros_is_no_question_of_the_point(tiny: Contract) -> None:
    assert _tens(tiny, ["0"] * 30) == []


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_the_power_brings_nine_in_ten_values_into_the_range_and_no_other_brings_more(heat: list[float]) -> None:
    values, allowed = np.array(heat), (40.0, 60.0)
    inside = {
        power: float(np.mean((values * 10.0**power >= 40) & (values * 10.0**power <= 60))) for power in range(-4, 5)
    }
    power = _power(values, allowed)

    if power is None:
        assert all(share < 0.9 for moved, share in inside.items() if moved)
    else:
        assert inside[power] == max(share for moved, share in inside.items() if moved) >= 0.9
