"""Starts a rival inside the meter and reads its stamps."""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from measured import Measured, Watch, read_stamps, reduce_run
from meter import Meter, end_descendants
from workload import MEMBERS, SMALL, write_all

RIVALS = Path(__file__).with_name("rivals")
LIMIT_SECONDS = 900


@dataclass(frozen=True)
class Rival:
    """A system we compare with.

    Attributes:
        name: of its result file and of its row.
        script: what brings it up, runs the work once and ends it.
        options: of the script.
        rounds: how many; the slow ones get few.
        roles: which of its processes is which, by words of the command line.
        own_environment: folder of its virtual environment under the benchmark's folder; empty for Pumasi's own.
    """

    name: str
    script: str
    options: tuple[str, ...]
    rounds: int
    roles: Mapping[str, tuple[str, ...]]
    own_environment: str = ""


FLOWER_ROLES = {
    "association": ("flower-superlink", "flwr-serverapp"),
    "members": ("flower-supernode", "flwr-clientapp"),
}
FLARE_ROLES = {
    "association": ("fed.app.server", "/server/"),
    "members": ("fed.app.client", "/site-"),
}
FLOWER = Rival("flower", "flower_deployment.py", (), 3, FLOWER_ROLES)
FLARE = Rival("flare", "flare_poc.py", (), 11, FLARE_ROLES, "flare-venv")
FLARE_TUNED = Rival("flare-tuned", "flare_poc.py", ("--tuned",), 11, FLARE_ROLES, "flare-venv")


def measure_rival(rival: Rival, folder: Path, *, rounds: int | None = None, members: int = MEMBERS) -> Measured:
    """Bring a rival up, let it do the work, end it.

    Args:
        rival: which.
        folder: the benchmark's folder.
        rounds: instead of the rival's own number.
        members: how many.

    Raises:
        RuntimeError: the rival's script failed; its log is named.
    """
    data = write_all(folder / "data", members)
    python = prepare(rival, folder)
    stamps, log = folder / f"{rival.name}.stamps", folder / f"{rival.name}.log"
    stamps.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "BENCHMARK_DATA": str(data),
        "BENCHMARK_STAMPS": str(stamps),
        "BENCHMARK_WIDTH": str(SMALL.width),
        "BENCHMARK_BLOCKS": str(SMALL.blocks),
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    script = [str(python), str(RIVALS / rival.script), *rival.options, "--folder", str(folder / rival.name)]
    script += ["--rounds", str(rounds or rival.rounds), "--members", str(members)]
    watch = Watch()
    with Meter(rival.roles) as meter, log.open("wb") as output:
        try:
            code = subprocess.run(
                script,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=LIMIT_SECONDS,
                check=False,
            ).returncode
        finally:
            left = end_descendants()
    if code:
        raise RuntimeError(f"{rival.name} ended with {code}: see {log}")
    found = read_stamps(stamps)
    return reduce_run(
        rival.name,
        found,
        meter,
        watch,
        members=members,
        model_bytes=SMALL.bytes,
        versions=versions(rival, python),
        left_behind=left,
    )


def prepare(rival: Rival, folder: Path) -> Path:
    """Return the interpreter that the rival needs; its environment is made if it is not there."""
    if not rival.own_environment:
        return Path(sys.executable)
    subprocess.run([str(RIVALS / "setup.sh")], check=True)
    return folder / rival.own_environment / "bin" / "python"


def versions(rival: Rival, python: Path) -> dict[str, str]:
    """Return the versions of what takes part."""
    if not rival.own_environment:
        return {name: version(name) for name in ("flwr", "torch")}
    asked = "from importlib.metadata import version as v; print(v('nvflare'), v('torch'))"
    told = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(("nvflare", "torch"), told, strict=True))
