"""What is known about the federation of one home, in ``PUMASI_HOME/federation/``, and whether it runs.

``federation.json`` holds what stays (id, public address) and what the running supervisor last wrote (ports, process
ids). Whether it runs is told by the lock alone, which the operating system takes away from a process that ends.
"""

import fcntl
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from federated.disk import whole_file
from federated.errors import FederationNotRunning
from flows.errors import FlowError

RECORD = "federation.json"
LOCK = "federation.lock"
AUTHORITY = "authority"
MEMBERS = "members.json"
FLWR_HOME = "flwr"
NGINX = "nginx"
LOGS = "logs"


class FederationUnknown(FlowError):
    """No federation was ever made in this home, or its record is damaged."""


class FederationRuns(FlowError):
    """The home's federation is up already."""


@dataclass(frozen=True)
class FederationState:
    """The federation of one home.

    Attributes:
        folder: ``PUMASI_HOME/federation``.
        federation: Its id: made by chance, for ever.
        address: ``HOST:PORT`` that members connect to.
        listen: ``ADDRESS:PORT`` that the door listens on, on this machine.
        superlink_port: TCP port of the SuperLink on 127.0.0.1; 0 while the federation is down.
        supervisor: Process id of the supervisor that wrote this; 0 while the federation is down.
        processes: Part -> process id; 0 of a part that is being started again.
        ready: Every part has answered.
        started: When the supervisor started, ISO 8601 in UTC; empty while the federation is down.
    """

    folder: Path
    federation: str
    address: str
    listen: str
    superlink_port: int = 0
    supervisor: int = 0
    processes: Mapping[str, int] = field(default_factory=dict)
    ready: bool = False
    started: str = ""

    @classmethod
    def new(cls, folder: Path, address: str, listen: str) -> "FederationState":
        """Return the state of a federation that has just been thought of."""
        return cls(folder, f"pumasi-{secrets.token_hex(6)}", address, listen)

    @classmethod
    def read(cls, folder: Path) -> "FederationState":
        """Read what is known, whether the federation is up or not.

        Args:
            folder: ``PUMASI_HOME/federation``.

        Raises:
            FederationUnknown: No federation was ever made here.
        """
        path = folder / RECORD
        try:
            return cls(folder, **json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise FederationUnknown(
                f"there is no federation in {folder} yet. Make and start it with: pumasi federation up --address "
                "HOST:PORT, with the name and port under which members reach this machine"
            ) from None
        except (ValueError, TypeError) as error:
            raise FederationUnknown(f"{path} is damaged ({error}); restore it from a backup") from error

    @classmethod
    def load(cls, folder: Path) -> "FederationState":
        """Read the state of a federation that is up.

        Args:
            folder: ``PUMASI_HOME/federation``.

        Raises:
            FederationUnknown: No federation was ever made here.
            FederationNotRunning: It is not up, or not ready yet.
        """
        state = cls.read(folder)
        if not state.up:
            raise FederationNotRunning(f"the federation in {folder} is not up. Start it with: pumasi federation up")
        return state

    def save(self) -> None:
        """Write the state, whole or not at all."""
        kept = {name: value for name, value in asdict(self).items() if name != "folder"}
        with whole_file(self.folder / RECORD) as partial:
            partial.write_text(json.dumps(kept, indent=1), encoding="utf-8")

    @property
    def up(self) -> bool:
        """Whether members can connect: the supervisor that wrote this is alive, and every part has answered."""
        return self.ready and self.supervisor == supervisor_of(self.folder)

    @property
    def superlink(self) -> str:
        """Where the SuperLink listens: ``127.0.0.1:PORT``."""
        return f"127.0.0.1:{self.superlink_port}"

    @property
    def ca(self) -> Path:
        """Certificate of the federation's authority."""
        return self.folder / AUTHORITY / "ca.crt"


def supervisor_of(folder: Path) -> int | None:
    """Return the process id of the supervisor that runs the federation, or None."""
    try:
        file = (folder / LOCK).open("r", encoding="utf-8")
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(file.read().strip() or 0)
    return None


@contextmanager
def one_supervisor(folder: Path, pid: int) -> Iterator[None]:
    """Hold the federation's lock: one supervisor per home.

    Raises:
        FederationRuns: Another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise FederationRuns(
                f"the federation in {folder} is up already (process {file.read().strip()}). "
                "See: pumasi federation status"
            ) from None
        file.truncate(0)
        file.write(str(pid))
        file.flush()
        try:
            yield
        finally:
            with suppress(OSError):
                file.truncate(0)
