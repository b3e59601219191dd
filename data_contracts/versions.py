"""Versions of a member's dataset, kept by DVC in the member's own folder, and what is said about them outside.

The folder holds ``<contract id>.parquet`` (the newest rows), DVC's cache with every older version, ``versions.jsonl``
(one line per version) and ``salt.bin``. It is a DVC repository without source control and without a remote: nothing
is sent anywhere. Outside, a version appears as its `commitment` only: it tells whether the rows were the same as at
another time, and nothing about the rows to whoever does not hold the salt.

A save that is cut short (full disk, power, kill) costs nothing that was saved before. New bytes go to the cache first
and are recorded last; what is recorded can therefore always be read, from the file or, should the file hold bytes that
were never recorded, from the cache.

The only importer of DVC, which takes 0.7 s to import and is imported when a new version is saved, never otherwise. One
process at a time may save to a folder.
"""

import contextlib
import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data_contracts.commitments import commitment, member_salt
from data_contracts.contract import Contract, Kind
from data_contracts.errors import (
    DatasetMissing,
    DatasetTampered,
    FrameNotEnforced,
    NoVersionSaved,
    VersionError,
    VersionRecordBroken,
)
from data_contracts.intake import read_table
from data_contracts.telemetry import switch_off_telemetry

__all__ = [
    "DatasetVersion",
    "commitment",
    "latest_version",
    "list_versions",
    "member_salt",
    "read_version",
    "save_version",
    "verify_version",
]

RECORD = "versions.jsonl"

_log = logging.getLogger(__name__)
_TEMPORARY = ".saving-"  # begins the name of a file that is being written

_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_ARROW_TYPES = {
    Kind.NUMBER: pa.float64(),
    Kind.INTEGER: pa.int64(),
    Kind.CATEGORY: pa.string(),
    Kind.TEXT: pa.string(),
}
# The cache stays inside the folder whatever the machine's own DVC settings say: it holds rows.
_DVC_CONFIG = "[core]\n    no_scm = True\n    analytics = False\n    check_update = False\n[cache]\n    dir = cache\n"


_UNHARMED = "Nothing was recorded and earlier versions are as they were; remove the reason and save again."


@dataclass(frozen=True)
class DatasetVersion:
    """One version of a member's rows.

    Attributes:
        contract: reference of the contract the rows keep, such as ``print-defect@1.0.0``.
        sha256: SHA-256 of the Parquet file's bytes, in hex. It must not leave the member: use `commitment`.
        dvc_md5: the name DVC gives the same bytes.
        rows: rows in the file.
        path: the Parquet file; a later version replaces it, older bytes stay in DVC's cache beside it.
        saved_at: when it was saved, UTC, ISO 8601.
    """

    contract: str
    sha256: str
    dvc_md5: str
    rows: int
    path: Path
    saved_at: str = field(compare=False)


