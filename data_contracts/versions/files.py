"""Files of a dataset's folder: whole or not there, and where each lies."""

import hashlib
import os
import tempfile
from pathlib import Path

__all__ = ["RECORD", "TEMPORARY", "cached", "clear_abandoned", "digest_of", "replace_file"]

RECORD = "versions.jsonl"
"""Name of the file that holds one line per version."""

TEMPORARY = ".saving-"
"""Begins the name of a file that is being written; one that a killed process left is deleted by the next save."""


def replace_file(path: Path, data: bytes, workspace: Path) -> None:
    """Write a file so that a reader sees the old bytes or the new ones, never half of them; for its owner only.

    Args:
        path: the file.
        data: its new bytes.
        workspace: folder on the same disk, in which the bytes lie until they are complete.
    """
    with tempfile.NamedTemporaryFile(dir=workspace, prefix=TEMPORARY, delete=False) as file:
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


def clear_abandoned(folder: Path) -> None:
    """Delete what a killed save left; only one saves at a time."""
    for abandoned in folder.glob(f"{TEMPORARY}*"):
        abandoned.unlink(missing_ok=True)


def cached(folder: Path, md5: str) -> Path:
    """Return where DVC's cache keeps bytes of that MD5."""
    return folder / ".dvc" / "cache" / "files" / "md5" / md5[:2] / md5[2:]


def digest_of(path: Path) -> str | None:
    """Return the SHA-256 of a file's bytes in hex, or None where there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
