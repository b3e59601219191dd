"""`pumasi contract`: what it prints, what it writes, and how it ends."""

import json
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from data_contracts.contract import load_contract, shipped_contracts
from flows import cli
from tests.cooperative import contract_file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, ["contract", *map(str, arguments)])


def changed(file: Path, old: str, new: str) -> Path:
    """Write a copy of a contract with one text replaced."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    copy = file.with_name("changed.odcs.yaml")
    copy.write_text(text.replace(old, new), encoding="utf-8")
    return copy


def test_the_list_names_every_shipped_contract() -> None:
    said, plain = run("list"), json.loads(run("list", "--json").stdout)

    assert [line.split()[0] for line in said.stdout.splitlines()] == list(shipped_contracts())
    assert [one["reference"] for one in plain["contracts"]] == list(shipped_contracts())
    assert plain["contracts"][0]["target"] == "judgement"


@pytest.mark.parametrize("reference", shipped_contracts())
def test_shipped_contracts_are_sound(reference: str) -> None:
    done = run("lint", reference)

    assert (done.exit_code, done.stdout.startswith(f"{reference} is sound")) == (0, True)


def test_lint_names_every_problem_and_ends_with_1(tmp_path: Path) -> None:
    spoiled = contract_file(tmp_path)
    spoiled.write_text(spoiled.read_text(encoding="utf-8").replace("value: feature", "value: label"), encoding="utf-8")
    done, plain = run("lint", spoiled), run("lint", spoiled, "--json")

    problems = json.loads(plain.stdout)["problems"]
    assert (done.exit_code, plain.exit_code) == (1, 1)
    assert [f"  - {problem}" for problem in problems] == [line for line in done.stdout.splitlines() if "  - " in line]
    assert {problem.partition(":")[0] for problem in problems} == {"column heat, role", "column paper, role"}


def test_a_file_that_is_not_there_is_one_sentence_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["pumasi", "contract", "lint", "no/such.yaml"])
    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("pumasi: cannot read a contract from 'no/such.yaml'")


def test_diff_says_what_broke_and_ends_with_1_where_the_number_hides_it(tmp_path: Path) -> None:
    old = contract_file(tmp_path)
    new = changed(old, "maximum: 100", "maximum: 90")
    said, korean = run("diff", old, new, "--lang", "en"), run("diff", old, new, "--lang", "ko")

    assert (said.exit_code, korean.exit_code) == (1, 1)
    assert said.stdout.splitlines() == [
        "tiny@1.0.0 → tiny@1.0.0",
        (
            "Breaking (1 change(s)): a file that kept the old contract may break the new one, or mean something else. "
            "The version number must rise by a major step, to 2.0.0 or more."
        ),
        "",
        "Breaking",
        "  heat: maximum: 100 → 90 (files or rows that passed may fail)",
    ]
    assert "호환되지 않는 변경이 1건" in korean.stdout
    assert "2.0.0 이상" in korean.stdout


def test_diff_ends_well_where_the_number_says_what_happened(tmp_path: Path) -> None:
    old = contract_file(tmp_path)
    new = changed(changed(old, "maximum: 100", "maximum: 110"), "version: 1.0.0", "version: 1.1.0")
    done = run("diff", old, new, "--json")

    plain = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (plain["breaking"], plain["needed"], plain["raised"]) == (False, "minor", "minor")
    assert plain["verdict"]["en"] == (
        "Compatible: every file that kept the old contract keeps the new one. The version number is right."
    )


def test_docs_writes_a_page_and_a_template(tmp_path: Path) -> None:
    plain = json.loads(run("docs", "plating-defect", "-o", tmp_path / "new" / "docs", "--json").stdout)

    page = Path(plain["page"]).read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>")
    assert load_contract("plating-defect").sha256 in page
    assert openpyxl.load_workbook(plain["template"]).sheetnames == ["데이터", "설명"]
    assert sorted(path.name for path in (tmp_path / "new" / "docs").iterdir()) == [
        "plating-defect-1.0.0.html",
        "plating-defect-1.0.0.xlsx",
    ]


def test_docs_may_be_written_again(tmp_path: Path) -> None:
    first = run("docs", "print-defect", "-o", tmp_path)
    second = run("docs", "print-defect", "-o", tmp_path)

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == second.stdout
    assert len(list(tmp_path.iterdir())) == 2
