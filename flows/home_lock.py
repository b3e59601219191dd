"""One training at a time per home, by a lock that the operating system takes away from a process that ends.

The simplest rule that is safe: whoever opens, creates or writes the home's MLflow and Prefect databases holds
``PUMASI_HOME/training.lock`` from its first step to its last; the next one waits and says so. Two trainings can then
neither create the same tables nor register the same weights twice nor promote past each other, and a run that is
RUNNING while nobody else holds the lock belongs to a process that is gone. Reading (`pumasi ui`, scoring) needs no
lock. The lock is `flock`: killing the holder frees it, and the file itself means nothing.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import IO

from flows.interrupts import stop_if_interrupted

LOCK = "training.lock"
RETRY_SECONDS = 0.2

_held: ContextVar[frozenset[Path]] = ContextVar("held", default=frozenset())


@contextmanager
def one_training(home: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the home's training lock; wait for it while another process has it. Inside itself it does nothing.

    Args:
        home: The association's home, which exists.
        say: Told one sentence when there is something to wait for.

    Raises:
        KeyboardInterrupt: Somebody asked to stop while waiting.
    """
    home = home.resolve()
    if home in _held.get():
        yield
        return
    with (home / LOCK).open("a+", encoding="utf-8") as file:
        _wait(file, home, say)
        with suppress(OSError):  # the number is for the sentence alone; a full disk must not stop us here
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
        before = _held.set(_held.get() | {home})
        try:
            yield
        finally:
            _held.reset(before)


def _wait(file: IO[str], home: Path, say: Callable[[str], None]) -> None:
    told = False
    while not _taken(file):
        if not told:
            file.seek(0)
            say(
                f"another training (process {file.read().strip() or 'unknown'}) is at work in {home}; "
                "this one begins when it has ended. Ctrl-C stops waiting."
            )
            told = True
        stop_if_interrupted()
        time.sleep(RETRY_SECONDS)


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
