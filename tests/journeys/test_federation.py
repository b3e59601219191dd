"""Between companies, on one machine: real SuperLink, nginx, TLS, identities, and a process per member node."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from federated.member.egress import EgressLog
from federated.training_loop import STRIKES
from flows.federation_life import federation_status
from flows.settings import Settings

BIN = Path(sys.executable).parent
ROUNDS = 3
MEMBERS = ("factory-1", "factory-2", "factory-3", "factory-4")


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox.

    Attributes:
        home: Where its state lives.
        environment: Of every command that is run there.
    """

    home: Path
    environment: Mapping[str, str]

    def run(self, *command: str, seconds: float = 480, code: int | None = 0) -> str:
        """Run one of the product's commands and return what it printed; None lets it end with any code."""
        done = subprocess.run(
            [str(BIN / command[0]), *command[1:]],
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env=dict(self.environment),
            cwd=self.home.parent,
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done.stdout + (done.stderr if code else "")

    def json(self, *command: str) -> Any:
        """Run a command that prints one JSON object."""
        return json.loads(self.run(*command, "--json"))

    def member(self, member: str, *command: str, code: int = 0) -> str:
        """Run a command as the owner of a member."""
        return self.run("pumasi-member", *command, "--home", str(self.home / "members" / member), code=code)

    def plan(self, name: str, **changes: Any) -> Path:
        """Write a plan file: the shipped one with other settings."""
        plan = yaml.safe_load((Path(__file__).parents[2] / "flows/plans/print-defect.yaml").read_text(encoding="utf-8"))
        for key, value in changes.items():
            plan[key] = {**plan.get(key, {}), **value} if isinstance(value, dict) else value
        path = self.home.parent / f"{name}.yaml"
        path.write_text(yaml.safe_dump(plan, allow_unicode=True), encoding="utf-8")
        return path

    def pid(self, member: str) -> int:
        """Return the process of a member's node."""
        nodes = json.loads((self.home / "sandbox.json").read_text(encoding="utf-8"))
        return next(int(node["pid"]) for node in nodes if node["member"] == member)

    def pushes(self, member: str) -> int:
        """Return how many replies of a member the door let through, by the association's own log."""
        visits = (self.home / "federation" / "logs" / "visits.log").read_text(encoding="utf-8")
        return len(re.findall(rf'"CN={member}" 200 POST "/v1/fleet/push-messages"', visits))

    def online(self) -> set[str]:
        """Return who is online: asked again and again, and so without a process of its own each time."""
        return {one.member for one in federation_status(Settings(self.home)).members if one.online}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory, prefect: dict[str, str]) -> Iterator[Sandbox]:
    """Bring four members up, once."""
    home = tmp_path_factory.mktemp("federation") / "home"
    made = Sandbox(home, {**os.environ, **prefect, "PUMASI_HOME": str(home)})
    made.run("pumasi", "sandbox", "up", "--members", str(len(MEMBERS)))
    yield made
    made.run("pumasi", "sandbox", "down")


@pytest.fixture(scope="module")
def trained(sandbox: Sandbox) -> dict[str, Any]:
    """Train once in the federation."""
    result: dict[str, Any] = sandbox.json(
        "pumasi", "train", "print-defect", "--runtime", "federation", "--rounds", str(ROUNDS)
    )
    return result


def test_every_member_of_the_sandbox_is_online(sandbox: Sandbox) -> None:
    said = sandbox.json("pumasi", "federation", "status")["members"]

    assert said == [{"member": member, "online": True} for member in MEMBERS]


def test_a_run_in_the_federation_gives_the_very_weights_of_a_run_in_one_process(
    sandbox: Sandbox, trained: dict[str, Any]
) -> None:
    here = sandbox.json("pumasi", "train", "print-defect", "--runtime", "in-process", "--rounds", str(ROUNDS))

    assert (trained["members"], trained["rounds"]) == (len(MEMBERS), ROUNDS)
    assert here["weights_sha256"] == trained["weights_sha256"]


def test_each_member_can_read_what_left_and_nothing_else_did(sandbox: Sandbox, trained: dict[str, Any]) -> None:
    for member in MEMBERS:
        log = EgressLog(sandbox.home / "members" / member / "egress")
        entries = [entry for entry in log.entries(trained["run_id"]) if entry.kind != "error"]
        questions = [entry.question for entry in entries]

        assert log.verify().reason == ""
        assert questions.count("train") == ROUNDS
        assert set(questions) == {
            "query.roll_call",
            "query.check_contract",
            "query.statistics",
            "train",
            "query.calibrate",
            "evaluate",
            *(["query.take_home"] if trained["verdict"] == "promoted" else []),
        }
        assert 0 < sandbox.pushes(member) <= len(list(log.entries()))


