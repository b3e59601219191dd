"""No row that judges may teach, and no row may be at two places: checked anew, whatever dealt the rows.

What is checked follows from the windows' own place, the published file and their first row in it, and not from what a
deal believes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from flows.errors import FlowError

WINDOW_ROWS = 20
"""Samples of a window: one hour, as they are three minutes apart."""

BLOCK_ROWS = 40
"""Rows of a training file that stay together: they go to one member, and there to one side."""

TEST_FROM = 160
"""First row of a test file that judges: there the fault begins."""

FILE, FIRST_ROW = "file", "first_row"
"""Columns that say where a window lies."""


class RowsLeak(FlowError):
    """A case of the benchmark is unsound: rows are at two places, or rows that judge are among those that teach."""


@dataclass(frozen=True)
class Sides:
    """The places of a member's windows.

    Attributes:
        train: `FILE` and `FIRST_ROW` of the windows that teach.
        validation: Of those that choose.
    """

    train: pd.DataFrame
    validation: pd.DataFrame


def refuse_leaks(members: Mapping[str, Sides], test: pd.DataFrame) -> None:
    """Check the places of all windows of a case.

    Args:
        members: Member id -> its windows.
        test: The windows that judge.

    Raises:
        RowsLeak: A window or a block is at two places, a window crosses blocks, two windows that judge overlap, or the
            rows of a test file are not on the test side alone. Training windows of one block may overlap: they are all
            on one side of one member.
    """
    named = {
        (member, side): getattr(sides, side) for member, sides in members.items() for side in ("train", "validation")
    }
    learning = pd.concat([places.assign(member=who, side=side) for (who, side), places in named.items()])
    _refuse(test, ~is_test(test[FILE]) | (test[FIRST_ROW] < TEST_FROM), "judges but is none of the published test rows")
    _refuse(learning, is_test(learning[FILE]), "teaches but is of a published test file")
    _refuse_overlap(test)
    _refuse(learning, learning.duplicated([FILE, FIRST_ROW]), "is there twice")
    first, last = learning[FIRST_ROW], learning[FIRST_ROW] + WINDOW_ROWS - 1
    _refuse(learning, first // BLOCK_ROWS != last // BLOCK_ROWS, "crosses two blocks")
    blocks = learning.groupby([learning[FILE], (first // BLOCK_ROWS).rename("block")])
    _refuse(learning, blocks["member"].transform("nunique") > 1, "lies in a block that two members have")
    _refuse(learning, blocks["side"].transform("nunique") > 1, "lies in a block that both teaches and chooses")


def is_test(file: "pd.Series[str]") -> "pd.Series[bool]":
    """Tell which names are those of published test files."""
    return file.str.endswith("_te.dat")


def _refuse_overlap(places: pd.DataFrame) -> None:
    ordered = places.sort_values([FILE, FIRST_ROW])
    gaps = ordered.groupby(FILE)[FIRST_ROW].diff()
    _refuse(ordered, gaps < WINDOW_ROWS, "shares rows with another window")


def _refuse(places: pd.DataFrame, wrong: "pd.Series[bool]", what: str) -> None:
    at = np.flatnonzero(wrong.to_numpy())
    if at.size:
        place = places.iloc[int(at[0])]
        raise RowsLeak(
            f"{at.size} windows of this case are unsound: the one of {place[FILE]} from row {place[FIRST_ROW]} {what}. "
            "No number of it may be used; report it."
        )
