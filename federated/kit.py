"""The two documents of joining: what a member asks with, and what the association answers with.

Both are small JSON files that may travel by mail: **neither holds a secret**. A join request carries a public key and
the proof that its owner holds the other half; a kit carries certificates, an address and a contract, signed by the
association. Both are parsed strictly: exactly these keys, texts only, nothing twice.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import Any, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federated.address import split_address
from federated.certificates import (
    certified_key,
    check_client_certificate,
    name_of,
    parse_certificate,
    parse_request,
    request_certificate,
)
from federated.errors import FederatedError
from federated.keys import fingerprint, parse_public_ed25519, parse_public_p256, public_pem
from federated.names import check_digest, check_name

REQUEST, KIT = "pumasi-join-request-1", "pumasi-kit-1"
"""What a document says it is: a signature for one kind can never be shown for another."""

MOST_CHARACTERS = 2_000_000  # a contract has at most one million bytes, kits without it about three thousand
SECONDS = "%Y-%m-%dT%H:%M:%SZ"

T = TypeVar("T")

_MOST_NAME = 80
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,40}")
"""Both are shown beside a fingerprint: a text that moves the cursor could show other digits than the true ones."""


class BadJoinRequest(FederatedError):
    """A join request is not one, or does not prove that its sender holds the key."""


class BadKit(FederatedError):
    """A kit is not one, was changed on its way, or contradicts itself."""


@dataclass(frozen=True)
class JoinRequest:
    """What a member sends to be admitted.

    Attributes:
        member: The id it wants to have.
        csr: Certificate request in PEM for that id, signed with the member's key (NIST P-256).
        pumasi: Version of its Pumasi.
        bundle_sha256: Hash of its installed software, 64 hexadecimal digits; empty where it could not be told.
    """

    member: str
    csr: str
    pumasi: str
    bundle_sha256: str

    @classmethod
    def make(cls, member: str, key: EllipticCurvePrivateKey, *, pumasi: str, bundle_sha256: str) -> "JoinRequest":
        """Ask for a membership."""
        return cls(member, request_certificate(key, member), pumasi, bundle_sha256)

    @classmethod
    def read(cls, text: str) -> "JoinRequest":
        """Parse a join request and check its proof.

        Raises:
            BadJoinRequest: It is not one, or its proof does not hold.
        """
        request = _build(cls, _document(text, REQUEST, BadJoinRequest), BadJoinRequest)
        try:
            check_name("a member's id", request.member)
            if not _VERSION.fullmatch(request.pumasi):
                raise BadJoinRequest("its software's version is none")
            if request.bundle_sha256:
                check_digest("the software's hash", request.bundle_sha256)
            request.key()
        except (ValueError, FederatedError) as error:
            raise BadJoinRequest(f"this join request is not acceptable: {error}") from error
        return request

    def text(self) -> str:
        """Return the document."""
        return canonical({"document": REQUEST, **asdict(self)})

    def key(self) -> EllipticCurvePublicKey:
        """Return the public key, whose other half the sender was proven to hold.

        Raises:
            BadCertificate: The certificate request is damaged or not signed with its own key.
            KeyUnusable: The key is not of NIST P-256.
            BadJoinRequest: The certificate request is for another name.
        """
        csr = parse_request(self.csr)
        if name_of(csr) != self.member:
            raise BadJoinRequest(f"its certificate request is for {name_of(csr)!r}, not for {self.member!r}")
        key = csr.public_key()
        return parse_public_p256(public_pem(key) if isinstance(key, EllipticCurvePublicKey) else "")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the member's public key, in hex."""
        return fingerprint(self.key())


