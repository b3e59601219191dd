"""The member's node: dial out, take one request after the other to the border, stay connected, leave properly.

This process alone holds key and connection. It never imports torch, pandas or the app: those live in the worker
(`federated.member.workers`), which holds neither.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass

from federated.disk import os_sentence
from federated.errors import EgressLogBroken, FederatedError, MemberHomeError, WorkerEnded
from federated.member.border import Border
from federated.member.consent import Consent
from federated.member.egress import EgressLog
from federated.member.frames import Answered, Asked
from federated.member.home import NOT_JOINED, MemberHome
from federated.member.join import credentials_of, current_kit
from federated.member.notices import Notice, Say, connection_notice
from federated.member.workers import Workers
from federated.own_files import AlreadyHeld, pid_lock, write_own
from federated.runtime.credentials import Credentials
from federated.runtime.fleet import HEARTBEAT_SECONDS, Fleet, Request
from federated.runtime.fleet_refusals import Cause, FleetFailure

SHORTEST_POLL, LONGEST_POLL, POLL_SHARE = 0.03, 1.0, 0.05
"""A node waits 5 % of the time since its last message before it asks again: quick within a round, cheap when idle."""
_FIRST_RETRY, _LONGEST_RETRY, _LONGEST_RETRY_WHEN_REFUSED = 1.0, 15.0, 60.0


@dataclass(frozen=True)
class Door:
    """Where the association is and what lets the node in.

    Attributes:
        member: The member's id, as the association admitted it.
        address: ``host:port``.
        credentials: The files.
    """

    member: str
    address: str
    credentials: Credentials


def door_of(home: MemberHome) -> Door:
    """Read the association's kit.

    Raises:
        MemberHomeError: There is none.
        BadKit: It is damaged, or signed with another key than the trusted one.
    """
    kit = current_kit(home)
    if kit is None:
        raise MemberHomeError(f"{home.folder} {NOT_JOINED}")
    return Door(kit.member, kit.address, credentials_of(home))


@dataclass
class Node:
    """A member's node.

    Attributes:
        home: The member's folder.
        workers: Its worker, started already.
        say: Takes what the member's operator should read.
        door: Says where the association is; asked for every session, so that a renewed kit counts without a restart.
    """

    home: MemberHome
    workers: Workers
    say: Say
    door: Callable[[MemberHome], Door] = door_of

    def __post_init__(self) -> None:
        """Be ready to be stopped before it runs."""
        self._stopping = threading.Event()
        self._last_message = time.monotonic()
        self._connected = False

    def stop(self) -> None:
        """Let the node leave: a worker at work is ended, the association is told. Safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Serve until `stop` is called; connection loss, a restart or a refusal is waited out.

        Raises:
            MemberHomeError: Another node runs on this folder, or its keys or settings cannot be used.
        """
        with only_one(self.home):
            try:
                self._tell_worker()
                self._stay_connected()
            finally:
                self.workers.close()
        self.say(Notice.LEFT, {})

    def _tell_worker(self) -> None:
        """Wait for the worker and say what it can and cannot reach."""
        with suppress(WorkerEnded):
            ready = self.workers.ready(self._look_up)
            self.say(
                Notice.WORKER,
                {
                    "user": ready.user,
                    "network": "shared" if ready.network else "none",
                    "key": "readable" if ready.key_readable else "out of reach",
                },
            )

    def _stay_connected(self) -> None:
        """Connect, serve, and connect again, more and more patiently, until stopped."""
        wait, told = _FIRST_RETRY, None
        while not self._stopping.is_set():
            door, self._connected = self.door(self.home), False
            try:
                with closing(Fleet(door.address, door.credentials, self._stopping.is_set)) as fleet:
                    self._session(fleet, door)
            except FleetFailure as failure:
                if self._connected:
                    wait, told = _FIRST_RETRY, None
                if failure.cause is not told:
                    self.say(*connection_notice(failure, door.address))
                told = failure.cause
                self._stopping.wait(wait)
                patient = failure.cause is not Cause.UNREACHABLE
                wait = min(2 * wait, _LONGEST_RETRY_WHEN_REFUSED if patient else _LONGEST_RETRY)

    def _session(self, fleet: Fleet, door: Door) -> None:
        """Sign on, serve, sign off.

        Raises:
            FleetFailure: The session is over, or there was none.
        """
        node = self._sign_on(fleet, door.address)
        over = threading.Event()
        heart = threading.Thread(target=_beat, args=(fleet, over), daemon=True)
        heart.start()
        try:
            self._serve(fleet, node, door.member)
        finally:
            over.set()
        with suppress(FleetFailure):
            fleet.sign_off(node)
            self.home.session.unlink(missing_ok=True)

    def _sign_on(self, fleet: Fleet, address: str) -> int:
        """End the session that a crash may have left open, and begin one."""
        path = self.home.session
        with suppress(OSError, ValueError, FleetFailure):
            fleet.sign_off(int(path.read_text(encoding="ascii")))
        node = fleet.activate()
        write_own(path, str(node).encode())
        self._last_message, self._connected = time.monotonic(), True
        self.say(Notice.CONNECTED, {"address": address, "node": str(node)})
        return node

    def _serve(self, fleet: Fleet, node: int, member: str) -> None:
        border = Border(
            home=self.home.folder,
            member=member,
            node=node,
            bundle=self.workers.bundle,
            association=fleet,
            consent=Consent(self.home),
            egress=EgressLog(self.home.egress),
            work=self._work,
        )
        while not self._stopping.is_set():
            request = fleet.pull()
            if request is None:
                self.workers.end_if_idle()
                self._stopping.wait(poll_wait(time.monotonic() - self._last_message))
            else:
                self._handle(border, request)
                self._last_message = time.monotonic()

    def _handle(self, border: Border, request: Request) -> None:
        """Answer one request; what concerns this request alone does not end the session."""
        began = time.monotonic()
        try:
            code = border.handle(request)
        except FleetFailure as failure:
            if failure.cause is not Cause.RUN_IS_OVER:
                raise
            self.workers.end()
            self.say(Notice.RUN_OVER, {"run": str(request.run)})
        except (OSError, EgressLogBroken) as error:
            text = os_sentence(error) if isinstance(error, OSError) else str(error)
            self.say(Notice.NOT_SENT, {"question": request.question, "reason": text})
        else:
            fact = {"question": request.question, "seconds": f"{time.monotonic() - began:.2f}"}
            self.say(Notice.REFUSED if code else Notice.ANSWERED, fact | ({"code": str(code)} if code else {}))

    def _work(self, asked: Asked, until: float) -> Answered:
        return self.workers.ask(asked, until=until, waiting=self._look_up)

    def _look_up(self) -> None:
        if self._stopping.is_set():
            raise WorkerEnded("the node was stopped")


def poll_wait(since_last_message: float) -> float:
    """Return the seconds to wait before asking again."""
    return min(max(POLL_SHARE * since_last_message, SHORTEST_POLL), LONGEST_POLL)


@contextmanager
def only_one(home: MemberHome) -> Iterator[None]:
    """Hold the lock that says that a node runs on a folder; it ends with the process, however that ends.

    Raises:
        MemberHomeError: Another process holds it.
    """
    with ExitStack() as held:
        try:
            held.enter_context(pid_lock(home.node_lock))
        except AlreadyHeld as error:
            raise MemberHomeError(
                f"a node is running on {home.folder} already (process {error.holder or '?'}); one member has one node. "
                "이 폴더의 노드가 이미 실행 중입니다."
            ) from error
        yield


def _beat(fleet: Fleet, over: threading.Event) -> None:
    """Give signs of life; when one fails, the next question to the association finds out why."""
    while not over.wait(HEARTBEAT_SECONDS):
        with suppress(FederatedError):
            fleet.beat()