def test_the_command_egress_verifies_the_log_and_finds_a_changed_line(
    sandbox: Sandbox, trained: dict[str, Any]
) -> None:
    path = sandbox.home / "members" / "factory-4" / "egress" / "log.jsonl"
    before = path.read_bytes()
    assert "train" in sandbox.member("factory-4", "egress", "--run", trained["run_id"])

    path.write_bytes(before.replace(b'"train"', b'"trian"', 1))
    try:
        sandbox.member("factory-4", "egress", code=1)
    finally:
        path.write_bytes(before)


def test_a_member_that_refuses_is_not_asked_for_more_and_its_reason_is_heard(
    sandbox: Sandbox, trained: dict[str, Any]
) -> None:
    assert trained["members"] == len(MEMBERS)
    agreement = json.loads(sandbox.member("factory-2", "review", "--json"))["agreements"][0]["sha256"]
    sandbox.member("factory-2", "refuse", agreement, "--reason", "our records are being corrected")

    proposed = sandbox.json("pumasi", "propose", "print-defect")
    sandbox.member("factory-2", "approve", agreement, "--always", "--yes")

    assert proposed["agreed"] == [member for member in MEMBERS if member != "factory-2"]
    (declined,) = proposed["declined"]
    assert (declined["member"], declined["state"]) == ("factory-2", "no")
    assert "our records are being corrected" in declined["reason"]


def test_a_plan_that_asks_for_more_waits_for_every_member(sandbox: Sandbox) -> None:
    plan = sandbox.plan("larger", network={"width": 48})

    proposed = sandbox.json("pumasi", "propose", str(plan))
    said = sandbox.run("pumasi", "train", str(plan), "--runtime", "federation", "--json", code=2)
    shown = sandbox.member("factory-1", "review", "--lang", "ko")

    assert proposed["agreed"] == []
    assert [(one["member"], one["state"]) for one in proposed["declined"]] == [
        (member, "not_yet") for member in MEMBERS
    ]
    assert "roll call: 0 member(s) can take part" in said
    assert proposed["agreement"][:12] in shown


def test_trees_are_grown_in_the_federation_as_in_one_process_once_every_member_has_agreed(sandbox: Sandbox) -> None:
    proposed = sandbox.json("pumasi", "propose", "print-defect-trees")
    for member in MEMBERS:
        sandbox.member(member, "approve", proposed["agreement"][:12], "--always", "--yes")

    there, here = (
        sandbox.json("pumasi", "train", "print-defect-trees", "--runtime", runtime, "--rounds", str(ROUNDS))
        for runtime in ("federation", "in-process")
    )

    assert (there["members"], there["rounds"]) == (len(MEMBERS), ROUNDS)
    assert here["weights_sha256"] == there["weights_sha256"]
    for member in MEMBERS:
        entries = EgressLog(sandbox.home / "members" / member / "egress").entries(there["run_id"])
        left = [{name: shape for name, _, shape in one.arrays} for one in entries if one.kind == "RoundTrained"]
        assert left == [{"arrays.inputs": (7,), "arrays.leaves": (8, 2)}] * ROUNDS


def test_an_app_that_hides_rows_in_an_array_a_metric_a_text_or_an_error_gets_nothing_past_its_node(
    sandbox: Sandbox, trained: dict[str, Any]
) -> None:
    """The member's node is real; the app that its worker runs is turned (`hiding_app`)."""
    home, member = sandbox.home / "members" / "factory-2", sandbox.pid("factory-2")
    assert trained["members"] == len(MEMBERS)
    os.kill(member, signal.SIGTERM)
    _await(lambda: "factory-2" not in sandbox.online())
    here = Path(__file__).parent
    with (sandbox.home.parent / "turned.log").open("wb") as log:
        turned = subprocess.Popen(
            [sys.executable, str(here / "hiding_app.py"), str(home)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here), os.environ.get("PYTHONPATH", "")])},
            stderr=log,
        )
    try:
        _await(lambda: "factory-2" in sandbox.online())
        run = sandbox.json("pumasi", "train", "print-defect", "--runtime", "federation", "--rounds", "3")
    finally:
        turned.terminate()
        turned.wait(120)
        sandbox.run("pumasi", "sandbox", "restart", "factory-2")

    rounds = json.loads(_text(sandbox.home / "runs" / run["run_id"] / "outcome.json"))["rounds"]
    tried = ("train", "query.calibrate")
    left = [entry for entry in EgressLog(home / "egress").entries(run["run_id"]) if entry.question in tried]
    assert [one["accepted"] for one in rounds] == [["factory-1", "factory-3", "factory-4"]] * 3
    assert [[one["member"] for one in each["refused"]] for each in rounds] == [["factory-2"]] * 3
    assert len(left) == 4
    assert {entry.kind for entry in left} == {"error"}
    assert all(entry.size < 400 for entry in left)
    told = json.dumps(rounds) + _text(sandbox.home / "federation" / "logs" / "executor.log")
    assert "4711.25" not in told
    assert "part-1" not in told


