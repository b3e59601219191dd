"""The association's executor: a warm process that starts the ServerApp of each run in a fork of its own.

Stock Flower starts an interpreter per run, and torch takes seconds to import. Here everything is imported once; each
run gets a fork, which does what ``flwr-serverapp`` does with three differences: the bundle must be this installation's
own (whoever can reach the SuperLink's loopback port could start any other), the grid is `QuickGrid`, and the working
folder is the one that holds the runs.

Started by `pumasi federation` as ``python -m federated.runtime.executor`` (see `federated.runtime.executor_command`).
"""

import argparse
import gc
import hashlib
import importlib
import os
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import httpx
from flwr.cli.install import install_from_fab
from flwr.proto.runtime_pb2 import AcquireTaskRequest, AcquireTaskResponse
from flwr.supercore.constant import TaskType
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor, SuperExecAuthHttpInterceptor
from flwr.supercore.runtime import RuntimeHttpClient
from flwr.superlink.cli.flwr_serverapp import flwr_serverapp

from federated.disk import whole_file
from federated.errors import RunFailed
from federated.runtime.bundle import bundle_sha256
from federated.runtime.quick_grid import QuickGrid

POLL_SECONDS = (0.05, 0.5)
"""Shortest and longest pause between two looks for a run; it grows while nothing comes."""
POLL_SHARE = 0.05
_ACQUIRE = "/flwr.proto.Runtime/AcquireTask"
_RUN_SERVERAPP = "flwr.superlink.runtime.run_serverapp"


@dataclass(frozen=True)
class Access:
    """How the executor reaches the SuperLink.

    Attributes:
        address: ``127.0.0.1:PORT``.
        ca: Certificate that signed the SuperLink's.
        secret: File with the secret that only the executor and the SuperLink know.
    """

    address: str
    ca: Path
    secret: Path

    def client(self) -> RuntimeHttpClient:
        """Return a client that signs its requests for work."""
        return RuntimeHttpClient.from_server_address(
            server_address=self.address,
            insecure=False,
            root_certificates=self.ca.read_bytes(),
            interceptors=[
                RuntimeVersionHttpInterceptor(component_name="SuperExec"),
                SuperExecAuthHttpInterceptor(master_secret=self.secret.read_bytes(), protected_methods={_ACQUIRE}),
            ],
        )


def main() -> None:
    """Serve until terminated."""
    parser = argparse.ArgumentParser()
    for name in ("--ca", "--secret", "--runs", "--ready"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--address", required=True)
    given = parser.parse_args()
    os.chdir(given.runs)
    warm_up()
    with whole_file(given.ready) as partial:
        partial.write_text(str(os.getpid()), encoding="ascii")
    serve(Access(given.address, given.ca, given.secret))


def warm_up() -> None:
    """Import what a run needs and put our grid and our check into Flower's runner, before the first fork."""
    importlib.import_module("federated.server_app")
    importlib.import_module("models.network_family")  # torch, which a run without trees begins with
    runner = importlib.import_module(_RUN_SERVERAPP)  # the package hides the module behind a function of its name
    for name in ("HttpGrid", "install_from_fab"):
        if not hasattr(runner, name):
            raise RunFailed(f"this Flower's {_RUN_SERVERAPP} has no {name}: install the flwr that Pumasi pins")
    runner.HttpGrid = QuickGrid  # type: ignore[attr-defined]
    runner.install_from_fab = install_own  # type: ignore[attr-defined]
    bundle_sha256()  # read now: a run must be judged by the software that was imported, not by a later upgrade
    gc.collect()
    gc.freeze()


def install_own(fab_file: bytes, install_dir: Path | None = None, *, skip_prompt: bool = False) -> Path:
    """Unpack a bundle if it is this installation's own: it holds no code, and Flower reads its settings from there.

    Raises:
        RunFailed: It is another bundle.
    """
    sent = hashlib.sha256(fab_file).hexdigest()
    if sent != bundle_sha256():
        raise RunFailed(
            f"the run asks for the software {sent[:12]}, this association runs {bundle_sha256()[:12]}. "
            "After an upgrade: pumasi federation down, then up."
        )
    return install_from_fab(fab_file, install_dir, skip_prompt)


def serve(access: Access) -> NoReturn:
    """Look for runs and start a fork for each."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the forks
    client = access.client()
    last = time.monotonic()
    while True:
        task = _acquire(client)
        if task is not None:
            last = time.monotonic()
            _say(f"run {task.task.run_id} in process {_fork(access, task.token)}")
        shortest, longest = POLL_SECONDS
        time.sleep(min(max((time.monotonic() - last) * POLL_SHARE, shortest), longest))


def _acquire(client: RuntimeHttpClient) -> AcquireTaskResponse | None:
    try:
        answer = client.AcquireTask(AcquireTaskRequest(supported_task_types=[TaskType.SERVER_APP]))
    except httpx.HTTPError as error:  # the SuperLink is being restarted, or does not know our secret
        _say(f"the SuperLink does not give out work: {error}")
        time.sleep(1)
        return None
    return answer if answer.HasField("task") and answer.token else None


def _fork(access: Access, token: str) -> int:
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _run_and_exit(access, token, parent)
    return child


def _run_and_exit(access: Access, token: str, parent: int) -> NoReturn:
    code = 1
    try:
        for one in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(one, signal.SIG_DFL)
        sys.argv = ["flwr-serverapp", "--runtime-api-address", access.address, "--root-certificates", str(access.ca)]
        sys.argv += ["--token", token, "--parent-pid", str(parent)]
        flwr_serverapp()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001  (a stopped run ends in a BaseException of Flower's)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
