"""An association and its members for tests: real keys, real certificates, real kits; no server."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from data_contracts.contract import Contract, load_contract
from federated.authority import Authority
from federated.kit import JoinRequest, Kit
from federated.member.join import Joined, join, prepare
from flows.federation_state import AUTHORITY, FederationState
from flows.members import MemberList
from tests.cooperative import contract_file


@dataclass(frozen=True)
class Association:
    """One home of an association.

    Attributes:
        folder: ``PUMASI_HOME``.
        contract: The contract in its kits.
    """

    folder: Path
    contract: Contract

    @classmethod
    def create(cls, folder: Path, *, address: str = "127.0.0.1:8443") -> "Association":
        """Make one with an authority, as the first `federation up` does."""
        federation = folder / "federation"
        federation.mkdir(parents=True)
        Authority.create(federation / AUTHORITY, hosts=("127.0.0.1", "door.example"))
        FederationState.new(federation, address, address).save()
        return cls(folder, load_contract(contract_file(folder)))

    @property
    def authority(self) -> Authority:
        """Its secrets."""
        return Authority.load(self.folder / "federation" / AUTHORITY)

    @property
    def members(self) -> MemberList:
        """Its list."""
        return MemberList(self.folder / "federation")

    def home(self, member: str) -> Path:
        """Return a member's folder."""
        return self.folder / "members" / member

    def ask(self, member: str, *, replace_key: bool = False) -> JoinRequest:
        """Let a member make its key and ask."""
        file = self.folder / f"{member}.join-request.json"
        prepare(self.home(member), member, file, replace_key=replace_key)
        return JoinRequest.read(file.read_text(encoding="utf-8"))

    def kit(self, member: str, *, days: int = 365) -> str:
        """Admit a member, or renew it, and return its kit's text."""
        admission = self.members.admit(self.ask(member), days=days, contract=self.contract)
        return admission.kit.read_text(encoding="utf-8")

    def join(self, member: str, *, days: int = 365, now: datetime | None = None) -> Joined:
        """Take a member all the way in."""
        return join(self.home(member), self.kit(member, days=days), trusted=self.known, now=now)

    def known(self, kit: Kit) -> bool:
        """Compare fingerprints, as by telephone."""
        return kit.fingerprint == self.authority.fingerprint


def now() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)
