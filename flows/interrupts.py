"""Ctrl-C as a request that is honoured at the next safe point, not in the middle of somebody's lock.

Python raises KeyboardInterrupt wherever the main thread happens to be. In a library's critical section (the standard
library's logging has some without a ``finally``) that leaves a lock held for ever, and the run hangs in place of
ending. So the first Ctrl-C, or a polite SIGTERM, is only noted; the flow looks at the note several times a second and
between its steps. A second one interrupts at once, except where the work must not be left half done
(`uninterrupted`).

While a flow runs, Prefect's engine replaces the handler of SIGTERM by one that raises at once; `handlers_taken_back`
puts ours in its place again. A flow that another program starts (a Prefect worker) keeps Prefect's handlers: there they
are how a flow run is cancelled.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SHELL_OFFSET = 128


@dataclass
class _Request:
    """What was asked of this process: signals belong to the process, so there is one of these."""

    number: int = 0
    deferring: bool = False
    protected: bool = False


_request = _Request()


@contextmanager
def deferred_interrupts() -> Iterator[None]:
    """Note Ctrl-C and SIGTERM while the context is open; only the main thread can receive them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _request.number, _request.deferring = 0, True
    try:
        with _handled():
            yield
    finally:
        _request.deferring = False


@contextmanager
def handlers_taken_back() -> Iterator[None]:
    """Put our handlers in place again inside `deferred_interrupts`; elsewhere nothing is touched."""
    if not _request.deferring or threading.current_thread() is not threading.main_thread():
        yield
        return
    with _handled():
        yield


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Honour no request inside, however often it is made; it stays noted for the next safe point."""
    before, _request.protected = _request.protected, True
    try:
        yield
    finally:
        _request.protected = before


def stop_if_interrupted() -> None:
    """Honour a noted request: a safe point.

    Raises:
        KeyboardInterrupt: Somebody asked to stop, and we are not inside `uninterrupted`.
    """
    if _request.deferring and _request.number and not _request.protected:
        raise KeyboardInterrupt


def note(number: int, frame: FrameType | None = None) -> None:
    """Note a signal; the handler while interrupts are deferred.

    Raises:
        KeyboardInterrupt: One was noted before, and we are not inside `uninterrupted`.
    """
    del frame
    if _request.number:
        stop_if_interrupted()
    else:
        _request.number = number


def exit_code() -> int:
    """Return what a shell expects of a command that the last noted signal ended: 130 for Ctrl-C, 143 for SIGTERM."""
    return _SHELL_OFFSET + (_request.number or signal.SIGINT)


@contextmanager
def _handled() -> Iterator[None]:
    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
