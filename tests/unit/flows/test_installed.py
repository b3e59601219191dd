"""Where only a member's part is installed, a command of the association says so before it makes anything."""

import os
import re
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import cli
from flows.errors import AssociationMissing
from flows.installed import ASSOCIATION, require_association
from flows.sandbox_cli import sandbox

ROOT = Path(__file__).parents[3]
HOW = 'pip install -c constraints.txt ".[association]"'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home on a machine without the association's packages, but for the one that Flower brings."""
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path / "home"))
    for package in set(ASSOCIATION) - {"rich"}:
        for loaded in [name for name in sys.modules if name.partition(".")[0] == package]:
            monkeypatch.delitem(sys.modules, loaded)
        monkeypatch.setitem(sys.modules, package, None)
    return tmp_path / "home"


def test_the_packages_are_those_of_the_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    wanted = {re.split(r"[<>=]", one)[0] for one in project["optional-dependencies"]["association"]}

    assert wanted == set(ASSOCIATION)


def test_nothing_is_missing_where_the_association_is_installed() -> None:
    require_association()


@pytest.mark.parametrize("command", ["train print-defect", "demo", "ui", "contract docs print-defect -o docs"])
def test_the_command_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.chdir(home.parent)
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("the pages were opened"))
    monkeypatch.setattr(sys, "argv", ["pumasi", *command.split()])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code == 2
    assert HOW in capsys.readouterr().err
    assert not list(home.glob("*"))
    assert not (home.parent / "docs").exists()


def test_no_factory_is_invented_half(home: Path) -> None:
    done = CliRunner().invoke(sandbox, ["files", "-o", str(home / "new")])

    assert isinstance(done.exception, AssociationMissing)
    assert not (home / "new").exists()


def test_another_missing_package_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise ModuleNotFoundError("No module named 'zstd'", name="zstd")

    monkeypatch.setattr(cli.app, "main", fail)

    with pytest.raises(ModuleNotFoundError):
        cli.main()
