"""A Prefect API of our own for one command, when nobody runs a Prefect server: started early, gone with the command.

Prefect's own ephemeral server starts when the first flow is called, and everything waits for it. Here a child process
begins to start at once, on a socket that already listens, while this process imports torch and prepares data; the first
request of the flow engine waits in the socket's queue for whatever is left. Flow runs, states and artifacts are kept in
``PUMASI_HOME/prefect/prefect.db``, where ``prefect server start`` with the same PREFECT_HOME shows them later.
``make benchmark-startup`` measures both ways.
"""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flows.errors import PrefectServerFailed

API_URL = "PREFECT_API_URL"
STOP_SECONDS = 8.0
LAST_BREATH_SECONDS = 2.0


@contextmanager
def local_prefect(home: Path) -> Iterator[None]:
    """Give Prefect an API for as long as the context is open. Import Prefect inside it, not before.

    A ``PREFECT_API_URL`` that the user has set is left alone and used.

    Args:
        home: Folder of Prefect's database.

    Raises:
        PrefectServerFailed: The child process ended by itself, and somebody needed it.
    """
    if API_URL in os.environ:
        yield
        return
    home.mkdir(parents=True, exist_ok=True)
    before = dict(os.environ)
    os.environ.update(_quiet(home))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        child = _start(listening)
        complaints = _Complaints(child.stderr)
        os.environ[API_URL] = f"http://127.0.0.1:{listening.getsockname()[1]}/api"
    try:
        yield
    except Exception as error:
        if not (_is_about_the_api(error) and _ended(child)):
            raise
        raise PrefectServerFailed(
            f"Prefect's server for this command ended by itself (code {child.returncode}): {complaints.last()} "
            f"Its database is in {home}: look for space on the disk and for the right to write there, "
            f"or set {API_URL} to a Prefect server of your own."
        ) from error
    finally:
        _drain_events()
        _stop(child)
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def without_heartbeat() -> Iterator[None]:
    """Run flows without Prefect's heartbeat thread, which each flow's end would wait for, up to a second.

    Nobody listens to heartbeats here; a setting in the environment cannot switch them off.
    """
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings  # noqa: PLC0415

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        yield


def _quiet(home: Path) -> Mapping[str, str]:
    """Return settings under which Prefect works in `home` alone and leaves the terminal to us."""
    return {
        "PREFECT_HOME": str(home),
        # These three do not follow PREFECT_HOME by themselves.
        "PREFECT_RESULTS_LOCAL_STORAGE_PATH": str(home / "storage"),
        "PREFECT_SERVER_MEMO_STORE_PATH": str(home / "memo_store.toml"),
        "PREFECT_LOGGING_SETTINGS_PATH": str(home / "logging.yml"),
        "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
        "PREFECT_API_BLOCKS_REGISTER_ON_START": "false",
        "PREFECT_PLUGINS_ENABLED": "false",
        "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
        "PREFECT_INTERNAL_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
    }


def _start(listening: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = listening.fileno()
    only_the_api = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}
    return subprocess.Popen(  # noqa: S603  (our own interpreter and module)
        [sys.executable, "-m", "flows.prefect_server", str(descriptor)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        pass_fds=(descriptor,),
        start_new_session=True,  # Ctrl-C is for us; the server must outlive it to record that the run was stopped
        env={**os.environ, **only_the_api, "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL"},
    )


class _Complaints:
    """The last line that the server wrote to standard error, read as it comes so that it never waits for us."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._lines: deque[str] = deque(maxlen=1)
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def last(self) -> str:
        """Return why the server ended, as far as it said so."""
        self._reader.join(1)
        return f"{self._lines[-1]}." if self._lines else "it wrote no reason."

    def _read(self, stream: IO[bytes] | None) -> None:
        if stream is not None:
            with stream:
                for line in stream:
                    self._lines.append(line.decode(errors="replace").rstrip().rstrip("."))


def _is_about_the_api(error: Exception) -> bool:
    """Whether an error says that the server could not be reached; Prefect lets httpx's own errors through."""
    httpx = sys.modules.get("httpx")
    return httpx is not None and isinstance(error, httpx.TransportError)


def _ended(child: subprocess.Popen[bytes]) -> bool:
    """Whether the server is gone; its connections break a moment before it has ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(LAST_BREATH_SECONDS)
    return child.returncode is not None


def _drain_events() -> None:
    """Let the artifacts' events reach the server first: stopping it with events on the way costs seconds at exit."""
    if "prefect" not in sys.modules:
        return
    from prefect.events.worker import EventsWorker  # noqa: PLC0415

    with contextlib.suppress(Exception):  # a lost event loses a line of a timeline; the run itself is recorded
        EventsWorker.drain_all(timeout=5)


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.stdin is not None:
        child.stdin.close()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
