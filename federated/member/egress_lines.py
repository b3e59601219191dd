"""The lines of a member's egress log, and how each is tied to the one before (see `federated.member.egress`)."""

import hashlib
import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from cattrs import structure

NOTHING = "0" * 64
"""What the first line holds in place of the digest of the line before it."""

TORN = "torn"
"""Kind of the entry that says that a line before it was cut off by a crash and set aside."""

_HEAD = "{:>12d} {:>15d} {}\n"


@dataclass(frozen=True)
class Entry:
    """One message that left, or was about to: an entry is written first, so the last may name one that did not arrive.

    Attributes:
        number: Counted from 1.
        previous: SHA-256 of the line before, or `NOTHING`.
        when: ISO date and time in UTC, to the microsecond.
        flower_run: Flower's number of the run.
        run: Pumasi's name of the run; empty where the message has none.
        round: The round, or None outside of the rounds.
        question: What was asked, like ``query.statistics``.
        kind: The reply's type, like ``RecordsDescribed``; ``error`` for a refusal; `TORN`.
        size: Bytes of the message.
        digest: SHA-256 of these bytes, in hex.
        arrays: Name, dtype and shape of every array.
        scalars: Names of the single values.
    """

    number: int
    previous: str
    when: str
    flower_run: int
    run: str
    round: int | None
    question: str
    kind: str
    size: int
    digest: str
    arrays: tuple[tuple[str, str, tuple[int, ...]], ...]
    scalars: tuple[str, ...]

    def line(self) -> bytes:
        """Return the entry as it stands in the log, without the line's end: sorted keys, no spaces, UTF-8."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def read(cls, line: bytes) -> "Entry":
        """Read a line.

        Raises:
            ValueError: It is not what `line` writes, to the byte.
        """
        try:
            entry = structure(json.loads(line), cls)
        except Exception as error:  # whatever the bytes on the disk are
            raise ValueError("not an entry") from error
        if entry.line() != line:
            raise ValueError("not an entry as it was written")
        return entry


class Fault(StrEnum):
    """What is wrong with a log."""

    CHANGED = "changed"
    """A line is not what was written."""
    OUT_OF_ORDER = "out of order"
    """A line is missing, added or moved: its number or its link to the line before does not fit."""
    CUT_OFF = "cut off"
    """The log ends before the line that the head names, or the head names another last line."""
    NO_HEAD = "no head"
    """There are lines but no head, or one that cannot be read."""


@dataclass(frozen=True)
class Verification:
    """What reading the whole log showed.

    Attributes:
        entries: Lines that are sound, counted from the first.
        broken_at: Number of the first line that is not, or None.
        fault: What is wrong with it, or None.
        last: SHA-256 of the last sound line, `NOTHING` if there is none. Kept elsewhere, it bears witness to all lines.
        torn: Whether the log ends in the beginning of a line that a crash cut off: that message was never sent.
    """

    entries: int
    broken_at: int | None
    fault: Fault | None
    last: str
    torn: bool = False

    @property
    def reason(self) -> str:
        """What is wrong in one word or two; empty when nothing is."""
        return "" if self.fault is None else str(self.fault)


@dataclass(frozen=True)
class Head:
    """Where a log ends.

    Attributes:
        count: Lines.
        size: Bytes of these lines.
        last: SHA-256 of the last of them, `NOTHING` if there is none.
    """

    count: int = 0
    size: int = 0
    last: str = NOTHING

    def line(self) -> bytes:
        """Return the head as it stands in its file: always of one length, so that writing it over is one step."""
        return _HEAD.format(self.count, self.size, self.last).encode()

    @classmethod
    def read(cls, content: bytes) -> "Head":
        """Read what `line` wrote.

        Raises:
            ValueError: It is something else.
        """
        count, size, last = content.decode().split()
        return cls(int(count), int(size), last)

    def after(self, line: bytes) -> "Head":
        """Return the head once `line`, without its end, is written."""
        return Head(self.count + 1, self.size + len(line) + 1, hashlib.sha256(line).hexdigest())


def fault_of(line: bytes, end: Head, *, whole: bool) -> Fault | None:
    """Say what is wrong with the line after `end`, if anything is."""
    if not whole:
        return Fault.CUT_OFF
    try:
        entry = Entry.read(line)
    except ValueError:
        return Fault.CHANGED
    return None if (entry.number, entry.previous) == (end.count + 1, end.last) else Fault.OUT_OF_ORDER
