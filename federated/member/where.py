"""Which folder is the member's: as said, from the environment, or the only one on this machine."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from federated.errors import MemberHomeError
from federated.member.home import HOW_TO_BEGIN, PROFILE, MemberHome

if TYPE_CHECKING:
    from data_contracts.contract import Contract

HOME = "PUMASI_MEMBER_HOME"
ASSOCIATION_HOME = "PUMASI_HOME"


class OtherProfile(MemberHomeError):
    """What was asked for contradicts the folder's profile."""


def find_home(home: Path | None, member: str | None) -> Path:
    """Find a member's folder.

    Args:
        home: The folder, if somebody said.
        member: The member's id, if somebody said; its folder then lies under the association's home on this machine.

    Raises:
        MemberHomeError: Nobody said, and none or several members live on this machine; or the folder is another
            member's.
    """
    folder = _folder(home, member)
    if member is not None:
        _check_owner(folder, member)
    return folder


def home_if_any(home: Path | None, member: str | None) -> MemberHome | None:
    """Return the member's folder, or None where there is none yet or nobody said which of several it is.

    Raises:
        MemberHomeError: The folder that was named is another member's.
    """
    if nobody_said(home, member) and len(members_here()) != 1:
        return None
    return existing_home(find_home(home, member), member)


def existing_home(folder: Path, member: str | None) -> MemberHome | None:
    """Return the member's folder when there is one already, or None.

    Args:
        folder: Where it would be.
        member: Whose it must be, if anybody said.

    Raises:
        OtherProfile: It belongs to another member.
    """
    if not (folder / PROFILE).exists():
        return None
    home = MemberHome(folder)
    if member not in (None, home.profile().member):
        raise OtherProfile(
            f"{folder} belongs to member {home.profile().member}, not to {member}. "
            f"Leave --member away, or name that member's own folder with --home. "
            f"이 폴더는 {home.profile().member}의 것입니다."
        )
    return home


def nobody_said(home: Path | None, member: str | None) -> bool:
    """Tell whether neither an option nor the environment says whose folder is meant."""
    return home is None and member is None and not os.environ.get(HOME)


def contract_of(contract: str | None, home: MemberHome | None) -> "Contract":
    """Return the contract that was named, else the one that the member follows.

    Raises:
        MemberHomeError: Nobody named one, and there is no folder that says which.
        ContractError: It cannot be read.
    """
    from data_contracts.contract import load_contract  # noqa: PLC0415  (brings pydantic)

    return load_contract(contract_named(contract, home))


def contract_named(contract: str | None, home: MemberHome | None) -> str:
    """Return a reference or path of the contract that was named, else of the one that the member follows.

    Raises:
        MemberHomeError: Nobody named one, and there is no folder that says which.
    """
    if contract is not None:
        return contract
    if home is None:
        raise MemberHomeError(
            "no contract is known yet: name one with --contract plating-defect or a contract file. A folder that has "
            "joined, or has data, knows its own: name it with --member ID or --home FOLDER. "
            "계약은 --contract로 지정하십시오. 가입했거나 데이터가 있는 회원 폴더는 --member나 --home으로 지정하십시오."
        )
    return home.profile().contract


def _folder(home: Path | None, member: str | None) -> Path:
    if home is not None:
        return home
    if from_environment := os.environ.get(HOME):
        return Path(from_environment)
    if member is not None:
        return members_folder() / member
    found = members_here()
    if not found:
        raise MemberHomeError(
            f"no member's folder is in {members_folder()}. {HOW_TO_BEGIN} Where there is one elsewhere, name it with "
            f"--home FOLDER, or set {HOME}. 다른 곳에 있으면 --home으로 지정하십시오."
        )
    if len(found) > 1:
        raise MemberHomeError(
            f"{len(found)} members live under {members_folder()}: "
            f"say which with --member ID or --home FOLDER, or set {HOME}. "
            "어느 회원인지 --member나 --home으로 지정하십시오."
        )
    return found[0]


def _check_owner(folder: Path, member: str) -> None:
    from federated.member.join import owner_of  # noqa: PLC0415  (brings cryptography)

    owner = owner_of(MemberHome(folder))
    if owner not in (None, member):
        raise MemberHomeError(
            f"{folder} belongs to member {owner}, not to {member}. Leave --member away, or name that member's own "
            f"folder with --home. 이 폴더는 {owner}의 것입니다."
        )


def members_folder() -> Path:
    """Return the folder in which members of this machine live unless told otherwise."""
    return Path(os.environ.get(ASSOCIATION_HOME) or ".pumasi") / "members"


def members_here() -> tuple[Path, ...]:
    """Return the folders of the members on this machine, also of those that have only a key so far."""
    homes = [MemberHome(path) for path in members_folder().glob("*")]
    return tuple(
        sorted(home.folder for home in homes if (home.folder / PROFILE).exists() or home.node_request.exists())
    )
