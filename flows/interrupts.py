"""Ctrl-C as a request that is honoured at the next safe point, not in the middle of somebody's lock.

Python raises KeyboardInterrupt wherever the main thread happens to be. In a library's critical section (the standard
library's logging has some without a ``finally``) that leaves a lock held for ever, and the run hangs in place of
ending. So the first Ctrl-C, or a polite SIGTERM, is only noted; the flow looks at the note several times a second and
between its steps. A second one interrupts at once.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_requested = threading.Event()
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Note Ctrl-C and SIGTERM while the context is open; only the main thread can receive them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _requested.clear()
    before = {number: signal.signal(number, _note) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop_if_interrupted() -> None:
    """Honour a noted request: a safe point.

    Raises:
        KeyboardInterrupt: Somebody asked to stop.
    """
    if _requested.is_set():
        raise KeyboardInterrupt


def _note(number: int, frame: FrameType | None) -> None:
    del number, frame
    if _requested.is_set():
        raise KeyboardInterrupt
    _requested.set()
