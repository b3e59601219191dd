"""One training at a time per home; the next one waits and says so."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows.home_lock import one_training
from flows.interrupts import deferred_interrupts

HOLD = """
import sys, time
from pathlib import Path
from flows.home_lock import one_training
with one_training(Path(sys.argv[1]), print):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path) -> subprocess.Popen[str]:
    """Another process that holds the lock of `tmp_path`."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_next_training_says_whom_it_waits_for_and_begins_when_that_one_is_killed(
    tmp_path: Path, holder: subprocess.Popen[str]
) -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        holder.kill()
        holder.wait()

    with one_training(tmp_path, say):
        pass

    assert len(said) == 1
    assert f"another training (process {holder.pid}) is at work in {tmp_path}" in said[0]


def test_ctrl_c_ends_the_waiting(tmp_path: Path, holder: subprocess.Popen[str]) -> None:
    def press_ctrl_c(_: str) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    try:
        with deferred_interrupts(), pytest.raises(KeyboardInterrupt), one_training(tmp_path, press_ctrl_c):
            pass
    finally:
        holder.kill()
        holder.wait()


def test_inside_itself_the_lock_is_no_obstacle_and_afterwards_it_is_free(tmp_path: Path) -> None:
    said: list[str] = []

    with one_training(tmp_path, said.append), one_training(tmp_path, said.append):
        pass
    with one_training(tmp_path, said.append):
        pass

    assert said == []
