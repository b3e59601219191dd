"""Joining keeps what is ours to the letter, trusts one association, and takes nothing that is not for us."""

import hashlib
import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from data_contracts.contract import load_contract
from data_contracts.errors import DataContractsError
from federated.errors import MemberHomeError
from federated.keys import KeyUnusable, private_pem, public_pem, spoken
from federated.kit import BadKit, Kit, read_kit, sign_kit
from federated.member import joining_cli
from federated.member.home import MemberHome
from federated.member.join import KitRefused, current_kit, join, prepare
from federated.member.node import door_of
from tests.association import Association, now
from tests.cooperative import contract_file


@pytest.fixture
def association(tmp_path: Path) -> Association:
    return Association.create(tmp_path)


def kept(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_key_is_for_the_owners_eyes_and_is_not_made_twice(association: Association) -> None:
    first = association.ask("anvil")
    keys = association.home("anvil") / "keys"
    before = (keys / "node.key").read_bytes()

    second = association.ask("anvil")

    assert first.fingerprint == second.fingerprint
    assert (keys / "node.key").read_bytes() == before
    assert stat.S_IMODE(keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in keys.iterdir()} == {0o600}
    assert association.ask("anvil", replace_key=True).fingerprint != first.fingerprint


def test_a_folder_makes_keys_for_one_member_only(association: Association, tmp_path: Path) -> None:
    association.ask("anvil")

    with pytest.raises(MemberHomeError, match="belongs to member anvil"):
        prepare(association.home("anvil"), "bellows", tmp_path / "request.json")
    with pytest.raises(MemberHomeError, match="letters, digits"):
        prepare(tmp_path / "new", "../anvil", tmp_path / "request.json")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("kind", ["damaged", "missing", "P-384"])
def test_a_key_that_cannot_be_used_is_refused_with_the_command_that_mends_it(
    association: Association, kind: str, tmp_path: Path
) -> None:
    association.join("anvil")
    home = MemberHome(association.home("anvil"))
    other = private_pem(ec.generate_private_key(ec.SECP384R1()))
    home.folder.joinpath("keys", "node.key").write_bytes(other if kind == "P-384" else b"damaged")
    if kind == "missing":
        home.folder.joinpath("keys", "node.key").unlink()

    with pytest.raises(MemberHomeError, match="pumasi-member init --member YOUR-ID --replace-key"):
        door_of(home).credentials.private_key()

    assert prepare(home.folder, "anvil", tmp_path / "request.json", replace_key=True).new_key
    assert door_of(home).credentials.private_key()


def test_a_damaged_key_is_not_replaced_unasked(association: Association) -> None:
    association.ask("anvil")
    (association.home("anvil") / "keys" / "node.key").write_text("half a ke")

    with pytest.raises(KeyUnusable, match="backup"):
        association.ask("anvil")


def test_joining_unpacks_the_kit_and_makes_a_profile(association: Association) -> None:
    joined = association.join("anvil")
    home = MemberHome(association.home("anvil"))

    assert not joined.renewed
    assert home.profile().member == "anvil"
    assert home.contract().sha256 == association.contract.sha256
    assert (home.federation / "contract.odcs.yaml").read_bytes() == association.contract.source.encode()
    assert (home.federation / "ca.crt").read_text() == association.authority.ca_pem
    assert (home.federation / "signing.pub").read_text() == association.authority.signing_pub
    assert current_kit(home) == joined.kit


def test_a_moved_folder_keeps_its_contract(association: Association) -> None:
    association.join("anvil")
    moved = association.folder / "elsewhere"
    association.home("anvil").rename(moved)

    assert MemberHome(moved).contract().sha256 == association.contract.sha256


def test_a_profile_that_is_there_is_left_alone(association: Association) -> None:
    association.ask("anvil")
    profile = association.home("anvil") / "member.yaml"
    profile.write_text("member: anvil\ncontract: print-defect\n", encoding="utf-8")

    association.join("anvil")

    assert profile.read_text(encoding="utf-8") == "member: anvil\ncontract: print-defect\n"


def test_another_fingerprint_keeps_nothing(association: Association) -> None:
    text = association.kit("anvil")
    before = kept(association.home("anvil"))

    with pytest.raises(KitRefused, match="fingerprint"):
        join(association.home("anvil"), text, trusted=lambda _: False)

    assert kept(association.home("anvil")) == before


def test_a_kit_for_somebody_else_is_refused(association: Association) -> None:
    association.ask("anvil")

    with pytest.raises(KitRefused, match="for bellows"):
        join(association.home("anvil"), association.kit("bellows"), trusted=association.known)


def test_a_kit_for_a_key_we_no_longer_have_is_refused(association: Association) -> None:
    text = association.kit("anvil")
    association.ask("anvil", replace_key=True)

    with pytest.raises(KitRefused, match="another key"):
        join(association.home("anvil"), text, trusted=association.known)


def test_without_a_key_joining_says_what_comes_first(association: Association) -> None:
    with pytest.raises(MemberHomeError, match="pumasi-member init"):
        join(association.folder / "empty", association.kit("anvil"), trusted=association.known)


def test_dates_are_held_against_our_clock(association: Association) -> None:
    with pytest.raises(KitRefused, match="renew"):
        association.join("anvil", days=10, now=now() + timedelta(days=11))
    with pytest.raises(KitRefused, match="future"):
        association.join("anvil", now=now() - timedelta(hours=1))
    association.join("anvil", now=now() - timedelta(minutes=9))  # a slow clock is not a reason


def test_a_contract_that_cannot_be_used_keeps_nothing(association: Association) -> None:
    kit = read_kit(association.kit("anvil"))
    text = "id: tiny"
    digest = hashlib.sha256(text.encode()).hexdigest()
    broken = sign_kit(replace(kit, contract=text, contract_sha256=digest), association.authority.signing_key())

    with pytest.raises(DataContractsError):
        join(association.home("anvil"), broken, trusted=association.known)

    assert not (association.home("anvil") / "federation").exists()


def test_a_renewed_kit_is_taken_without_a_question(association: Association) -> None:
    association.join("anvil", days=30)
    renewed = association.members.renew("anvil", days=300).kit.read_text(encoding="utf-8")

    joined = join(association.home("anvil"), renewed, trusted=never)

    assert joined.renewed
    assert not joined.contract_changed
    assert (joined.kit.expiry() - now()).days == 299


def test_another_associations_kit_is_refused_though_somebody_trusts_it(
    association: Association, tmp_path: Path
) -> None:
    association.join("anvil")
    other = Association.create(tmp_path / "other")
    theirs = other.members.admit(association.ask("anvil"), contract=other.contract).kit.read_text(encoding="utf-8")
    before = kept(association.home("anvil"))

    with pytest.raises(KitRefused, match=r"another key.*move the folder"):
        join(association.home("anvil"), theirs, trusted=lambda _: True)

    assert kept(association.home("anvil")) == before


def test_moving_the_folder_away_is_the_way_out(association: Association, tmp_path: Path) -> None:
    association.join("anvil")
    other = Association.create(tmp_path / "other")
    theirs = other.members.admit(association.ask("anvil"), contract=other.contract).kit.read_text(encoding="utf-8")
    federation = association.home("anvil") / "federation"
    federation.rename(federation.with_name("federation.old"))

    assert join(association.home("anvil"), theirs, trusted=other.known).kit.fingerprint == other.authority.fingerprint


def test_an_older_kit_does_not_replace_a_newer_one(association: Association) -> None:
    kit = association.join("anvil").kit
    older = replace(kit, issued="2025-01-01T00:00:00Z")

    with pytest.raises(KitRefused, match="newer"):
        join(
            association.home("anvil"),
            sign_kit(older, association.authority.signing_key()),
            trusted=never,
        )


def test_a_new_contract_is_told(association: Association) -> None:
    association.join("anvil")
    newer = load_contract(contract_file(association.folder, version="2.0.0"))
    text = association.members.renew("anvil", contract=newer).kit.read_text(encoding="utf-8")

    assert join(association.home("anvil"), text, trusted=never).contract_changed


def test_a_damaged_stored_kit_is_mended_by_joining_again(association: Association) -> None:
    association.join("anvil")
    home = MemberHome(association.home("anvil"))
    (home.federation / "kit.json").write_text("{}")

    with pytest.raises(BadKit):
        current_kit(home)
    join(home.folder, association.kit("anvil"), trusted=never)
    assert current_kit(home) is not None


def test_a_stored_kit_signed_by_somebody_else_is_noticed(association: Association) -> None:
    kit = association.join("anvil").kit
    key = Ed25519PrivateKey.generate()
    forged = sign_kit(replace(kit, address="evil.example:1", signing_key=public_pem(key.public_key())), key)
    home = MemberHome(association.home("anvil"))
    (home.federation / "kit.json").write_text(forged)

    with pytest.raises(BadKit, match="Join again"):
        current_kit(home)


def test_from_init_to_status(association: Association, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))
    monkeypatch.delenv("PUMASI_MEMBER_HOME", raising=False)
    monkeypatch.chdir(tmp_path)

    made = run("init", "--member", "anvil", "--json")
    association.kit("anvil")
    fingerprint = spoken(association.authority.fingerprint)
    joined = run("join", str(association.members.kit("anvil")), "--fingerprint", fingerprint)
    status = run("status", "--member", "anvil", "--json")

    assert json.loads(made.stdout)["request"] == "anvil.join-request.json"
    assert (tmp_path / "anvil.join-request.json").exists()
    assert "Joined 가입했습니다" in joined.stdout
    said = json.loads(status.stdout)
    assert said["member"] == "anvil"
    assert said["days_left"] == 364
    assert said["association_fingerprint"] == fingerprint
    assert said["consents_pending"] == 0
    assert said["node"] is None
    assert said["dataset"] is None
    assert len(said["bundle_sha256"]) == 64
    assert "364 days 일" in run("status", "--member", "anvil").stdout


def test_without_an_answer_nothing_is_kept(
    association: Association, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PUMASI_HOME", str(tmp_path))
    monkeypatch.delenv("PUMASI_MEMBER_HOME", raising=False)
    association.kit("anvil")
    kit = str(association.members.kit("anvil"))

    asked = run("join", kit, answer="n\n")
    unanswered = run("join", kit)

    assert isinstance(asked.exception, KitRefused)
    assert spoken(association.authority.fingerprint) in asked.stdout
    assert unanswered.exit_code == 1
    assert not (association.home("anvil") / "federation").exists()
    assert run("join", kit, answer="y\n").exit_code == 0


def never(kit: Kit) -> bool:
    """Nobody may be asked."""
    raise AssertionError(kit.member)


def run(name: str, *arguments: str, answer: str = "") -> Result:
    """Run one of the commands."""
    return CliRunner().invoke(getattr(joining_cli, name), list(arguments), input=answer)
