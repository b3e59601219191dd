"""A sandbox is no way into a real federation: neither its address, nor its members, nor their consent."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from federated.member.consent import Standing
from flows import sandbox
from flows.errors import SandboxFailed
from flows.federation_state import FederationState
from flows.plan import TrainingPlan, load_plan
from flows.propose_plan import Proposal
from flows.sandbox import Node, sandbox_approve, sandbox_down, sandbox_restart, sandbox_up
from flows.settings import Settings

PLAN = load_plan("print-defect")


def settings(home: Path, *, of_a_sandbox: bool) -> Settings:
    """A home with a federation that is down."""
    found = Settings(home)
    found.federation.mkdir(parents=True)
    FederationState.new(found.federation, "door.example:8443", "*:8443", sandbox=of_a_sandbox).save()
    return found


def test_a_sandbox_keeps_away_from_a_federation_that_is_no_sandboxes(tmp_path: Path) -> None:
    home = settings(tmp_path, of_a_sandbox=False)
    before = (home.federation / "federation.json").read_bytes()

    with pytest.raises(SandboxFailed, match=r"no sandbox's.*another home"):
        sandbox_up(home, "print-defect", 3, None)

    assert (home.federation / "federation.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["federation"]


def test_ending_a_sandbox_ends_no_real_federation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[Settings] = []
    monkeypatch.setattr(sandbox, "stop_federation", ended.append)

    sandbox_down(settings(tmp_path / "real", of_a_sandbox=False))
    own = settings(tmp_path / "own", of_a_sandbox=True)
    sandbox_down(own)

    assert ended == [own]


def test_without_a_sandbox_a_plan_is_shown_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[TrainingPlan] = []
    monkeypatch.setattr(sandbox, "propose_plan", lambda _, plan: shown.append(plan))

    with pytest.raises(SandboxFailed, match="there is no sandbox"):
        sandbox_approve(settings(tmp_path, of_a_sandbox=False), PLAN)

    assert not shown


@dataclass(frozen=True)
class Stored:
    """An agreement that a member has not decided about."""

    sha256: str


def test_only_the_plans_own_agreement_is_approved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approved: list[str] = []

    class Pending:
        """A member with two agreements to look at."""

        def __init__(self, _: object) -> None:
            self.store = self

        def all(self) -> tuple[Stored, ...]:
            """Both."""
            return (Stored("aaaa"), Stored("bbbb"))

        def standing(self, _: Stored) -> Standing:
            """Undecided."""
            return Standing.PENDING

        def approve(self, sha256: str, _: object) -> None:
            """Note it."""
            approved.append(sha256)

    home = settings(tmp_path, of_a_sandbox=True)
    sandbox._save(home, [Node("anvil", str(tmp_path / "anvil"), 1, 1)])
    monkeypatch.setattr(sandbox, "Consent", Pending)
    monkeypatch.setattr(sandbox, "propose_plan", lambda *_: Proposal("bbbb", ("anvil",), ()))

    assert sandbox_approve(home, PLAN) == ("anvil",)
    assert approved == ["bbbb"]


def test_a_node_that_was_killed_and_still_counts_as_online_is_waited_for_until_it_signs_on_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, now = settings(tmp_path, of_a_sandbox=True), Node("anvil", str(tmp_path / "anvil"), 1, 1)
    sandbox._save(home, [now])
    answers = iter([{"anvil": "09:00"}, {"anvil": "09:00"}, {}, {"anvil": "09:05"}])
    monkeypatch.setattr(sandbox, "_sessions", lambda _: next(answers))
    monkeypatch.setattr(sandbox, "_start_node", lambda _: now)
    monkeypatch.setattr(sandbox, "_runs", lambda _: True)
    monkeypatch.setattr(sandbox, "_end", lambda _: None)

    sandbox_restart(home, "anvil")

    assert list(answers) == []


def test_a_node_starts_whatever_lies_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []

    class Process:
        """Remembers what was started."""

        pid = 2**22 + 1

        def __init__(self, command: list[str], **_: object) -> None:
            started.append(command)

    monkeypatch.setattr("flows.sandbox.subprocess.Popen", Process)

    sandbox._start_node(tmp_path)

    assert "-P" in started[0]
