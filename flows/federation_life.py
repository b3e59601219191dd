"""Starting, ending and looking at the federation of a home from another process than its supervisor."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data_contracts.telemetry import OPT_OUT
from federated.errors import FederationNotRunning
from flows.federation_parts import FederationFailed, python_command
from flows.federation_state import LOG, LOGS, FederationRuns, FederationState, FederationUnknown, supervisor_of
from flows.settings import HOME, Settings

UP_SECONDS = 180.0
DOWN_SECONDS = 45.0


@dataclass(frozen=True)
class MemberStatus:
    """A member that is let in.

    Attributes:
        member: Its id.
        online: Its node was heard of in the last minute.
    """

    member: str
    online: bool


@dataclass(frozen=True)
class FederationStatus:
    """What `pumasi federation status` tells.

    Attributes:
        running: All parts run.
        federation: The federation's id.
        address: ``HOST:PORT`` that members connect to.
        listen: ``ADDRESS:PORT`` that the door listens on.
        bundle_sha256: Hash that names the installed software; members must have the same.
        processes: Part -> process id.
        started: When it was started, ISO 8601 in UTC.
        members: Who is let in.
        logs: The folder of the logs.
    """

    running: bool
    federation: str
    address: str
    listen: str
    bundle_sha256: str
    processes: Mapping[str, int]
    started: str
    members: tuple[MemberStatus, ...]
    logs: str


def start_federation(settings: Settings, address: str | None, listen: str | None) -> FederationState:
    """Start the federation in the background and return when members can connect.

    Args:
        settings: Where the association keeps its state.
        address: ``HOST:PORT`` that members connect to; None keeps the one it has.
        listen: ``ADDRESS:PORT`` to listen on; None is every address of this machine, on the same port.

    Raises:
        FederationRuns: It is up already.
        FederationFailed: It does not come up; the text holds the reason.
    """
    running = supervisor_of(settings.federation)
    if running is not None:
        raise FederationRuns(f"the federation is up already (process {running}). See: pumasi federation status")
    log = settings.federation / LOGS / LOG
    log.parent.mkdir(parents=True, exist_ok=True)
    began = log.stat().st_size if log.exists() else 0
    process = _supervise(settings, log, address, listen)
    try:
        return _wait_until_up(settings, process, log, began)
    except BaseException:
        process.terminate()
        process.wait()
        raise


def stop_federation(settings: Settings) -> bool:
    """End the federation; return whether there was one to end.

    Raises:
        FederationFailed: It does not end.
    """
    supervisor = supervisor_of(settings.federation)
    if not supervisor:
        return False
    os.kill(supervisor, signal.SIGTERM)
    until = time.monotonic() + DOWN_SECONDS
    while supervisor_of(settings.federation) is not None:
        if time.monotonic() > until:
            raise FederationFailed(f"process {supervisor} does not end; see {settings.federation / LOGS / LOG}")
        time.sleep(0.1)
    with suppress(ChildProcessError):  # where it was started by this very process, bury it
        os.waitpid(supervisor, 0)
    return True


def federation_status(settings: Settings) -> FederationStatus:
    """Look at the federation.

    Raises:
        FederationUnknown: No federation was ever made here.
    """
    from federated.runtime.bundle import bundle_sha256  # noqa: PLC0415
    from federated.runtime.control import Control  # noqa: PLC0415  (imports Flower)

    state = FederationState.read(settings.federation)
    running = state.up and all(state.processes.values())
    members: tuple[MemberStatus, ...] = ()
    if running:
        try:
            nodes = Control(state.superlink, state.ca).nodes()
            members = tuple(MemberStatus(node.member, node.online) for node in nodes)
        except FederationNotRunning:
            running = False
    return FederationStatus(
        running=running,
        federation=state.federation,
        address=state.address,
        listen=state.listen,
        bundle_sha256=bundle_sha256(),
        processes=state.processes,
        started=state.started,
        members=members,
        logs=str(settings.federation / LOGS),
    )


def _supervise(settings: Settings, log: Path, address: str | None, listen: str | None) -> subprocess.Popen[bytes]:
    given = {"--address": address, "--listen": listen}
    options = [word for name, value in given.items() if value for word in (name, value)]
    with log.open("ab") as told:
        return subprocess.Popen(  # noqa: S603  (our own interpreter and module, no shell)
            python_command("flows.cli", "federation", "serve", *options),
            env={**os.environ, **OPT_OUT, HOME: str(settings.home)},
            cwd=settings.home,
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )


def _wait_until_up(settings: Settings, process: subprocess.Popen[bytes], log: Path, began: int) -> FederationState:
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise FederationFailed(_since(log, began) or f"it ended without a word, with code {process.returncode}")
        if supervisor_of(settings.federation) == process.pid:
            with suppress(FederationUnknown):  # the very first time it is written a moment later
                state = FederationState.read(settings.federation)
                if state.up:
                    return state
        time.sleep(0.1)
    raise FederationFailed(f"it was not up within {UP_SECONDS:g} s; see {log}")


def _since(log: Path, began: int) -> str:
    with log.open("rb") as told:
        told.seek(began)
        lines = told.read().decode("utf-8", errors="replace").strip().splitlines()
    return "\n".join(line.removeprefix("pumasi: ") for line in lines)
