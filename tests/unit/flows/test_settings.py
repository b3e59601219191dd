from pathlib import Path

import pytest

from flows.errors import NoMembers
from flows.settings import Settings


def test_the_state_lives_under_pumasi_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))

    assert Settings.from_environment().home == tmp_path


def test_without_a_setting_the_state_lives_beside_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PUMASI_HOME", raising=False)
    monkeypatch.chdir(tmp_path)

    assert Settings.from_environment().home == tmp_path / ".pumasi"


def test_a_home_without_members_says_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(NoMembers, match="pumasi demo"):
        Settings(tmp_path).member_homes()
