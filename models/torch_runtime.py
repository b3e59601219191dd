"""How torch behaves while we compute: on one thread, without a trace afterwards."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

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
