"""Key pairs in PEM, and their fingerprints for the telephone."""

import hashlib
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from federated.errors import FederatedError

_SPOKEN_DIGITS = 40  # 132 bits: nobody finds a second key with the same ones
_SPOKEN_GROUP = 5


class KeyUnusable(FederatedError):
    """A key file is missing, damaged, or holds a key of another kind."""


def private_pem(key: EllipticCurvePrivateKey | Ed25519PrivateKey) -> bytes:
    """Return a private key as PKCS #8 PEM, without a passphrase: a service must start without anybody at the desk."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_pem(key: EllipticCurvePublicKey | Ed25519PublicKey) -> str:
    """Return a public key as PEM (SubjectPublicKeyInfo)."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")


def fingerprint(key: EllipticCurvePublicKey | Ed25519PublicKey) -> str:
    """Return the SHA-256 of a public key's DER bytes (SubjectPublicKeyInfo), in hex."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def spoken(digest: str) -> str:
    """Return a fingerprint as eight groups of five decimal digits: letters are misheard between two languages.

    Args:
        digest: What `fingerprint` returned. Its number modulo ten to the fortieth is spoken.
    """
    digits = f"{int(digest, 16) % 10**_SPOKEN_DIGITS:0{_SPOKEN_DIGITS}d}"
    return " ".join(digits[start : start + _SPOKEN_GROUP] for start in range(0, _SPOKEN_DIGITS, _SPOKEN_GROUP))


def same_spoken(heard: str, digest: str) -> bool:
    """Say whether what was heard, with any spaces and hyphens, is the fingerprint."""
    digits = "".join(heard.replace("-", " ").split())
    return digits == spoken(digest).replace(" ", "")


def load_private_p256(path: Path) -> EllipticCurvePrivateKey:
    """Read a NIST P-256 private key.

    Raises:
        KeyUnusable: There is none, or it is something else.
    """
    key = _load_private(path)
    if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
        raise KeyUnusable(f"{path} holds no NIST P-256 private key")
    return key


def load_private_ed25519(path: Path) -> Ed25519PrivateKey:
    """Read an Ed25519 private key.

    Raises:
        KeyUnusable: There is none, or it is something else.
    """
    key = _load_private(path)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} holds no Ed25519 private key")
    return key


def parse_public_p256(pem: str) -> EllipticCurvePublicKey:
    """Parse the PEM of a NIST P-256 public key.

    Raises:
        KeyUnusable: It is something else.
    """
    key = _parse_public(pem)
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise KeyUnusable("a NIST P-256 public key is needed; this is another kind")
    return key


def parse_public_ed25519(pem: str) -> Ed25519PublicKey:
    """Parse the PEM of an Ed25519 public key.

    Raises:
        KeyUnusable: It is something else.
    """
    key = _parse_public(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnusable("an Ed25519 public key is needed; this is another kind")
    return key


def _load_private(path: Path) -> object:
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError:
        raise KeyUnusable(f"there is no key {path}") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):  # the text of these could quote the file
        raise KeyUnusable(
            f"{path} is not a private key in PEM without a passphrase; restore it from a backup"
        ) from None


def _parse_public(pem: str) -> object:
    try:
        return load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise KeyUnusable("a public key in PEM is needed; this is none") from None
