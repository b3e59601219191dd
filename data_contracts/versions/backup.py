"""A member's backup of its versions: a DVC remote in a place of its own, and the way back.

The place holds DVC's ``files/md5/``, the record ``versions.jsonl`` and ``salt.bin``. The salt belongs there: without it
the member could no longer prove what it committed to, and whoever can read the place holds the rows themselves, about
which the salt says nothing more. Nothing else of the member is copied; its key, its decisions and its log of what left
never leave its machine.

The record is written last, so that what it names is there. A place takes the versions of one folder only: its record
must be the beginning of the folder's, and its salt the same. What comes back is hashed before it is believed.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from data_contracts.commitments import SALT, member_salt
from data_contracts.errors import (
    BackupDamaged,
    BackupMissing,
    BackupOfAnother,
    DatasetMissing,
    DatasetTampered,
    NoVersionSaved,
    VersionRecordBroken,
)
from data_contracts.versions.files import RECORD, cached, replace_file
from data_contracts.versions.places import BackupPlace
from data_contracts.versions.record import DatasetVersion, list_versions, parse_record
from data_contracts.versions.remote import Remote, check_place, gone, reached
from data_contracts.versions.store import put_in_cache, put_in_place, verified_bytes

__all__ = ["Backup", "backup_versions", "restore_versions"]


@dataclass(frozen=True)
class Backup:
    """What came of a backup, or of its way back.

    Attributes:
        place: where it lies.
        versions: different versions that the record names.
        copied: how many of them had to be copied.
        size: bytes of those.
        lost: versions that are damaged or gone here and there; empty unless something is wrong.
    """

    place: BackupPlace
    versions: int
    copied: int
    size: int
    lost: tuple[DatasetVersion, ...] = ()


def backup_versions(folder: str | Path, place: BackupPlace, *, again: bool = False) -> Backup:
    """Copy every version that the place lacks, the salt, and last the record. The same again copies nothing.

    Args:
        folder: the member's data folder.
        place: where to.
        again: whether the place was used before: it must hold a backup then, or a drive is not connected.

    Raises:
        NoVersionSaved: if there is nothing to copy.
        PlaceUnusable: if the place cannot hold a backup.
        BackupMissing: if it was used before and holds none now.
        BackupOfAnother: if it holds the backup of another folder, or of a later state of this one.
        BackupUnreachable: if it does not answer or refuses.
        SaltUnusable, VersionRecordBroken: if the folder's own files are damaged.
    """
    folder = Path(folder).absolute()
    versions = _distinct(list_versions(folder))
    if not versions:
        raise NoVersionSaved(f"no version is saved in {folder}; add a file first")
    own, salt = (folder / RECORD).read_bytes(), member_salt(folder)
    check_place(place, folder, again=again)
    with reached(folder, place) as there:
        found, found_salt = there.read(RECORD), there.read(SALT)
        if found is None and again:
            raise BackupMissing(gone(place))
        if not own.startswith(found or b"") or found_salt not in (None, salt):
            raise BackupOfAnother(
                f"{place.text} holds versions that this folder does not know, or another member's: restore from it "
                "first, or name another place"
            )
        copies = [_copy(version, there) for version in versions]
        if found_salt is None:
            there.write(SALT, salt)
        if found != own:
            there.write(RECORD, own)
    sizes = [size for size in copies if size]
    lost = tuple(version for version, size in zip(versions, copies, strict=True) if size is None)
    return Backup(place, len(versions), len(sizes), sum(sizes), lost)


def restore_versions(folder: str | Path, place: BackupPlace) -> Backup:
    """Bring back what is missing or damaged in a folder: versions, salt and record. What is sound stays as it is.

    Args:
        folder: the member's data folder, empty or damaged; made if it does not exist.
        place: where the backup lies.

    Raises:
        PlaceUnusable: if the place cannot hold a backup.
        BackupMissing: if it holds none.
        BackupDamaged: if its record or salt is damaged; nothing was changed here.
        BackupOfAnother: if the folder has versions or a salt that are not the backup's.
        BackupUnreachable: if it does not answer or refuses.
        VersionError: if the disk or DVC refuses.
    """
    folder = Path(folder).absolute()
    check_place(place, folder, again=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with reached(folder, place) as there:
        record, salt = _read_backup(there, folder)
        own = _own_record(folder)
        if not (record.startswith(own) or own.startswith(record)) or _own_salt(folder) not in (None, salt):
            raise BackupOfAnother(
                f"{folder} has versions that are not in {place.text}, or another salt: it is not the folder that was "
                "saved there. Restore into an empty folder, or name another place."
            )
        versions = _distinct(parse_record(record, folder))
        copies = [_bring_back(version, there) for version in versions]
    _settle(folder, max(record, own, key=len), salt)
    sizes = [size for size in copies if size]
    lost = tuple(version for version, size in zip(versions, copies, strict=True) if size is None)
    return Backup(place, len(versions), len(sizes), sum(sizes), lost)


def _copy(version: DatasetVersion, there: Remote) -> int | None:
    """Copy a version's bytes unless they are there; return how many, or None if they are sound nowhere."""
    try:
        data = verified_bytes(version)
    except (DatasetTampered, DatasetMissing):
        return None if there.size(version.dvc_md5) is None else 0
    if there.size(version.dvc_md5) == len(data):
        return 0
    put_in_cache(version, data)
    there.put(version.dvc_md5)
    return len(data)


