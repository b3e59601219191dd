"""A federation of several machines as a runtime: the flow submits a run to the SuperLink and watches the run's folder.

Events and outcome travel through the folder, which ServerApp and flow share; the SuperLink is asked only whether the
run has ended, and seldom.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from federated.errors import FederationNotRunning, FederationRefused, RunFailed, RunStopped
from federated.events import Event, EventReader
from federated.job import DELIVERED, OUTCOME, PROPOSED
from federated.runtime.bundle import build_bundle
from federated.runtime.control import Control, RunStatus
from federated.runtime.failure import FAILURE, read_failure

STEP_SECONDS = 0.05
ASK_SECONDS = 1.0
"""Pause between two questions to the SuperLink while the run is at work, and once its last file is there."""
ASK_SECONDS_AT_THE_END = 0.1
PATIENCE_SECONDS = 60.0
"""How long the SuperLink may be away, as while it is restarted, before the run counts as lost."""


@dataclass
class DeploymentRun:
    """A ServerApp at work in the association's executor.

    Attributes:
        folder: The run's folder.
        run_id: Flower's number of the run.
        deadline_seconds: Seconds after which the run is stopped.
    """

    folder: Path
    run_id: int
    deadline_seconds: float
    _control: Control
    _events: EventReader = field(init=False)
    _began: float = field(default_factory=time.monotonic)
    _began_ns: int = field(default_factory=time.time_ns)
    _asked: float = 0.0
    _heard: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        """Start reading events from the beginning."""
        self._events = EventReader(self.folder)

    def new_events(self, wait: float) -> tuple[list[Event], bool]:
        """Return what happened since the last call, and whether the run has ended; as soon as either is so.

        Args:
            wait: Seconds to wait at most.

        Raises:
            FederatedError: What ended the ServerApp, in its own class where it is one of `federated.errors`.
            RunFailed: The run ended without a word, or the SuperLink is gone.
            RunStopped: Its deadline has passed, or somebody stopped it.
        """
        until = time.monotonic() + wait
        while True:
            status = self._status()  # asked before the events are read: whoever has ended has written all of them
            if events := list(self._events.new()):
                return events, False
            if status is not None and status.ended:
                if status.failed:
                    raise self._failure(status)
                return [], True
            self._stop_at_deadline()
            if (left := until - time.monotonic()) <= 0:
                return [], False
            time.sleep(min(STEP_SECONDS, left))

    def stop(self) -> None:
        """Stop the run at the SuperLink: its ServerApp ends at its next word, members are asked nothing more."""
        with suppress(FederationNotRunning):  # then the run is gone with it
            self._control.stop_run(self.run_id)

    def _stop_at_deadline(self) -> None:
        if time.monotonic() - self._began < self.deadline_seconds:
            return
        self.stop()
        raise RunStopped(
            f"the run came to its deadline of {self.deadline_seconds:g} s and was stopped; see {self.folder}"
        )

    def _status(self) -> RunStatus | None:
        """Return the run's status if it is time to ask for it.

        Raises:
            RunFailed: The SuperLink does not know the run, or has been away for too long.
        """
        now = time.monotonic()
        if now - self._asked < (ASK_SECONDS_AT_THE_END if self._last_file() else ASK_SECONDS):
            return None
        self._asked = now
        try:
            status = self._control.status(self.run_id)
        except FederationRefused as error:
            raise RunFailed(f"the run is lost: {error}. Was the federation restarted? Train again.") from error
        except FederationNotRunning as error:
            if now - self._heard > PATIENCE_SECONDS:
                raise RunFailed(f"the run is lost: {error}") from error
            return None
        self._heard = now
        return status

    def _last_file(self) -> bool:
        """Say whether the ServerApp has written the last file of its errand: it ends in a moment."""
        for name in (OUTCOME, DELIVERED, PROPOSED, FAILURE):
            with suppress(FileNotFoundError):
                if (self.folder / name).stat().st_mtime_ns >= self._began_ns:
                    return True
        return False

    def _failure(self, status: RunStatus) -> Exception:
        told = read_failure(self.folder)
        if told is not None:
            return told
        if status.stopped:
            return RunStopped(f"the run was stopped; see {self.folder}")
        return RunFailed(f"the ServerApp ended without an outcome: {status.details or 'no reason'}; see {self.folder}")


@dataclass(frozen=True)
class DeploymentRuntime:
    """Runs the ServerApp in the association's executor and the ClientApps at the members.

    Attributes:
        address: Where the SuperLink listens, ``127.0.0.1:PORT``.
        ca: Certificate of the federation's authority.
        deadline_seconds: Seconds after which a run is stopped.
    """

    address: str
    ca: Path
    deadline_seconds: float

    def start(self, folder: Path) -> DeploymentRun:
        """Start the ServerApp on the job that lies in a run folder.

        Args:
            folder: The run's folder, beside the executor's other runs (see `federated.job`).

        Raises:
            FederationNotRunning: The SuperLink does not answer.
            FederationRefused: It does not take the run.
        """
        (folder / FAILURE).unlink(missing_ok=True)  # of the errand before, like a training before a delivery
        run_id = self._control.start_run(build_bundle(), folder.name)
        return DeploymentRun(folder, run_id, self.deadline_seconds, self._control)

    def online(self) -> tuple[str, ...]:
        """Return the ids of the members whose node is online now, sorted.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
        """
        return tuple(self.sessions())

    def sessions(self) -> Mapping[str, str]:
        """Return member id -> when its node signed on, of the members that are online now, sorted by id.

        A node that was killed counts as online for up to a minute: only another time tells that it has come back.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
        """
        return {node.member: node.signed_on for node in self._control.nodes() if node.online}

    def admitted(self) -> Mapping[str, str]:
        """Return Flower's node id, as text -> the member that was admitted with that node's key.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
        """
        return {str(node.node_id): node.member for node in self._control.nodes()}

    @property
    def _control(self) -> Control:
        return Control(self.address, self.ca)
