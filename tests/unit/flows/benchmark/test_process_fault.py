"""Windows of the simulated process: what they say, and who gets them. All samples here are made up."""

from math import inf, log
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import load_contract
from data_contracts.statistics import describe
from flows.benchmark import process_fault
from flows.benchmark.enforced import enforced
from flows.benchmark.leakage import FILE, FIRST_ROW
from flows.benchmark.process_fault import PARTITIONS, case, check_usual, features, read_samples, windows_of
from flows.benchmark.process_fault_contract import FAULTS
from flows.benchmark.process_fault_variables import USUAL, VARIABLES
from flows.errors import SourceUnavailable

CENTRES = np.array([USUAL[variable.name].centre for variable in VARIABLES])
SPREADS = np.array([USUAL[variable.name].spread for variable in VARIABLES])


def normal_samples(rows: int, seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=(rows, len(VARIABLES)))
    return CENTRES + SPREADS * noise


def published(folder: Path, name: str, rows: int) -> Path:
    path = folder / f"{name}.dat"
    np.savetxt(path, normal_samples(rows))
    return path


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Every published file in its published length but for the tests', which have 2 windows that judge."""
    folder, contract = tmp_path_factory.mktemp("published"), load_contract("process-fault")
    numbers = [0, *FAULTS]
    training = [published(folder, f"d{number:02d}", 480 if number else 500) for number in numbers]
    tests = [published(folder, f"d{number:02d}_te", 200) for number in numbers]
    return pd.concat([windows_of(path, contract) for path in (*training, *tests)], ignore_index=True)


def test_a_window_is_described_by_mean_spread_steps_and_slope() -> None:
    line = np.arange(20.0)  # one more every three minutes is twenty more every hour
    window = np.stack([line, np.full(20, 7.0)], axis=1)

    mean, still_mean, spread, still_spread, step, still_step, slope, still_slope = features(window)

    assert (mean, still_mean) == (9.5, 7)
    assert spread == pytest.approx(log(np.sqrt((20**2 - 1) / 12)))  # of 20 numbers in a row
    assert step == pytest.approx(log(1))
    assert slope == pytest.approx(20)
    assert (still_spread, still_step, still_slope) == (-inf, -inf, 0)


def test_the_columns_stand_in_the_contracts_order(tmp_path: Path) -> None:
    contract = load_contract("process-fault")
    first = windows_of(published(tmp_path, "d01", 40), contract).iloc[0]
    means = normal_samples(40)[:20].mean(axis=0)

    assert [column.name for column in contract.numbers[:2]] == ["a_feed_flow_mean", "d_feed_flow_mean"]
    assert contract.numbers[-1].name == "condenser_coolant_valve_trend"
    assert first["d_feed_flow_mean"] == pytest.approx(means[1])
    assert (first["window_id"], first["fault"]) == ("d01-0000", "idv_01")


def test_a_file_that_lies_on_its_side_is_read_like_any_other(tmp_path: Path) -> None:
    upright = published(tmp_path, "d01", 40)
    lying = tmp_path / "d00.dat"
    np.savetxt(lying, np.loadtxt(upright).T)

    assert (read_samples(lying) == read_samples(upright)).all()


def test_a_file_with_another_number_of_variables_is_refused(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "d01.dat", np.zeros((40, 51)))

    with pytest.raises(SourceUnavailable, match="52 variables"):
        read_samples(tmp_path / "d01.dat")


def test_normal_operation_that_moves_otherwise_is_refused() -> None:
    with pytest.raises(SourceUnavailable, match=r"process-fault@1\.0\.0"):
        check_usual(normal_samples(500))


def test_values_beyond_the_limits_are_recorded_as_the_limit(tmp_path: Path) -> None:
    contract = load_contract("process-fault")
    np.savetxt(tmp_path / "d06.dat", np.zeros((20, len(VARIABLES))))  # nothing flows, nothing moves
    table = windows_of(tmp_path / "d06.dat", contract)

    assert table["d_feed_flow_mean"].tolist() == [contract.column("d_feed_flow_mean").minimum]
    assert table["d_feed_flow_logsd"].tolist() == [contract.column("d_feed_flow_logsd").minimum]
    assert len(enforced(table, contract)) == 1


def test_test_files_judge_from_the_row_on_at_which_the_fault_begins(windows: pd.DataFrame) -> None:
    tests = windows[windows[FILE] == "d01_te.dat"]

    assert tests[FIRST_ROW].tolist() == [160, 180]


def test_every_training_window_has_one_place(windows: pd.DataFrame) -> None:
    training = windows.loc[~windows[FILE].str.contains("_te"), "window_id"]
    for partition in PARTITIONS:
        members = case(windows, partition, 1).members.values()
        dealt = pd.concat([member.known["window_id"] for member in members])

        assert sorted(dealt) == sorted(training)
        assert len(training) == 12 * 5 + 1 + 18 * 12 * 5


def test_the_same_seed_deals_the_same_rows_and_another_deals_others(windows: pd.DataFrame) -> None:
    for partition in PARTITIONS:
        one, again, other = (
            case(windows, partition, seed).members["factory-1"].train["window_id"].tolist() for seed in (1, 1, 2)
        )

        assert one == again
        assert one != other


def test_in_the_deal_overlap_neighbours_share_three_of_their_six_faults(windows: pd.DataFrame) -> None:
    members = case(windows, "overlap", 1).members
    classes = [set(member.train["fault"]) for member in members.values()]

    assert all(len(held) == 7 and "normal" in held for held in classes)
    assert [len(held & after) - 1 for held, after in zip(classes, classes[1:] + classes[:1], strict=True)] == [3] * 6


def test_a_member_is_judged_on_the_classes_that_it_trains_on(windows: pd.DataFrame) -> None:
    dealt = case(windows, "dirichlet-0.1", 1)

    assert len(dealt.test) == 19 * 2
    for member in dealt.members.values():
        assert set(member.holdout["fault"]) == set(member.train["fault"])
        assert len(member.holdout) == 2 * member.train["fault"].nunique()
        assert set(member.validation["fault"]) <= set(member.train["fault"])


def test_about_a_fifth_of_each_members_rows_chooses(windows: pd.DataFrame) -> None:
    for partition in PARTITIONS:
        for member in case(windows, partition, 3).members.values():
            assert 0.1 < len(member.validation) / len(member.known) < 0.26


def test_nobody_is_too_small_to_speak_of_its_rows(windows: pd.DataFrame) -> None:
    contract = load_contract("process-fault")
    for member in case(windows, "dirichlet-0.1", 2).members.values():
        assert (describe(member.known, contract, minimum_count=5).class_counts > 0).sum() >= 2


def test_cases_are_read_from_what_was_prepared(windows: pd.DataFrame, tmp_path: Path) -> None:
    windows.to_parquet(tmp_path / "windows.parquet", index=False)
    names = [one.name for one in process_fault.cases(tmp_path, [4, 5])]

    assert [(name.partition, name.seed) for name in names] == [(p, s) for p in PARTITIONS for s in (4, 5)]
    assert {(name.task, name.fold) for name in names} == {("process-fault", 0)}
