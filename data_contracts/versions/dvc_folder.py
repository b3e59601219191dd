"""DVC at work in a member's data folder: the only importer of DVC.

It takes 0.7 s to import and is imported when a version is saved, backed up or restored, never otherwise. It is kept
quiet, is not allowed to report home, and writes nothing outside of the folder.
"""

import contextlib
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data_contracts.errors import VersionError
from data_contracts.telemetry import switch_off_telemetry
from data_contracts.versions.files import replace_file

__all__ = ["dvc_add", "opened_remote"]

# The cache stays inside the folder whatever the machine's own DVC settings say: it holds rows.
_CONFIG = "[core]\n    no_scm = True\n    analytics = False\n    check_update = False\n[cache]\n    dir = cache\n"
_REMOTE = "backup"


def dvc_add(path: Path) -> str:
    """Put a file under DVC and return the MD5 that DVC names it by.

    Raises:
        VersionError: if DVC refuses.
    """
    folder = path.parent
    _make_repository(folder)
    # DVC does not write its pointer in one step. Half of one, left by a full disk, would stop every later save.
    path.with_name(f"{path.name}.dvc").unlink(missing_ok=True)
    try:
        with _opened(folder, {}) as repo:
            (stage,) = repo.add([str(path)], relink=False)  # relinking would delete the file for a moment
            return str(stage.outs[0].hash_info.value)
    except Exception as error:  # its own errors, the system's, SQLite's, and those of packages below it
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise VersionError(
            f"DVC could not add {path.name} in {folder}: {reason}. Nothing was recorded and earlier versions are as "
            "they were; remove the reason and save again."
        ) from error


@contextlib.contextmanager
def opened_remote(folder: Path, settings: Mapping[str, str]) -> Iterator[Any]:
    """Open a DVC remote for as long as the context lasts; nothing of it is written into the folder's configuration.

    Args:
        folder: the data folder.
        settings: DVC's settings of the remote, such as ``url``.
    """
    _make_repository(folder)
    with _opened(folder, {"remote": {_REMOTE: dict(settings)}}) as repo:
        yield repo.cloud.get_remote(_REMOTE)


def _make_repository(folder: Path) -> None:
    """Do what ``dvc init --no-scm`` does, less a cache outside of the folder and a notice on the screen."""
    config = folder / ".dvc" / "config"
    if not config.exists():
        config.parent.mkdir(exist_ok=True)
        replace_file(config, _CONFIG.encode(), folder)


@contextlib.contextmanager
def _opened(folder: Path, config: Mapping[str, Mapping[str, Any]]) -> Iterator[Any]:
    switch_off_telemetry()
    from dvc.repo import Repo  # noqa: PLC0415  # 0.7 s

    own = {"core": {"site_cache_dir": str(folder / ".dvc" / "site")}, **config}
    with _quiet(), Repo(str(folder), config=own) as repo:
        yield repo


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """DVC draws progress bars as long as its logger would show errors."""
    logger = logging.getLogger("dvc")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
