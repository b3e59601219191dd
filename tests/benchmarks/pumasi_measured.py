"""Measures Pumasi: a sandbox of nodes, plans of several sizes trained on it, and the same plan in one process."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from doors import DoorCounter, Traffic
from measured import Measured, Stamp, Watch, reduce_run
from meter import Meter, command_line, descendants, end_descendants, loopback_bytes, memory_alone, pss
from workload import MEMBERS, SIZES, SMALL, Size, write_all, write_plan

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
NGINX = "PUMASI_NGINX"
ROLES = {
    "flow": ("pumasi train",),
    "SuperLink": ("federated.runtime.superlink",),
    "ServerApp": ("federated.runtime.executor",),
    "door": ("nginx",),
    "association": ("flows.cli federation serve",),
    "agents": ("federated.member.cli run",),
    "workers": ("federated.member.zygote",),
}
IDLE_SECONDS = 30.0
LIMIT_SECONDS = 1800
LOOK_SECONDS = 0.02
DOOR_SECONDS = 0.5


@dataclass
class Round:
    """A round's end: when, and what had gone through the door by then."""

    number: int
    time: float
    loopback: int
    door: Mapping[int, Traffic]


@dataclass
class RunWatch:
    """Notes when each round of the next run under a home ends, from the events that the ServerApp writes.

    Attributes:
        runs: the folder of the runs.
        counter: counts bytes at the door, if there is one.
        rounds: what was seen.
    """

    runs: Path
    counter: DoorCounter | None = None
    rounds: list[Round] = field(default_factory=list)
    folder: Path | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def watching(self) -> Iterator["RunWatch"]:
        """Watch until the block ends."""
        before = set(self.runs.glob("*"))
        thread = threading.Thread(target=self._run, args=(before,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def _run(self, before: set[Path]) -> None:
        size, looked = 0, 0.0
        while not self._stop.wait(LOOK_SECONDS):
            if self.counter and time.monotonic() - looked > DOOR_SECONDS:
                looked = time.monotonic()
                self.counter.look()  # a connection that is closed takes its count along
            if self.folder is None:
                new = set(self.runs.glob("*")) - before
                self.folder = min(new) if new else None
                continue
            events = self.folder / "events.jsonl"
            if events.exists() and (grown := events.stat().st_size) > size:
                size = grown
                self._note(events)

    def _note(self, events: Path) -> None:
        done = events.read_text(encoding="utf-8").count('"kind": "round"')
        if done > len(self.rounds):
            door = self.counter.look() if self.counter else {}
            self.rounds.append(Round(done, time.time(), loopback_bytes(), door))

    def stamps(self) -> list[Stamp]:
        """Return the rounds as stamps."""
        return [Stamp(one.number, one.time) for one in self.rounds]

    def traffic(self) -> list[Traffic]:
        """Return each member's traffic through the door per round, without the first round."""
        first, last = self.rounds[0], self.rounds[-1]
        counted = last.number - first.number
        spent = [last.door[pid] - first.door.get(pid, Traffic()) for pid in last.door]
        return [Traffic(one.up // counted, one.down // counted) for one in spent]

    def outcome(self) -> Mapping[str, Any]:
        """Return the run's outcome."""
        if self.folder is None:
            raise RuntimeError(f"no run was seen under {self.runs}")
        found: Mapping[str, Any] = json.loads((self.folder / "outcome.json").read_text(encoding="utf-8"))
        return found


class Cooperative:
    """Members with the benchmark's rows under a home of their own, and Pumasi's commands on it.

    Args:
        folder: the benchmark's folder.
        members: how many members.
    """

    def __init__(self, folder: Path, members: int) -> None:
        self.members = members
        self.folder = folder
        self.home = folder / f"pumasi-{members}"
        self.data = write_all(folder / f"data-{members}", members)
        self.tables = self.data / "tables"
        self.contract = self.data / "contract.odcs.yaml"
        self.environment = {**os.environ, "PUMASI_HOME": str(self.home), "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        self.environment.setdefault(NGINX, str(ROOT / ".venv" / "nginx" / "usr" / "sbin" / "nginx"))
        if not Path(self.environment[NGINX]).exists():
            del self.environment[NGINX]

    def fresh(self) -> None:
        """Forget what earlier measurements made."""
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.tables.mkdir(exist_ok=True)
        for member in range(1, self.members + 1):
            shutil.copyfile(self.data / f"member-{member}.csv", self.tables / f"member-{member:02d}.csv")

    def plan(self, name: str, size: Size, rounds: int) -> Path:
        """Write a plan and return its file."""
        path = self.home / f"{name}.yaml"
        write_plan(path, self.contract, rounds=rounds, size=size)
        return path

    def up(self) -> None:
        """Bring the sandbox up."""
        options = ["--members", str(self.members), "--contract", str(self.contract), "--data", str(self.tables)]
        self.pumasi("sandbox", "up", *options)

    def down(self) -> None:
        """Bring the sandbox down."""
        self.pumasi("sandbox", "down", check=False)

    def door_port(self) -> int:
        """Return the port that members connect to."""
        told = json.loads(self.pumasi("federation", "status", "--json"))
        return int(str(told["listen"]).rpartition(":")[2])

    def train(self, plan: Path, runtime: str, counter: DoorCounter | None = None) -> RunWatch:
        """Train by a plan and return what was seen of it."""
        with RunWatch(self.home / "runs", counter).watching() as watch:
            self.pumasi("train", str(plan), "--runtime", runtime, "--json")
        return watch

    def pumasi(self, *arguments: str, check: bool = True) -> str:
        """Run a command of Pumasi's and return what it prints.

        Raises:
            RuntimeError: it failed; the text holds what it said.
        """
        done = subprocess.run(
            [str(BIN / "pumasi"), *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
        with (self.folder / f"{self.home.name}.log").open("a", encoding="utf-8") as log:
            log.write(f"$ pumasi {' '.join(arguments)}\n{done.stdout}{done.stderr}\n")
        if check and done.returncode:
            raise RuntimeError(f"pumasi {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout


@dataclass(frozen=True)
class Asked:
    """A plan to train by.

    Attributes:
        name: of the result.
        size: of the network.
        rounds: how many, the first included.
        in_process: whether to train by the same plan in one process too, and compare the weights.
    """

    name: str
    size: Size
    rounds: int
    in_process: bool = False


FIVE = (
    Asked("pumasi", SMALL, 11, in_process=True),
    Asked("pumasi-1mb", SIZES["1 MB"], 5),
    Asked("pumasi-10mb", SIZES["10 MB"], 4),
)
TWENTY = (Asked("pumasi-20", SMALL, 11),)


def measure_pumasi(folder: Path, asked: Sequence[Asked] = FIVE, *, members: int = MEMBERS) -> list[Measured]:
    """Bring a sandbox up, train by each plan, and bring it down.

    Args:
        folder: the benchmark's folder.
        asked: the plans.
        members: how many.
    """
    cooperative, found = Cooperative(folder, members), []
    cooperative.fresh()
    watch = Watch()
    with Meter(ROLES) as meter, _terminated_cleanly():
        try:
            cooperative.up()
            up = time.time()
            counter = DoorCounter(cooperative.door_port()) if DoorCounter.possible() else None
            idle = _idle(meter)
            for one in asked:
                plan = cooperative.plan(one.name, one.size, one.rounds)
                cooperative.pumasi("sandbox", "approve", str(plan))
                result = _one(cooperative, one, plan, meter, watch, up=up, counter=counter)
                result.more["idle"] = idle
                found.append(result)
            cooperative.down()
        finally:
            left = end_descendants()
    for result in found:
        result.more["left_behind"] = left
    return found


def _one(
    cooperative: Cooperative,
    asked: Asked,
    plan: Path,
    meter: Meter,
    watch: Watch,
    *,
    up: float,
    counter: DoorCounter | None,
) -> Measured:
    submitted = time.time()
    meter.peak.clear()
    seen = cooperative.train(plan, "federation", counter)
    ended, memory = time.time(), node_memory()
    outcome = seen.outcome()
    more: dict[str, Any] = {
        "own_round_seconds": [one["seconds"] for one in outcome["rounds"]],
        "phases": outcome["seconds"],
        "weights_sha256": outcome["weights_sha256"],
        "whole_run": ended - submitted,
        "accepted": [len(one["accepted"]) for one in outcome["rounds"]],
        "node_memory_after": memory,
    }
    if counter:
        traffic = seen.traffic()
        more["up"], more["down"] = [one.up for one in traffic], [one.down for one in traffic]
    stamps = [Stamp("up", up), Stamp("submitted", submitted), *seen.stamps()]
    stamps.append(Stamp("final", ended, outcome["rounds"][-1]["validation_loss"]))
    result = reduce_run(
        asked.name,
        stamps,
        meter,
        watch,
        members=cooperative.members,
        model_bytes=asked.size.bytes,
        versions={name: version(name) for name in ("pumasi", "flwr", "torch", "lightning")},
        **more,
    )
    if asked.in_process:
        result.more["in_process"] = _in_process(cooperative, plan, meter, outcome["weights_sha256"])
    return result


def _in_process(cooperative: Cooperative, plan: Path, meter: Meter, weights: str) -> dict[str, Any]:
    """Train by the same plan in one process; compare the weights."""
    seen = cooperative.train(plan, "in-process")
    ends = [one.time for one in seen.rounds]
    outcome, counted = seen.outcome(), len(ends) - 1
    return {
        "rounds": [later - earlier for earlier, later in pairwise(ends)],
        "cpu": sum(used for role, used in meter.cpu_between(ends[0], ends[-1]).items() if role == "flow") / counted,
        "weights_sha256": outcome["weights_sha256"],
        "same_weights": outcome["weights_sha256"] == weights,
        "phases": outcome["seconds"],
    }


def _idle(meter: Meter) -> dict[str, Any]:
    """Wait, then tell what members cost that have nothing to do: memory of each, and CPU by role in % of a core."""
    time.sleep(IDLE_SECONDS)
    end = time.time()
    cpu = meter.cpu_between(end - IDLE_SECONDS / 2, end)
    shares = {role: 100 * used / (IDLE_SECONDS / 2) for role, used in cpu.items()}
    return {"node_memory": node_memory(), "cpu_percent": shares}


def node_memory() -> list[dict[str, int]]:
    """Return what each member's node holds, agent, zygote and worker together, in bytes.

    ``pss`` is its share on this machine, where members share their libraries; ``alone`` what it would be elsewhere.
    """
    word = ROLES["agents"][0]
    owner: dict[int, int] = {}
    for process in descendants():
        if process.parent in owner:
            owner[process.pid] = owner[process.parent]
        elif process.alive and word in command_line(process.pid):
            owner[process.pid] = process.pid
    nodes = [[pid for pid, node in owner.items() if node == one] for one in sorted(set(owner.values()))]
    return [{"pss": sum(map(pss, pids)), "alone": memory_alone(pids)} for pids in nodes]


@contextmanager
def _terminated_cleanly() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that what was started is ended."""

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
