"""The member's own record of what left the building: one line per message, written before the message is sent.

====================  ==========================================================================================
``egress/log.jsonl``  one JSON object per message; each holds its number and the SHA-256 of the line before it
``egress/head``       how many lines there are, how many bytes, and the SHA-256 of the last: one line of fixed length
``egress/torn-N``     the beginning of a line N that a crash cut off, set aside
``egress/lock``       held while a line is written
====================  ==========================================================================================

What the chain shows: a line that was changed, taken out, added or moved, and lines cut off at the end. What it cannot
show: somebody who may write to the folder can write all of it anew, chain and head included. That is the owner of the
machine, and the log is the owner's; whoever wants to hold it against the owner, or against an intruder, keeps the
digest of the last line elsewhere from time to time (`Verification.last`) and compares.

The worker that handles rows cannot write here where it runs as another user.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from federated.disk import naming
from federated.errors import EgressLogBroken
from federated.member.egress_lines import NOTHING, TORN, Entry, Fault, Head, Verification, fault_of
from federated.own_files import file_lock, own_folder, write_own

__all__ = ["NOTHING", "TORN", "EgressLog", "Entry", "Fault", "Verification"]

_MOST_NAME = 200


@dataclass(frozen=True)
class EgressLog:
    """A member's log of what left. It holds no open files: any process and any thread may append at any time.

    Attributes:
        folder: Where it lies, ``egress`` in the member's folder.
    """

    folder: Path

    @property
    def _log(self) -> Path:
        return self.folder / "log.jsonl"

    @property
    def _head(self) -> Path:
        return self.folder / "head"

    def append(
        self,
        *,
        flower_run: int,
        run: str,
        question: str,
        kind: str,
        size: int,
        digest: str,
        arrays: tuple[tuple[str, str, tuple[int, ...]], ...] = (),
        scalars: tuple[str, ...] = (),
        round: int | None = None,  # noqa: A002  (the field's name in the log)
    ) -> Entry:
        """Write one message down; it is on the disk when this returns. The message may be sent only then.

        Args: as in `Entry`.

        Raises:
            EgressLogBroken: The log does not continue where its head says it ended.
            OSError: It could not be written. Nothing of the line stays.
        """
        self._prepare()
        said: dict[str, Any] = {
            "flower_run": flower_run,
            "run": run[:_MOST_NAME],  # what was asked may be anything, of any length
            "round": round,
            "question": question[:_MOST_NAME],
            "kind": kind,
            "size": size,
            "digest": digest,
            "arrays": arrays,
            "scalars": scalars,
        }
        with file_lock(self.folder / "lock"), naming(self._log), self._log.open("r+b") as log:
            head, note = self._continue(log.fileno())
            if note is not None:
                head, _ = self._write(log.fileno(), head, note)
            _, entry = self._write(log.fileno(), head, said)
        return entry

    def verify(self) -> Verification:
        """Read the whole log once and follow its chain. What is appended meanwhile is not read."""
        if not self._log.exists() and not self._head.exists():
            return Verification(0, None, None, NOTHING)
        head, size = self._snapshot()
        if head is None:
            return Verification(0, 1, Fault.NO_HEAD, NOTHING)
        end = Head()
        for line, whole in self._lines(size):
            if not whole and end.size >= head.size:
                return self._ended(end, head, torn=True)
            fault = fault_of(line, end, whole=whole)
            if fault is not None:
                return Verification(end.count, end.count + 1, fault, end.last)
            end = end.after(line)
            if end.count == head.count and end != head:
                return Verification(end.count - 1, end.count, Fault.CHANGED, end.last)
        return self._ended(end, head, torn=False)

    def entries(self, run: str | None = None) -> Iterator[Entry]:
        """Read the entries one by one, of one run or of all, up to the first line that is none.

        Args:
            run: Pumasi's name of a run.
        """
        if not self._log.exists():
            return
        for line, whole in self._lines(self._log.stat().st_size):
            try:
                entry = Entry.read(line)
            except ValueError:
                return
            if whole and run in (None, entry.run):
                yield entry

    def _prepare(self) -> None:
        """Make an empty log with its head, both surely on the disk, where there is nothing yet."""
        if self._log.exists():
            return
        own_folder(self.folder)
        with file_lock(self.folder / "lock"):
            if self._log.exists():
                return
            if self._head.exists() and self._read_head() != Head():
                raise EgressLogBroken(self._broken("its lines are gone and only its head is left"))
            write_own(self._head, Head().line())
            write_own(self._log, b"")

    def _continue(self, log: int) -> tuple[Head, dict[str, Any] | None]:
        """Find the log's end; take in lines that a crash kept from the head; set aside a piece of a line.

        Returns:
            The end, and a note about a piece that was set aside, if there is one that no entry speaks of.
        """
        head, size = self._read_head(), os.fstat(log).st_size
        if head is None or size < head.size:
            raise EgressLogBroken(self._broken("it is shorter than what was written, or its head is lost"))
        if size > head.size:
            head = self._take_in(log, head, size)
        torn = self.folder / f"torn-{head.count + 1}"
        if not torn.exists():
            return head, None
        piece = torn.read_bytes()
        note = {"flower_run": 0, "run": "", "round": None, "question": "", "kind": TORN, "arrays": (), "scalars": ()}
        return head, note | {"size": len(piece), "digest": hashlib.sha256(piece).hexdigest()}

    def _take_in(self, log: int, head: Head, size: int) -> Head:
        for line, whole in self._lines(size, head.size):
            if not whole:
                write_own(self.folder / f"torn-{head.count + 1}", line)
                os.ftruncate(log, head.size)
                return head
            fault = fault_of(line, head, whole=True)
            if fault is not None:
                raise EgressLogBroken(self._broken(f"line {head.count + 1} is {fault}"))
            head = head.after(line)
        return head

    def _write(self, log: int, head: Head, said: dict[str, Any]) -> tuple[Head, Entry]:
        when = datetime.now(UTC).isoformat(timespec="microseconds")
        entry = Entry(number=head.count + 1, previous=head.last, when=when, **said)
        line = entry.line()
        try:
            os.lseek(log, head.size, os.SEEK_SET)
            _write_all(log, line + b"\n")
            os.fsync(log)
        except OSError:
            with suppress(OSError):
                os.ftruncate(log, head.size)
            raise
        after = head.after(line)
        # Not flushed: after a power cut the head is behind at worst, and `_take_in` catches up with the lines.
        descriptor = os.open(self._head, os.O_WRONLY)
        try:
            os.write(descriptor, after.line())
        finally:
            os.close(descriptor)
        return after, entry

    def _snapshot(self) -> tuple[Head | None, int]:
        """Return the head, and the log's size at the same moment."""
        with file_lock(self.folder / "lock"):
            return self._read_head(), self._log.stat().st_size if self._log.exists() else 0

    def _read_head(self) -> Head | None:
        try:
            return Head.read(self._head.read_bytes())
        except (OSError, ValueError):
            return None

    def _lines(self, end: int, start: int = 0) -> Iterator[tuple[bytes, bool]]:
        """Read lines between two byte positions; the second value tells whether a line is whole."""
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(start)
            while log.tell() < end:
                line = log.readline(end - log.tell())
                yield line.removesuffix(b"\n"), line.endswith(b"\n")

    def _ended(self, end: Head, head: Head, *, torn: bool) -> Verification:
        short = end.count < head.count
        fault = Fault.CUT_OFF if short else None
        return Verification(end.count, end.count + 1 if short else None, fault, end.last, torn)

    def _broken(self, what: str) -> str:
        return (
            f"{self._log} does not continue where it ended: {what}. Nothing leaves this member until that is settled. "
            f"See `pumasi-member egress`; once you know the cause, give {self.folder} another name and a new log "
            "begins. 나간 것의 기록이 끊겨 있습니다. 까닭을 알 때까지 아무것도 내보내지 않습니다."
        )


def _write_all(descriptor: int, content: bytes) -> None:
    while content:
        content = content[os.write(descriptor, content) :]
