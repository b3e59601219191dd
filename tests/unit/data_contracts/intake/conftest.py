"""Files to read, and a real PostgreSQL 15 on a free port for as long as the session lasts."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from data_contracts.intake.table import SourceTable

_POSTGRES = Path("/usr/lib/postgresql/15/bin")
_PASSWORD = "rather-secret"  # noqa: S105  # of a server that lives for a minute

Save = Callable[[str | bytes], Path]


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write a file and return its path."""

    def write(content: str | bytes, *, name: str = "lots.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def rows() -> Callable[[SourceTable], list[tuple[str | None, ...]]]:
    """Return the cells of a table row by row, None where missing."""

    def cells(table: SourceTable) -> list[tuple[str | None, ...]]:
        return [tuple(None if cell is None else str(cell) for cell in row) for row in _rows(table)]

    return cells


def _rows(table: SourceTable) -> Sequence[Sequence[object]]:
    frame = table.cells.astype(object)
    values: Sequence[Sequence[object]] = frame.where(frame.notna(), None).to_numpy().tolist()
    return values


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Start a PostgreSQL server as somebody without rights; the SQLAlchemy URL of its administrator."""
    folder = Path(tempfile.mkdtemp(prefix="pumasi-postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    unprivileged = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    if unprivileged:
        shutil.chown(folder, "nobody", "nogroup")
    (folder / "password").write_text(_PASSWORD, encoding="utf-8")
    (folder / "password").chmod(0o644)
    owner = ["-U", "keeper", "-A", "scram-sha-256", "--pwfile", f"{folder}/password"]
    subprocess.run(
        [*unprivileged, f"{_POSTGRES}/initdb", "-D", f"{folder}/data", *owner, "--no-sync", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd=folder,
    )
    server = subprocess.Popen(
        [
            *(*unprivileged, f"{_POSTGRES}/postgres", "-D", f"{folder}/data"),
            *("-h", "127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "fsync=off"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        _wait_for(port, server)
        yield f"postgresql+psycopg://keeper:{_PASSWORD}@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 60
    ready = [f"{_POSTGRES}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(ready, check=False).returncode:
        assert server.poll() is None, "PostgreSQL ended at once"
        assert time.monotonic() < end, "PostgreSQL did not start within a minute"
        time.sleep(0.1)
