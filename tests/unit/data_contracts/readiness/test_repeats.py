import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.contract import Contract
from data_contracts.readiness.places import Where
from data_contracts.readiness.repeats import constants, repeats
from tests.tiny_lots import Cells, lots, records_of


def test_copies_of_a_row_and_rows_that_share_a_key_are_counted(tiny: Contract) -> None:
    cells = {header: list(values) for header, values in lots().items()}
    for values in cells.values():
        values[9] = values[4]  # lines 11 and 6 are the same
    cells["lot"][20] = cells["lot"][21]  # lines 22 and 23 only share their number

    found = repeats(records_of(cells, tiny))
    assert found.copies == Where(1, (11,))
    assert found.key == ("lot",)
    assert found.same_key == Where(4, (6, 11, 22, 23))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["a", None])), min_size=1, max_size=30))
def test_copies_are_those_that_pandas_finds(tiny: Contract, rows: list[tuple[str, str | None]]) -> None:
    cells: Cells = {"x": [a for a, _ in rows], "y": [b for _, b in rows]}

    expected = pd.DataFrame(cells).duplicated().to_numpy()
    assert repeats(records_of(cells, tiny)).copies.lines == tuple((np.flatnonzero(expected) + 2)[:5])


def test_a_column_that_never_changes_is_named(tiny: Contract) -> None:
    found = constants(records_of(lots(heat=["50", *["50.0"] * 39], paper=["a"] * 39 + [None]), tiny))

    assert [(one.column, one.share) for one in found] == [("heat", 1.0), ("paper", 1.0)]


def test_one_in_a_hundred_that_differs_is_enough_not_to_be_constant(tiny: Contract) -> None:
    assert constants(records_of(lots(100, paper=["a"] * 99 + ["b"]), tiny)) == ()
    (found,) = constants(records_of(lots(400, paper=["a"] * 399 + ["b"]), tiny))
    assert found.share == 0.9975


def test_nineteen_values_are_too_few_to_call_them_constant(tiny: Contract) -> None:
    assert constants(records_of(lots(heat=["50"] * 19 + [None] * 21), tiny)) == ()
