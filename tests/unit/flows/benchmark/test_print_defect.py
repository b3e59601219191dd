"""Cross-validation: every row judges once, and each member's parts look alike."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import load_contract
from flows.benchmark import print_defect
from flows.benchmark.print_defect import MEMBER, case, stratified


@pytest.fixture
def rows() -> pd.DataFrame:
    """Two members with 50 rows each, of which 20 and 10 have bands."""
    columns = [column.name for column in load_contract("print-defect").columns]
    frame = pd.DataFrame(0.0, index=range(100), columns=columns)
    bands = ["band"] * 20 + ["noband"] * 30 + ["band"] * 10 + ["noband"] * 40
    return frame.assign(
        record_id=[f"run-{number:04d}" for number in range(100)],
        band_type=bands,
        **{MEMBER: ["factory-1"] * 50 + ["factory-2"] * 50},
    )


def test_over_the_folds_every_row_judges_once(rows: pd.DataFrame) -> None:
    judging = pd.concat([case(rows, 1, fold).test["record_id"] for fold in range(5)])

    assert sorted(judging) == rows["record_id"].tolist()


def test_a_members_parts_share_no_row_and_miss_none(rows: pd.DataFrame) -> None:
    for fold in range(5):
        for member, parts in case(rows, 2, fold).members.items():
            ids = pd.concat([parts.train, parts.validation, parts.holdout])["record_id"]

            assert sorted(ids) == rows.loc[rows[MEMBER] == member, "record_id"].tolist()


def test_every_part_has_its_share_of_bands(rows: pd.DataFrame) -> None:
    dealt = case(rows, 1, 0).members

    for member, bands in (("factory-1", (13, 3, 4)), ("factory-2", (6, 2, 2))):
        parts = dealt[member]
        frames = (parts.train, parts.validation, parts.holdout)
        assert [len(frame) for frame in frames] == [32, 8, 10]
        assert [int((frame["band_type"] == "band").sum()) for frame in frames] == pytest.approx(bands, abs=1)


def test_the_test_rows_are_all_members_holdouts_and_carry_the_contracts_columns_alone(rows: pd.DataFrame) -> None:
    dealt = case(rows, 1, 3)
    together = [name for parts in dealt.members.values() for name in parts.holdout["record_id"]]

    assert dealt.test["record_id"].tolist() == together
    assert list(dealt.test.columns) == [column.name for column in load_contract("print-defect").columns]


def test_the_same_seed_gives_the_same_folds_and_another_gives_others(rows: pd.DataFrame) -> None:
    one, again, other = (case(rows, seed, 1) for seed in (1, 1, 2))

    assert one.test["record_id"].tolist() == again.test["record_id"].tolist() != other.test["record_id"].tolist()
    chosen = [dealt.members["factory-1"].validation["record_id"].tolist() for dealt in (one, again)]
    assert chosen[0] == chosen[1]


def test_folds_have_equal_sizes_and_shares() -> None:
    labels = pd.Series(["x"] * 7 + ["y"] * 4)
    part = stratified(labels, 3, np.random.default_rng(1))

    assert sorted(np.bincount(part)) == [3, 4, 4]
    assert sorted(np.bincount(part[:7])) == [2, 2, 3]
    assert sorted(np.bincount(part[7:])) == [1, 1, 2]


def test_cases_are_read_from_what_was_prepared(rows: pd.DataFrame, tmp_path: Path) -> None:
    rows.to_parquet(tmp_path / "runs.parquet", index=False)
    names = [one.name for one in print_defect.cases(tmp_path, [3, 9])]

    assert [(name.seed, name.fold) for name in names] == [(seed, fold) for seed in (3, 9) for fold in range(5)]
    assert {(name.task, name.partition) for name in names} == {("print-defect", "press-speed")}