def save_version(folder: str | Path, rows: pd.DataFrame | str | Path, contract: Contract) -> DatasetVersion:
    """Save accepted rows as a version. The same rows again are the same version, at no further work.

    Args:
        folder: the member's data folder; made if it does not exist, readable for its owner only.
        rows: accepted rows as `enforce` returns them, or a Parquet file of such rows. Line numbers are not saved.
        contract: the contract they were enforced with. Its reference and SHA-256 become part of the file.

    Raises:
        FrameNotEnforced: if the rows lack contract columns or have other types.
        VersionError: if the disk or DVC refuses. Nothing is recorded then; what was saved before stays readable, and
            the same call works once the reason is gone.
        VersionRecordBroken: if the folder's record of versions is damaged.
    """
    folder = Path(folder).absolute()
    frame = rows if isinstance(rows, pd.DataFrame) else read_table(rows)
    data = _to_parquet(frame, contract)
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{contract.id}.parquet"
    newest = _newest(path)
    if newest is not None and newest.sha256 == digest and _digest_of(path) == digest:
        return newest
    try:
        version = DatasetVersion(
            contract=contract.reference,
            sha256=digest,
            dvc_md5=_store(path, data),
            rows=len(frame),
            path=path,
            saved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        _record(folder, version)
    except OSError as error:
        raise VersionError(f"could not save to {folder}: {error.strerror or error}. {_UNHARMED}") from error
    return version


def list_versions(folder: str | Path) -> tuple[DatasetVersion, ...]:
    """Return the versions saved in a folder, oldest first; none if there is no record.

    Raises:
        VersionRecordBroken: if a line of ``versions.jsonl`` is no version; the text names the line.
    """
    folder = Path(folder).absolute()
    try:
        lines = (folder / RECORD).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return ()
    except UnicodeDecodeError:
        raise VersionRecordBroken(f"{RECORD} is not UTF-8 text; restore it from a backup") from None
    return tuple(_parse(line, number, folder) for number, line in enumerate(lines, start=1))


def latest_version(folder: str | Path, contract_id: str) -> DatasetVersion:
    """Return the version saved last for a contract, whatever the contract's version.

    Args:
        folder: the member's data folder.
        contract_id: the contract's id, such as ``print-defect``.

    Raises:
        NoVersionSaved: if there is none.
        VersionRecordBroken: if the folder's record of versions is damaged.
    """
    newest = _newest(Path(folder).absolute() / f"{contract_id}.parquet")
    if newest is None:
        raise NoVersionSaved(f"no records for {contract_id} are saved in {folder}; check and add a file first")
    return newest


def verify_version(version: DatasetVersion) -> None:
    """Hash the version's bytes again; put the newest version's file back from DVC's cache if it holds others.

    DVC's own status does not do this: after a quick look at size and time it may call a changed file unchanged.

    Raises:
        DatasetTampered: if neither the file nor DVC's cache holds the bytes that were saved.
        DatasetMissing: if the newest version's file was deleted, or an older version's bytes are gone from the cache.
    """
    _bytes_of(version)


def read_version(version: DatasetVersion) -> pd.DataFrame:
    """Return the rows of a version, from the very bytes that were verified; the index counts rows from 1.

    Raises:
        DatasetTampered: as :func:`verify_version`.
        DatasetMissing: as :func:`verify_version`.
    """
    table = pq.read_table(pa.BufferReader(_bytes_of(version)))
    frame = pd.DataFrame(
        {
            name: column.to_pandas(types_mapper=_PANDAS_TYPES.get).astype(_PANDAS_TYPES.get(column.type, "float64"))
            for name, column in zip(table.column_names, table.columns, strict=True)
        }
    )
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return frame


_PANDAS_TYPES: Mapping[pa.DataType, pd.api.extensions.ExtensionDtype] = {
    pa.int64(): pd.Int64Dtype(),
    pa.string(): pd.StringDtype(),
}


def _to_parquet(frame: pd.DataFrame, contract: Contract) -> bytes:
    """Return the same bytes for the same rows: fixed columns, types and settings, no index, no time."""
    names = [column.name for column in contract.columns]
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise FrameNotEnforced(f"the rows lack {', '.join(absent)}; enforce {contract.reference} first")
    schema = pa.schema(
        [(column.name, _ARROW_TYPES[column.kind]) for column in contract.columns],
        metadata={"contract": contract.reference, "contract_sha256": contract.sha256},
    )
    try:
        arrays = [pa.Array.from_pandas(frame[field.name], type=field.type) for field in schema]
    except (pa.ArrowException, TypeError, ValueError):  # their texts show cells
        raise FrameNotEnforced(f"the rows do not have the types of {contract.reference}; enforce it first") from None
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, compression="zstd", version="2.6")
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def _store(path: Path, data: bytes) -> str:
    """Put bytes into the cache, then into the file, then under DVC; return the MD5 that DVC names them by."""
    folder = path.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for abandoned in folder.glob(f"{_TEMPORARY}*"):  # of a save that was killed; only one saves at a time
        abandoned.unlink(missing_ok=True)
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    cached = _cached(folder, md5)
    if not cached.is_file() or cached.read_bytes() != data:
        cached.parent.mkdir(parents=True, exist_ok=True)
        _replace(cached, data, folder)
    _replace(path, data, folder)
    if _dvc_add(path) != md5:
        raise VersionError(f"{path.name} was changed while it was saved; one process at a time may save. {_UNHARMED}")
    return md5


def _cached(folder: Path, md5: str) -> Path:
    """Where DVC's cache keeps bytes of that MD5."""
    return folder / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]


