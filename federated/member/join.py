"""Joining, on the member's machine: make a key that never leaves, ask, and unpack the association's answer.

Where each file of it lies says `federated.member.home`.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from federated.certificates import BACKDATED, name_of, parse_request
from federated.disk import whole_file
from federated.errors import FederatedError, MemberHomeError
from federated.keys import load_private_p256, private_pem, public_pem
from federated.kit import BadKit, JoinRequest, Kit, read_kit, read_moment
from federated.member.home import CONTRACT, PROFILE, MemberHome, MemberProfile
from federated.names import check_name
from federated.own_files import own_folder, write_own
from federated.runtime.bundle import bundle_sha256
from federated.runtime.credentials import Credentials

_REMEMBERED = 8


class KitRefused(FederatedError):
    """A kit is sound, but not for this member, not now, or not from the association that it knows."""


@dataclass(frozen=True)
class Prepared:
    """What came of making keys.

    Attributes:
        request: The join request.
        file: Where it was written.
        new_key: Whether the key was made just now; otherwise the one that was there is asked with again.
    """

    request: JoinRequest
    file: Path
    new_key: bool


@dataclass(frozen=True)
class Joined:
    """What came of a kit.

    Attributes:
        kit: The kit.
        renewed: Whether there was one of the same association before.
        contract_changed: Whether the one before had another contract.
    """

    kit: Kit
    renewed: bool
    contract_changed: bool


def prepare(folder: Path, member: str, request_file: Path, *, replace_key: bool = False) -> Prepared:
    """Make the member's key where there is none, and a join request with it.

    Args:
        folder: The member's folder; made when it is new.
        member: The id that the member wants to have.
        request_file: Where the join request is written; one that is there is replaced.
        replace_key: Make a new key in place of one that is there, which is lost.

    Raises:
        MemberHomeError: The id cannot be one, or the folder belongs to another member.
        KeyUnusable: There is a key, and it is damaged.
    """
    _check_owner(folder, member)
    home = MemberHome(folder)
    missing = not home.node_key.exists()
    if missing or replace_key:
        own_folder(home.keys)
        write_own(home.node_key, private_pem(ec.generate_private_key(ec.SECP256R1())))
    key = load_private_p256(home.node_key)
    request = JoinRequest.make(member, key, pumasi=version("pumasi"), bundle_sha256=bundle_sha256())
    write_own(home.node_request, request.csr.encode())
    with whole_file(request_file) as partial:
        partial.write_text(request.text(), encoding="utf-8")
    return Prepared(request, request_file, missing or replace_key)


def join(folder: Path, text: str, *, trusted: Callable[[Kit], bool], now: datetime | None = None) -> Joined:
    """Check a kit against what the member holds, and keep it.

    Args:
        folder: The member's folder, with its key.
        text: The kit's file.
        trusted: Asked about the first kit only: is this the association's fingerprint? A later kit must be signed with
            the key of the first.
        now: The present moment.

    Raises:
        BadKit: It is no kit, or was changed on its way.
        KitRefused: It is for another member, key or time, or from another association; nothing was kept.
        KeyUnusable: There is no key here, or it is damaged.
        ContractUnreadable, ContractInvalid: The contract in it cannot be used.
    """
    from data_contracts.contract import parse_contract  # noqa: PLC0415  (brings pydantic)

    home, kit = MemberHome(folder), read_kit(text)
    _check_ours(home, kit)
    _check_dates(kit, now or datetime.now(UTC))
    parse_contract(kit.contract)
    before = _check_association(home, kit, trusted)
    _keep(home, kit, text)
    if not (home.folder / PROFILE).exists():
        MemberHome.create(home.folder, MemberProfile(kit.member, CONTRACT))
    changed = before is not None and before.contract_sha256 != kit.contract_sha256
    return Joined(kit, renewed=before is not None, contract_changed=changed)


def current_kit(home: MemberHome) -> Kit | None:
    """Return the kit that the member holds, checked again, or None before it has joined.

    Raises:
        BadKit: The file was changed, or is signed with another key than the trusted one.
    """
    try:
        text = home.kit.read_text(encoding="utf-8")
        trusted = home.signing_pub.read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        text = trusted = ""
    return _read_trusted(text, trusted, home.kit)


@lru_cache(maxsize=_REMEMBERED)
def _read_trusted(text: str, trusted: str, path: Path) -> Kit:
    """Check a stored kit once per process: a node asks for it with every request."""
    kit = read_kit(text)
    if kit.signing_key != trusted:
        raise BadKit(
            f"{path} is not signed with the key in signing.pub beside it: one of them was changed. Join again with the "
            "association's kit. 저장된 키트가 바뀌었습니다. 조합의 키트로 다시 가입하십시오."
        )
    return kit


def credentials_of(home: MemberHome) -> Credentials:
    """Return the files that let the member's node in, once it has joined."""
    return Credentials(home.authority, home.node_certificate, home.node_key)


