"""A sandbox's members get their files: from a folder, from public data, or invented, and never half understood."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from data_contracts.contract import load_contract
from flows.errors import SandboxFailed
from flows.sandbox_cli import sandbox
from flows.sandbox_data import member_files
from flows.settings import Settings

PLATING = load_contract("plating-defect")


def test_a_members_file_may_have_any_form_that_factories_have(tmp_path: Path) -> None:
    for name in ("anvil.csv", "bolt.XLSX", "clamp.tsv", "drill.xls", "notes.md"):
        (tmp_path / name).write_bytes(b"")

    found = member_files(Settings(tmp_path / "home"), PLATING, 4, tmp_path)

    assert [one.home.name for one in found] == ["anvil", "bolt", "clamp", "drill"]
    assert all(one.truth is None for one in found)


def test_too_few_tables_are_refused(tmp_path: Path) -> None:
    (tmp_path / "anvil.csv").write_bytes(b"")

    with pytest.raises(SandboxFailed, match=r"holds 1 tables.*2 are needed"):
        member_files(Settings(tmp_path / "home"), PLATING, 2, tmp_path)


def test_plating_members_get_invented_files_and_are_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = member_files(Settings(tmp_path), PLATING, 2, None)

    assert [one.home.name for one in found] == ["factory-1", "factory-2"]
    assert all(one.path.parent == one.home / "inbox" and one.path.exists() for one in found)
    assert all(one.truth is not None and one.truth.synthetic for one in found)
    assert "SYNTHETIC" in "".join(capsys.readouterr())


def test_no_data_is_made_up_for_a_trade_that_nobody_described(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(PLATING.source.replace("id: plating-defect", "id: tin-plating"), encoding="utf-8")

    with pytest.raises(SandboxFailed, match="print-defect and plating-defect only"):
        member_files(Settings(tmp_path), load_contract(other), 2, None)


def test_invented_files_are_written_with_their_truth_into_a_new_folder_only(tmp_path: Path) -> None:
    command = ["files", "--members", "1", "--seed", "3", "-o", str(tmp_path / "new"), "--json"]

    done = CliRunner().invoke(sandbox, command)
    again = CliRunner().invoke(sandbox, command)

    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["synthetic"]
    assert (tmp_path / "new" / "truth" / "factory-1.json").exists()
    assert isinstance(again.exception, SandboxFailed)
    assert "not empty" in str(again.exception)


def test_files_are_invented_for_plating_only(tmp_path: Path) -> None:
    done = CliRunner().invoke(sandbox, ["files", "--contract", "print-defect", "-o", str(tmp_path / "new")])

    assert isinstance(done.exception, SandboxFailed)
    assert not (tmp_path / "new").exists()
