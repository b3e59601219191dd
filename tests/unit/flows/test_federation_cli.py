"""The commands around a federation end with the next step, and with one JSON object for programs."""

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import federation_cli, federation_life, sandbox
from flows.federation_life import FederationStatus
from flows.sandbox import Node
from flows.sandbox_cli import sandbox as sandbox_command

FOUND = FederationStatus(
    running=True,
    federation="pumasi-1",
    address="h:1",
    listen="*:1",
    bundle_sha256="0" * 64,
    processes={"nginx": 7},
    started="2026-11-22T00:00:00+00:00",
    members=(),
    logs="/logs",
)


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))
    return tmp_path


def test_up_ends_with_how_to_let_the_first_member_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(federation_cli, "start_federation", lambda *_: None)
    monkeypatch.setattr(federation_cli, "federation_status", lambda _: FOUND)

    said = CliRunner().invoke(federation_cli.federation, ["up"]).output

    assert said.splitlines()[-1] == "Next: pumasi members add factory-1.join-request.json --contract print-defect"


@pytest.mark.parametrize("ended", [True, False])
def test_down_says_whether_there_was_something_to_end_and_how_to_start(
    monkeypatch: pytest.MonkeyPatch, *, ended: bool
) -> None:
    monkeypatch.setattr(federation_cli, "stop_federation", lambda _: ended)

    said, plain = (CliRunner().invoke(federation_cli.federation, ["down", *more]).output for more in ([], ["--json"]))

    assert said.endswith("To start it: pumasi federation up\n")
    assert json.loads(plain) == {"ended": ended}


def test_the_sandboxes_commands_speak_json_and_name_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "sandbox_down", lambda _: ("anvil",))
    monkeypatch.setattr(sandbox, "sandbox_approve", lambda *_: ("anvil",))
    monkeypatch.setattr(sandbox, "sandbox_restart", lambda *_: Node("anvil", "/h", 7, 8))

    def run(*arguments: str) -> str:
        return CliRunner().invoke(sandbox_command, list(arguments)).output

    assert json.loads(run("down", "--json")) == {"ended": ["anvil"]}
    assert run("down").endswith("pumasi sandbox up\n")
    assert json.loads(run("approve", "print-defect", "--json")) == {"agreed": ["anvil"]}
    assert run("approve", "print-defect").endswith("pumasi train print-defect --runtime federation\n")
    assert json.loads(run("restart", "anvil", "--json"))["pid"] == 7
    assert "pumasi federation status" in run("restart", "anvil")


def test_a_members_folder_with_blanks_and_hangul_can_be_pasted_after_sandbox_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = "/우리 공장/members/factory-1"
    monkeypatch.setattr(sandbox, "sandbox_up", lambda *_: (Node("factory-1", home, 7, 8),))

    said = CliRunner().invoke(sandbox_command, ["up"]).output
    line = next(line for line in said.splitlines() if "pumasi-member egress" in line)

    assert shlex.split(line)[:4] == ["pumasi-member", "egress", "--home", home]


def test_what_the_supervisor_said_is_told_once_under_one_name(tmp_path: Path) -> None:
    log = tmp_path / "federation.log"
    log.write_text("of yesterday\npumasi: h is taken\n")

    assert federation_life._since(log, len("of yesterday\n")) == "h is taken"


def test_the_command_line_answers_without_loading_what_only_some_commands_need() -> None:
    heavy = ("cryptography", "yaml", "numpy", "pydantic", "flwr", "httpx", "pandas", "torch", "mlflow", "prefect")
    program = f"import sys, flows.cli; print([name for name in {heavy} if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
