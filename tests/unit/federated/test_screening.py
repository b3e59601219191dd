"""An update is merged only if it could have come from honest training."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from federated.screening import Refusal, Rules, screen, update_norm

CURRENT = {"w": np.zeros((2, 2), dtype=np.float32), "b": np.zeros(2, dtype=np.float32)}
RULES = Rules(rows=10, maximum_norm=5.0)


def update(**changes: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {**{name: array + 1 for name, array in CURRENT.items()}, **changes}


def test_an_honest_update_is_accepted() -> None:
    assert screen("a", update(), 10, current=CURRENT, rules=RULES) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"w": CURRENT["w"], "extra": CURRENT["b"]}, Refusal.WRONG_NAMES),
        ({"b": CURRENT["b"], "w": CURRENT["w"]}, Refusal.WRONG_NAMES),
        (update(w=np.zeros((4,), dtype=np.float32)), Refusal.WRONG_SHAPE),
        (update(w=np.zeros((2, 2), dtype=np.float64)), Refusal.WRONG_DTYPE),
        (update(b=np.array([np.nan, 0], dtype=np.float32)), Refusal.NOT_FINITE),
        (update(b=np.array([np.inf, 0], dtype=np.float32)), Refusal.NOT_FINITE),
        (update(b=np.array([6, 0], dtype=np.float32)), Refusal.NORM_TOO_LARGE),
    ],
)
def test_a_broken_update_is_refused_with_the_broken_rule(changed: dict[str, NDArray[Any]], reason: Refusal) -> None:
    refused = screen("a", changed, 10, current=CURRENT, rules=RULES)

    assert refused is not None
    assert (refused.member, refused.reason) == ("a", reason)


def test_another_row_count_than_in_the_statistics_round_is_refused() -> None:
    refused = screen("a", update(), 1000, current=CURRENT, rules=RULES)

    assert refused is not None
    assert refused.reason is Refusal.WRONG_COUNT
    assert refused.detail == "1000 rows are claimed, the statistics round said 10"


def test_three_and_four_make_a_norm_of_five() -> None:
    assert update_norm({"w": np.array([3.0, 4.0])}, {"w": np.array([0.0, 0.0])}) == 5.0
