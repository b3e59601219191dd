"""What the SuperLink's state costs a round: in memory, in SQLite on disk, in SQLite in a file system of memory.

    python tests/benchmarks/superlink_state.py [--rounds 10] [--members 5] [--kilobytes 25]

Nothing is trained: the association sends every member as many bytes as a small model has, and each sends them back at
once. TLS, node keys and signatures are on, as in a federation. So a round here is what transport alone costs, and the
difference between the rows is the state's. The nodes are threads of this process; `SuperLink` is the CPU time of the
SuperLink's own process.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from cryptography.hazmat.primitives.asymmetric import ec
from flwr.app import ConfigRecord, Message, RecordDict
from flwr.common.constant import SUPERLINK_NODE_ID
from flwr.proto.runtime_pb2 import AcquireTaskRequest, PullTaskInputRequest
from flwr.supercore.constant import TaskType
from flwr.supercore.run import Run
from flwr.supercore.task_identity import TaskIdentity

from federated.authority import CA, SUPERLINK, Authority
from federated.errors import FederationNotRunning
from federated.keys import private_pem, public_pem
from federated.runtime.bundle import build_bundle
from federated.runtime.control import Control
from federated.runtime.credentials import Credentials
from federated.runtime.executor import Access
from federated.runtime.fleet import Fleet
from federated.runtime.quick_grid import QuickGrid, pause
from federated.runtime.superlink import SuperLinkFiles, flower_environment, superlink_options
from federated.wire import MESSAGE
from flows.federation_parts import free_port

START_SECONDS = 60
ROUND_SECONDS = 120.0
MEMORY_FILES = Path("/dev/shm")  # noqa: S108  (the very thing to be measured)


@dataclass(frozen=True)
class Cost:
    """What rounds cost with one kind of state.

    Attributes:
        name: The kind of state.
        seconds: Wall seconds of each round after the first.
        cpu: CPU seconds of the SuperLink's process per round.
    """

    name: str
    seconds: tuple[float, ...]
    cpu: float


def main() -> None:
    """Measure each kind of state and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option, default in (("--rounds", 10), ("--members", 5), ("--kilobytes", 25)):
        parser.add_argument(option, type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as disk, _in_memory() as memory:
        kinds: dict[str, list[str]] = {
            "memory": [],
            "SQLite on disk": ["--database", f"{disk}/state.db"],
            "SQLite in /dev/shm": ["--database", f"{memory}/state.db"],
        }
        print("| state | s/round, median [min-max] | SuperLink CPU-s/round |\n|---|---|---|")  # noqa: T201
        for name, options in kinds.items():
            cost = measure(name, options, rounds=given.rounds, members=given.members, size=given.kilobytes * 1000)
            spread = f"{statistics.median(cost.seconds):.2f} [{min(cost.seconds):.2f}-{max(cost.seconds):.2f}]"
            print(f"| {cost.name} | {spread} | {cost.cpu:.2f} |", flush=True)  # noqa: T201


def measure(name: str, options: Sequence[str], *, rounds: int, members: int, size: int) -> Cost:
    """Run rounds on a SuperLink of its own.

    Args:
        name: The kind of state.
        options: Added to the SuperLink's command line.
        rounds: How many are counted; one more runs first.
        members: How many nodes.
        size: Bytes to each node and back, per round.
    """
    with tempfile.TemporaryDirectory() as folder, _superlink(Path(folder), options) as (process, authority, address):
        ca = authority.certificate(CA)
        stopping = threading.Event()
        nodes = _nodes(Path(folder), authority, address, members, stopping.is_set)
        grid = _grid(Access(address, ca, authority.secret))
        try:
            seconds, cpu = [], []
            for number in range(rounds + 1):
                began, before = time.monotonic(), sum(process.cpu_times()[:2])
                _one_round(grid, [node_id for node_id, _ in nodes], number, size)
                seconds.append(time.monotonic() - began)
                cpu.append(sum(process.cpu_times()[:2]) - before)
        finally:
            stopping.set()
            for _, thread in nodes:
                thread.join()
            grid.close()
    return Cost(name, tuple(seconds[1:]), statistics.mean(cpu[1:]))


def _one_round(grid: QuickGrid, nodes: Sequence[int], number: int, size: int) -> None:
    content = RecordDict({MESSAGE: ConfigRecord({"round": number, "weights": os.urandom(size)})})
    messages = [Message(content, node, "train", ttl=ROUND_SECONDS) for node in nodes]
    replies = grid.send_and_receive(messages, timeout=ROUND_SECONDS)
    if len(replies) != len(nodes) or any(reply.has_error() for reply in replies):
        raise SystemExit(f"round {number}: {len(replies)} of {len(nodes)} replies")


@contextmanager
def _superlink(folder: Path, options: Sequence[str]) -> Iterator[tuple[psutil.Process, Authority, str]]:
    authority, port = Authority.create(folder / "authority", hosts=("localhost",)), free_port()
    files = SuperLinkFiles(
        authority.certificate(CA), authority.certificate(SUPERLINK), authority.private_key(SUPERLINK), authority.secret
    )
    address = f"127.0.0.1:{port}"
    with (folder / "superlink.log").open("wb") as log:
        started = subprocess.Popen(
            [sys.executable, "-P", "-m", "federated.runtime.superlink", *superlink_options(files, port), *options],
            env=flower_environment(os.environ, folder / "flwr"),
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    try:
        _wait(Control(address, authority.certificate(CA)), started)
        yield psutil.Process(started.pid), authority, address
    finally:
        started.terminate()
        with suppress(subprocess.TimeoutExpired):
            started.wait(10)
        started.kill()
        started.wait()


def _wait(control: Control, started: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while started.poll() is None and time.monotonic() < until:
        with suppress(FederationNotRunning):
            control.nodes()
            return
        time.sleep(0.1)
    raise SystemExit("the SuperLink did not start")


def _nodes(
    folder: Path, authority: Authority, address: str, members: int, stopping: Callable[[], bool]
) -> list[tuple[int, threading.Thread]]:
    """Register nodes, let them come online, and answer in threads."""
    control = Control(address, authority.certificate(CA))
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    nodes = []
    for number in range(members):
        key, file = ec.generate_private_key(ec.SECP256R1()), folder / f"node-{number}"
        file.with_suffix(".key").write_bytes(private_pem(key))
        file.with_suffix(".crt").write_text(authority.certify_member(f"m{number}", key.public_key(), until))
        control.register_node(public_pem(key.public_key()), f"m{number}")
        files = Credentials(authority.certificate(CA), file.with_suffix(".crt"), file.with_suffix(".key"))
        fleet = Fleet(address, files, stopping)
        thread = threading.Thread(target=_answer, args=(fleet, stopping))
        nodes.append((fleet.activate(), thread))
        thread.start()
    return nodes


def _answer(fleet: Fleet, stopping: Callable[[], bool]) -> None:
    last = time.monotonic()
    while not stopping():
        request = fleet.pull()
        if request is None:
            time.sleep(max(0.03, pause(time.monotonic() - last, None)))
            continue
        fleet.push(fleet.reply(request, fleet.fetch(request)))
        last = time.monotonic()
    fleet.close()


def _grid(access: Access) -> QuickGrid:
    """Start a run and take its work ourselves, in place of the executor."""
    run = Control(access.address, access.ca).start_run(build_bundle(), "none")
    task = access.client().AcquireTask(AcquireTaskRequest(supported_task_types=[TaskType.SERVER_APP]))
    grid = QuickGrid(access.address, root_certificates=access.ca.read_bytes(), token=task.token)
    answer = grid._runtime_client.PullTaskInput(PullTaskInputRequest())
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = answer.task_id, run, SUPERLINK_NODE_ID
    grid.set_run(Run.create_empty(run))
    return grid


@contextmanager
def _in_memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY_FILES if MEMORY_FILES.is_dir() else None) as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
