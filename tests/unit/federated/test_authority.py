"""One authority signs two servers and every member, and each certificate is good for one thing only."""

import ssl
import stat
import subprocess
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from federated.authority import CA, PROXY, SUPERLINK, Authority, AuthorityExists, AuthorityMissing
from federated.certificates import BadCertificate, parse_certificate
from federated.keys import fingerprint, same_spoken, spoken
from tests.association import now


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.create(tmp_path / "authority", hosts=("pumasi.example.org", "192.0.2.7"))


def read(path: Path) -> x509.Certificate:
    return parse_certificate(path.read_text(encoding="ascii"))


def member_certificate(authority: Authority) -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    until = (now() + timedelta(days=30)).replace(microsecond=0)
    return parse_certificate(authority.certify_member("factory-1", key.public_key(), until))


def openssl_says(authority: Authority, certificate: x509.Certificate, purpose: str, folder: Path) -> bool:
    """Ask another implementation."""
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415

    path = folder / "asked.crt"
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    ca = str(authority.certificate(CA))
    command = ["openssl", "verify", "-x509_strict", "-purpose", purpose, "-CAfile", ca, str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_everything_is_for_the_owners_eyes_only(authority: Authority) -> None:
    assert stat.S_IMODE(authority.folder.stat().st_mode) == 0o700
    files = list(authority.folder.iterdir())
    assert {file.name for file in files} == {
        *(f"{name}.{end}" for name in ("ca", "proxy", "superlink") for end in ("crt", "key")),
        *("signing.key", "signing.pub", "superexec.secret"),
    }
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_server_is_good_for_its_own_names_and_nothing_else(authority: Authority) -> None:
    verifier = PolicyBuilder().store(Store([read(authority.certificate(CA))]))
    proxy = read(authority.certificate(PROXY))

    for host in (x509.DNSName("pumasi.example.org"), x509.IPAddress(ip_address("192.0.2.7"))):
        assert verifier.build_server_verifier(host).verify(proxy, [])
    with pytest.raises(VerificationError):
        verifier.build_server_verifier(x509.DNSName("elsewhere.example.org")).verify(proxy, [])
    with pytest.raises(VerificationError):
        verifier.build_server_verifier(x509.DNSName("localhost")).verify(proxy, [])
    assert verifier.build_server_verifier(x509.DNSName("localhost")).verify(read(authority.certificate(SUPERLINK)), [])


def test_openssl_agrees_who_is_client_and_who_is_server(authority: Authority, tmp_path: Path) -> None:
    member, proxy = member_certificate(authority), read(authority.certificate(PROXY))

    said = {
        (name, purpose): openssl_says(authority, certificate, purpose, tmp_path)
        for name, certificate in (("member", member), ("proxy", proxy))
        for purpose in ("sslclient", "sslserver")
    }

    assert said == {
        ("member", "sslclient"): True,
        ("member", "sslserver"): False,
        ("proxy", "sslclient"): False,
        ("proxy", "sslserver"): True,
    }


def test_a_member_cannot_pass_as_an_authority(authority: Authority) -> None:
    constraints = member_certificate(authority).extensions.get_extension_for_class(x509.BasicConstraints)

    assert constraints.critical
    assert not constraints.value.ca
    assert read(authority.certificate(CA)).extensions.get_extension_for_class(x509.BasicConstraints).value == (
        x509.BasicConstraints(ca=True, path_length=0)
    )


def test_the_keys_on_disk_belong_to_the_certificates(authority: Authority) -> None:
    for name in (CA, PROXY, SUPERLINK):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(authority.certificate(name), authority.private_key(name))  # raises if they do not


def test_a_second_authority_is_refused_and_the_first_stays(authority: Authority) -> None:
    before = authority.ca_pem

    with pytest.raises(AuthorityExists):
        Authority.create(authority.folder, hosts=("other.example.org",))

    assert Authority.load(authority.folder).ca_pem == before


def test_an_authority_that_failed_half_way_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadCertificate, match="name of a host"):
        Authority.create(tmp_path / "authority", hosts=("a" * 64 + ".example",))

    assert list(tmp_path.iterdir()) == []


def test_without_an_authority_the_first_command_is_named(tmp_path: Path) -> None:
    with pytest.raises(AuthorityMissing, match="pumasi federation up --address"):
        Authority.load(tmp_path / "authority")


def test_a_lost_part_is_named(authority: Authority) -> None:
    authority.secret.unlink()

    with pytest.raises(AuthorityMissing, match=r"superexec\.secret"):
        Authority.load(authority.folder)


def test_new_server_certificates_leave_members_and_their_trust_alone(authority: Authority) -> None:
    member, ca, signing = member_certificate(authority), authority.ca_pem, authority.signing_pub
    old = read(authority.certificate(PROXY))

    authority.renew_servers((*authority.hosts(), "new.example.org"))

    assert authority.ca_pem == ca
    assert authority.signing_pub == signing
    assert read(authority.certificate(PROXY)).serial_number != old.serial_number
    assert authority.hosts() == ("pumasi.example.org", "192.0.2.7", "new.example.org")
    member.verify_directly_issued_by(read(authority.certificate(CA)))
    assert authority.servers_expire() > now() + timedelta(days=729)


def test_a_spoken_fingerprint_is_heard_with_any_pauses(authority: Authority) -> None:
    digest = fingerprint(authority.signing_key().public_key())

    said = spoken(digest)

    assert [len(group) for group in said.split(" ")] == [5] * 8
    assert same_spoken(said.replace(" ", "-"), digest)
    assert same_spoken(said.replace(" ", ""), digest)
    wrong = said[:-1] + str((int(said[-1]) + 1) % 10)
    assert not same_spoken(wrong, digest)
    assert not same_spoken(said[:-1], digest)
