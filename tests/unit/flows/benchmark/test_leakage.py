"""Each way in which rows could leak is refused."""

import pandas as pd
import pytest

from flows.benchmark.leakage import FILE, FIRST_ROW, RowsLeak, Sides, refuse_leaks

TEST = [("d01_te.dat", 160), ("d01_te.dat", 180)]


def places(*windows: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(list(windows), columns=[FILE, FIRST_ROW]).astype({FILE: "string", FIRST_ROW: "int64"})


def sides(train: list[tuple[str, int]], validation: list[tuple[str, int]]) -> Sides:
    return Sides(places(*train), places(*validation))


def sound() -> dict[str, Sides]:
    return {
        "a": sides([("d01.dat", 0), ("d01.dat", 20)], [("d01.dat", 40)]),
        "b": sides([("d01.dat", 80), ("d02.dat", 0)], []),
    }


def test_a_sound_deal_passes() -> None:
    refuse_leaks(sound(), places(*TEST))


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (sides([("d01.dat", 0)], []), "is there twice"),
        (sides([("d02.dat", 10)], []), "a block that two members have"),
        (sides([("d01.dat", 60)], []), "a block that two members have"),
        (sides([("d02.dat", 40)], [("d02.dat", 60)]), "a block that both teaches and chooses"),
        (sides([("d03.dat", 30)], []), "crosses two blocks"),
        (sides([("d01_te.dat", 400)], []), "teaches but is of a published test file"),
        (sides([("d05.dat", 0)], [("d01_te.dat", 0)]), "teaches but is of a published test file"),
    ],
)
def test_a_row_at_two_places_is_refused(member: Sides, why: str) -> None:
    with pytest.raises(RowsLeak, match=why):
        refuse_leaks(sound() | {"c": member}, places(*TEST))


@pytest.mark.parametrize("window", [("d01_te.dat", 140), ("d04.dat", 160)])
def test_rows_that_are_not_published_test_rows_do_not_judge(window: tuple[str, int]) -> None:
    with pytest.raises(RowsLeak, match="none of the published test rows"):
        refuse_leaks(sound(), places(*TEST, window))


def test_the_refusal_names_the_window() -> None:
    with pytest.raises(RowsLeak, match=r"1 windows of this case are unsound: the one of d03\.dat from row 30"):
        refuse_leaks(sound() | {"c": sides([("d03.dat", 30)], [])}, places(*TEST))
