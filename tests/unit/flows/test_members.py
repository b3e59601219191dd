"""Admission, renewal and revocation: for whom, on what proof, and nothing of anybody else's."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from federated.authority import CA, AuthorityMissing
from federated.certificates import parse_certificate
from federated.keys import spoken
from federated.kit import Kit, read_kit
from federated.member.join import join
from flows import members_cli
from flows.members import Member, MemberList, MemberListBroken, NotAdmitted, State, UnknownMember
from tests.association import Association, now

TRADE = ("--contract", "print-defect")


@pytest.fixture
def association(tmp_path: Path) -> Association:
    return Association.create(tmp_path)


@pytest.fixture
def two(association: Association) -> Association:
    association.join("anvil")
    association.join("bellows")
    return association


def everything_of(association: Association, member: str) -> dict[str, bytes]:
    """Return a member's files, its kit, and its entry."""
    home = association.home(member)
    files = {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    entry = next(entry for entry in association.members.members() if entry.member == member)
    return {
        **files,
        "kit": association.members.kit(member).read_bytes(),
        "entry": repr(entry).encode(),
    }


def accepted(association: Association, member: str, days_ahead: float = 0) -> bool:
    """Say whether a door that trusts the authority accepts the certificate in a member's folder."""
    store = Store([parse_certificate(association.authority.certificate(CA).read_text(encoding="ascii"))])
    certificate = parse_certificate((association.home(member) / "federation" / "node.crt").read_text(encoding="ascii"))
    verifier = PolicyBuilder().store(store).time(now() + timedelta(days=days_ahead))
    verifier = verifier.extension_policies(ca_policy=lenient_ca(), ee_policy=lenient_end())
    try:
        verifier.build_client_verifier().verify(certificate, [])
    except VerificationError:
        return False
    return True


def lenient_ca() -> "x509.verification.ExtensionPolicy":
    return x509.verification.ExtensionPolicy.webpki_defaults_ca()


def lenient_end() -> "x509.verification.ExtensionPolicy":
    """A member has no DNS name: that of the web's rules is not asked for."""
    return x509.verification.ExtensionPolicy.permit_all()


def test_what_happens_to_one_member_leaves_the_other_as_it_was(two: Association) -> None:
    before = everything_of(two, "bellows")
    assert accepted(two, "bellows")

    renewed = two.members.renew("anvil", days=700)
    join(two.home("anvil"), renewed.kit.read_text(encoding="utf-8"), trusted=refuse_to_answer)
    assert everything_of(two, "bellows") == before

    two.members.revoke("anvil")
    assert everything_of(two, "bellows") == before
    assert accepted(two, "bellows")
    assert [entry.member for entry in two.members.admitted()] == ["bellows"]


def test_a_certificate_ends_with_the_membership(association: Association) -> None:
    association.join("anvil", days=10)

    assert accepted(association, "anvil", days_ahead=9.9)
    assert not accepted(association, "anvil", days_ahead=10.1)
    assert association.members.admitted(now() + timedelta(days=9.9))
    assert not association.members.admitted(now() + timedelta(days=10.1))


def test_another_associations_certificate_is_not_accepted(two: Association, tmp_path: Path) -> None:
    other = Association.create(tmp_path / "other")
    other.join("anvil")
    stolen = (other.home("anvil") / "federation" / "node.crt").read_bytes()

    (two.home("anvil") / "federation" / "node.crt").write_bytes(stolen)

    assert not accepted(two, "anvil")


def test_the_same_request_again_renews(association: Association) -> None:
    request = association.ask("anvil")
    first = association.members.admit(request, days=10, contract=association.contract)
    second = association.members.admit(request, days=20)

    assert not first.renewed
    assert second.renewed
    assert second.contract == association.contract.reference
    (entry,) = association.members.entries()
    assert entry == replace(first.member, expires=second.member.expires)


def test_a_name_that_is_taken_is_refused(association: Association) -> None:
    association.kit("anvil")
    before = association.members.entries()
    impostor = association.ask("anvil", replace_key=True)

    with pytest.raises(NotAdmitted, match="another key"):
        association.members.admit(impostor, contract=association.contract)

    assert association.members.entries() == before


def test_a_key_belongs_to_one_member(association: Association) -> None:
    association.kit("anvil")
    keys = association.home("bellows") / "keys"
    keys.mkdir(parents=True)
    (keys / "node.key").write_bytes((association.home("anvil") / "keys" / "node.key").read_bytes())

    with pytest.raises(NotAdmitted, match="belongs to anvil"):
        association.members.admit(association.ask("bellows"), contract=association.contract)


def test_a_revoked_key_stays_out_and_a_new_one_comes_in(association: Association) -> None:
    association.kit("anvil")
    association.members.revoke("anvil")

    with pytest.raises(NotAdmitted, match="--replace-key"):
        association.members.admit(association.ask("anvil"), contract=association.contract)
    with pytest.raises(UnknownMember, match="was revoked"):
        association.members.renew("anvil")
    renewed = association.members.admit(association.ask("anvil", replace_key=True), contract=association.contract)

    assert [entry.state for entry in association.members.entries()] == [State.REVOKED, State.ACTIVE]
    assert association.members.members() == (renewed.member,)
    association.members.revoke("anvil")
    assert not association.members.admitted()


def test_an_expired_member_is_renewed_with_its_key(association: Association) -> None:
    association.kit("anvil")
    (entry,) = association.members.entries()
    association.members._write([replace(entry, expires="2025-01-01T00:00:00Z")])
    assert not association.members.admitted()

    association.members.renew("anvil")

    assert [member.public_key_pem for member in association.members.admitted()] == [entry.public_key_pem]


def test_nobody_is_admitted_before_the_federation_is_made(tmp_path: Path) -> None:
    association = Association.create(tmp_path / "other")

    with pytest.raises(AuthorityMissing, match="pumasi federation up"):
        MemberList(tmp_path / "federation").admit(association.ask("anvil"))


def test_nobody_unknown_is_renewed_or_revoked(two: Association) -> None:
    for change in (two.members.renew, two.members.revoke):
        with pytest.raises(UnknownMember, match="members are: anvil, bellows"):
            change("carver")


def test_whoever_admits_a_new_member_says_which_trade_it_is_of(association: Association) -> None:
    with pytest.raises(NotAdmitted, match="with --contract; shipped are: plating-defect, print-defect"):
        association.members.admit(association.ask("anvil"))

    assert not association.members.entries()


def test_the_only_trade_is_what_a_kit_holds_unless_told(
    association: Association, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.members.shipped_contracts", lambda: ("print-defect@1.0.0",))
    admission = association.members.admit(association.ask("anvil"))

    assert admission.contract.startswith("print-defect@")


@pytest.mark.parametrize("text", ["", "[]", '{"members": [{}]}', '{"members": [{"state": "king"}]}', "{"])
def test_a_damaged_list_lets_nobody_in(association: Association, text: str) -> None:
    association.kit("anvil")
    (association.folder / "federation" / "members.json").write_text(text)

    with pytest.raises(MemberListBroken):
        association.members.admitted()


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def test_admit_says_what_to_read_over_the_telephone(association: Association) -> None:
    request = association.ask("anvil")

    said = run("admit", "anvil.join-request.json", *TRADE).stdout

    assert spoken(request.fingerprint) in said
    assert spoken(association.authority.fingerprint) in said
    assert str(association.members.kit("anvil")) in said


def test_add_is_another_name_of_admit(association: Association) -> None:
    association.ask("anvil")

    assert run("add", "anvil.join-request.json", *TRADE).exit_code == 0
    assert [entry.member for entry in association.members.admitted()] == ["anvil"]


def test_admit_with_another_fingerprint_admits_nobody(association: Association) -> None:
    request = association.ask("anvil")
    heard = spoken(request.fingerprint)

    wrong = run(
        "admit", "anvil.join-request.json", *TRADE, "--fingerprint", heard[:-1] + str((int(heard[-1]) + 1) % 10)
    )

    assert isinstance(wrong.exception, NotAdmitted)
    assert not association.members.entries()
    assert run("admit", "anvil.join-request.json", *TRADE, "--fingerprint", heard).exit_code == 0


def test_admit_tells_of_other_software(association: Association) -> None:
    association.ask("anvil")
    assert "other software" not in run("admit", "anvil.join-request.json", *TRADE).stderr

    request = replace(association.ask("bellows"), bundle_sha256="0" * 64)
    Path("bellows.join-request.json").write_text(request.text(), encoding="utf-8")
    assert "other software" in run("admit", "bellows.join-request.json", *TRADE).stderr


def test_list_tells_who_is_what(two: Association) -> None:
    two.members.revoke("anvil")
    entries: list[Member] = [replace(e, expires="2025-01-01T00:00:00Z") for e in two.members.entries()[1:]]
    two.members._write([two.members.entries()[0], *entries])

    listed = json.loads(run("list", "--json").stdout)

    assert {row["member"]: row["standing"] for row in listed["members"]} == {
        "anvil": "revoked",
        "bellows": "expired",
    }
    assert "state" not in listed["members"][0]
    assert listed["federation_up"] is False
    assert re.search(r"^anvil +revoked +- ", run("list").stdout, re.MULTILINE)


def test_revoke_asks_first(two: Association) -> None:
    assert run("revoke", "anvil", answer="n\n").exit_code == 1
    assert len(two.members.admitted()) == 2
    assert run("revoke", "anvil", "--yes").exit_code == 0
    assert len(two.members.admitted()) == 1


def test_renew_writes_a_kit(two: Association) -> None:
    run("renew", "anvil", "--valid-days", "1000")

    kit = read_kit(two.members.kit("anvil").read_text(encoding="utf-8"))
    assert (kit.expiry() - now()).days == 999


def refuse_to_answer(kit: Kit) -> bool:
    """Nobody may be asked."""
    raise AssertionError(kit.member)


def run(*arguments: str, answer: str = "") -> Result:
    """Run `pumasi members`."""
    return CliRunner().invoke(members_cli.members, list(arguments), input=answer)
