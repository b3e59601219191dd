"""The files that let a node in, and the TLS connection that is made with them."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from federated.errors import MemberHomeError
from federated.keys import KeyUnusable, load_private_p256


@dataclass(frozen=True)
class Credentials:
    """The files that let a node in.

    Attributes:
        authority: Certificate of the federation's CA, PEM: the only one that is trusted.
        certificate: The node's certificate, PEM.
        key: The node's private key (NIST P-256), PEM.
    """

    authority: Path
    certificate: Path
    key: Path

    def private_key(self) -> EllipticCurvePrivateKey:
        """Read the node's key.

        Raises:
            MemberHomeError: It cannot be read, or is of another kind.
        """
        try:
            return load_private_p256(self.key)
        except (KeyUnusable, OSError) as error:
            raise MemberHomeError(
                f"{self.key} cannot be read as the node's key. Restore it from a backup, or make a new one, which the "
                "association must admit anew: pumasi-member init --member YOUR-ID --replace-key. "
                "백업에서 되살리거나, 위 명령으로 새 키를 만들어 가입 신청서를 다시 보내십시오."
            ) from error

    def tls(self) -> ssl.SSLContext:
        """Trust the federation's own authority and nobody else's, and show the node's certificate.

        Raises:
            MemberHomeError: A file cannot be read, or certificate and key do not belong together.
        """
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=self.authority)
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise MemberHomeError(
                f"{self.certificate} does not fit {self.key}, or one of them or {self.authority} cannot be read; "
                "unpack the association's kit again with: pumasi-member join KIT"
            ) from error
        return context
