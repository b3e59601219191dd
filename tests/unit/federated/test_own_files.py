"""One process holds a file, others see which, and looking at a lock keeps nobody from taking it."""

import fcntl
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from federated.own_files import AlreadyHeld, holder_of, pid_lock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "it.lock"


@contextmanager
def held(path: Path, kind: int) -> Iterator[int]:
    """Hold a lock without saying so."""
    path.parent.mkdir(exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, kind)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def dead() -> int:
    """Return the number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as process:
        return process.pid


def test_a_holder_is_known_as_long_as_it_holds(path: Path) -> None:
    assert holder_of(path) is None
    with pid_lock(path):
        assert holder_of(path) == os.getpid()
        with pytest.raises(AlreadyHeld) as refused, pid_lock(path):
            pass
        assert refused.value.holder == os.getpid()
    assert holder_of(path) is None
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_holder_that_was_killed_holds_nothing(path: Path) -> None:
    code = (
        "import time; from pathlib import Path; from federated.own_files import pid_lock\n"
        f"with pid_lock(Path({str(path)!r})): print(1, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert holder_of(path) == process.pid
        process.kill()
        process.wait()

    assert path.read_text() == str(process.pid)
    assert holder_of(path) is None
    with pid_lock(path):
        assert holder_of(path) == os.getpid()


def test_a_lock_that_somebody_looks_at_is_taken_all_the_same(path: Path) -> None:
    with held(path, fcntl.LOCK_SH) as looking:
        threading.Timer(0.3, fcntl.flock, [looking, fcntl.LOCK_UN]).start()
        with pid_lock(path):
            assert holder_of(path) == os.getpid()


def test_many_looks_keep_nobody_out(path: Path) -> None:
    over, seen = threading.Event(), set[int | None]()

    def look() -> None:
        while not over.is_set():
            seen.add(holder_of(path))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        for _ in range(200):
            with pid_lock(path):
                pass
    finally:
        over.set()
        watching.join()

    assert seen <= {None, os.getpid()}


@pytest.mark.parametrize("left", ["", "killed"])
def test_a_holder_that_has_not_written_its_number_yet_is_waited_for(path: Path, left: str) -> None:
    """Neither nobody's number nor that of a process which was killed with the lock is taken for it."""
    with held(path, fcntl.LOCK_EX) as descriptor:
        os.write(descriptor, str(dead() if left else "").encode())

        def say() -> None:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)

        threading.Timer(0.05, say).start()
        assert holder_of(path) == os.getpid()


def test_a_holder_that_never_says_who_it_is_is_still_one(path: Path) -> None:
    with held(path, fcntl.LOCK_EX):
        began = time.monotonic()
        assert holder_of(path) == 0
        assert time.monotonic() - began < 20
