"""What a member decided about an agreement, and where agreements and decisions lie.

====================================  ====================================================
``consent/<sha256>/agreement.json``   the agreement's text, byte for byte as received
``consent/<sha256>/signature``        the association's signature of it, base64
``consent/<sha256>/decision.json``    the `Decision`; absent as long as nobody has decided
``consent/lock``                      held while a decision is made or used
====================================  ====================================================
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from federated.agreement import Agreement, SignedAgreement
from federated.errors import BadAgreement
from federated.fields import text_digest
from federated.names import check_digest
from federated.own_files import file_lock, own_folder, write_own
from federated.plain import from_plain, to_plain

MOST_UNDECIDED = 50
"""Agreements kept that nobody has decided about; the oldest makes room for a new one."""
MOST_AUTOMATIC = 200
"""Agreements kept that were approved because a like one was; the oldest makes room likewise."""

AGREEMENT = "agreement.json"
SIGNATURE = "signature"
DECISION = "decision.json"
_LOCK = "lock"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_REMEMBERED = 512


class Term(StrEnum):
    """How far an approval goes."""

    ONCE = "once"
    """For the first run that uses it."""
    ALWAYS = "always"
    """For every run with this agreement or one like it (`Agreement.like`), until it is withdrawn."""


@dataclass(frozen=True)
class Decision:
    """What a member decided.

    Attributes:
        approved: Approved, or refused.
        when: ISO date and time in UTC.
        term: How far an approval goes; None for a refusal.
        reason: Why it was refused, in the member's words; the association reads them.
        by: Digest of the agreement that was approved for always and that this one is like, if that decided; else empty.
        runs: Runs that an approval for once was used by. The last approval binds one; earlier ones stay bound.
        spent: Whether the last approval for once is used.
        waiting: A run that asked after that; empty if none did.
    """

    approved: bool
    when: str
    term: Term | None = None
    reason: str = ""
    by: str = ""
    runs: tuple[str, ...] = ()
    spent: bool = False
    waiting: str = ""


@dataclass(frozen=True)
class Stored:
    """An agreement that lies in the member's folder.

    Attributes:
        sha256: Its digest.
        signed: Text and signature as received.
        agreement: What the text says.
        decision: What was decided, or None.
        received: When it arrived.
    """

    sha256: str
    signed: SignedAgreement
    agreement: Agreement
    decision: Decision | None
    received: datetime


@dataclass(frozen=True)
class DecisionStore:
    """The folder ``consent`` of a member.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    def lock(self) -> AbstractContextManager[None]:
        """Hold the folder while a decision is made or used: the member may decide in the middle of a run."""
        own_folder(self.folder)
        return file_lock(self.folder / _LOCK)

    def read(self, sha256: str) -> Stored | None:
        """Return an agreement, or None if there is none or it cannot be read.

        Raises:
            ValueError: `sha256` is no digest.
        """
        check_digest("an agreement's hash", sha256)
        folder = self.folder / sha256
        try:
            signed = SignedAgreement(_text(folder / AGREEMENT), _text(folder / SIGNATURE))
            agreement = _read_agreement(signed.text)
            received = datetime.fromtimestamp((folder / AGREEMENT).stat().st_mtime, UTC)
        except (FileNotFoundError, UnicodeDecodeError, BadAgreement):  # the last: another version wrote or sent it
            return None
        if text_digest(signed.text) != sha256:  # a text that can be read is the canonical one
            return None
        return Stored(sha256, signed, agreement, _read_decision(folder / DECISION), received)

    def all(self) -> tuple[Stored, ...]:
        """Return every agreement that can be read, the oldest first."""
        found = [stored for name in self.names() if (stored := self.read(name)) is not None]
        return tuple(sorted(found, key=lambda one: (one.received, one.sha256)))

    def names(self) -> Iterator[str]:
        """Yield the digest of every agreement that lies here, readable or not."""
        for folder in sorted(self.folder.glob("*")):
            if _DIGEST.fullmatch(folder.name) and folder.is_dir():
                yield folder.name

    def keep(self, sha256: str, signed: SignedAgreement) -> None:
        """Store an agreement; those that nobody decided about, or nobody has to, make room when there are too many."""
        folder = self.folder / sha256
        own_folder(folder)
        write_own(folder / SIGNATURE, signed.signature.encode())
        write_own(folder / AGREEMENT, signed.text.encode())
        self._make_room(besides=sha256)

    def decide(self, sha256: str, decision: Decision) -> None:
        """Write a decision down; it counts from then on."""
        text = json.dumps(to_plain(decision), ensure_ascii=False, indent=1, sort_keys=True)
        write_own(self.folder / sha256 / DECISION, text.encode())

    def _make_room(self, *, besides: str) -> None:
        stored = [one for one in self.all() if one.sha256 != besides]
        undecided = [one for one in stored if one.decision is None]
        automatic = [one for one in stored if one.decision is not None and one.decision.by]
        surplus = [*undecided[: 1 - MOST_UNDECIDED or None], *automatic[: 1 - MOST_AUTOMATIC or None]]
        for one in surplus:
            shutil.rmtree(self.folder / one.sha256)


@lru_cache(maxsize=_REMEMBERED)
def _read_agreement(text: str) -> Agreement:
    return Agreement.read(text)


def _text(path: Path) -> str:
    return path.read_bytes().decode()


def _read_decision(path: Path) -> Decision | None:
    """Read a decision; one that cannot be read is a refusal, so that nothing runs on it."""
    unreadable = Decision(approved=False, when="", reason="the member's record of its decision cannot be read")
    try:
        plain = json.loads(_text(path))
        decision = from_plain(Decision, plain)
    except FileNotFoundError:
        return None
    except Exception:  # noqa: BLE001  (whatever somebody typed into the file)
        return unreadable
    as_written = to_plain(decision) == plain and decision.approved == (decision.term is not None)
    return decision if as_written else unreadable
