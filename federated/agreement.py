"""What the members of a run are asked to approve: one document, signed by the association.

Its canonical text has one SHA-256, which every request of the run carries. A member's node compares each request with
the approved document, so nobody can ask for more than was shown.
"""

import base64
import binascii
import json
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from federated.errors import BadAgreement
from federated.fields import Value, flatten, text_digest
from federated.messages import Assignment, Minimums
from federated.names import check_digest, check_name
from federated.plain import from_plain, to_plain
from federated.reply_schemas import ReplySchema
from models.configs import NetworkConfig, TrainingConfig, TreesConfig, check_bins, check_one_family

MOST_CHARACTERS = 200_000
"""An agreement of the shipped contracts has about 10,000 characters."""
MOST_PURPOSE = 300
"""Characters of a purpose: it is read by people, above what matters more."""
MOST_DAYS = 92
"""How long an agreement can bind at most, so that no approval lasts for ever."""

_CONTEXT = b"pumasi agreement\n"  # so that no signature of something else is one of an agreement
_MAY_DIFFER = ("seed", "rounds", "average_last", "issued", "expires")


@dataclass(frozen=True)
class Agreement:
    """Everything that decides what leaves a member in a run, and what for.

    Attributes:
        pumasi: Version of Pumasi.
        bundle_sha256: Digest that names the very software (see `federated.runtime.bundle`).
        federation: Id of the federation.
        purpose_ko: Why the model is trained, in Korean.
        purpose_en: The same in English.
        model: Name of the model that members may be handed in the end.
        contract: Reference of the data contract.
        contract_sha256: Digest of the contract file.
        seed: Seed of every random choice.
        rounds: Training rounds, at most so many updates leave a member.
        average_last: How many of the last rounds the final weights are the mean of.
        bins: Pieces per numeric column, 1 to 64, from 2 with trees; with the contract and the network it bounds the
            model's size.
        network: Size of the network; None where trees are grown.
        training: One member's local training in one round; None where trees are grown.
        minimums: Rows that a number must cover before it leaves.
        minimum_members: Fewer members than this end the run.
        secure_aggregation: Whether updates are masked so that the association sees their sum only.
        noise: Whether noise is added to updates.
        replies: What each reply may hold.
        issued: When it was signed, ISO 8601 with time zone.
        expires: From when on it binds nobody, ISO 8601 with time zone.
        trees: How trees are grown; None where a network is trained.
    """

    pumasi: str
    bundle_sha256: str
    federation: str
    purpose_ko: str
    purpose_en: str
    model: str
    contract: str
    contract_sha256: str
    seed: int
    rounds: int
    average_last: int
    bins: int
    network: NetworkConfig | None
    training: TrainingConfig | None
    minimums: Minimums
    minimum_members: int
    replies: tuple[ReplySchema, ...]
    issued: str
    expires: str
    secure_aggregation: bool = False
    noise: bool = False
    trees: TreesConfig | None = None

    def __post_init__(self) -> None:
        """Refuse what contradicts itself, or promises what this version does not do."""
        check_digest("the software's hash", self.bundle_sha256)
        check_digest("the contract's hash", self.contract_sha256)
        if _moment(self.issued) >= _moment(self.expires):
            raise BadAgreement("the agreement ends before it begins")
        if _moment(self.expires) - _moment(self.issued) > timedelta(days=MOST_DAYS):
            raise BadAgreement(f"an agreement binds for at most {MOST_DAYS} days")
        for purpose in (self.purpose_ko, self.purpose_en):
            if not 1 <= len(purpose) <= MOST_PURPOSE or not purpose.isprintable() or "  " in purpose:
                raise BadAgreement(f"a purpose is one line of 1 to {MOST_PURPOSE} characters with single spaces")
        if self.minimum_members < 2:  # noqa: PLR2004  (with one member the sum is that member's update)
            raise BadAgreement("an agreement asks for at least 2 members")
        check_name("a model's name", self.model)
        check_one_family(self.network, self.trees)
        check_bins(self.bins, self.trees)
        if self.secure_aggregation or self.noise:
            raise BadAgreement("this version of Pumasi has neither secure aggregation nor noise")

    def text(self) -> str:
        """Return the canonical JSON: equal agreements have equal texts."""
        return json.dumps(to_plain(self), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)

    def sha256(self) -> str:
        """Return the hex digest of the text."""
        return text_digest(self.text())

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what `text` wrote, and nothing else.

        Raises:
            BadAgreement: The text is not the canonical text of an agreement that this version knows.
        """
        if len(text) > MOST_CHARACTERS:
            raise BadAgreement(f"the agreement has more than {MOST_CHARACTERS} characters")
        try:
            agreement = from_plain(cls, json.loads(text))
            canonical = agreement.text() == text
        except BadAgreement:
            raise
        except Exception as error:  # whatever a hostile text makes the JSON reader or a type's own rules raise
            raise BadAgreement("the agreement is not one that this version of Pumasi can read") from error
        if not canonical:
            raise BadAgreement("the agreement's text is not in canonical form: it may hold more than is shown")
        return agreement

    def expired(self, now: datetime) -> bool:
        """Tell whether the agreement binds nobody any more."""
        return now >= _moment(self.expires)

    def issued_by(self, now: datetime) -> bool:
        """Tell whether the agreement was issued at that moment or before."""
        return _moment(self.issued) <= now

    def differences(self, other: "Agreement") -> tuple[str, ...]:
        """Return the names of the fields in which two agreements differ, in the order they are declared."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) != getattr(other, f.name))

    def like(self, approved: "Agreement") -> bool:
        """Tell whether whoever approved that one for good has approved this one.

        It has, when nothing differs but the dates, the seed, and rounds that are not more.
        """
        allowed = set(self.differences(approved)) <= set(_MAY_DIFFER)
        return allowed and self.rounds <= approved.rounds

    def assignment(self, run_id: str) -> Assignment:
        """Return what every request of a run under this agreement says.

        Args:
            run_id: The run's name.
        """
        return Assignment(
            run_id=run_id,
            agreement=self.sha256(),
            purpose=self.purpose_en,
            contract=self.contract,
            contract_sha256=self.contract_sha256,
            seed=self.seed,
            rounds=self.rounds,
            average_last=self.average_last,
            network=self.network,
            training=self.training,
            minimums=self.minimums,
            trees=self.trees,
        )

    def assignment_values(self) -> dict[str, Value]:
        """Return the same by dotted path, as it travels; but for the run's id, which is not agreed."""
        values = {f"assignment.{name}": value for name, value in flatten(self.assignment("any")).values.items()}
        del values["assignment.run_id"]
        return values


@dataclass(frozen=True)
class SignedAgreement:
    """An agreement's text with the association's signature.

    Attributes:
        text: `Agreement.text`.
        signature: Ed25519 signature in base64; empty in one process, where nobody has a key.
    """

    text: str
    signature: str = ""


def sign_agreement(agreement: Agreement, key: Ed25519PrivateKey) -> SignedAgreement:
    """Sign an agreement with the association's key."""
    text = agreement.text()
    return SignedAgreement(text, base64.b64encode(key.sign(_CONTEXT + text.encode())).decode())


def verify_agreement(signed: SignedAgreement, key: Ed25519PublicKey) -> Agreement:
    """Read an agreement that the association signed.

    Raises:
        BadAgreement: The signature is not that of `key`, or the text is no agreement.
    """
    try:
        key.verify(base64.b64decode(signed.signature, validate=True), _CONTEXT + signed.text.encode())
    except (InvalidSignature, binascii.Error, ValueError) as error:
        raise BadAgreement("the agreement was not signed by the association that admitted this member") from error
    return Agreement.read(signed.text)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadAgreement("a date of the agreement is not in ISO 8601") from error
    if moment.tzinfo is None:
        raise BadAgreement("a date of the agreement has no time zone")
    return moment
