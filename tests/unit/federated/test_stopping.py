"""Trees are kept as long as the middle member gains by them; neither a liar nor a silent member moves that far."""

from federated.stopping import Judged, trees_to_keep


def curve(*losses: float | None, rows: int = 20) -> tuple[Judged, ...]:
    """Return what a member said of forests of 1, 3, 5, ... trees; None where it was silent."""
    return tuple(Judged(1 + 2 * at, rows, loss) for at, loss in enumerate(losses) if loss is not None)


def test_trees_from_after_the_least_validation_loss_are_left_out() -> None:
    assert trees_to_keep({"a": curve(0.7, 0.5, 0.6), "b": curve(0.9, 0.6, 0.7)}, 7) == 3
    assert trees_to_keep({"a": curve(0.5, 0.6, 0.7), "b": curve(0.5, 0.6, 0.7)}, 7) == 1


def test_where_the_forest_became_better_to_the_end_the_last_rounds_trees_are_kept() -> None:
    assert trees_to_keep({"a": curve(0.7, 0.6, 0.5), "b": curve(0.7, 0.6, 0.5)}, 7) == 7
    assert trees_to_keep({"a": curve(0.7), "b": curve(0.7)}, 3) == 3


def test_with_fewer_than_thirty_validation_rows_or_none_all_trees_are_kept() -> None:
    assert trees_to_keep({"a": curve(0.5, 0.7, rows=14), "b": curve(0.5, 0.7, rows=15)}, 5) == 5
    assert trees_to_keep({}, 5) == 5


def test_one_member_of_five_that_lies_decides_nothing() -> None:
    honest = {name: curve(0.9, 0.7, 0.5, 0.4) for name in "abcd"}
    liar = curve(0.0, 34.0, 34.0, 34.0)

    assert trees_to_keep({**honest, "liar": liar}, 9) == 9


def test_a_member_with_hard_rows_that_misses_a_round_cuts_nothing_off() -> None:
    easy = {name: curve(0.5, 0.4, 0.3, 0.2) for name in "ab"}
    hard = curve(1.5, None, 1.3, 1.2)

    assert trees_to_keep({**easy, "hard": hard}, 9) == 9


def test_a_round_that_hardly_anybody_judged_does_not_count() -> None:
    most = {name: curve(0.5, None, 0.4, 0.45) for name in "ab"}
    alone = curve(0.5, 0.1, 0.4, 0.45)

    assert trees_to_keep({**most, "c": alone}, 9) == 5
