"""A member's desk for tests: commands in this process, and what they said."""

import sys
from pathlib import Path

import pytest

from federated.member import cli
from federated.member.home import MemberHome
from tests.cooperative import Cooperative


class Keyboard:
    """Runs `pumasi-member` in this process, and keeps what was said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.said = ""
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def run(self, *arguments: object) -> int:
        """Run `pumasi-member` and return its exit code."""
        self._monkeypatch.setattr(sys, "argv", ["pumasi-member", *map(str, arguments)])
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        captured = self._capsys.readouterr()
        self.said = captured.out + captured.err
        return int(ended.value.code or 0)


class Desk(Keyboard):
    """A member's desk, beside another member's."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(monkeypatch, capsys)
        self.cooperative = Cooperative(folder)
        self.anvil = self.cooperative.add("anvil", shares=False)
        self.bellows = self.cooperative.add("bellows")
        monkeypatch.setenv("PUMASI_HOME", str(folder))
        monkeypatch.delenv("PUMASI_MEMBER_HOME", raising=False)

    def versions(self, home: MemberHome) -> int:
        """Count the versions of a member's dataset."""
        return len((home.data / "versions.jsonl").read_text(encoding="utf-8").splitlines())
