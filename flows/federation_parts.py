"""The three processes of a federation's own side: how each is started, kept, and ended by its process id."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from federated.own_process import ending_with_parent
from flows.errors import FlowError

END_SECONDS = 10.0
LOG_BYTES = 20_000_000
_FIRST_DELAY, _LONGEST_DELAY = 1.0, 30.0
_STEADY_SECONDS = 60.0


class FederationFailed(FlowError):
    """A part of the federation does not start; the text holds the end of its log."""


@dataclass
class Part:
    """One process that is started again when it ends.

    Attributes:
        name: What it is called in messages, and in front of ``.log``.
        command: Its program and arguments.
        environment: Its environment.
        folder: Its working folder.
        log: File for what it says.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    log: Path
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0.0
    _delay: float = _FIRST_DELAY
    _again_at: float = field(default=0.0)

    @property
    def pid(self) -> int:
        """Its process id; 0 while it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C at a terminal is for the supervisor."""
        self._started = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own programs, no shell)
                self.command,
                env=dict(self.environment),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=ending_with_parent(signal.SIGTERM),  # noqa: PLW1509  (the supervisor has one thread)
            )

    def ended(self) -> bool:
        """Say whether it has ended since it was started."""
        return self._process is not None and self._process.poll() is not None

    def revive(self) -> bool:
        """Start it again if it has ended and its time has come; return whether that was done.

        The pause doubles while it keeps ending, up to half a minute.
        """
        if not self.ended():
            return False
        now = time.monotonic()
        if not self._again_at:
            steady = now - self._started > _STEADY_SECONDS
            self._delay = _FIRST_DELAY if steady else min(self._delay * 2, _LONGEST_DELAY)
            self._again_at = now + self._delay
        if now < self._again_at:
            return False
        self._again_at = 0.0
        self.start()
        return True

    def end(self) -> None:
        """End it, by force if it does not within some seconds."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(END_SECONDS)
            if self._process.poll() is None:
                self._process.kill()
        self._process.wait()

    def last_words(self, lines: int = 12) -> str:
        """Return the end of its log."""
        with suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        return ""


def wait_until(part: Part, ready: Callable[[], bool], seconds: float, stopping: Callable[[], bool]) -> None:
    """Wait until a part answers.

    Args:
        part: What is waited for.
        ready: Says whether it answers.
        seconds: How long to wait.
        stopping: Says whether to give up, without an error.

    Raises:
        FederationFailed: It ended, or did not answer in time.
    """
    until = time.monotonic() + seconds
    while not stopping() and not ready():
        if part.ended():
            raise FederationFailed(f"{part.name} does not start. The end of {part.log}:\n{part.last_words()}")
        if time.monotonic() > until:
            raise FederationFailed(
                f"{part.name} did not answer within {seconds:g} s. The end of {part.log}:\n{part.last_words()}"
            )
        time.sleep(0.1)


def shorten_log(log: Path) -> None:
    """Move a log aside when it has grown large; who writes it goes on, into the same, emptied file."""
    with suppress(OSError):
        if log.stat().st_size > LOG_BYTES:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


def python_command(module: str, *arguments: str) -> list[str]:
    """Return the command that runs one of our modules, whatever lies in the working folder."""
    return [sys.executable, "-P", "-m", module, *arguments]


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(host: str, port: int) -> bool:
    """Say whether something listens."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