def test_a_killed_node_costs_its_round_a_deadline_and_comes_back_after_a_restart(sandbox: Sandbox) -> None:
    plan = sandbox.plan("patient", learning={"deadline_seconds": 6.0, "rounds": 8, "average_last": 1})
    sandbox.run("pumasi", "sandbox", "approve", str(plan))
    runs = set((sandbox.home / "runs").iterdir())
    training = subprocess.Popen(
        [str(BIN / "pumasi"), "train", str(plan), "--runtime", "federation", "--json"],
        env=dict(sandbox.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        folder = _await(lambda: next(iter(set((sandbox.home / "runs").iterdir()) - runs), None))
        _await(lambda: _rounds(folder) >= 1)
        os.kill(sandbox.pid("factory-3"), signal.SIGKILL)
        printed, _ = training.communicate(timeout=480)
    finally:
        training.kill()
        sandbox.run("pumasi", "sandbox", "restart", "factory-3")
    proposed = sandbox.json("pumasi", "propose", "print-defect")

    rounds = json.loads(_text(folder / "outcome.json"))["rounds"]
    took_part = ["factory-3" in one["accepted"] for one in rounds]
    silent = [one["reason"] for each in rounds for one in each["refused"]]
    assert json.loads(printed)["rounds"] == 8
    assert took_part == sorted(took_part, reverse=True)
    assert took_part[0]
    assert not took_part[-1]
    assert len(silent) == min(STRIKES, took_part.count(False))
    assert set(silent) <= {"no_reply", "member_error"}  # the second where Flower says itself that the node is gone
    assert proposed["agreed"] == list(MEMBERS)


def test_a_superlink_that_ends_in_the_middle_of_a_run_fails_it_with_a_sentence_and_the_next_run_works(
    sandbox: Sandbox,
) -> None:
    before = sandbox.json("pumasi", "federation", "status")["processes"]["superlink"]
    runs = set((sandbox.home / "runs").iterdir())
    training = subprocess.Popen(
        [str(BIN / "pumasi"), "train", "print-defect", "--runtime", "federation", "--rounds", "24", "--json"],
        env=dict(sandbox.environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        folder = _await(lambda: next(iter(set((sandbox.home / "runs").iterdir()) - runs), None))
        _await(lambda: _rounds(folder) >= 2)
        os.kill(before, signal.SIGKILL)
        printed, said = training.communicate(timeout=240)
    finally:
        training.kill()
        training.wait()

    assert training.returncode == 2, said
    assert printed == ""
    assert said.strip().splitlines()[-1].startswith("pumasi: the run is lost: ")
    assert "Train again." in said
    assert "Traceback" not in said
    assert not (folder / "outcome.json").exists()
    _await(lambda: sandbox.online() == set(MEMBERS))
    again = sandbox.json("pumasi", "train", "print-defect", "--runtime", "federation", "--rounds", "1")
    assert sandbox.json("pumasi", "federation", "status")["processes"]["superlink"] != before
    assert again["members"] == len(MEMBERS)


def test_a_revoked_member_is_shut_out_the_others_notice_nothing_and_a_new_key_lets_it_in_again(
    sandbox: Sandbox,
) -> None:
    kit = sandbox.home / "members" / "factory-1" / "federation" / "kit.json"
    request, answer = sandbox.home / "again.json", sandbox.home / "federation" / "kits" / "factory-4.kit.json"
    before = kit.read_bytes()

    sandbox.run("pumasi", "members", "revoke", "factory-4", "--yes")
    _await(lambda: sandbox.online() == set(MEMBERS) - {"factory-4"})
    proposed = sandbox.json("pumasi", "propose", "print-defect")
    sandbox.member("factory-4", "init", "--member", "factory-4", "--replace-key", "--output", str(request))
    sandbox.run("pumasi", "members", "admit", str(request), "--contract", "print-defect")
    sandbox.member("factory-4", "join", str(answer))
    sandbox.run("pumasi", "sandbox", "restart", "factory-4")
    _await(lambda: sandbox.online() == set(MEMBERS))

    assert proposed["agreed"] == [member for member in MEMBERS if member != "factory-4"]
    assert kit.read_bytes() == before


def _rounds(folder: Path) -> int:
    """Return how many rounds a run has done."""
    return _text(folder / "events.jsonl").count('"kind": "round"')


def _await(true: Callable[[], Any], seconds: float = 240) -> Any:
    """Wait until something is so, and return it."""
    until = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < until, f"not so within {seconds} s"
        time.sleep(0.1)
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
