"""A place for a backup, looked at and opened: files there, and the versions in DVC's own layout."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_contracts.commitments import SALT
from data_contracts.errors import BackupMissing, BackupUnreachable, DataContractsError, PlaceUnusable
from data_contracts.versions.dvc_folder import opened_remote
from data_contracts.versions.files import RECORD, TEMPORARY, cached
from data_contracts.versions.places import BackupPlace, dvc_settings

__all__ = ["Remote", "check_place", "gone", "reached"]

_FOR_OWNER = 0o077  # what others may not do with files that are made


@dataclass(frozen=True)
class Remote:
    """A place, opened by DVC.

    Attributes:
        remote: DVC's remote.
        folder: the data folder.
    """

    remote: Any
    folder: Path

    def read(self, name: str) -> bytes | None:
        """Return a file's bytes, or None where there is none."""
        try:
            return bytes(self.remote.fs.cat_file(self._path(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole or not at all."""
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix=TEMPORARY) as part:
            part.write(data)
            part.flush()
            self.remote.fs.put_file(part.name, self._path(name))

    def size(self, md5: str) -> int | None:
        """Return the size of the version of that MD5, or None where it is not there."""
        try:
            return int(self.remote.fs.info(self.remote.odb.oid_to_path(md5))["size"])
        except FileNotFoundError:
            return None

    def put(self, md5: str) -> None:
        """Copy a version from the folder's cache."""
        self.remote.fs.put_file(str(cached(self.folder, md5)), self.remote.odb.oid_to_path(md5))

    def get(self, md5: str) -> bytes | None:
        """Return a version's bytes as they are there, or None where they are not."""
        try:
            return bytes(self.remote.fs.cat_file(self.remote.odb.oid_to_path(md5)))
        except FileNotFoundError:
            return None

    def _path(self, name: str) -> str:
        return str(self.remote.fs.join(self.remote.path, name))


@contextlib.contextmanager
def reached(folder: Path, place: BackupPlace) -> Iterator[Remote]:
    """Open a place for as long as the context lasts; what is written there is for its owner only.

    Raises:
        PlaceUnusable: if it cannot be one.
        BackupUnreachable: if it does not answer or refuses, at any time in the context.
    """
    before = os.umask(_FOR_OWNER)
    try:
        with opened_remote(folder, dvc_settings(place)) as remote:
            yield Remote(remote, folder)
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


def check_place(place: BackupPlace, folder: Path, *, again: bool) -> None:
    """Refuse a folder that is no place for a backup, before anything is made there.

    Args:
        place: the place.
        folder: the data folder.
        again: whether it must hold a backup.

    Raises:
        PlaceUnusable: if it holds other things, or lies in the data folder.
        BackupMissing: if it must hold a backup and does not.
    """
    if place.folder is None:
        return
    target = place.folder.resolve()
    if target == folder.resolve() or folder.resolve() in target.parents or target in folder.resolve().parents:
        raise PlaceUnusable(f"{place.url} and {folder} lie in one another: a backup needs a place of its own")
    if (target / RECORD).is_file():
        return
    if again:
        raise BackupMissing(gone(place))
    if not target.parent.is_dir():
        raise PlaceUnusable(f"there is no folder {target.parent}: is the drive connected? Make it, or name another.")
    if target.exists() and (not target.is_dir() or not all(_is_begun(entry) for entry in target.iterdir())):
        raise PlaceUnusable(
            f"{place.url} holds other things: name a folder of its own for the backup, like {target / 'pumasi-backup'}"
        )


def _is_begun(entry: Path) -> bool:
    """Say whether something in a place is of a backup that was cut short before its record was written."""
    return entry.name in {"files", SALT} or (entry.name.startswith(".") and entry.suffix == ".tmp")


def gone(place: BackupPlace) -> str:
    """Say that a place holds no backup."""
    return (
        f"{place.text} holds no backup: is the drive connected, and is it the right place? "
        "Name a place with --to to begin a new backup, or with --from to restore from it."
    )
