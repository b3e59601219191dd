"""Save rows as a version, read a version back, and make an older one current."""

import contextlib
import hashlib
import logging
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.errors import DatasetMissing, DatasetTampered, VersionError
from data_contracts.versions.dvc_folder import dvc_add
from data_contracts.versions.files import cached, clear_abandoned, digest_of, replace_file
from data_contracts.versions.parquet import from_parquet, to_parquet
from data_contracts.versions.record import DatasetVersion, newest_of, record

__all__ = [
    "UNHARMED",
    "make_current",
    "put_in_cache",
    "put_in_place",
    "read_version",
    "save_version",
    "verified_bytes",
    "verify_version",
]

UNHARMED = "Nothing was recorded and earlier versions are as they were; remove the reason and save again."
_PUT_BACK = (
    "%s held other bytes than recorded; put back from DVC's cache. 기록과 다른 파일을 DVC 캐시에서 되돌렸습니다."
)

_log = logging.getLogger("data_contracts.versions")


def save_version(
    folder: str | Path, rows: pd.DataFrame | str | Path, contract: Contract, *, source: str = ""
) -> DatasetVersion:
    """Save accepted rows as a version. The same rows again are the same version, at no further work.

    Args:
        folder: the member's data folder; made if it does not exist, readable for its owner only.
        rows: accepted rows as `enforce` returns them, or a Parquet file of such rows. Line numbers are not saved.
        contract: the contract they were enforced with. Its reference and SHA-256 become part of the file.
        source: name of the file that the rows came from, for the record.

    Raises:
        FrameNotEnforced: if the rows lack contract columns or have other types.
        BrokenTable: if the Parquet file is none.
        DatasetMissing: if it is not there.
        VersionError: if the disk or DVC refuses. Nothing is recorded then; what was saved before stays readable, and
            the same call works once the reason is gone.
        VersionRecordBroken: if the folder's record of versions is damaged.
    """
    folder = Path(folder).absolute()
    frame = rows if isinstance(rows, pd.DataFrame) else from_parquet(_read(Path(rows)), Path(rows).name)
    data = to_parquet(frame, contract)
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{contract.id}.parquet"
    newest = newest_of(path)
    if newest is not None and newest.sha256 == digest and digest_of(path) == digest:
        return newest
    version = DatasetVersion(
        contract=contract.reference,
        sha256=digest,
        dvc_md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        rows=len(frame),
        path=path,
        saved_at=_now(),
        source=source,
    )
    return _save(version, data)


def make_current(version: DatasetVersion) -> DatasetVersion:
    """Make an older version the newest one by recording it again, with the time it was saved; nothing is deleted.

    Returns:
        The version as recorded; the one that was given, if it is the newest already.

    Raises:
        DatasetTampered: if its bytes are not those that were saved.
        DatasetMissing: if its bytes are gone.
        VersionError: as :func:`save_version`.
    """
    data = verified_bytes(version)
    newest = newest_of(version.path)
    if newest is not None and newest.sha256 == version.sha256:
        return newest
    return _save(version, data)


def verify_version(version: DatasetVersion) -> None:
    """Hash the version's bytes again; put the newest version's file back from DVC's cache if it holds others.

    DVC's own status does not do this: after a quick look at size and time it may call a changed file unchanged.

    Raises:
        DatasetTampered: if neither the file nor DVC's cache holds the bytes that were saved.
        DatasetMissing: if the newest version's file was deleted, or an older version's bytes are gone from the cache.
    """
    verified_bytes(version)


def read_version(version: DatasetVersion) -> pd.DataFrame:
    """Return the rows of a version, from the very bytes that were verified; the index counts rows from 1.

    Raises:
        DatasetTampered: as :func:`verify_version`.
        DatasetMissing: as :func:`verify_version`.
    """
    return from_parquet(verified_bytes(version), version.path.name)


def verified_bytes(version: DatasetVersion) -> bytes:
    """Return a version's bytes, verified: the newest version's from its file, any from DVC's cache.

    Raises:
        DatasetTampered, DatasetMissing: as :func:`verify_version`.
    """
    newest = newest_of(version.path)
    in_file = newest is None or newest.sha256 == version.sha256
    data = _read(version.path) if in_file else b""
    if _is(version, data):
        return data
    place = cached(version.path.parent, version.dvc_md5)
    # A file that differs is no proof of a deed: a save that was cut short leaves bytes that were never recorded.
    data = _read(place) if not in_file or place.is_file() else b""
    if not _is(version, data):
        raise DatasetTampered(
            f"{version.path if in_file else place} is not what was saved at {version.saved_at} for {version.contract}: "
            "its SHA-256 differs, and DVC's cache does not hold what was saved. "
            "Find out who changed it; then restore it from your backup, or read the original data again and save a "
            "new version."
        )
    if in_file:
        _log.warning(_PUT_BACK, version.path.name)
        with contextlib.suppress(OSError):  # the disk may still be full; the bytes are right all the same
            replace_file(version.path, data, version.path.parent)
    return data


def put_in_place(version: DatasetVersion, data: bytes) -> None:
    """Put a version's bytes into the cache, then into the file, then under DVC; nothing is recorded.

    Raises:
        VersionError: if another process wrote the file meanwhile, or DVC refuses.
        OSError: if the disk refuses.
    """
    folder, path = version.path.parent, version.path
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    clear_abandoned(folder)
    put_in_cache(version, data)
    replace_file(path, data, folder)
    if dvc_add(path) != version.dvc_md5:
        raise VersionError(f"{path.name} was changed while it was saved; one process at a time may save. {UNHARMED}")


def put_in_cache(version: DatasetVersion, data: bytes) -> None:
    """Put a version's bytes into DVC's cache, unless it holds them."""
    place = cached(version.path.parent, version.dvc_md5)
    if not place.is_file() or place.read_bytes() != data:
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, data, version.path.parent)


def _save(version: DatasetVersion, data: bytes) -> DatasetVersion:
    try:
        put_in_place(version, data)
        record(version)
    except OSError as error:
        reason = error.strerror or error
        raise VersionError(f"could not save to {version.path.parent}: {reason}. {UNHARMED}") from error
    return version


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        raise DatasetMissing(f"{place} is gone; restore it from the member's backup, or save the rows again") from None


def _is(version: DatasetVersion, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == version.sha256
