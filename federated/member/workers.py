"""The agent's side of its worker: start the zygote, have one worker per run, ask it, end it.

Everything about the worker is assumed to go wrong: it may die, hang, or answer nonsense. Then it is ended, the request
counts as failed, and the next request gets a fresh one.
"""

import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from data_contracts.telemetry import OPT_OUT
from federated.errors import MemberHomeError, WorkerEnded
from federated.member.confinement import Account, hand_over
from federated.member.frames import Answered, Asked, BadFrame, HungUp, read_frame, send_frame
from federated.member.orders import APP, DONE, END, FORK, Orders, Readiness
from federated.runtime.bundle import bundle_sha256

MEMORY = 4 * 1024**3
"""Bytes of address space that a worker may take beyond its libraries."""
MOST_IDLE = 600.0
"""Seconds without a request after which a worker is ended."""
START_SECONDS = 180.0
"""How long importing the libraries may take on a slow machine."""
_ORDER_SECONDS = 10.0
_SLICE = 0.2  # how often a wait looks up
_SLACK = 16 * 1024**2  # bytes by which an answer may be larger than its request

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "PYTHONPATH", "PYTHONHASHSEED", "LD_LIBRARY_PATH")
"""What a worker inherits of the node's environment: no proxy with a password in its address, no credentials."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@dataclass
class Workers:
    """The zygote and its worker.

    Attributes:
        home: The member's folder.
        account: The user that workers are, or None for the node's own.
        secrets: Files whose readability for workers is reported.
        app: The app's ``module:name``.
        memory: Bytes of address space that a worker may take beyond its libraries.
        bundle: Hash of the software that this process runs; a worker must run the same.
    """

    home: Path
    account: Account | None = None
    secrets: tuple[Path, ...] = ()
    app: str = APP
    memory: int = MEMORY
    bundle: str = field(default_factory=bundle_sha256)
    _zygote: "subprocess.Popen[bytes] | None" = None
    _control: socket.socket | None = None
    _readiness: Readiness | None = None
    _said: bytes = b""
    _channel: socket.socket | None = None
    _run: int | None = None
    _used: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        """Start the zygote; it imports its libraries while the agent goes on.

        Raises:
            OSError: The system does not allow it.
        """
        ours, theirs = socket.socketpair()
        if self.account is not None:
            hand_over(self.home, self.account)
        orders = Orders(
            app=self.app,
            home=str(self.home.resolve()),
            user=None if self.account is None else self.account.name,
            memory=self.memory,
            secrets=tuple(str(path.resolve()) for path in self.secrets),
        )
        with theirs:
            self._zygote = subprocess.Popen(  # noqa: S603  (this very installation, no shell)
                # -P: a file in the folder that the node was started from must not pass for a library.
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "federated.member.zygote",
                    json.dumps(asdict(orders)),
                    str(theirs.fileno()),
                ],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # the agent's own output may be read by programs
                env=environment(os.environ),
                start_new_session=True,  # Ctrl-C in the terminal is the agent's affair
            )
        self._control, self._readiness, self._said = ours, None, b""

    def ready(self, waiting: Callable[[], None] = lambda: None) -> Readiness:
        """Wait until the zygote has imported everything and return what it is.

        Args:
            waiting: Called a few times a second; may raise to stop waiting.

        Raises:
            MemberHomeError: It cannot work; the text says why.
        """
        if self._readiness is None:
            self._readiness = self._hear(waiting)
        if self._readiness.problem:
            raise MemberHomeError(f"the worker cannot be started. {self._readiness.problem}")
        if self._readiness.bundle != self.bundle:
            raise MemberHomeError("Pumasi was upgraded while this node was running: start the node again")
        return self._readiness

    def ask(self, asked: Asked, *, until: float, waiting: Callable[[], None] = lambda: None) -> Answered:
        """Have a request answered by the worker of its run; a worker of another run is ended first.

        Args:
            asked: The request.
            until: Unix time after which nobody waits for the answer.
            waiting: Called a few times a second; may raise to give up, which ends the worker.

        Raises:
            WorkerEnded: It died, hung until the deadline, or answered nonsense.
            MemberHomeError: No worker can be started.
        """

        def look_up() -> None:
            waiting()
            if time.time() > until:
                raise WorkerEnded("the worker had not answered when the request's time was over")

        done = False
        try:
            channel = self._worker_of(asked.run, look_up)
            send_frame(channel, asked)
            channel.settimeout(_SLICE)
            answered = read_frame(channel, Answered, most=len(asked.record) + _SLACK, waiting=look_up)
            done = True
        except (HungUp, BadFrame) as error:
            raise WorkerEnded(f"the worker of run {asked.run} is no more: {error}") from error
        finally:
            self._used = time.monotonic()
            if not done:
                self.end()
        return answered

    def end_if_idle(self) -> None:
        """End a worker that has had nothing to do for long."""
        if self._channel is not None and time.monotonic() - self._used > MOST_IDLE:
            self.end()

    def end(self) -> None:
        """End the worker, if there is one."""
        if self._channel is not None:
            self._channel.close()
            self._channel = self._run = None
            with suppress(HungUp):
                self._order(END)

    def close(self) -> None:
        """End the worker and the zygote."""
        self.end()
        self._stop_zygote()

    def _worker_of(self, run: int, waiting: Callable[[], None]) -> socket.socket:
        if self._channel is not None and self._run == run:
            self._channel.settimeout(_ORDER_SECONDS)
            return self._channel
        self.end()
        if self._zygote is None or self._zygote.poll() is not None:
            self._stop_zygote()
            self.start()
        self.ready(waiting)
        if self.account is not None:
            hand_over(self.home, self.account)  # rows that were added since belong to whoever added them
        ours, theirs = socket.socketpair()
        ours.settimeout(_ORDER_SECONDS)
        with theirs:
            self._channel, self._run = ours, run
            self._order(FORK, theirs)
        return ours

    def _order(self, order: bytes, channel: socket.socket | None = None) -> None:
        """Give the zygote an order; one that does not follow is stopped, the next worker gets a new one.

        Raises:
            HungUp: It did not follow.
        """
        if self._control is None:
            raise HungUp("there is no zygote")
        try:
            self._control.settimeout(_ORDER_SECONDS)
            socket.send_fds(self._control, [order], [] if channel is None else [channel.fileno()])
            followed = self._control.recv(1) == DONE
        except OSError:
            followed = False
        if not followed:
            self._stop_zygote()
            raise HungUp("the zygote did not follow an order")

    def _hear(self, waiting: Callable[[], None]) -> Readiness:
        """Read the zygote's only sentence, to its last byte and no further; who gives up may come back for the rest."""
        if self._control is None:
            raise MemberHomeError("the worker was not started")
        end = time.monotonic() + START_SECONDS
        while not self._said.endswith(b"\n"):
            waiting()
            if time.monotonic() > end:
                raise MemberHomeError(f"the worker had not imported its libraries after {START_SECONDS:.0f} s")
            if select.select([self._control], [], [], _SLICE)[0]:
                byte = self._control.recv(1)
                if not byte:
                    raise MemberHomeError("the worker ended while it was importing its libraries")
                self._said += byte
        return Readiness(**json.loads(self._said))

    def _stop_zygote(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            self._zygote.kill()  # its worker dies with it
            self._zygote.wait()
            self._zygote = None


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of zygote and worker: what they need, and that no library may report home."""
    kept = {name: ours[name] for name in _KEPT if name in ours}
    return {**kept, **OPT_OUT, **_ONE_THREAD, "MALLOC_ARENA_MAX": "2", "PYTHONUNBUFFERED": "1"}
