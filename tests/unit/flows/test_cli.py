"""What the association's command line says when it cannot go on."""

import errno
import os
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from flows import cli, standing
from flows.errors import PortTaken
from flows.interrupts import deferred_interrupts
from flows.settings import Settings


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: BaseException) -> tuple[int, str]:
    """Run `pumasi train` whose first step raises, and return the exit code and standard error."""

    def fail(_: Settings) -> Settings:
        raise raised

    standing.begin()
    with deferred_interrupts():
        pass  # forgets what an earlier test noted
    monkeypatch.setattr(Settings, "ready", fail)
    monkeypatch.setattr(sys, "argv", ["pumasi", "train", "print-defect"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), capsys.readouterr().err


def test_ctrl_c_before_anything_began_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(monkeypatch, capsys, KeyboardInterrupt())

    assert code == 130
    assert said.strip() == "pumasi: stopped. No run had begun in MLflow; nothing was registered or promoted."


def test_a_full_disk_is_one_sentence_with_file_and_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(monkeypatch, capsys, OSError(errno.ENOSPC, "No space left on device", "/data/job.json"))

    assert code == 2
    assert said == (
        "pumasi: /data/job.json cannot be read or written: No space left on device. "
        "Correct that and run the command again. 파일을 읽거나 쓸 수 없습니다. 원인을 해결하고 다시 실행하십시오.\n"
    )


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["train"], 2), (["no-such-command"], 2)])
def test_wrong_use_and_help_end_as_click_ends_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["pumasi", *arguments])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert (ended.value.code or 0) == code
    assert "Usage" in "".join(capsys.readouterr())


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command that is no group, with its words."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


@pytest.mark.parametrize(("words", "command"), list(commands(cli.app)))
def test_every_example_in_a_help_can_be_pasted_whatever_the_terminals_width(words: str, command: click.Command) -> None:
    shown = CliRunner().invoke(cli.app, [*words.split(), "--help"], terminal_width=40).output.splitlines()

    example = (command.epilog or "").removeprefix("\b\n")
    assert re.match(rf"Example.*[:=] ?pumasi {words.split(maxsplit=1)[0]} ?", example)
    assert example in [line.strip() for line in shown]


def test_the_help_of_the_status_names_both_of_its_ends() -> None:
    said = " ".join(CliRunner().invoke(cli.app, ["federation", "status", "--help"]).output.split())

    assert "Ends with 1 when it is down, and with 2 where none was ever made." in said


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


def test_the_pages_are_not_opened_on_a_port_that_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, taken: int
) -> None:
    started: list[str] = []
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))
    monkeypatch.setattr(os, "execve", lambda program, *_: started.append(program))

    done = CliRunner().invoke(cli.app, ["ui", "--port", str(taken)])

    assert isinstance(done.exception, PortTaken)
    assert f"port {taken} of this machine is taken" in str(done.exception)
    assert "pumasi ui --port" in str(done.exception)
    assert not started


def test_the_pages_are_opened_on_a_port_that_is_free(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, taken: int
) -> None:
    started: list[list[str]] = []
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))
    monkeypatch.setattr(os, "execve", lambda _, command, __: started.append(command))
    monkeypatch.setattr("flows.federation_parts.answers", lambda *_: False)

    CliRunner().invoke(cli.app, ["ui", "--port", str(taken)])

    assert str(taken) in started[0]
