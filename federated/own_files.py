"""Files for their owner alone: folders, whole files and locks that nobody else on the machine may read.

A lock ends with the process that holds it, however that ends. The owner may type a command as root while the node runs
as a user of its own. What root writes is therefore given to whoever owns the folder, or the node could not read the
owner's decision.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from federated.disk import naming, whole_file
from federated.errors import FederatedError

FILE = 0o600
FOLDER = 0o700

_PATIENCE = 1.0
"""Seconds in which a holder takes a lock that somebody looks at, and in which it has written its number down."""
_STALE_PATIENCE = 0.1
"""Seconds in which a holder has replaced the number that a killed process left."""
_PAUSE = 0.01
_MOST_DIGITS = 20


class AlreadyHeld(FederatedError):
    """Another process holds a file that one process may hold.

    Args:
        holder: Its process id; 0 where the file does not say.
    """

    def __init__(self, path: Path, holder: int) -> None:
        super().__init__(f"{path} is held by process {holder or '?'}")
        self.holder = holder


def own_folder(path: Path) -> None:
    """Make a folder that only its owner may enter; one that is there stays as it is."""
    if path.is_dir():
        return
    if not path.parent.is_dir():
        own_folder(path.parent)
    path.mkdir(mode=FOLDER, exist_ok=True)
    _give_to_owner(path)


def write_own(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and surely on the disk when this returns.

    Raises:
        OSError: It could not be written.
    """
    with whole_file(path) as partial:
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        _give_to_owner(partial)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Let names that were given or taken in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock on a file, which is made where there is none; it ends with whoever holds it, however that ends.

    Other threads and processes wait at the same path. One holder does not take it twice.

    Raises:
        OSError: The file cannot be made or locked.
    """
    with naming(path):
        descriptor = _open(path)
    try:
        with naming(path):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)  # which gives the lock back


@contextmanager
def pid_lock(path: Path, pid: int | None = None) -> Iterator[None]:
    """Be the one process that holds a file, and say so in it.

    Args:
        path: The file; made where there is none, with its folder.
        pid: The process id that is written into it; this process's own if None.

    Raises:
        AlreadyHeld: Another process holds it.
        OSError: It cannot be made.
    """
    own_folder(path.parent)
    descriptor = _open(path)
    try:
        if not _take(descriptor):
            raise AlreadyHeld(path, holder_of(path) or 0)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid() if pid is None else pid).encode("ascii"))
        try:
            yield
        finally:
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def holder_of(path: Path) -> int | None:
    """Return the process id in a file that a process holds by `pid_lock`, or None if nobody holds it.

    Whoever has only just taken it is waited for; 0 is returned where the file does not say by then.

    Raises:
        OSError: The file is there and cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        began = time.monotonic()
        while not _is_free(descriptor):
            waited, said = time.monotonic() - began, os.pread(descriptor, _MOST_DIGITS, 0)
            pid = int(said) if said.isdigit() else 0
            if waited > _PATIENCE or (pid and (_lives(pid) or waited > _STALE_PATIENCE)):
                return pid
            time.sleep(_PAUSE)
    finally:
        os.close(descriptor)
    return None


def _open(path: Path) -> int:
    fresh = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, FILE)
    if fresh:
        _give_to_owner(path)
    return descriptor


def _take(descriptor: int) -> bool:
    """Take a lock; one that somebody holds for the blink of an eye, to look whether it is held, is waited for."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(_PAUSE)
        else:
            return True


def _is_free(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _give_to_owner(path: Path) -> None:
    if os.geteuid() != 0:
        return
    owner = path.parent.stat()
    os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
