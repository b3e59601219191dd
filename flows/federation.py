"""The association's side of a federation between companies: SuperLink, executor and door, under one supervisor.

The supervisor starts them, lets the admitted members in, starts again what ends, and ends all of them with itself. It
holds a lock, so there is one per home. A member's admission or revocation needs no restart: the list is looked at
every second, and what the SuperLink lets in is made equal to it.
"""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from federated.authority import CA, PROXY, SUPERLINK, Authority
from federated.errors import FederationNotRunning, FederationRefused
from federated.runtime.control import Control
from federated.runtime.executor_command import executor_options
from federated.runtime.proxy import Door, find_nginx, proxy_command
from federated.runtime.superlink import SuperLinkFiles, flower_environment, superlink_options
from flows.errors import FlowError
from flows.federation_admission import admitted, let_in, say
from flows.federation_parts import FederationFailed, Part, answers, free_port, python_command, shorten_log, wait_until
from flows.federation_setup import prepare, reach
from flows.federation_state import FLWR_HOME, LOG, LOGS, MEMBERS, NGINX, FederationState, one_supervisor
from flows.settings import Settings

START_SECONDS = 120.0
LOOK_SECONDS = 1.0
VISITS = "visits.log"
LIST_SECONDS = 60.0
"""How often the members are compared even when nobody touched the list: memberships expire by themselves."""


def serve(settings: Settings, address: str | None, listen: str | None) -> None:
    """Run the federation of a home until this process is asked to end.

    Args:
        settings: Where the association keeps its state, and which nginx it uses.
        address: ``HOST:PORT`` that members connect to; None keeps the one it has.
        listen: ``ADDRESS:PORT`` to listen on; None is every address of this machine, on the same port.

    Raises:
        FederationRuns: The home's federation is up already.
        FederationUnknown: There is no federation yet, and no address for one.
        FederationFailed: A part does not start.
        NginxMissing: There is no nginx.
        BadAddress: An address is not HOST:PORT.
        IsSandbox: The federation is a sandbox's, and the address is not of this machine alone.
    """
    with one_supervisor(settings.federation, os.getpid()):
        program = find_nginx(settings.nginx)
        state = prepare(settings, address, listen)
        settings.runs.mkdir(parents=True, exist_ok=True)
        Supervisor(settings, state, Authority.load(settings.authority), program).run()


@dataclass
class Supervisor:
    """Keeps the three parts running.

    Attributes:
        settings: Where the association keeps its state.
        state: What is known about the federation.
        authority: Its secrets.
        nginx: nginx's program.
    """

    settings: Settings
    state: FederationState
    authority: Authority
    nginx: Path
    _stopping: bool = False
    _parts: list[Part] = field(default_factory=list)
    _seen: tuple[int, float] = (0, 0.0)
    _complaints: set[str] = field(default_factory=set)

    def run(self) -> None:
        """Start everything, watch it until asked to stop, and end everything."""
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, self._stop)
        self.state = replace(
            self.state,
            supervisor=os.getpid(),
            superlink_port=free_port(),
            started=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        try:
            self._start()
            while not self._stopping:
                self._watch()
                time.sleep(LOOK_SECONDS)
        finally:
            for part in reversed(self._parts):
                part.end()
            self.state.at_rest().save()
            say("federation is down")

    @property
    def _folder(self) -> Path:
        return self.settings.federation

    @property
    def _logs(self) -> Path:
        return self._folder / LOGS

    @property
    def _executor_ready(self) -> Path:
        return self._folder / FLWR_HOME / "executor.ready"

    @property
    def _control(self) -> Control:
        return Control(self.state.superlink, self.authority.certificate(CA))

    def _stop(self, _: int, __: FrameType | None) -> None:
        self._stopping = True

    def _start(self) -> None:
        superlink, executor, door = self._superlink(), self._executor(), self._door()
        host, port = reach(self.state.listen)
        for part in (superlink, executor):  # both import for seconds: side by side
            self._begin(part)
        wait_until(superlink, self._superlink_answers, START_SECONDS, lambda: self._stopping)
        self._let_in()
        wait_until(executor, lambda: _says(self._executor_ready, executor.pid), START_SECONDS, lambda: self._stopping)
        if answers(host, port):
            raise FederationFailed(f"something else listens on {self.state.listen} already; choose another --listen")
        self._begin(door)
        wait_until(door, lambda: answers(host, port), START_SECONDS, lambda: self._stopping)
        if not self._stopping:
            self._note(ready=True)
            say(f"federation is up: members connect to {self.state.address}")

    def _begin(self, part: Part) -> None:
        self._parts.append(part)
        part.start()

    def _watch(self) -> None:
        revived = [part.name for part in self._parts if part.revive()]
        if revived:
            say(f"started again: {', '.join(revived)}")
            self._seen = (0, 0.0)  # a new SuperLink knows nobody
        if {part.name: part.pid for part in self._parts} != self.state.processes:
            self._note(ready=self.state.ready)
        for log in (*(part.log for part in self._parts), self._logs / VISITS, self._logs / LOG):
            shorten_log(log)
        changed = (_changed(self._folder / MEMBERS), self._seen[1])
        if changed != self._seen or time.monotonic() - self._seen[1] > LIST_SECONDS:
            self._let_in()

    def _let_in(self) -> None:
        """Make what the SuperLink lets in equal to the list of members; what hinders it now is tried again soon."""
        changed = _changed(self._folder / MEMBERS)
        try:
            let_in(self._control, admitted(self._folder), self._complain)
        except FederationNotRunning:
            return
        except (FederationRefused, FlowError) as error:  # one broken line ends nobody's federation
            self._complain(f"who is let in stays as it was: {error}")
        else:
            self._seen = (changed, time.monotonic())

    def _complain(self, text: str) -> None:
        if text not in self._complaints:
            self._complaints.add(text)
            say(text)

    def _note(self, *, ready: bool) -> None:
        processes = {part.name: part.pid for part in self._parts}
        self.state = replace(self.state, ready=ready, processes=processes)
        self.state.save()

    def _superlink_answers(self) -> bool:
        try:
            self._control.nodes()
        except FederationNotRunning:
            return False
        return True

    def _part(self, name: str, command: list[str], folder: Path) -> Part:
        environment = flower_environment(os.environ, self._folder / FLWR_HOME)
        return Part(name, command, environment, folder, self._logs / f"{name}.log")

    def _superlink(self) -> Part:
        secrets = self.authority
        files = SuperLinkFiles(
            secrets.certificate(CA), secrets.certificate(SUPERLINK), secrets.private_key(SUPERLINK), secrets.secret
        )
        options = superlink_options(files, self.state.superlink_port)
        return self._part("superlink", python_command("federated.runtime.superlink", *options), self._folder)

    def _executor(self) -> Part:
        runs = self.settings.runs
        options = executor_options(
            self.state.superlink, self.authority.certificate(CA), self.authority.secret, runs, self._executor_ready
        )
        return self._part("executor", python_command("federated.runtime.executor", *options), runs)

    def _door(self) -> Part:
        door = Door(
            listen=self.state.listen,
            superlink_port=self.state.superlink_port,
            ca=self.authority.certificate(CA),
            certificate=self.authority.certificate(PROXY),
            key=self.authority.private_key(PROXY),
            folder=self._folder / NGINX,
            log=self._logs / VISITS,
        )
        return self._part("nginx", proxy_command(self.nginx, door), self._folder)


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _says(path: Path, pid: int) -> bool:
    """Say whether a process has left its number in a file."""
    with suppress(FileNotFoundError):
        return path.read_text(encoding="ascii") == str(pid)
    return False
