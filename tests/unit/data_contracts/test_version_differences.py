"""Naming a version, going back to one, comparing two, and adding rows behind those that are saved."""

from pathlib import Path

import pandas as pd
import pytest

from data_contracts.contract import Contract
from data_contracts.enforce import enforce
from data_contracts.errors import BrokenTable, DatasetTampered, UnknownVersion
from data_contracts.versions import (
    find_version,
    latest_version,
    list_versions,
    make_current,
    read_version,
    save_version,
)
from data_contracts.versions.appending import append_rows
from data_contracts.versions.difference import CellChange, ColumnDifference, compare_versions
from data_contracts.versions.files import cached


@pytest.fixture
def accepted(parts: pd.DataFrame, tiny: Contract) -> pd.DataFrame:
    return enforce(parts, tiny).accepted


def test_a_version_knows_the_file_it_came_from_and_older_records_do_not(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    save_version(tmp_path, accepted, tiny, source="3월 대장.xlsx")
    record = tmp_path / "versions.jsonl"
    assert list_versions(tmp_path)[0].source == "3월 대장.xlsx"

    record.write_text(record.read_text().replace(', "source": "3\\uc6d4 \\ub300\\uc7a5.xlsx"', ""))
    assert list_versions(tmp_path)[0].source == ""


def test_a_version_is_found_by_the_first_digits_of_its_hash(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    one, two = save_version(tmp_path, accepted, tiny), save_version(tmp_path, accepted[:2], tiny)

    assert find_version(tmp_path, "tiny", one.short) == one
    assert find_version(tmp_path, "tiny", two.sha256.upper()) == two
    for digits in ("", one.sha256[:3], "zzzz", "0" * 64, one.sha256 + "0"):
        with pytest.raises(UnknownVersion) as refused:
            find_version(tmp_path, "tiny", digits)
        assert one.short in str(refused.value)
    with pytest.raises(UnknownVersion, match="none is saved yet"):
        find_version(tmp_path, "other", one.short)


def test_digits_that_two_versions_begin_with_name_both(tmp_path: Path, accepted: pd.DataFrame, tiny: Contract) -> None:
    save_version(tmp_path, accepted, tiny)
    record = tmp_path / "versions.jsonl"
    line = record.read_text()
    digest = list_versions(tmp_path)[0].sha256
    twin = digest[:8] + ("0" if digest[8] != "0" else "1") + digest[9:]
    record.write_text(line + line.replace(digest, twin))

    with pytest.raises(UnknownVersion, match="2 versions begin with") as refused:
        find_version(tmp_path, "tiny", digest[:8])
    assert digest[:12] in str(refused.value)
    assert twin[:12] in str(refused.value)


def test_an_older_version_becomes_current_and_nothing_is_lost(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    one = save_version(tmp_path, accepted, tiny, source="march.csv")
    two = save_version(tmp_path, accepted[:2], tiny)

    back = make_current(one)

    assert (back.sha256, back.source) == (one.sha256, "march.csv")
    assert latest_version(tmp_path, "tiny") == back
    assert [version.rows for version in list_versions(tmp_path)] == [4, 2, 4]
    assert len(read_version(two)) == 2
    assert (tmp_path / "tiny.parquet").read_bytes() == cached(tmp_path, one.dvc_md5).read_bytes()
    assert make_current(back) == back
    assert len(list_versions(tmp_path)) == 3


def test_a_tampered_older_version_does_not_become_current(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    one, two = save_version(tmp_path, accepted, tiny), save_version(tmp_path, accepted[:2], tiny)
    cached(tmp_path, one.dvc_md5).unlink()
    cached(tmp_path, one.dvc_md5).write_bytes(b"other rows")

    with pytest.raises(DatasetTampered):
        make_current(one)
    assert latest_version(tmp_path, "tiny") == two


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path, tiny: Contract) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"SECRET")

    with pytest.raises(BrokenTable, match=r"rows\.parquet is not a readable Parquet file"):
        save_version(tmp_path / "data", tmp_path / "rows.parquet", tiny)


def test_rows_added_removed_and_changed_are_counted_by_key(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    """P1 goes, P2 is hotter and on other paper, P3 and P4 stay, P5 comes with a missing heat."""
    later = accepted[1:].copy()
    later.loc[3, "heat"], later.loc[3, "paper"] = 21.5, "c"
    later.loc[9] = ["P5", None, 5, "a", "good"]
    one = save_version(tmp_path, accepted, tiny)
    two = save_version(tmp_path, enforce(later.sample(frac=1, random_state=1), tiny).accepted, tiny)

    found = compare_versions(one, two, ("part",))

    assert (found.added, found.removed, found.changed, found.same) == (1, 1, 1, 2)
    assert ColumnDifference("heat", 1, 0.25, 0.5) in found.columns
    assert ColumnDifference("paper", 1, 0.0, 0.0) in found.columns
    assert (found.added_records(9), found.removed_records(9)) == (("P5",), ("P1",))
    assert found.changed_cells(9) == (CellChange("P2", "heat", "20.5", "21.5"), CellChange("P2", "paper", "b", "c"))
    assert found.changed_cells(1) == (CellChange("P2", "heat", "20.5", "21.5"),)
    assert found.changed_cells(9, without=frozenset({"heat"})) == (CellChange("P2", "paper", "b", "c"),)
    assert "P5" not in str(found.to_plain())
    assert "P5" not in repr(found)


def test_a_version_differs_in_nothing_from_itself_and_without_a_key_rows_are_compared_whole(
    tmp_path: Path, accepted: pd.DataFrame, tiny: Contract
) -> None:
    one, two = save_version(tmp_path, accepted, tiny), save_version(tmp_path, accepted[:3], tiny)

    same, whole = compare_versions(one, one, ("part",)), compare_versions(two, one, ())

    assert (same.added, same.removed, same.changed, same.same) == (0, 0, 0, 4)
    assert (whole.added, whole.removed, whole.changed, whole.same) == (1, 0, 0, 3)
    assert whole.added_records(9) == ("P4, , 4, a, good",)


def test_a_row_that_is_saved_already_is_not_added_twice(accepted: pd.DataFrame, tiny: Contract) -> None:
    both = append_rows(accepted[:2], accepted, tiny)

    assert list(both.known) == [True, True, False, False]
    assert list(both.reasons) == ["", "", "", ""]
    pd.testing.assert_frame_equal(both.rows, accepted.set_axis(pd.RangeIndex(1, 5)))
    again = append_rows(both.rows, accepted, tiny)
    assert again.known.all()
    pd.testing.assert_frame_equal(again.rows, both.rows)


def test_a_row_with_a_saved_key_and_other_cells_is_set_aside_and_the_saved_one_stays(
    accepted: pd.DataFrame, tiny: Contract
) -> None:
    fresh = accepted.copy()
    fresh.loc[3, "heat"] = 21.0

    both = append_rows(accepted[:2], fresh, tiny)

    assert list(both.reasons) == ["", "duplicate_key:part", "", ""]
    assert list(both.rows["heat"][:3]) == [10, 20.5, 30]
    assert list(both.rows["part"]) == ["P1", "P2", "P3", "P4"]
