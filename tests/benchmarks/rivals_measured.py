"""Starts a rival inside the meter and reads its stamps."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from measured import Measured, Watch, read_stamps, reduce_run
from meter import MEMORY_EVERY, Meter, end_descendants
from workload import MEMBERS, SMALL, write_all

RIVALS = Path(__file__).with_name("rivals")
LIMIT_SECONDS = 900
ENVIRONMENTS = "envs"
PACKAGES = {
    "flower-ray": ("flwr", "ray", "torch"),
    "flare": ("nvflare", "torch"),
    "openfl": ("openfl", "torch"),
}


@dataclass(frozen=True)
class Rival:
    """A system we compare with.

    Attributes:
        name: of its result file and of its row.
        script: what brings it up, runs the work once and ends it.
        options: of the script.
        rounds: how many; the slow ones get few.
        roles: which of its processes is which, by words of the command line.
        own_environment: name of its virtual environment (`setup.sh`); empty for Pumasi's own.
        memory_every: memory is read in each so-manieth sample.
    """

    name: str
    script: str
    options: tuple[str, ...]
    rounds: int
    roles: Mapping[str, tuple[str, ...]]
    own_environment: str = ""
    memory_every: int = MEMORY_EVERY


FLOWER_ROLES = {
    "association": ("flower-superlink", "flwr-serverapp"),
    "members": ("flower-supernode", "flwr-clientapp"),
}
FLARE_ROLES = {
    "association": ("fed.app.server", "/server/"),
    "members": ("fed.app.client", "/site-"),
}
FLOWER = Rival("flower", "flower_deployment.py", (), 3, FLOWER_ROLES)
FLARE = Rival("flare", "flare_poc.py", (), 11, FLARE_ROLES, "flare")
FLARE_TUNED = Rival("flare-tuned", "flare_poc.py", ("--tuned",), 11, FLARE_ROLES, "flare")


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
    with Meter(rival.roles, rival.memory_every) as meter, log.open("wb") as output:
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
        final_loss=_final_loss(stamps),
    )


def _final_loss(stamps: Path) -> float | None:
    """Return the validation loss of the merged model after the last round, where the rival was asked for it."""
    lines = [json.loads(line) for line in stamps.read_text(encoding="utf-8").splitlines()]
    found = [float(line["final_loss"]) for line in lines if "final_loss" in line]
    return found[-1] if found else None


def prepare(rival: Rival, folder: Path) -> Path:
    """Return the interpreter that the rival needs; its environment is made if it is not there.

    Raises:
        RuntimeError: it cannot be installed; the text holds pip's last lines.
    """
    if not rival.own_environment:
        return Path(sys.executable)
    environment = folder / ENVIRONMENTS / rival.own_environment
    if subprocess.run([str(RIVALS / "setup.sh"), rival.own_environment], check=False).returncode:
        reason = environment.with_name(f"{environment.name}.failed")
        told = reason.read_text(encoding="utf-8").strip() if reason.exists() else "setup.sh failed"
        raise RuntimeError(f"{rival.own_environment} cannot be installed: {told}")
    return environment / "bin" / "python"


def versions(rival: Rival, python: Path) -> dict[str, str]:
    """Return the versions of what takes part."""
    names = PACKAGES.get(rival.own_environment, ("flwr", "torch"))
    if not rival.own_environment:
        return {name: version(name) for name in names}
    asked = f"from importlib.metadata import version as v; print(*map(v, {names!r}))"
    told = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, check=True).stdout.split()
    return dict(zip(names, told, strict=True))
