"""What is made from members' rows and kept in memory between two requests: bounded by bytes, and equal things once.

In one process members are asked in turn, round after round. To drop what was used longest ago would drop each thing
just before its next use, and all would be made anew every time. So what is there stays, and what does not fit is made
for its one use; when another run begins, the things of the one before make room.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass
class _Entry(Generic[T]):
    thing: T
    bytes: int
    use: str


class InMemory(Generic[T]):
    """Things in memory, by key.

    Args:
        most: bytes of all things together; a single one may be larger, since it is in memory while it is used anyway.
        size: tells a thing's bytes.
    """

    def __init__(self, most: int, size: Callable[[T], int]) -> None:
        self._most, self._size = most, size
        self._entries: dict[Hashable, _Entry[T]] = {}
        self._lock = threading.Lock()

    @property
    def bytes(self) -> int:
        """Bytes of all things that are kept."""
        return sum(entry.bytes for entry in self._entries.values())

    def get(self, key: Hashable, make: Callable[[], T], *, use: str) -> T:
        """Return the thing of a key, made anew if it is not there.

        Args:
            key: equal key, equal thing.
            make: makes it.
            use: what it is used for, such as a run; things of another use make room.
        """
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                entry.use = use
                return entry.thing
            if self.bytes > self._most:
                self._entries.clear()  # a single large one: two of them would be one too many
        return self.put(key, make(), use=use)

    def put(self, key: Hashable, thing: T, *, use: str) -> T:
        """Keep a thing if there is room for it, and return it."""
        new = _Entry(thing, self._size(thing), use)
        with self._lock:
            others = [name for name, entry in self._entries.items() if entry.use != use]
            while others and self.bytes + new.bytes > self._most:
                del self._entries[others.pop(0)]
            if not self._entries or self.bytes + new.bytes <= self._most:
                self._entries[key] = new
        return thing
