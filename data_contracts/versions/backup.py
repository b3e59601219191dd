"""A member's backup of its versions: a DVC remote in a place of its own, and the way back.

The place holds DVC's ``files/md5/``, the record ``versions.jsonl`` and ``salt.bin``. The salt belongs there: without it
the member could no longer prove what it committed to, and whoever can read the place holds the rows themselves, about
which the salt says nothing more. Nothing else of the member is copied; its key, its decisions and its log of what left
never leave its machine.

The record is written last, so that what it names is there. A place takes the versions of one folder only: its record
must be the beginning of the folder's, and its salt the same. What comes back is hashed before it is believed.
"""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_contracts.commitments import SALT, member_salt
from data_contracts.errors import (
    BackupDamaged,
    BackupMissing,
    BackupOfAnother,
    BackupUnreachable,
    DataContractsError,
    DatasetMissing,
    DatasetTampered,
    NoVersionSaved,
    PlaceUnusable,
    VersionRecordBroken,
)
from data_contracts.versions.dvc_folder import opened_remote
from data_contracts.versions.files import RECORD, TEMPORARY, cached, replace_file
from data_contracts.versions.places import BackupPlace, dvc_settings
from data_contracts.versions.record import DatasetVersion, list_versions, parse_record
from data_contracts.versions.store import put_in_cache, put_in_place, verified_bytes

__all__ = ["Backup", "backup_versions", "restore_versions"]

_FOR_OWNER = 0o077  # what others may not do with files that are made


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
    _check_place(place, folder, again=again)
    with _reached(folder, place) as there:
        found, found_salt = there.read(RECORD), there.read(SALT)
        if found is None and again:
            raise BackupMissing(_gone(place))
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
    _check_place(place, folder, again=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _reached(folder, place) as there:
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


@dataclass(frozen=True)
class _There:
    """The place, opened by DVC."""

    remote: Any
    folder: Path

    def read(self, name: str) -> bytes | None:
        try:
            return bytes(self.remote.fs.cat_file(self._path(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=TEMPORARY) as part:
            part.write(data)
            part.flush()
            self.remote.fs.put_file(part.name, self._path(name))

    def size(self, md5: str) -> int | None:
        try:
            return int(self.remote.fs.info(self.remote.odb.oid_to_path(md5))["size"])
        except FileNotFoundError:
            return None

    def put(self, md5: str) -> None:
        self.remote.fs.put_file(str(cached(self.folder, md5)), self.remote.odb.oid_to_path(md5))

    def get(self, md5: str) -> bytes | None:
        try:
            return bytes(self.remote.fs.cat_file(self.remote.odb.oid_to_path(md5)))
        except FileNotFoundError:
            return None

    def _path(self, name: str) -> str:
        return str(self.remote.fs.join(self.remote.path, name))


@contextlib.contextmanager
def _reached(folder: Path, place: BackupPlace) -> Iterator[_There]:
    before = os.umask(_FOR_OWNER)
    try:
        with opened_remote(folder, dvc_settings(place)) as remote:
            yield _There(remote, folder)
    except DataContractsError:
        raise
    except Exception as error:  # DVC's, the system's, and those of the S3 packages below, which have no common base
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BackupUnreachable(
            f"{place.text} cannot be used: {reason}. Versions that were saved are as they were; remove the reason and "
            "run the command again."
        ) from error
    finally:
        os.umask(before)


def _check_place(place: BackupPlace, folder: Path, *, again: bool) -> None:
    """Refuse a folder that is no place for a backup, before anything is made there."""
    if place.folder is None:
        return
    target = place.folder.resolve()
    if target == folder.resolve() or folder.resolve() in target.parents or target in folder.resolve().parents:
        raise PlaceUnusable(f"{place.url} and {folder} lie in one another: a backup needs a place of its own")
    if (target / RECORD).is_file():
        return
    if again:
        raise BackupMissing(_gone(place))
    if not target.parent.is_dir():
        raise PlaceUnusable(f"there is no folder {target.parent}: is the drive connected? Make it, or name another.")
    if target.exists() and (not target.is_dir() or not all(_is_begun(entry) for entry in target.iterdir())):
        raise PlaceUnusable(
            f"{place.url} holds other things: name a folder of its own for the backup, like {target / 'pumasi-backup'}"
        )


def _is_begun(entry: Path) -> bool:
    """Say whether something in a place is of a backup that was cut short before its record was written."""
    return entry.name in {"files", SALT} or (entry.name.startswith(".") and entry.suffix == ".tmp")


def _gone(place: BackupPlace) -> str:
    return (
        f"{place.text} holds no backup: is the drive connected, and is it the right place? "
        "Name a place with --to to begin a new backup, or with --from to restore from it."
    )


def _copy(version: DatasetVersion, there: _There) -> int | None:
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


def _bring_back(version: DatasetVersion, there: _There) -> int | None:
    """Fetch a version's bytes into the cache unless it holds them; return how many, or None if they are damaged."""
    place = cached(version.path.parent, version.dvc_md5)
    if place.is_file() and _is(version, place.read_bytes()):
        return 0
    data = there.get(version.dvc_md5)
    if data is None or not _is(version, data):
        return None
    put_in_cache(version, data)
    return len(data)


def _read_backup(there: _There, folder: Path) -> tuple[bytes, bytes]:
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
