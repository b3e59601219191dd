"""A member's backup of its dataset versions, in a place that is its own and never the association's."""

import ipaddress
import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from data_contracts.versions import list_versions
from data_contracts.versions.backup import Backup, backup_versions, restore_versions
from data_contracts.versions.files import cached
from data_contracts.versions.places import BackupPlace, endpoint_of
from federated.address import split_address
from federated.disk import naming
from federated.errors import FederatedError, MemberHomeError
from federated.member.home import MemberHome
from federated.member.where import ASSOCIATION_HOME
from federated.own_files import file_lock, own_folder, write_own
from federated.plain import from_plain, to_plain


class NotOwnPlace(FederatedError):
    """A place for a backup is the association's, or inside the folder that is to be saved."""


def back_up(home: MemberHome, place: BackupPlace) -> Backup:
    """Copy all versions to a place, and remember it.

    Args:
        home: The member's folder.
        place: Where to.

    Raises:
        NotOwnPlace: The place is the association's.
        BackupError: It cannot be used.
    """
    check_own(home, place)
    with file_lock(home.data_lock):
        done = backup_versions(home.data, place, again=remembered(home) == place)
        _remember(home, place)
    return done


def restore(home: MemberHome, place: BackupPlace) -> Backup:
    """Bring back what is missing or damaged, and remember the place where none is remembered.

    Args:
        home: The member's folder; made if it is not there.
        place: Where the backup lies.

    Raises:
        NotOwnPlace: The place is the association's.
        BackupError: It cannot be used, or holds another folder's versions.
    """
    check_own(home, place)
    own_folder(home.folder)
    with file_lock(home.data_lock), naming(home.data):
        done = restore_versions(home.data, place)
        if remembered(home) is None:
            _remember(home, place)
    return done


def remembered(home: MemberHome) -> BackupPlace | None:
    """Return the place of the last backup, or None before the first.

    Raises:
        MemberHomeError: The file that says so is damaged.
    """
    try:
        return from_plain(BackupPlace, json.loads(home.backup.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except Exception as error:  # cattrs raises groups of its own
        raise MemberHomeError(
            f"{home.backup} cannot be read; delete it and name the place with --to. "
            "백업 위치를 적은 파일이 손상되었습니다. 지우고 --to로 다시 지정하십시오."
        ) from error


def held(home: MemberHome) -> tuple[int, int]:
    """Return how many different versions there are to back up, and their bytes."""
    versions = {version.sha256: version for version in list_versions(home.data)}.values()
    places = [cached(home.data, version.dvc_md5) for version in versions]
    return len(places), sum(place.stat().st_size for place in places if place.is_file())


def check_own(home: MemberHome, place: BackupPlace) -> None:
    """Refuse a place that is the association's, or inside the member's own folder.

    Raises:
        NotOwnPlace: It is.
        PlaceUnusable: Where a bucket's bytes would go to cannot be told.
        BadKit: The stored kit was changed.
    """
    if place.folder is not None:
        _check_folder(home, place.folder.resolve())
    else:
        _check_host(home, place)


def _check_folder(home: MemberHome, target: Path) -> None:
    association = Path(os.environ.get(ASSOCIATION_HOME) or ".pumasi").resolve()
    if association in (target, *target.parents):
        raise NotOwnPlace(
            f"{target} is inside {association}, where the association keeps its things: your rows do not belong there. "
            "Name a folder of your own, on another drive or a NAS. 조합의 폴더에는 백업할 수 없습니다."
        )
    if home.folder.resolve() in (target, *target.parents):
        raise NotOwnPlace(f"{target} is inside the folder that is to be saved; name a folder on another drive or a NAS")


def _check_host(home: MemberHome, place: BackupPlace) -> None:
    from federated.member.join import current_kit  # noqa: PLC0415  (brings cryptography)

    kit, endpoint = current_kit(home), endpoint_of(place)
    if kit is None or endpoint is None:
        return
    if _same_host(urlsplit(endpoint).hostname or "", split_address(kit.address)[0]):
        raise NotOwnPlace(
            f"{endpoint} is the association's address ({kit.address}): your rows do not belong there. "
            "Name a bucket of your own. 조합의 서버에는 백업할 수 없습니다."
        )


def _same_host(one: str, other: str) -> bool:
    return _host(one) == _host(other)


def _host(name: str) -> str:
    """Return a host's name in one spelling; all names of this machine's loopback are one."""
    bare = name.lower().rstrip(".")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return "loopback" if bare == "localhost" else bare
    return "loopback" if address.is_loopback else str(address)


def _remember(home: MemberHome, place: BackupPlace) -> None:
    write_own(home.backup, json.dumps(to_plain(place), ensure_ascii=False, indent=1).encode())
