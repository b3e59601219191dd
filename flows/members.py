"""Who belongs to the federation: `members.json`, and what admission, renewal and revocation change in it.

The list is the truth; the running federation looks at it every second and lets in whoever is on it, so that a revoked
member is shut out at once and an admitted one needs no restart (`flows.federation`). Each change touches one entry and
one member's kit, and nothing of another member's.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from data_contracts.contract import Contract, load_contract, parse_contract, shipped_contracts
from federated.authority import Authority
from federated.disk import whole_file
from federated.keys import parse_public_p256, public_pem
from federated.kit import JoinRequest, Kit, moment, read_kit, read_moment, sign_kit
from federated.own_files import file_lock
from flows.errors import FlowError
from flows.federation_state import AUTHORITY, MEMBERS, VALID_DAYS, FederationState

KITS = "kits"

_LOCK = "members.lock"


class MemberListBroken(FlowError):
    """``members.json`` is damaged."""


class NotAdmitted(FlowError):
    """A member cannot be admitted: its name or its key stands against it."""


class UnknownMember(FlowError):
    """No such member is on the list, or it was revoked."""


class State(StrEnum):
    """What the association says of a member."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Standing(StrEnum):
    """How a member stands today: what the association says of it, and whether its certificate is in date."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Member:
    """One admission.

    Attributes:
        member: The member's id.
        public_key_pem: The key of its node.
        fingerprint: SHA-256 of that key, hex.
        admitted: When it was admitted with this key, UTC.
        expires: When its certificate ends, UTC.
        state: What the association says of it.
    """

    member: str
    public_key_pem: str
    fingerprint: str
    admitted: str
    expires: str
    state: State

    def lives(self, now: datetime) -> bool:
        """Say whether it is neither revoked nor expired."""
        return self.standing(now) is Standing.ACTIVE

    def standing(self, now: datetime) -> "Standing":
        """Say how it stands at a moment."""
        if self.state is State.REVOKED:
            return Standing.REVOKED
        return Standing.ACTIVE if now < read_moment(self.expires) else Standing.EXPIRED


@dataclass(frozen=True)
class Admission:
    """What came of admitting or renewing a member.

    Attributes:
        member: Its entry.
        kit: The file to send it.
        renewed: Whether it was on the list already.
        contract: Reference of the contract in the kit.
    """

    member: Member
    kit: Path
    renewed: bool
    contract: str


@dataclass(frozen=True)
class MemberList:
    """The list of a federation's members.

    Attributes:
        folder: ``PUMASI_HOME/federation``.
    """

    folder: Path

    def entries(self) -> tuple[Member, ...]:
        """Return every admission ever made, oldest first; a member admitted with a second key appears twice.

        Raises:
            MemberListBroken: The file is damaged.
        """
        path = self.folder / MEMBERS
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            entries = tuple(Member(**{**entry, "state": State(entry["state"])}) for entry in found["members"])
            for entry in entries:
                read_moment(entry.expires)
        except FileNotFoundError:
            return ()
        except (ValueError, TypeError, KeyError) as error:
            raise MemberListBroken(f"{path} is damaged ({error}); restore it from a backup") from error
        return entries

    def members(self) -> tuple[Member, ...]:
        """Return each member's newest entry, sorted by id."""
        return tuple(entry for _, entry in sorted({entry.member: entry for entry in self.entries()}.items()))

    def admitted(self, now: datetime | None = None) -> tuple[Member, ...]:
        """Return the members that are let in: neither revoked nor expired."""
        now = now or datetime.now(UTC)
        return tuple(entry for entry in self.members() if entry.lives(now))

    def admit(self, request: JoinRequest, *, days: int = VALID_DAYS, contract: Contract | None = None) -> Admission:
        """Admit a member, or renew the membership of one that asks again with the same key.

        Args:
            request: What it sent, proven by `JoinRequest.read`.
            days: How long the certificate is good for.
            contract: The contract of its data; by default that of its kit before, else the only one shipped.

        Raises:
            NotAdmitted: Another key has this name, or the key another name, or it was revoked; or no contract is said.
            AuthorityMissing: The federation was never started.
        """
        key = public_pem(request.key())
        with self._changing():
            entries = self.entries()
            before = _standing(entries, request, key)
            now = datetime.now(UTC)
            admitted = now if before is None else read_moment(before.admitted)
            entry = Member(
                request.member,
                key,
                request.fingerprint,
                moment(admitted),
                moment(now + timedelta(days=days)),
                State.ACTIVE,
            )
            return self._enter(entry, before, contract)

    def renew(self, member: str, *, days: int = VALID_DAYS, contract: Contract | None = None) -> Admission:
        """Give a member a new certificate for the key it has, counted from now.

        Raises:
            UnknownMember: It is not on the list, or revoked.
        """
        with self._changing():
            before = self._active(member)
            after = replace(before, expires=moment(datetime.now(UTC) + timedelta(days=days)))
            return self._enter(after, before, contract)

    def revoke(self, member: str) -> Member:
        """Shut a member out; its key can never be admitted again.

        Raises:
            UnknownMember: It is not on the list, or revoked already.
        """
        with self._changing():
            before = self._active(member)
            after = replace(before, state=State.REVOKED)
            self._write(after if old == before else old for old in self.entries())
            return after

    def kit(self, member: str) -> Path:
        """Return the path of a member's kit."""
        return self.folder / KITS / f"{member}.kit.json"

    def _enter(self, entry: Member, before: Member | None, contract: Contract | None) -> Admission:
        """Write the kit, then the list: an entry without a kit would be a member that cannot come in."""
        rules = contract or self._contract_of(entry.member)
        path = self.kit(entry.member)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = self._sign(entry, rules)
        with whole_file(path) as partial:
            partial.write_text(text, encoding="utf-8")
        entries = self.entries()
        after = (*entries, entry) if before is None else (entry if old == before else old for old in entries)
        self._write(after)
        return Admission(entry, path, before is not None, rules.reference)

    def _sign(self, entry: Member, contract: Contract) -> str:
        authority, state = Authority.load(self.folder / AUTHORITY), FederationState.read(self.folder)
        key = parse_public_p256(entry.public_key_pem)
        kit = Kit(
            federation=state.federation,
            name=state.federation,
            address=state.address,
            ca=authority.ca_pem,
            member=entry.member,
            certificate=authority.certify_member(entry.member, key, read_moment(entry.expires)),
            signing_key=authority.signing_pub,
            contract=contract.source,
            contract_sha256=contract.sha256,
            issued=moment(datetime.now(UTC)),
            expires=entry.expires,
        )
        kit.check()
        return sign_kit(kit, authority.signing_key())

    def _contract_of(self, member: str) -> Contract:
        """Return the contract of a member's kit before; for a new member the shipped one, if one trade is shipped."""
        path = self.kit(member)
        if path.exists():
            return parse_contract(read_kit(path.read_text(encoding="utf-8")).contract)
        trades = {reference.partition("@")[0] for reference in shipped_contracts()}
        if len(trades) != 1:
            raise NotAdmitted(
                f"say which contract {member}'s data follow, with --contract; shipped are: {', '.join(sorted(trades))}"
            )
        return load_contract(trades.pop())

    def _active(self, member: str) -> Member:
        found = {entry.member: entry for entry in self.members()}
        if member not in found or found[member].state is not State.ACTIVE:
            known = ", ".join(name for name, entry in found.items() if entry.state is State.ACTIVE) or "nobody yet"
            word = "was revoked" if member in found else "is not on the list"
            raise UnknownMember(f"{member} {word}; members are: {known}. See: pumasi members list")
        return found[member]

    def _write(self, entries: Iterable[Member]) -> None:
        text = json.dumps({"members": [asdict(entry) for entry in entries]}, ensure_ascii=False, indent=1)
        with whole_file(self.folder / MEMBERS) as partial:
            partial.write_text(text, encoding="utf-8")

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let one process at a time change the list."""
        Authority.load(self.folder / AUTHORITY)
        with file_lock(self.folder / _LOCK):
            yield


def _standing(entries: tuple[Member, ...], request: JoinRequest, key: str) -> Member | None:
    """Return the entry that a request renews, or None for a new member.

    Raises:
        NotAdmitted: Name or key is taken, or the key was revoked.
    """
    held = {entry.member: entry for entry in entries}.get(request.member)
    owner = next((entry for entry in entries if entry.public_key_pem == key), None)
    if owner is not None and owner.state is State.REVOKED:
        raise NotAdmitted(
            f"this key was revoked as {owner.member}'s and stays out. The factory makes a new one with: "
            f"pumasi-member init --member {request.member} --replace-key, and sends the new request."
        )
    if owner is not None and owner.member != request.member:
        raise NotAdmitted(f"this key belongs to {owner.member} already; each member makes its own with its own folder")
    if held is not None and held.state is State.ACTIVE and owner is None:
        raise NotAdmitted(
            f"{request.member} is a member with another key. If the factory lost its key, call it to be sure, then: "
            f"pumasi members revoke {request.member}, and admit this request again. If this is another factory, it "
            "chooses another id."
        )
    return owner
