"""What may be said about a dataset version outside of its member: a keyed hash, and the key that stays at home."""

import contextlib
import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from data_contracts.errors import SaltUnusable

__all__ = ["SALT", "check_salt", "commitment", "member_salt"]

SALT = "salt.bin"
"""Name of the file that holds a member's salt."""

_SALT_BYTES = 32
_DOMAIN = b"pumasi dataset commitment v1"
_HEX64 = re.compile(r"[0-9a-f]{64}")


def commitment(digest: str, salt: bytes, contract: str) -> str:
    """Return what may be said about a version outside: a keyed hash of its digest.

    ``HMAC-SHA256(key=salt, message="pumasi dataset commitment v1" + 0x00 + contract + 0x00 + digest)`` (RFC 2104),
    with the contract's reference in UTF-8 and the digest as its 32 bytes. Without the salt nobody can test a guess at
    the rows; with it, an auditor whom the member lets in can recompute the value.

    Args:
        digest: SHA-256 of the version's bytes, 64 hex digits.
        salt: the member's 32 secret bytes, see `member_salt`.
        contract: the contract's reference, such as ``print-defect@1.0.0``.

    Returns:
        64 hex digits.

    Raises:
        ValueError: if the digest is not 64 lower-case hex digits, or the reference holds a zero byte.
        SaltUnusable: if the salt has not 32 bytes.
    """
    if not _HEX64.fullmatch(digest):
        raise ValueError(f"a digest is 64 lower-case hex digits, got {len(digest)} characters")
    if "\0" in contract:
        raise ValueError("a contract's reference holds no zero byte")
    if len(salt) != _SALT_BYTES:
        raise SaltUnusable(f"a salt has {_SALT_BYTES} bytes, got {len(salt)}")
    message = b"\0".join((_DOMAIN, contract.encode(), bytes.fromhex(digest)))
    return hmac.new(salt, message, hashlib.sha256).hexdigest()


def member_salt(folder: str | Path) -> bytes:
    """Return the member's secret 32 bytes, made at random on the first call and kept in ``salt.bin`` (mode 0600).

    Whoever loses it can no longer prove old commitments: it belongs into the member's backup.

    Raises:
        SaltUnusable: if the file has not 32 bytes, or others than its owner may read it.
    """
    path = Path(folder) / SALT
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_SALT_BYTES))
    return _read(path)


def check_salt(folder: str | Path) -> None:
    """Check the member's secret where there is one; nothing is made or changed.

    Raises:
        SaltUnusable: if `member_salt` would raise it.
    """
    path = Path(folder) / SALT
    if path.exists():
        _read(path)


def _read(path: Path) -> bytes:
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SaltUnusable(f"{path} may be read by others than its owner; run: chmod 600 {path}")
    salt = path.read_bytes()
    if len(salt) != _SALT_BYTES:
        raise SaltUnusable(f"{path} has {len(salt)} bytes instead of {_SALT_BYTES}; restore it from a backup")
    return salt