def _dvc_add(path: Path) -> str:
    """Put the file under DVC and return the MD5 that DVC names it by."""
    folder = path.parent
    config = folder / ".dvc" / "config"
    if not config.exists():
        # What `dvc init --no-scm` does, less a cache outside of the folder and a notice on the screen.
        config.parent.mkdir(exist_ok=True)
        _replace(config, _DVC_CONFIG.encode(), folder)
    # DVC does not write its pointer in one step. Half of one, left by a full disk, would stop every later save.
    path.with_name(f"{path.name}.dvc").unlink(missing_ok=True)
    switch_off_telemetry()
    from dvc.repo import Repo  # noqa: PLC0415  # 0.7 s

    try:
        with (
            _quiet_dvc(),
            Repo(str(folder), config={"core": {"site_cache_dir": str(folder / ".dvc" / "site")}}) as repo,
        ):
            (stage,) = repo.add([str(path)], relink=False)  # relinking would delete the file for a moment
            return str(stage.outs[0].hash_info.value)
    except Exception as error:  # its own errors, the system's, SQLite's, and those of packages below it
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise VersionError(f"DVC could not add {path.name} in {folder}: {reason}. {_UNHARMED}") from error


@contextlib.contextmanager
def _quiet_dvc() -> Iterator[None]:
    """DVC draws progress bars as long as its logger would show errors."""
    logger = logging.getLogger("dvc")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _bytes_of(version: DatasetVersion) -> bytes:
    """Return the verified bytes: the newest version's from its file, any from DVC's cache."""
    newest = _newest(version.path)
    in_file = newest is None or newest.sha256 == version.sha256
    data = _read(version.path) if in_file else b""
    if _is(version, data):
        return data
    place = _cached(version.path.parent, version.dvc_md5)
    # A file that differs is no proof of a deed: a save that was cut short leaves bytes that were never recorded.
    data = _read(place) if not in_file or place.is_file() else b""
    if not _is(version, data):
        raise DatasetTampered(
            f"{version.path if in_file else place} is not what was saved at {version.saved_at} for {version.contract}: "
            "its SHA-256 differs, and DVC's cache does not hold what was saved. "
            "Find out who changed it; then restore it, or read the original data again and save a new version."
        )
    if in_file:
        _log.warning("%s held other bytes than recorded; put back from DVC's cache", version.path.name)
        with contextlib.suppress(OSError):  # the disk may still be full; the bytes are right all the same
            _replace(version.path, data, version.path.parent)
    return data


def _read(place: Path) -> bytes:
    try:
        return place.read_bytes()
    except OSError:
        raise DatasetMissing(f"{place} is gone; restore it from the member's backup, or save the rows again") from None


def _is(version: DatasetVersion, data: bytes) -> bool:
    return hashlib.sha256(data).hexdigest() == version.sha256


def _newest(path: Path) -> DatasetVersion | None:
    return next((version for version in reversed(list_versions(path.parent)) if version.path == path), None)


def _digest_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _replace(path: Path, data: bytes, workspace: Path) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never half of them.

    Args:
        path: the file.
        data: its new bytes.
        workspace: folder on the same disk, in which the bytes lie until they are complete.
    """
    with tempfile.NamedTemporaryFile(dir=workspace, prefix=_TEMPORARY, delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            file.close()
            Path(file.name).replace(path)
        except BaseException:
            file.close()
            Path(file.name).unlink(missing_ok=True)
            raise


def _record(folder: Path, version: DatasetVersion) -> None:
    entry = {
        "contract": version.contract,
        "sha256": version.sha256,
        "dvc_md5": version.dvc_md5,
        "rows": version.rows,
        "file": version.path.name,
        "saved_at": version.saved_at,
    }
    record = folder / RECORD
    before = record.read_bytes() if record.exists() else b""
    _replace(record, before + json.dumps(entry).encode() + b"\n", folder)


def _parse(line: str, number: int, folder: Path) -> DatasetVersion:
    try:
        entry = json.loads(line)
        name = Path(entry["file"]).name
        version = DatasetVersion(
            contract=str(entry["contract"]),
            sha256=str(entry["sha256"]),
            dvc_md5=str(entry["dvc_md5"]),
            rows=int(entry["rows"]),
            path=folder / name,
            saved_at=str(entry["saved_at"]),
        )
    except (ValueError, KeyError, TypeError):
        raise VersionRecordBroken(f"{RECORD}, line {number} is no version; restore the file from a backup") from None
    if not (_HEX64.fullmatch(version.sha256) and _HEX32.fullmatch(version.dvc_md5)):
        raise VersionRecordBroken(f"{RECORD}, line {number}: a digest is not hex; restore the file from a backup")
    return version
