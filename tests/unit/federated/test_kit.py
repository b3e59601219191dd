"""Nothing in a kit or a join request can be changed on its way, and nothing in them is secret."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from federated.certificates import request_certificate
from federated.keys import private_pem, public_pem
from federated.kit import BadJoinRequest, BadKit, JoinRequest, Kit, read_kit, sign_kit
from tests.association import Association


@pytest.fixture(scope="module")
def association(tmp_path_factory: pytest.TempPathFactory) -> Association:
    return Association.create(tmp_path_factory.mktemp("association"))


@pytest.fixture(scope="module")
def text(association: Association) -> str:
    return association.kit("anvil")


@pytest.fixture(scope="module")
def kit(text: str) -> Kit:
    return read_kit(text)


def test_a_kit_survives_the_way_there(association: Association, kit: Kit) -> None:
    assert kit.member == "anvil"
    assert kit.contract == association.contract.source
    assert kit.fingerprint == association.authority.fingerprint
    assert kit.host_and_port == ("127.0.0.1", 8443)


@pytest.mark.parametrize("name", [*Kit.__dataclass_fields__, "signature", "document"])
def test_a_kit_changed_in_any_part_is_refused(text: str, name: str) -> None:
    body = json.loads(text)
    body[name] = body[name][:-2] + "xx"

    with pytest.raises(BadKit):
        read_kit(json.dumps(body))


@pytest.mark.parametrize("name", [*Kit.__dataclass_fields__, "signature", "document"])
def test_a_kit_without_a_part_is_refused(text: str, name: str) -> None:
    body = json.loads(text)
    del body[name]

    with pytest.raises(BadKit):
        read_kit(json.dumps(body))


def test_a_kit_signed_with_another_key_than_it_names_is_refused(kit: Kit) -> None:
    with pytest.raises(BadKit, match="changed after it was signed"):
        read_kit(sign_kit(kit, Ed25519PrivateKey.generate()))


def test_a_kit_that_adds_or_repeats_a_part_is_refused(association: Association, text: str) -> None:
    added = {**json.loads(text), "command": "rm"}

    with pytest.raises(BadKit):
        read_kit(json.dumps(added))
    with pytest.raises(BadKit, match="twice"):
        read_kit(text.replace("{", '{"member": "bellows",', 1))
    assert association.known(read_kit(text))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"contract": "another: text"}, "contract"),
        ({"expires": "2090-01-01T00:00:00Z"}, "ends at another time"),
        ({"member": "bellows"}, "not for"),
        ({"address": "no-port"}, "HOST:PORT"),
        ({"issued": "yesterday"}, "yesterday"),
    ],
)
def test_a_kit_that_contradicts_itself_is_refused_though_signed(
    association: Association, kit: Kit, changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(BadKit, match=what):
        read_kit(sign_kit(replace(kit, **changes), association.authority.signing_key()))


def test_a_certificate_of_another_authority_is_refused(association: Association, kit: Kit, tmp_path: Path) -> None:
    other = Association.create(tmp_path)

    with pytest.raises(BadKit, match="not signed by the authority"):
        read_kit(sign_kit(replace(kit, ca=other.authority.ca_pem), association.authority.signing_key()))


def test_nothing_secret_is_in_a_kit_or_a_request(association: Association, text: str) -> None:
    request = association.ask("anvil").text()
    home = association.home("anvil")
    secrets = [(home / "keys" / "node.key"), association.authority.secret, *association.authority.folder.glob("*.key")]

    assert len(secrets) == 6
    for document in (text, request):
        assert "PRIVATE" not in document
        for secret in secrets:
            lines = [line for line in secret.read_text(encoding="ascii").splitlines() if not line.startswith("-----")]
            assert not any(line in document for line in lines)


def test_a_request_proves_that_its_sender_holds_the_key(association: Association) -> None:
    mine, theirs = association.ask("anvil"), association.ask("bellows")

    assert JoinRequest.read(mine.text()) == mine
    with pytest.raises(BadJoinRequest, match="bellows"):  # somebody else's proof under one's own name
        JoinRequest.read(replace(mine, csr=theirs.csr).text())


def test_a_request_with_a_swapped_key_is_refused(association: Association) -> None:
    """The public key in the certificate request is replaced; its signature then is another key's."""
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415

    def point(csr: x509.CertificateSigningRequest) -> bytes:
        key = csr.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    mine = association.ask("anvil")
    csr = x509.load_pem_x509_csr(mine.csr.encode())
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    swapped = csr.public_bytes(Encoding.DER).replace(
        point(csr), other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    forged = x509.load_der_x509_csr(swapped).public_bytes(Encoding.PEM).decode()

    with pytest.raises(BadJoinRequest, match="proves nothing"):
        JoinRequest.read(replace(mine, csr=forged).text())


@pytest.mark.parametrize("kind", ["P-384", "RSA"])
def test_only_p256_is_admitted(kind: str) -> None:
    key: Any = ec.generate_private_key(ec.SECP384R1()) if kind == "P-384" else rsa.generate_private_key(65537, 2048)
    request = JoinRequest("anvil", request_certificate(key, "anvil"), "0.1.0", "")

    with pytest.raises(BadJoinRequest, match=r"P-256|public key"):
        JoinRequest.read(request.text())


@pytest.mark.parametrize("member", ["../anvil", "", "a" * 65, "anvil\n", "-anvil"])
def test_a_request_for_a_strange_name_is_refused(member: str) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    proper = JoinRequest.make("anvil", key, pumasi="0.1.0", bundle_sha256="")

    with pytest.raises(BadJoinRequest):
        JoinRequest.read(replace(proper, member=member).text())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.text() | json_values.map(json.dumps))
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadKit):
        read_kit(text)
    with pytest.raises(BadJoinRequest):
        JoinRequest.read(text)


@given(st.sampled_from([*Kit.__dataclass_fields__, "signature"]), json_values)
def test_a_kit_with_anything_else_in_a_part_is_refused_in_words(text: str, name: str, value: object) -> None:
    body = json.loads(text)
    if body[name] == value:
        return

    with pytest.raises(BadKit) as refused:
        read_kit(json.dumps({**body, name: value}))

    str(refused.value).encode()  # can be printed


@given(st.text(), st.text(), st.text())
def test_a_kit_signed_by_a_fool_is_refused_in_words(kit: Kit, address: str, issued: str, certificate: str) -> None:
    key = Ed25519PrivateKey.generate()
    strange = replace(
        kit, address=address, issued=issued, certificate=certificate, signing_key=public_pem(key.public_key())
    )

    with pytest.raises(BadKit):
        read_kit(sign_kit(strange, key))


@pytest.mark.parametrize("deep", ["[" * 100_000, '{"document":' * 50_000])
def test_a_bottomless_text_is_refused(deep: str) -> None:
    with pytest.raises(BadKit):
        read_kit(deep)


def test_a_private_key_in_place_of_the_certificate_is_not_repeated(kit: Kit, association: Association) -> None:
    """An association that mixes its files up must not find its key in an error message."""
    key = association.authority.signing_key()
    secret = private_pem(key).decode()

    with pytest.raises(BadKit) as refused:
        read_kit(sign_kit(replace(kit, certificate=secret), key))

    assert secret.splitlines()[1] not in str(refused.value)
