"""The app bundle that Flower insists on, without a line of code in it.

Flower sends a zip ("FAB") with every run and expects everybody to unpack and run it. Ours names the apps that are
installed already, and lists the SHA-256 of every source file they consist of. Equal software makes equal bytes, on any
machine and from any folder, so the bundle's own SHA-256 names the software: a node that builds another one refuses the
run (`federated.member`), and nobody ever needs to look into a bundle that came over the wire.
"""

import hashlib
import importlib.util
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath

ROOMS = ("data_contracts", "federated", "models")
"""The packages that decide what a run does, sorted: everything a member runs, and the association's ServerApp."""

SOURCES = "sources.json"
RUN_FOLDER = "run-folder"
"""Key of the run config that names the run's folder (`federated.server_app` reads it)."""

_SUFFIXES = (".py", ".yaml")
_PROJECT = """\
[project]
name = "pumasi"
version = "{version}"
description = "Names the installed Pumasi; holds no code."
license = "Apache-2.0"

[tool.flwr.app]
publisher = "pumasi"

[tool.flwr.app.components]
serverapp = "federated.server_app:app"
clientapp = "federated.client_app:app"

[tool.flwr.app.config]
{run_folder} = ""
"""
_DATE = (2024, 10, 1, 0, 0, 0)  # any fixed one: a zip must date its files
_UNIX = 3
_READABLE = 0o644 << 16


def bundle_sha256() -> str:
    """Return the hexadecimal SHA-256 of this installation's bundle: the name of its software."""
    return hashlib.sha256(build_bundle()).hexdigest()


@cache
def build_bundle() -> bytes:
    """Return this installation's bundle; made once per process, from the files as they are then."""
    sources = {name: hashlib.sha256(content).hexdigest() for name, content in _sources()}
    return pack_bundle(sources, version("pumasi"))


def pack_bundle(sources: Mapping[str, str], software_version: str) -> bytes:
    """Return the bundle of a list of sources, byte for byte the same for the same list.

    Args:
        sources: Path inside the installation -> SHA-256 of the file.
        software_version: Pumasi's version.
    """
    files = {
        "pyproject.toml": _PROJECT.format(version=software_version, run_folder=RUN_FOLDER).encode(),
        SOURCES: json.dumps(dict(sources), sort_keys=True, indent=0).encode(),
    }
    contents = "\n".join(
        f"{name},{hashlib.sha256(content).hexdigest()},{len(content) * 8}" for name, content in files.items()
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        for name, content in {**files, ".info/CONTENT": contents.encode()}.items():
            bundle.writestr(_entry(name), content)
    return packed.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return a zip entry without a trace of the machine.

    Stored, not deflated: two builds of zlib may compress the same bytes differently.
    """
    entry = zipfile.ZipInfo(name, _DATE)
    entry.create_system = _UNIX
    entry.external_attr = _READABLE
    entry.compress_type = zipfile.ZIP_STORED
    return entry


def _sources() -> Iterator[tuple[str, bytes]]:
    """Yield the path inside the installation and the content of every source file, without importing any."""
    for room in ROOMS:
        for folder in _folders(room):
            for path in sorted(folder.rglob("*")):
                parts = path.relative_to(folder).parts
                if path.suffix in _SUFFIXES and "__pycache__" not in parts and path.is_file():
                    yield str(PurePosixPath(room, *parts)), path.read_bytes()


def _folders(room: str) -> list[Path]:
    spec = importlib.util.find_spec(room)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {room} is not installed: install Pumasi again", name=room)
    return [Path(folder) for folder in spec.submodule_search_locations]