def requested_id(home: MemberHome) -> str:
    """Return the member id that the key was made for.

    Raises:
        MemberHomeError: There is no key here yet.
    """
    try:
        return name_of(parse_request(home.node_request.read_bytes().decode("ascii", "replace")))
    except FileNotFoundError:
        raise MemberHomeError(
            f"{home.folder} has no key yet. Make it with: pumasi-member init --member YOUR-ID. "
            "아직 키가 없습니다. 위 명령으로 먼저 키를 만드십시오."
        ) from None


def owner_of(home: MemberHome) -> str | None:
    """Return the id of the member that a folder belongs to; None for a new folder and where it cannot be read."""
    with suppress(FederatedError):
        return home.profile().member if (home.folder / PROFILE).exists() else requested_id(home)
    return None


def _check_owner(folder: Path, member: str) -> None:
    try:
        check_name("a member's id", member)
    except ValueError as error:
        raise MemberHomeError(
            f"{error}; got {member!r}. 회원 이름은 영문자, 숫자, 하이픈만으로 64자까지 적으십시오(예: factory-1)."
        ) from None
    home = MemberHome(folder)
    owner = home.profile().member if (folder / PROFILE).exists() else member
    if home.node_request.exists() and owner == member:
        owner = requested_id(home)
    if owner != member:
        raise MemberHomeError(
            f"{folder} belongs to member {owner}, not to {member}: name that member's own folder with --home. "
            f"이 폴더는 {owner}의 것입니다."
        )


def _check_ours(home: MemberHome, kit: Kit) -> None:
    ours = requested_id(home)
    if kit.member != ours:
        raise KitRefused(
            f"this kit is for {kit.member}, this folder belongs to {ours}: ask the association for your own kit, or "
            f"name the other folder with --home. 이 키트는 {kit.member}의 것입니다."
        )
    if kit.certified_key() != public_pem(load_private_p256(home.node_key).public_key()):
        raise KitRefused(
            "the certificate in this kit is for another key than the one in this folder: the kit answers an older or "
            "somebody else's join request. Send the association your join request again: "
            f"pumasi-member init --member {ours}. "
            "키트의 인증서가 이 컴퓨터의 키와 맞지 않습니다. 가입 신청서를 다시 보내십시오."
        )


def _check_dates(kit: Kit, now: datetime) -> None:
    if now >= kit.expiry():
        raise KitRefused(
            f"this kit ended on {kit.expires}: ask the association to renew it (pumasi members renew {kit.member}). "
            "If that date lies ahead, set this computer's clock. "
            "키트의 기한이 지났습니다. 조합에 갱신을 요청하거나 컴퓨터의 시계를 맞추십시오."
        )
    if now < read_moment(kit.issued) - BACKDATED:
        raise KitRefused(
            f"this kit was made on {kit.issued}, which this computer takes for the future: set its clock. "
            "이 컴퓨터의 시계가 늦습니다. 시계를 맞추십시오."
        )


def _check_association(home: MemberHome, kit: Kit, trusted: Callable[[Kit], bool]) -> Kit | None:
    """Check who signed the kit; return the kit before it, or None when there is none or it was damaged."""
    pinned = home.signing_pub
    if not pinned.exists():
        if trusted(kit):
            return None
        raise KitRefused(
            "the fingerprint is not the association's: nothing was kept. Call the association; somebody may have "
            "changed the kit on its way. 지문이 다르므로 아무것도 저장하지 않았습니다. 조합에 전화로 확인하십시오."
        )
    if pinned.read_text(encoding="ascii") != kit.signing_key:
        raise KitRefused(
            "this kit is not from the association that you joined: it is signed with another key. If the association "
            f"confirms a new key by telephone, move the folder {home.federation} away and join again; the fingerprint "
            "is then asked for anew. 이 키트는 가입한 조합의 키로 서명되지 않았습니다. "
            "조합에 전화로 확인하고, 키가 바뀐 것이 맞다면 위 폴더를 옮긴 뒤 다시 가입하십시오."
        )
    with suppress(BadKit):
        before = current_kit(home)
        if before is not None:
            _check_newer(before, kit)
        return before
    return None


def _check_newer(before: Kit, kit: Kit) -> None:
    if read_moment(kit.issued) < read_moment(before.issued):
        raise KitRefused(
            f"this kit was made on {kit.issued}; the one you have is newer ({before.issued}). Nothing was changed. "
            "이미 더 새로운 키트가 있습니다."
        )


def _keep(home: MemberHome, kit: Kit, text: str) -> None:
    """Write the kit's parts, the kit itself last: a power cut leaves the state before or one that joining mends.

    Nothing of it is secret, and the worker, which may be another user, reads the contract.
    """
    home.federation.mkdir(parents=True, exist_ok=True)
    parts = {
        home.signing_pub: kit.signing_key,
        home.authority: kit.ca,
        home.node_certificate: kit.certificate,
        home.kit_contract: kit.contract,
        home.kit: text,
    }
    for path, content in parts.items():
        with whole_file(path) as partial:
            partial.write_bytes(content.encode())
