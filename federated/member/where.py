"""Which folder is the member's: as said, from the environment, or the only one on this machine."""

import os
from pathlib import Path

from federated.errors import MemberHomeError
from federated.member.home import PROFILE, MemberHome

HOME = "PUMASI_MEMBER_HOME"
ASSOCIATION_HOME = "PUMASI_HOME"


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


def _folder(home: Path | None, member: str | None) -> Path:
    if home is not None:
        return home
    if from_environment := os.environ.get(HOME):
        return Path(from_environment)
    if member is not None:
        return members_folder() / member
    found = members_here()
    if len(found) != 1:
        raise MemberHomeError(
            f"{len(found)} members live under {members_folder()}: "
            f"say which with --member ID or --home FOLDER, or set {HOME}"
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
