"""What is known about the federation of one home, in ``PUMASI_HOME/federation/``, and whether it runs.

``federation.json`` holds what stays (id, public address) and what the running supervisor last wrote (ports, process
ids). Whether it runs is told by the lock alone, which the operating system takes away from a process that ends.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from federated.disk import whole_file
from federated.errors import FederationNotRunning
from federated.own_files import AlreadyHeld, holder_of, pid_lock
from flows.errors import FlowError

RECORD = "federation.json"
LOCK = "federation.lock"
AUTHORITY = "authority"
MEMBERS = "members.json"
FLWR_HOME = "flwr"
NGINX = "nginx"
LOGS = "logs"
LOG = "federation.log"

VALID_DAYS = 365
MOST_DAYS = 1095
"""How long a membership lasts unless told otherwise, and at most."""


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
        listen: ``ADDRESS:PORT`` that the door listens on, on this machine; the address ``*`` is every one it has.
        superlink_port: TCP port of the SuperLink on 127.0.0.1; 0 while the federation is down.
        supervisor: Process id of the supervisor that wrote this; 0 while the federation is down.
        processes: Part -> process id; 0 of a part that is being started again.
        ready: Every part has answered.
        started: When the supervisor started, ISO 8601 in UTC; empty while the federation is down.
        sandbox: It is a sandbox's: its members were admitted by `pumasi sandbox`, which looked at nobody.
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
    sandbox: bool = False

    @classmethod
    def new(cls, folder: Path, address: str, listen: str, *, sandbox: bool = False) -> "FederationState":
        """Return the state of a federation that has just been thought of."""
        return cls(folder, f"pumasi-{secrets.token_hex(6)}", address, listen, sandbox=sandbox)

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

    def at_rest(self) -> "FederationState":
        """Return what stays of it when the federation is down."""
        return FederationState(self.folder, self.federation, self.address, self.listen, sandbox=self.sandbox)

    @property
    def superlink(self) -> str:
        """Where the SuperLink listens: ``127.0.0.1:PORT``."""
        return f"127.0.0.1:{self.superlink_port}"

    @property
    def ca(self) -> Path:
        """Certificate of the federation's authority."""
        from federated.authority import CA, Authority  # noqa: PLC0415  (cryptography: `pumasi --help` does without)

        return Authority(self.folder / AUTHORITY).certificate(CA)


def supervisor_of(folder: Path) -> int | None:
    """Return the process id of the supervisor that runs the federation, or None."""
    return holder_of(folder / LOCK)


@contextmanager
def one_supervisor(folder: Path, pid: int) -> Iterator[None]:
    """Hold the federation's lock: one supervisor per home.

    Raises:
        FederationRuns: Another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(pid_lock(folder / LOCK, pid))
        except AlreadyHeld as error:
            raise FederationRuns(
                f"the federation in {folder} is up already (process {error.holder or '?'}). "
                "See: pumasi federation status"
            ) from None
        yield
