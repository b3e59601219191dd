"""What the demo ends with can be pasted, wherever its home lies."""

import shlex
from pathlib import Path

import pytest

from flows.demo import _closing
from flows.settings import Settings


@pytest.mark.parametrize("inside", [True, False])
def test_the_demos_last_line_can_be_pasted_whatever_the_folders_are_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, inside: bool
) -> None:
    monkeypatch.chdir(tmp_path if inside else "/")
    file = tmp_path / "우리 공장" / "members" / "factory-1" / "inbox" / "print-defect.csv"

    words = shlex.split(_closing(Settings(tmp_path / "우리 공장"), file).splitlines()[-1])

    assert words[:2] == ["pumasi-member", "score"]
    assert Path(words[2]).absolute() == file
