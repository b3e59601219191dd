"""A member's folder: who it is, what it allows, its dataset versions and the models it took home.

====================  ==================================================================
``member.yaml``       id, contract, recorded opt-ins: written once, edited by the member
``data/``             accepted rows and their DVC versions (`data_contracts.versions`)
``mappings/``         how the columns of its files become the contract's, as confirmed (`federated.member.mappings`)
``quarantine/``       rows that failed the contract, with the reasons, and what was changed: for the member's eyes
``backup.json``       where its dataset versions are backed up to; no secret is in it
``models/<name>/``    the promoted model and the member's own variant of it
``runs/<run id>/``    what the member made in a run and did not send, and what it was asked
``keys/``             the node's key, which never leaves, and the request made with it
``federation/``       the association's kit as received, and what was unpacked from it
``consent/``          what the association asked, and what the member said to it
``egress/``           what left the building, written before it left
``member.log``        errors with their full text, which never leaves
====================  ==================================================================
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from federated.disk import whole_file
from federated.errors import MemberHomeError
from federated.member.profile import MemberProfile, parse_profile
from federated.names import check_name

if TYPE_CHECKING:
    from data_contracts.contract import Contract

__all__ = [
    "CONTRACT",
    "DATA",
    "FEDERATION",
    "HOW_TO_BEGIN",
    "LOG",
    "MODELS",
    "NOT_JOINED",
    "PROFILE",
    "RUNS",
    "MemberHome",
    "MemberProfile",
]

PROFILE = "member.yaml"
LOG = "member.log"
DATA, RUNS, MODELS, FEDERATION = "data", "runs", "models", "federation"
CONTRACT = f"{FEDERATION}/contract.odcs.yaml"
"""Paths inside a member's folder that its worker needs; everything else is known to `MemberHome` alone."""
NOT_JOINED = (
    "has not joined a federation. First: pumasi-member init --member factory-1, then: pumasi-member join KIT. "
    "아직 연합에 가입하지 않았습니다. 위 명령을 차례로 실행하십시오."
)
HOW_TO_BEGIN = (
    "Make one with: pumasi-member init --member factory-1, or where there is no federation: "
    "pumasi-member data add FILE --contract print-defect --member factory-1. "
    "회원 폴더가 없습니다. 위 명령 가운데 하나로 만드십시오."
)


@dataclass(frozen=True)
class MemberHome:
    """One member's folder on the member's own machine.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @classmethod
    def create(cls, folder: Path, profile: MemberProfile) -> "MemberHome":
        """Make a member's folder and write its profile; an existing profile is replaced."""
        import yaml  # noqa: PLC0415

        folder.mkdir(parents=True, exist_ok=True)
        text = yaml.safe_dump(asdict(profile), allow_unicode=True, sort_keys=False)
        with whole_file(folder / PROFILE) as partial:
            partial.write_text(text, encoding="utf-8")
        return cls(folder)

    def profile(self) -> MemberProfile:
        """Read who the member is and what it allows.

        Raises:
            MemberHomeError: There is no profile, or it cannot be read.
        """
        path = self.folder / PROFILE
        try:
            profile = parse_profile(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise MemberHomeError(self._not_yet()) from None
        except ValueError as error:
            why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error
            raise MemberHomeError(
                f"{path} cannot be read: {why}. Correct it; or move it away and make it again with: pumasi-member "
                "join KIT, or where there is no federation: pumasi-member data add FILE. "
                "회원 설정 파일을 읽을 수 없습니다. 위에 적힌 곳을 고치거나, 파일을 옮기고 위 명령으로 다시 만드십시오."
            ) from error
        inside = self.folder / profile.contract  # such as the kit's: the folder may be moved with its contract
        return replace(profile, contract=str(inside.resolve())) if inside.is_file() else profile

    def _not_yet(self) -> str:
        """Say what comes next in a folder without a profile."""
        if not self.node_request.exists():
            return f"{self.folder} is not a member's folder: it has no {PROFILE}. {HOW_TO_BEGIN}"
        return (
            f"{self.folder} has a key and has not joined yet. When the association's kit comes: pumasi-member join "
            "KIT; where there is no federation: pumasi-member data add FILE --contract print-defect. "
            "키는 있지만 아직 가입하지 않았습니다. 조합의 키트를 받으면 위 명령으로 가입하십시오."
        )

    def contract(self) -> "Contract":
        """Return the contract that the member's dataset follows."""
        from data_contracts.contract import load_contract  # noqa: PLC0415  (brings pydantic)

        return load_contract(self.profile().contract)

    @property
    def data(self) -> Path:
        """The folder of the member's dataset versions."""
        return self.folder / DATA

    @property
    def data_lock(self) -> Path:
        """Held by whoever saves, backs up or restores the dataset versions."""
        return self.folder / "data.lock"

    @property
    def mappings(self) -> Path:
        """The folder of the mappings that were confirmed for its files."""
        return self.folder / "mappings"

    @property
    def backup(self) -> Path:
        """The file that says where the dataset versions are backed up to."""
        return self.folder / "backup.json"

    @property
    def quarantine(self) -> Path:
        """The folder of the rows that failed the contract."""
        return self.folder / "quarantine"

    @property
    def keys(self) -> Path:
        """The folder of the node's key."""
        return self.folder / "keys"

    @property
    def federation(self) -> Path:
        """The folder of what the association's kit brought."""
        return self.folder / FEDERATION

    @property
    def consent(self) -> Path:
        """The folder of agreements and the member's decisions about them."""
        return self.folder / "consent"

    @property
    def egress(self) -> Path:
        """The folder of the log of what left."""
        return self.folder / "egress"

    @property
    def log(self) -> Path:
        """The member's own log: errors with their full text."""
        return self.folder / LOG

    @property
    def node_key(self) -> Path:
        """The private key, which never leaves; readable for its owner only, never overwritten unasked."""
        return self.keys / "node.key"

    @property
    def node_request(self) -> Path:
        """The certificate request made with the key; the join request carries it."""
        return self.keys / "node.csr"

    @property
    def kit(self) -> Path:
        """The association's kit, byte for byte."""
        return self.federation / "kit.json"

    @property
    def signing_pub(self) -> Path:
        """The key that kits and agreements must be signed with, from the first kit on."""
        return self.federation / "signing.pub"

    @property
    def authority(self) -> Path:
        """Certificate of the federation's authority."""
        return self.federation / "ca.crt"

    @property
    def node_certificate(self) -> Path:
        """The member's own certificate."""
        return self.federation / "node.crt"

    @property
    def kit_contract(self) -> Path:
        """The contract that the kit brought."""
        return self.folder / CONTRACT

    @property
    def node_lock(self) -> Path:
        """Held by the node that runs on this folder."""
        return self.federation / "node.lock"

    @property
    def session(self) -> Path:
        """The number of the session that the node has with the association, while it has one."""
        return self.federation / "node_id"

    def model(self, name: str) -> Path:
        """Return the folder of the promoted model `name` and of the member's variants of it."""
        check_name("a model's name", name)
        return self.folder / MODELS / name

    def run(self, run_id: str) -> Path:
        """Return the folder of what this member made in a run and did not send."""
        check_name("a run's id", run_id)
        return self.folder / RUNS / run_id
