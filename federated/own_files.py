"""Files for the member's owner alone: folders, whole files and locks that nobody else on the machine may read.

The owner may type a command as root while the node runs as a user of its own. What root writes is therefore given to
whoever owns the folder, or the node could not read the owner's decision.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from federated.disk import naming, whole_file

FILE = 0o600
FOLDER = 0o700
_NOT_THROUGH_LINKS = getattr(os, "O_NOFOLLOW", 0)


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
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOT_THROUGH_LINKS, FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        _give_to_owner(partial)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Let names that were given or taken in a folder survive a power cut."""
    if os.name == "nt":
        return
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
        fresh = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | _NOT_THROUGH_LINKS, FILE)
        try:
            if fresh:
                _give_to_owner(path)
            _lock(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
    try:
        yield
    finally:
        os.close(descriptor)  # which gives the lock back


def _give_to_owner(path: Path) -> None:
    if os.name == "nt" or os.geteuid() != 0:
        return
    owner = path.parent.stat()
    os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


if os.name == "nt":  # pragma: no cover  (untested: no Windows machine at hand)
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
