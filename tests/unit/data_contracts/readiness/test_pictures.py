from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.contract import Column, Contract, Kind, Label, Role
from data_contracts.readiness.column_types import MomentPicture, NumberPicture, WordPicture
from data_contracts.readiness.pictures import _numbers, picture
from tests.tiny_lots import lots, records_of

HEAT = Column("heat", Kind.NUMBER, Role.FEATURE, Label("", ""), minimum=40, maximum=60)


def _heat(contract: Contract, heat: Sequence[str | None]) -> NumberPicture:
    return cast("NumberPicture", picture(records_of(lots(len(heat), heat=heat), contract), contract.column("heat")))


def test_the_allowed_range_has_thirty_cells_and_four_on_either_side(tiny: Contract) -> None:
    """40 to 60 in 30 cells of 2/3: 50 begins the sixteenth; 39 and 61 lie two cells outside, 0 and 600 at the ends."""
    shown = _heat(tiny, ["40", "50", "60", "39", "61", "0", "600", None])

    assert (shown.low, shown.high, shown.first, shown.last, len(shown.counts)) == (40, 60, 4, 34, 38)
    assert shown.start == pytest.approx(40 - 4 * 2 / 3)
    assert shown.end == pytest.approx(60 + 4 * 2 / 3)
    assert {at: count for at, count in enumerate(shown.counts) if count} == {
        0: 1,
        2: 1,
        4: 1,
        19: 1,
        33: 1,
        35: 1,
        37: 1,
    }


def test_quantiles_of_fewer_than_twenty_values_would_say_too_much(tiny: Contract) -> None:
    assert _heat(tiny, ["50"] * 19).middle == ()
    assert _heat(tiny, [str(40 + at) for at in range(20)] + ["60"]).middle == (41, 50, 59)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=30))
def test_every_value_is_drawn_on_its_side_of_the_limits(heat: list[float]) -> None:
    shown = _numbers(np.array(heat), HEAT)

    assert sum(shown.counts) == len(heat)
    assert sum(shown.counts[: shown.first]) == sum(value < 40 for value in heat)
    assert sum(shown.counts[shown.last :]) == sum(value > 60 for value in heat)


def test_words_are_counted_in_the_contracts_order_and_others_together(tiny: Contract) -> None:
    records = records_of(lots(paper=["b"] * 10 + ["c"] * 3 + [" b "] + [None] * 26), tiny)

    assert picture(records, tiny.column("paper")) == WordPicture((("a", 0), ("b", 11)), 3)


def test_moments_are_counted_by_period(tiny: Contract) -> None:
    assert picture(records_of(lots(48), tiny), tiny.column("at")) == MomentPicture(
        (("2026-03-01", 24), ("2026-03-02", 24))
    )


def test_text_and_empty_columns_have_no_picture(tiny: Contract) -> None:
    records = records_of(lots(heat=[None] * 40), tiny)

    assert picture(records, tiny.column("lot")) is None
    assert picture(records, tiny.column("heat")) is None
