"""How torch and Lightning behave while we compute: on one thread and in silence, without a trace afterwards."""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import torch


class _OneThread:
    """Let torch compute on one thread until the last caller has left.

    Tables of this size gain nothing from more; on a busy machine threads that wait for each other cost many times the
    work; and sums that are cut among threads round differently on a machine with other cores, so equal seeds would not
    give equal bits.
    """

    def __init__(self) -> None:
        self._lock, self._inside, self._before = threading.Lock(), 0, 1

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Enter from any thread."""
        with self._lock:
            self._before = self._before if self._inside else torch.get_num_threads()
            self._inside += 1
            torch.set_num_threads(1)
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if not self._inside:
                    torch.set_num_threads(self._before)


one_thread = _OneThread()
_is_quiet: ContextVar[bool] = ContextVar("_is_quiet", default=False)
_CHATTY = ("lightning.pytorch.utilities.rank_zero", "lightning.fabric.utilities.rank_zero", "lightning.pytorch")


def _worth_saying(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.ERROR or not _is_quiet.get()


@contextmanager
def quiet() -> Iterator[None]:
    """Drop Lightning's notices (below ERROR) that come from this call, and from no other thread or caller.

    Changing a logger's level, or catching warnings, would not be local: a thread that trains at the same time would
    undo it too early. So records are filtered by who causes them, and the one known warning by where it comes from.
    """
    # Lightning 2.6 asks torch 2.13 a question in a form that torch deprecates: nobody who trains can do anything about
    # it.
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"lightning\.pytorch\.utilities\._pytree")
    for name in _CHATTY:
        logging.getLogger(name).addFilter(_worth_saying)  # adding the same filter again does nothing
    token = _is_quiet.set(True)
    try:
        yield
    finally:
        _is_quiet.reset(token)
