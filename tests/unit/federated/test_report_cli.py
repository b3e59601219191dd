"""`pumasi-member report`: from the file a factory has to a page, with everything real on the way."""

import csv
import json
import os
import sys
from pathlib import Path

import pytest

from data_contracts.contract import load_contract
from data_contracts.mapping.mapping_file import write_mapping
from data_contracts.mapping.types import ColumnMapping, Mapping
from federated.member import cli
from federated.member.home import MemberHome, MemberProfile
from tests.readiness_example import COLUMNS, month

ROWS = 60


class Desk:
    """A folder in which the command is typed, and what it said."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.said, self.errors = folder, "", ""
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def file(self, name: str = "lots.csv", *, without: str = "", decided: bool = True) -> Path:
        """Write a month's records under headers that say nothing, and a mapping beside it that says what they are."""
        cells = month(rows=ROWS)
        headers = {column: f"h{at}" for at, column in enumerate(COLUMNS) if column != without}
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as out:
            rows = zip(*(cells[COLUMNS[column]] for column in headers), strict=True)
            csv.writer(out).writerows([headers.values(), *rows])
        if decided:
            self.decide(path, headers)
        return path

    def decide(self, path: Path, headers: dict[str, str]) -> None:
        """Write a mapping beside a file."""
        contract = load_contract("plating-defect")
        entries = tuple(ColumnMapping(column.name, headers.get(column.name)) for column in contract.columns)
        mapping = Mapping(contract.reference, tuple(headers.values()), entries)
        write_mapping(path.with_name(f"{path.name}.mapping.yaml"), mapping, contract)

    def run(self, *arguments: object) -> int:
        """Run `pumasi-member` and return its exit code."""
        self._monkeypatch.setattr(sys, "argv", ["pumasi-member", *map(str, arguments)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = self._capsys.readouterr()
        self.said, self.errors = captured.out, captured.err
        return int(ended.value.code or 0)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path / "nobody"))
    monkeypatch.delenv("PUMASI_MEMBER_HOME", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path, monkeypatch, capsys)


def test_a_good_file_ends_with_zero_and_a_korean_page_beside_it(desk: Desk) -> None:
    code = desk.run("report", desk.file(), "--contract", "plating-defect")
    page = desk.folder / "lots.report.html"

    assert (code, desk.errors) == (0, "")
    assert desk.said.splitlines() == [
        "이 파일로 학습할 수 있습니다",
        f"보고서: {page}",
        f"다음: pumasi-member data add {desk.folder}/lots.csv --contract plating-defect --member YOUR-ID",
    ]
    assert page.read_text(encoding="utf-8").startswith('<!DOCTYPE html>\n<html lang="ko">')
    assert sorted(path.name for path in desk.folder.iterdir()) == [
        "lots.csv",
        "lots.csv.mapping.yaml",
        "lots.report.html",
    ]


def test_a_file_with_something_to_fix_ends_with_one_and_says_what(desk: Desk) -> None:
    page = desk.folder / "there.html"
    file = desk.file(without="voltage")
    code = desk.run("report", file, "--contract", "plating-defect", "--lang", "en", "-o", page)

    assert code == 1
    assert desk.said.splitlines()[:2] == [
        "This file can train after 1 fix",
        "  1. 1 column of the contract is not in the file: 'Voltage'.",
    ]
    assert '<html lang="en">' in page.read_text(encoding="utf-8")


def test_a_file_that_cannot_train_says_why(desk: Desk) -> None:
    code = desk.run("report", desk.file(without="judgement"), "--contract", "plating-defect", "--lang", "en")

    assert code == 1
    assert desk.said.startswith(
        "This file cannot train\n  - The inspection's result, 'Judgement', is not in the file.\n"
    )


def test_programs_get_the_whole_report(desk: Desk) -> None:
    code = desk.run("report", desk.file(), "--contract", "plating-defect", "--json")
    told = json.loads(desk.said)

    assert code == 0
    assert (told["verdict"], told["contract"], told["file"]) == ("ready", "plating-defect@1.0.0", "lots.csv")
    assert Path(told["report"]).is_file()
    assert told["counts"]["rows"] == ROWS


def test_the_contract_of_the_member_and_the_mapping_beside_the_file_are_used(desk: Desk) -> None:
    """The headers say nothing by themselves."""
    home = desk.folder / "anvil"
    MemberHome.create(home, MemberProfile("anvil", "plating-defect"))
    undecided = desk.run("report", desk.file(decided=False), "--home", home)
    decided = desk.run("report", desk.file(), "--home", home)

    assert (undecided, decided) == (1, 0)


def test_without_contract_and_home_it_says_what_to_say(desk: Desk) -> None:
    assert desk.run("report", desk.file()) == 2
    assert "--member ID" in desk.errors


@pytest.mark.parametrize("name", ["lots.csv", "lots.xlsx", "lots"])
def test_nothing_but_a_page_is_ever_overwritten(desk: Desk, name: str) -> None:
    file = desk.file()
    before = file.read_bytes()

    assert desk.run("report", file, "--contract", "plating-defect", "-o", desk.folder / name) == 2
    assert "must end with .html" in desk.errors
    assert file.read_bytes() == before


def test_where_the_files_folder_is_closed_the_page_lies_here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = desk.folder / "closed"
    closed.mkdir()
    file = desk.file("closed/lots.csv")
    monkeypatch.setattr(os, "access", lambda path, _: Path(path) != closed)  # a mode would not stop root

    assert desk.run("report", file, "--contract", "plating-defect") == 0
    assert "보고서: lots.report.html\n" in desk.said
    assert (desk.folder / "lots.report.html").is_file()


def test_a_file_that_is_not_there_is_a_wrong_use(desk: Desk) -> None:
    assert desk.run("report", "nowhere.csv", "--contract", "plating-defect") == 2
    assert "nowhere.csv" in desk.errors
    assert list(desk.folder.iterdir()) == []