def _bring_back(version: DatasetVersion, there: Remote) -> int | None:
    """Fetch a version's bytes into the cache unless it holds them; return how many, or None if they are damaged."""
    place = cached(version.path.parent, version.dvc_md5)
    if place.is_file() and _is(version, place.read_bytes()):
        return 0
    data = there.get(version.dvc_md5)
    if data is None or not _is(version, data):
        return None
    put_in_cache(version, data)
    return len(data)


def _read_backup(there: Remote, folder: Path) -> tuple[bytes, bytes]:
    """Return record and salt of a backup, checked."""
    record, salt = there.read(RECORD), there.read(SALT)
    if record is None:
        raise BackupMissing(f"there is no {RECORD} in that place: it holds no backup")
    try:
        versions = parse_record(record, folder)
    except VersionRecordBroken as error:
        raise BackupDamaged(f"the backup cannot be used: {error}") from None
    if salt is None or len(salt) != len(bytes(32)) or any(version.path.suffix != ".parquet" for version in versions):
        raise BackupDamaged(f"the backup cannot be used: its {SALT} is missing or damaged, or its record was changed")
    return record, salt


def _own_record(folder: Path) -> bytes:
    """Return the bytes of the folder's own record; none if there is no record, or a damaged one."""
    try:
        list_versions(folder)
        return (folder / RECORD).read_bytes()
    except (VersionRecordBroken, FileNotFoundError):
        return b""


def _own_salt(folder: Path) -> bytes | None:
    """Return the folder's own salt, or None if there is none, or half of one."""
    path = folder / SALT
    salt = path.read_bytes() if path.is_file() else b""
    return salt if len(salt) == len(bytes(32)) else None


def _settle(folder: Path, record: bytes, salt: bytes) -> None:
    """Put salt, newest files and last the record in their places; a damaged record is kept beside."""
    if not _own_record(folder) and (folder / RECORD).is_file():
        replace_file(folder / f"{RECORD}.damaged", (folder / RECORD).read_bytes(), folder)
    replace_file(folder / SALT, salt, folder)
    newest = {version.path: version for version in parse_record(record, folder)}
    for version in newest.values():
        place = cached(folder, version.dvc_md5)
        data = place.read_bytes() if place.is_file() else b""
        if _is(version, data):
            put_in_place(version, data)
    replace_file(folder / RECORD, record, folder)


def _distinct(versions: tuple[DatasetVersion, ...]) -> tuple[DatasetVersion, ...]:
    return tuple({version.sha256: version for version in versions}.values())


def _is(version: DatasetVersion, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == version.sha256
