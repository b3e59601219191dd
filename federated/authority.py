"""The association's authority: the few secrets a federation stands on, in one folder of its own.

===================  =================================================================================
``ca.crt/.key``      signs the certificates below and every member's (NIST P-256, 10 years)
``proxy.crt/.key``   the door that members connect to (2 years, for the public host names)
``superlink.crt/.key``  the SuperLink behind it, on loopback (2 years)
``signing.key/.pub`` signs kits and agreements (Ed25519); members know it from their first kit on
``superexec.secret`` shared by SuperLink and its executor
===================  =================================================================================

All of it is readable for the folder's owner only. `cryptography` makes it; no other library sees a private key.
"""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from federated.certificates import Issuer, certify_self, hosts_of, parse_certificate
from federated.errors import FederatedError
from federated.keys import (
    fingerprint,
    load_private_ed25519,
    load_private_p256,
    private_pem,
    public_pem,
)
from federated.own_files import own_folder, write_own

SERVER_DAYS = 730
LOOPBACK = ("127.0.0.1", "localhost")

CA, PROXY, SUPERLINK, SIGNING = "ca", "proxy", "superlink", "signing"
SECRET = "superexec.secret"  # noqa: S105  (a file's name)


class AuthorityMissing(FederatedError):
    """There is no authority yet: nobody could sign anything."""


class AuthorityExists(FederatedError):
    """There is an authority already: another one would lock every member out."""


@dataclass(frozen=True)
class Authority:
    """The folder with the federation's secrets.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @classmethod
    def create(cls, folder: Path, hosts: tuple[str, ...]) -> "Authority":
        """Make an authority: complete, or not at all.

        Args:
            folder: Where it shall be; must not exist.
            hosts: DNS names and IP addresses under which members reach the door, at least one.

        Raises:
            AuthorityExists: There is one already.
        """
        if folder.exists():
            raise AuthorityExists(f"{folder} exists: a second authority would lock every admitted member out")
        with _new_folder(folder) as partial:
            authority = cls(partial)
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = certify_self(key, f"Pumasi federation {secrets.token_hex(4)}")
            write_own(authority.private_key(CA), private_pem(key))
            write_own(authority.certificate(CA), certificate.public_bytes(Encoding.PEM))
            authority.renew_servers(hosts)
            signing = Ed25519PrivateKey.generate()
            write_own(authority.private_key(SIGNING), private_pem(signing))
            write_own(partial / f"{SIGNING}.pub", public_pem(signing.public_key()).encode())
            write_own(authority.secret, secrets.token_hex(32).encode())
        return cls(folder)

    @classmethod
    def load(cls, folder: Path) -> "Authority":
        """Open an authority.

        Raises:
            AuthorityMissing: There is none, or a part of it is gone.
        """
        authority = cls(folder)
        parts = [authority.secret, folder / f"{SIGNING}.pub", authority.private_key(SIGNING)]
        for name in (CA, PROXY, SUPERLINK):
            parts += [authority.private_key(name), authority.certificate(name)]
        if not folder.exists():
            raise AuthorityMissing(
                f"there is no authority in {folder} yet. It is made by: pumasi federation up --address HOST:PORT"
            )
        if missing := [part.name for part in parts if not part.is_file()]:
            raise AuthorityMissing(f"{folder} lacks {', '.join(missing)}; restore the folder from a backup")
        return authority

    def certificate(self, name: str) -> Path:
        """Return the path of a certificate: of ``ca``, ``proxy`` or ``superlink``."""
        return self.folder / f"{name}.crt"

    def private_key(self, name: str) -> Path:
        """Return the path of a private key: of ``ca``, ``proxy``, ``superlink`` or ``signing``."""
        return self.folder / f"{name}.key"

    @property
    def secret(self) -> Path:
        """The file with the executor's secret."""
        return self.folder / SECRET

    @property
    def ca_pem(self) -> str:
        """The authority's certificate in PEM: what every member pins."""
        return self.certificate(CA).read_text(encoding="ascii")

    @property
    def signing_pub(self) -> str:
        """The public key that kits and agreements are checked with, in PEM."""
        return (self.folder / f"{SIGNING}.pub").read_text(encoding="ascii")

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the public signing key, in hex: what is compared by telephone."""
        return fingerprint(self.signing_key().public_key())

    def signing_key(self) -> Ed25519PrivateKey:
        """Return the key that signs kits and agreements.

        Raises:
            KeyUnusable: The file is damaged.
        """
        return load_private_ed25519(self.private_key(SIGNING))

    def certify_member(self, member: str, key: ec.EllipticCurvePublicKey, until: datetime) -> str:
        """Return a member's certificate in PEM, valid until a moment (whole seconds, time zone given)."""
        return self._issuer().certify_client(key, member, until)

    def hosts(self) -> tuple[str, ...]:
        """Return the names and addresses that the door's certificate is for."""
        return hosts_of(parse_certificate(self.certificate(PROXY).read_text(encoding="ascii")))

    def servers_expire(self) -> datetime:
        """Return when the first of the two servers' certificates ends, in UTC."""
        pems = [self.certificate(name).read_text(encoding="ascii") for name in (PROXY, SUPERLINK)]
        return min(parse_certificate(pem).not_valid_after_utc for pem in pems)

    def renew_servers(self, hosts: tuple[str, ...] = ()) -> None:
        """Give both servers new keys and certificates for two years; members notice nothing, they pin the CA.

        Args:
            hosts: New names and addresses of the door; by default the ones it has.
        """
        until = datetime.now(UTC) + timedelta(days=SERVER_DAYS)
        issuer = self._issuer()
        for name, names in ((PROXY, hosts or self.hosts()), (SUPERLINK, LOOPBACK)):
            key = ec.generate_private_key(ec.SECP256R1())
            certificate = issuer.certify_server(key.public_key(), f"pumasi-{name}", names, until)
            write_own(self.private_key(name), private_pem(key))
            write_own(self.certificate(name), certificate.encode())

    def _issuer(self) -> Issuer:
        return Issuer(parse_certificate(self.ca_pem), load_private_p256(self.private_key(CA)))


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """Give a private folder to fill, which takes its name at the end."""
    partial = folder.with_name(f"{folder.name}.partial")
    with suppress(FileNotFoundError):
        shutil.rmtree(partial)
    try:
        own_folder(partial)
        yield partial
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
