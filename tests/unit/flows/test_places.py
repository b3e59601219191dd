"""Where a run takes place: who is away is named before anything begins, and a deadline in hours is one in seconds."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from federated.errors import FederationNotRunning, TooFewMembers
from federated.runtime.deployment import DeploymentRuntime
from flows.errors import NoMembers
from flows.federation_state import FederationState, FederationUnknown, one_supervisor
from flows.places import ONE_MACHINE, SANDBOX, Federated, OneProcess, open_place
from flows.plan import TrainingPlan, load_plan
from flows.runtime_name import RuntimeName
from flows.settings import Settings

ADMITTED = {"11": "anvil", "12": "bellows", "13": "carver"}


def in_federation(**changes: object) -> TrainingPlan:
    plan = load_plan("print-defect").with_overrides(runtime=RuntimeName.FEDERATION)
    return plan.model_copy(update=changes)


def up(home: Path, *, sandbox: bool = False) -> Federated:
    """The place in a federation that is up."""
    settings = Settings(home)
    settings.federation.mkdir(parents=True)
    state = FederationState(
        settings.federation, "pumasi-1", "h:1", "*:1", 5555, 1234, {"nginx": 7}, ready=True, sandbox=sandbox
    )
    state.save()
    with one_supervisor(settings.federation, 1234):
        place = open_place(in_federation(deadline_hours=1.5), settings)
    assert isinstance(place, Federated)
    return place


def with_online(monkeypatch: pytest.MonkeyPatch, online: tuple[str, ...], admitted: Mapping[str, str]) -> None:
    monkeypatch.setattr(DeploymentRuntime, "online", lambda _: online)
    monkeypatch.setattr(DeploymentRuntime, "admitted", lambda _: admitted)


def test_too_few_online_names_who_is_away_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = up(tmp_path)
    with_online(monkeypatch, ("bellows",), ADMITTED)

    place.check(1)
    with pytest.raises(
        TooFewMembers,
        match=r"1 of 3 admitted members are online, at least 2 are needed\. Away: anvil, carver\. Ask",
    ):
        place.check(2)


def test_nobody_online_is_not_blamed_on_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = up(tmp_path)
    with_online(monkeypatch, (), {})

    with pytest.raises(TooFewMembers, match="nobody else is admitted") as refused:
        place.check(1)
    assert "plan" not in str(refused.value)


def test_the_hours_of_the_plan_are_the_runs_seconds(tmp_path: Path) -> None:
    place = up(tmp_path)

    assert place.deadline_seconds == 5400
    assert place.runtime.deadline_seconds == 5400
    assert place.runtime.address == "127.0.0.1:5555"


def test_only_a_sandbox_is_told_to_be_one(tmp_path: Path) -> None:
    assert up(tmp_path / "real").simulated == ""
    assert up(tmp_path / "sandbox", sandbox=True).simulated == SANDBOX


def test_a_federation_that_is_not_there_or_not_up_is_said_before_anything_begins(tmp_path: Path) -> None:
    settings = Settings(tmp_path)

    with pytest.raises(FederationUnknown, match="--address"):
        open_place(in_federation(), settings)
    settings.federation.mkdir()
    FederationState.new(settings.federation, "h:1", "h:1").save()
    with pytest.raises(FederationNotRunning, match="federation up"):
        open_place(in_federation(), settings)


def test_folders_of_one_machine_are_counted_and_hold_no_keys(tmp_path: Path) -> None:
    plan, settings = load_plan("print-defect").with_overrides(runtime=RuntimeName.IN_PROCESS), Settings(tmp_path)
    with pytest.raises(NoMembers):
        open_place(plan, settings)
    (tmp_path / "members" / "anvil").mkdir(parents=True)
    (tmp_path / "members" / "anvil" / "member.yaml").touch()

    place = open_place(plan, settings)

    assert isinstance(place, OneProcess)
    assert (place.simulated, place.admitted()) == (ONE_MACHINE, {})
    place.check(1)
    with pytest.raises(TooFewMembers, match="1 members live on this machine, at least 3 are needed"):
        place.check(3)
