"""The record of a dataset's versions: one line each, oldest first, in ``versions.jsonl``."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from data_contracts.errors import NoVersionSaved, UnknownVersion, VersionRecordBroken
from data_contracts.versions.files import RECORD, replace_file

__all__ = [
    "DatasetVersion",
    "find_version",
    "latest_version",
    "list_versions",
    "newest_of",
    "parse_record",
    "record",
]

SHORT = 12
"""Digits of a version's SHA-256 that people are shown."""

_HEX64 = re.compile(r"[0-9a-f]{64}")
_HEX32 = re.compile(r"[0-9a-f]{32}")
_PREFIX = re.compile(r"[0-9a-f]{4,64}")


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
        source: name of the file that the rows came from, without folders; empty where nobody said.
    """

    contract: str
    sha256: str
    dvc_md5: str
    rows: int
    path: Path
    saved_at: str = field(compare=False)
    source: str = field(default="", compare=False)

    @property
    def short(self) -> str:
        """The first digits of the SHA-256, by which its owner may name it."""
        return self.sha256[:SHORT]


def list_versions(folder: str | Path) -> tuple[DatasetVersion, ...]:
    """Return the versions saved in a folder, oldest first; none if there is no record.

    Raises:
        VersionRecordBroken: if a line of ``versions.jsonl`` is no version; the text names the line.
    """
    folder = Path(folder).absolute()
    try:
        return parse_record((folder / RECORD).read_bytes(), folder)
    except FileNotFoundError:
        return ()


def latest_version(folder: str | Path, contract_id: str) -> DatasetVersion:
    """Return the version saved last for a contract, whatever the contract's version.

    Args:
        folder: the member's data folder.
        contract_id: the contract's id, such as ``print-defect``.

    Raises:
        NoVersionSaved: if there is none.
        VersionRecordBroken: if the folder's record of versions is damaged.
    """
    newest = newest_of(Path(folder).absolute() / f"{contract_id}.parquet")
    if newest is None:
        raise NoVersionSaved(f"no records for {contract_id} are saved in {folder}; check and add a file first")
    return newest


def find_version(folder: str | Path, contract_id: str, digits: str) -> DatasetVersion:
    """Return the version whose SHA-256 begins with some digits.

    Args:
        folder: the member's data folder.
        contract_id: the contract's id, such as ``print-defect``.
        digits: at least four hex digits.

    Raises:
        UnknownVersion: if no version begins with them, or more than one does; the text lists the candidates.
        VersionRecordBroken: if the folder's record of versions is damaged.
    """
    saved = {version.sha256: version for version in list_versions(folder) if version.path.stem == contract_id}
    found = [version for digest, version in saved.items() if digest.startswith(digits.lower())]
    if len(found) == 1 and _PREFIX.fullmatch(digits.lower()):
        return found[0]
    listed = ", ".join(f"{version.short} ({version.saved_at[:10]})" for version in found or saved.values())
    what = f"{len(found)} versions begin" if len(found) > 1 else "no saved version begins"
    if found and not _PREFIX.fullmatch(digits.lower()):
        what = "four digits or more are needed; versions begin"
    raise UnknownVersion(f"{what} with {digits!r}. Name one of: {listed or 'none is saved yet'}")


def newest_of(path: Path) -> DatasetVersion | None:
    """Return the version recorded last for a Parquet file, or None."""
    return next((version for version in reversed(list_versions(path.parent)) if version.path == path), None)


def record(version: DatasetVersion) -> None:
    """Append a version to the record of its folder."""
    entry = {
        "contract": version.contract,
        "sha256": version.sha256,
        "dvc_md5": version.dvc_md5,
        "rows": version.rows,
        "file": version.path.name,
        "saved_at": version.saved_at,
        "source": version.source,
    }
    place = version.path.parent / RECORD
    before = place.read_bytes() if place.exists() else b""
    replace_file(place, before + json.dumps(entry).encode() + b"\n", place.parent)


def parse_record(data: bytes, folder: Path) -> tuple[DatasetVersion, ...]:
    """Read the bytes of a record.

    Args:
        data: the file's bytes.
        folder: the folder that its versions lie in.

    Raises:
        VersionRecordBroken: if a line is no version; the text names the line.
    """
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        raise VersionRecordBroken(f"{RECORD} is not UTF-8 text; restore it from a backup") from None
    return tuple(_parse(line, number, folder) for number, line in enumerate(lines, start=1))


def _parse(line: str, number: int, folder: Path) -> DatasetVersion:
    try:
        entry = json.loads(line)
        version = DatasetVersion(
            contract=str(entry["contract"]),
            sha256=str(entry["sha256"]),
            dvc_md5=str(entry["dvc_md5"]),
            rows=int(entry["rows"]),
            path=folder / Path(entry["file"]).name,
            saved_at=str(entry["saved_at"]),
            source=str(entry.get("source", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise VersionRecordBroken(f"{RECORD}, line {number} is no version; restore the file from a backup") from None
    if not (_HEX64.fullmatch(version.sha256) and _HEX32.fullmatch(version.dvc_md5)):
        raise VersionRecordBroken(f"{RECORD}, line {number}: a digest is not hex; restore the file from a backup")
    return version