@dataclass(frozen=True)
class Kit:
    """What a member needs to take part, and nothing secret.

    Attributes:
        federation: The federation's id.
        name: Its name for people.
        address: ``host:port`` of its door.
        ca: Certificate of its authority, PEM.
        member: Whom the kit is for.
        certificate: The member's certificate, PEM.
        signing_key: The association's public Ed25519 key, PEM: signs this kit, later kits and agreements.
        contract: Text of the data contract.
        contract_sha256: Its SHA-256, hex.
        issued: When the kit was made, UTC, like ``2026-11-21T12:00:00Z``.
        expires: When the membership ends, likewise; the certificate says the same.
    """

    federation: str
    name: str
    address: str
    ca: str
    member: str
    certificate: str
    signing_key: str
    contract: str
    contract_sha256: str
    issued: str
    expires: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the association's public signing key, in hex."""
        return fingerprint(parse_public_ed25519(self.signing_key))

    @property
    def host_and_port(self) -> tuple[str, int]:
        """Host (DNS name or IP address, without brackets) and port of the door.

        Raises:
            BadAddress: The address is no ``host:port``.
        """
        return split_address(self.address)

    def expiry(self) -> datetime:
        """Return when the membership ends."""
        return read_moment(self.expires)

    def certified_key(self) -> str:
        """Return the public key, in PEM, that the member's certificate is for."""
        return certified_key(parse_certificate(self.certificate))

    def check(self) -> None:
        """Check that the parts belong together. Whether the kit is in date, and ours, is the member's question.

        Raises:
            FederatedError: They do not; the text says which.
            ValueError: A name, a digest or a date is malformed.
        """
        check_name("a federation's id", self.federation)
        check_name("a member's id", self.member)
        if not 1 <= len(self.name) <= _MOST_NAME or not self.name.isprintable():
            raise BadKit(f"a federation's name is 1 to {_MOST_NAME} printable characters")
        split_address(self.address)
        if hashlib.sha256(self.contract.encode()).hexdigest() != self.contract_sha256:
            raise BadKit("the contract's text does not have the hash beside it")
        certificate = parse_certificate(self.certificate)
        check_client_certificate(certificate, parse_certificate(self.ca), self.member)
        parse_public_p256(certified_key(certificate))
        read_moment(self.issued)
        if certificate.not_valid_after_utc != self.expiry():
            raise BadKit("the certificate ends at another time than the kit says")


def sign_kit(kit: Kit, key: Ed25519PrivateKey) -> str:
    """Return a kit as the signed document that is sent to the member."""
    body = {"document": KIT, **asdict(kit)}
    signature = base64.b64encode(key.sign(canonical(body).encode())).decode("ascii")
    return json.dumps({**body, "signature": signature}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_kit(text: str) -> Kit:
    """Parse a kit, check its signature with the key it names, and that its parts belong together.

    Anybody can sign a kit with a key of his own: whoever reads one compares `Kit.fingerprint` with what he knows.

    Raises:
        BadKit: It is no kit, was changed on its way, or contradicts itself.
    """
    body = _document(text, KIT, _no_kit)
    signature = body.pop("signature", None)
    if signature is None:
        raise _no_kit("this kit is not signed")
    kit = _build(Kit, body, _no_kit)
    try:
        proof = base64.b64decode(signature, validate=True)
        parse_public_ed25519(kit.signing_key).verify(proof, canonical({"document": KIT, **body}).encode())
        kit.check()
    except (InvalidSignature, binascii.Error):
        raise _no_kit("the kit was changed after it was signed") from None
    except (FederatedError, ValueError) as error:
        raise _no_kit(f"this kit contradicts itself: {error}") from error
    return kit


def _no_kit(why: str) -> BadKit:
    return BadKit(
        f"{why}. Name the kit that the association sent you, like factory-1.kit.json, or ask it to send the kit again. "
        "조합이 보낸 키트 파일이 아니거나 손상되었습니다. 조합에 키트를 다시 요청하십시오."
    )


def canonical(value: dict[str, str]) -> str:
    """Return the one JSON text of a document that is signed: keys sorted, no spaces, characters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(when: datetime) -> str:
    """Return a moment as documents write it: UTC, whole seconds."""
    return when.astimezone(UTC).strftime(SECONDS)


def read_moment(text: str) -> datetime:
    """Return the moment that `moment` wrote.

    Raises:
        ValueError: It is written otherwise.
    """
    return datetime.strptime(text, SECONDS).replace(tzinfo=UTC)


def _document(text: str, kind: str, refusal: Callable[[str], FederatedError]) -> dict[str, str]:
    """Parse a JSON object of texts that says what it is."""
    if len(text) > MOST_CHARACTERS:
        raise refusal(f"the file has {len(text)} characters; at most {MOST_CHARACTERS} are read")
    try:
        body = json.loads(text, object_pairs_hook=_once)
        text.encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as error:
        reason = "a key is written twice" if isinstance(error, _TwiceWritten) else "it is not JSON"
        raise refusal(f"the file is no {kind} document: {reason}") from None
    if not isinstance(body, dict) or not all(isinstance(value, str) for value in body.values()):
        raise refusal(f"the file is no {kind} document: it must be one JSON object of texts")
    if body.pop("document", None) != kind:
        raise refusal(f"the file is no {kind} document: its key `document` does not say so")
    return body


class _TwiceWritten(ValueError):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _TwiceWritten
    return found


def _build(kind: Callable[..., T], body: dict[str, str], refusal: Callable[[str], FederatedError]) -> T:
    expected = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if missing := sorted(expected - body.keys()):
        raise refusal(f"the document lacks {', '.join(missing)}")
    if len(body) > len(expected):
        raise refusal(f"the document has {len(body) - len(expected)} keys that nobody knows")
    return kind(**body)
