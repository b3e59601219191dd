"""X.509 certificates of a federation: one small authority signs two servers and every member's key."""

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from federated.errors import FederatedError
from federated.keys import public_pem

BACKDATED = timedelta(minutes=10)
"""Certificates begin a little before they are made: a member's clock may be slow."""

_CA_DAYS = 3650


class BadCertificate(FederatedError):
    """A certificate or a certificate request is not what it must be; the text says what is wrong with it."""


@dataclass(frozen=True)
class Issuer:
    """Who signs.

    Attributes:
        certificate: The authority's own certificate.
        key: Its private key.
    """

    certificate: x509.Certificate
    key: EllipticCurvePrivateKey

    def certify_server(self, key: EllipticCurvePublicKey, name: str, hosts: tuple[str, ...], until: datetime) -> str:
        """Return a server's certificate in PEM, valid for the given DNS names and IP addresses.

        Raises:
            BadCertificate: One of them is neither.
        """
        names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
        return self._certify(key, name, until, ExtendedKeyUsageOID.SERVER_AUTH, names)

    def certify_client(self, key: EllipticCurvePublicKey, name: str, until: datetime) -> str:
        """Return a member's certificate in PEM: it opens connections, and can be neither server nor authority."""
        return self._certify(key, name, until, ExtendedKeyUsageOID.CLIENT_AUTH, None)

    def _certify(
        self,
        key: EllipticCurvePublicKey,
        name: str,
        until: datetime,
        usage: x509.ObjectIdentifier,
        names: x509.SubjectAlternativeName | None,
    ) -> str:
        authority = x509.SubjectKeyIdentifier.from_public_key(self.key.public_key())
        builder = (
            _builder(key, _name(name), until)
            .issuer_name(self.certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority),
                critical=False,
            )
        )
        if names is not None:
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, SHA256()).public_bytes(Encoding.PEM).decode("ascii")


def certify_self(key: EllipticCurvePrivateKey, name: str) -> x509.Certificate:
    """Return an authority's certificate, ten years long: it may sign ends of a chain, and no further authority."""
    subject = _name(name)
    return (
        _builder(key.public_key(), subject, datetime.now(UTC) + timedelta(days=_CA_DAYS))
        .issuer_name(subject)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, SHA256())
    )


def request_certificate(key: EllipticCurvePrivateKey, name: str) -> str:
    """Return a certificate request in PEM, signed with the key: proof that whoever asks for the name holds it."""
    builder = x509.CertificateSigningRequestBuilder().subject_name(_name(name))
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode("ascii")


def parse_certificate(pem: str) -> x509.Certificate:
    """Parse one certificate in PEM.

    Raises:
        BadCertificate: It is none, or more than one.
    """
    try:
        (certificate,) = x509.load_pem_x509_certificates(pem.encode())
    except ValueError:
        raise BadCertificate("one certificate in PEM is needed; this is not one") from None
    return certificate


def parse_request(pem: str) -> x509.CertificateSigningRequest:
    """Parse a certificate request in PEM and check that it was signed with the key it names.

    Raises:
        BadCertificate: It is none, or its signature is another key's.
    """
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        proven = request.is_signature_valid
    except (ValueError, TypeError, InvalidSignature):
        raise BadCertificate("a certificate request in PEM is needed; this is none") from None
    if not proven:
        raise BadCertificate("the certificate request is not signed with the key it names: it proves nothing")
    return request


def name_of(certified: x509.Certificate | x509.CertificateSigningRequest) -> str:
    """Return the common name; an empty text when there is not exactly one."""
    names = certified.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if len(names) == 1 else ""


def check_client_certificate(certificate: x509.Certificate, authority: x509.Certificate, member: str) -> None:
    """Check that a certificate is a member's and signed by an authority. Dates are the caller's to judge.

    Raises:
        BadCertificate: It is another's, or the authority did not sign it.
    """
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        raise BadCertificate("the member's certificate is not signed by the authority beside it") from None
    if name_of(certificate) != member:
        raise BadCertificate(f"the certificate is for {name_of(certificate)!r}, not for {member!r}")


def certified_key(certificate: x509.Certificate) -> str:
    """Return the public key of a certificate in PEM.

    Raises:
        BadCertificate: It is no elliptic-curve key.
    """
    key = certificate.public_key()
    if not isinstance(key, EllipticCurvePublicKey):
        raise BadCertificate("the certificate's key is of another kind than NIST P-256")
    return public_pem(key)


def hosts_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """Return the DNS names and IP addresses of a server's certificate."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return tuple(str(name.value) for name in names)


def _builder(key: EllipticCurvePublicKey, subject: x509.Name, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - BACKDATED)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host.encode("idna").decode("ascii"))
    except UnicodeError:
        raise BadCertificate(f"{host!r} is neither an IP address nor the name of a host") from None
