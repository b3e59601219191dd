"""What a process of ours asks of the system about itself, on both sides of the federation."""

import ctypes
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1


def ending_with_parent(number: int) -> Callable[[], None]:
    """Return what lets the process that calls it be sent a signal when its parent ends, where the system can do that.

    It is looked up before a fork and may be called after it. Changing the user undoes it.

    Args:
        number: The signal.
    """
    if sys.platform != "linux":
        return _nothing
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def ask() -> None:
        if prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl PR_SET_PDEATHSIG")

    return ask


def _nothing() -> None:
    """Ask for nothing."""
