"""A command lays its files into members' folders again and again, and never over what is a member's own."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import load_contract
from data_contracts.versions import DatasetVersion
from data_contracts.versions.record import record
from flows import sandbox_data
from flows.demo import INBOX, deal
from flows.errors import MemberHasData
from flows.inboxes import check_sources, lay_out
from flows.sandbox_data import member_files
from flows.settings import Settings

OWN, OTHER = "a" * 64, "b" * 64


def makes(text: str) -> Callable[[Path], Sequence[Path]]:
    """Return what makes one file for each of two members."""

    def make(folder: Path) -> list[Path]:
        files = [folder / member / "inbox" / "parts.csv" for member in ("anvil", "bellows")]
        for file in files:
            file.parent.mkdir(parents=True)
            file.write_text(text, encoding="utf-8")
        return files

    return make


def save(home: Path, source: str, sha256: str = OWN) -> None:
    """Record a version of a member's dataset."""
    (home / "data").mkdir(parents=True, exist_ok=True)
    path = (home / "data" / "print-defect.parquet").absolute()
    record(DatasetVersion("print-defect@1.0.0", sha256, "c" * 32, 318, path, "2026-11-22T16:02:00+00:00", source))


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(members: Path, text: str) -> str:
    """Lay out files that are not taken, and return why; the folders stay as they were."""
    before = everything(members)
    with pytest.raises(MemberHasData) as error:
        lay_out(members, makes(text))
    assert everything(members) == before
    return str(error.value)


def test_what_a_command_put_there_is_put_there_again(tmp_path: Path) -> None:
    first = lay_out(tmp_path, makes("1"))
    for file in first:
        save(file.parents[1], file.name)

    assert lay_out(tmp_path, makes("1")) == first
    assert [file.relative_to(tmp_path).parts[0] for file in first] == ["anvil", "bellows"]


def test_a_members_own_dataset_is_named_and_every_folder_stays_as_it_was(tmp_path: Path) -> None:
    save(tmp_path / "bellows", "mine.csv")

    said = refused(tmp_path, "1")

    assert "bellows (mine.csv, 318 rows)" in said
    assert "export PUMASI_HOME=" in said


def test_a_dataset_of_its_own_added_after_the_commands_is_not_replaced(tmp_path: Path) -> None:
    lay_out(tmp_path, makes("1"))
    save(tmp_path / "anvil", "parts.csv")
    save(tmp_path / "anvil", "mine.csv", OTHER)

    assert "anvil (mine.csv" in refused(tmp_path, "1")


def test_a_file_of_its_own_with_the_commands_name_is_not_taken_for_the_commands(tmp_path: Path) -> None:
    save(tmp_path / "anvil", "parts.csv")
    assert "anvil (parts.csv" in refused(tmp_path, "1")

    lay_out(tmp_path / "later", makes("1"))
    save(tmp_path / "later" / "anvil", "parts.csv")
    save(tmp_path / "later" / "anvil", "parts.csv", OTHER)
    assert "anvil (parts.csv" in refused(tmp_path / "later", "1")


def test_a_version_that_was_rolled_back_to_is_the_commands_again(tmp_path: Path) -> None:
    lay_out(tmp_path, makes("1"))
    for source, sha256 in (("parts.csv", OWN), ("mine.csv", OTHER), ("parts.csv", OWN)):
        save(tmp_path / "anvil", source, sha256)

    assert lay_out(tmp_path, makes("1"))


def test_a_file_with_other_rows_in_the_inbox_is_not_written_over(tmp_path: Path) -> None:
    lay_out(tmp_path, makes("1"))

    assert "anvil (parts.csv with other rows); bellows (parts.csv with other rows)" in refused(tmp_path, "2")


def test_a_table_replaces_what_came_from_a_table_of_its_name_and_nothing_else(tmp_path: Path) -> None:
    save(tmp_path / "anvil", "anvil.csv")

    check_sources({tmp_path / "anvil": "anvil.csv", tmp_path / "new": "new.csv"})
    with pytest.raises(MemberHasData, match=r"anvil \(anvil.csv, 318 rows\)"):
        check_sources({tmp_path / "anvil": "anvil.xlsx"})


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A file like the published one: no header, one press speed per row."""
    contract = load_contract("print-defect")
    names = [column.name for column in (*contract.features, contract.target)]
    rows = pd.DataFrame(np.arange(40.0)[:, None] + np.zeros(len(names)), columns=names)
    rows.to_csv(tmp_path / "bands.dat", header=False, index=False)
    return tmp_path / "bands.dat"


def test_public_rows_are_not_dealt_anew_to_fewer_members(
    tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contract, settings = load_contract("print-defect"), Settings(tmp_path / "home")
    monkeypatch.setattr(sandbox_data, "fetch", lambda *_: published)
    lay_out(settings.members, lambda folder: deal(published, contract, folder))

    same = member_files(settings, contract, 5, None)
    before = everything(settings.members)
    with pytest.raises(MemberHasData, match=r"factory-1 \(print-defect.csv with other rows\)"):
        member_files(settings, contract, 2, None)

    assert [one.path for one in same] == [settings.members / f"factory-{number}" / INBOX for number in range(1, 6)]
    assert everything(settings.members) == before
