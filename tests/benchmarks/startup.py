"""What it costs to run a Prefect flow as a flow when nobody runs a Prefect server: Prefect's own way, and ours.

``make benchmark-startup`` runs both side by side, alternating, in new processes, and writes STARTUP.md beside this
file. Each process runs one flow that does nothing, on a home whose database exists already. Ours is measured twice:
alone, and as the product uses it, with torch imported while the server starts.
"""

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

REPEATS = 5
RESULTS = Path(__file__).with_name("STARTUP.md")

PREFECTS_OWN = """
import os
os.environ.update(PREFECT_HOME={home!r}, PREFECT_LOGGING_LEVEL="CRITICAL", PREFECT_SERVER_ANALYTICS_ENABLED="false",
                  DO_NOT_TRACK="1", PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS="120")
from prefect import flow
@flow
def nothing(): return 1
nothing()
"""

OURS = """
from pathlib import Path
from flows.local_prefect import local_prefect, without_heartbeat
with local_prefect(Path({home!r})):
    {meanwhile}
    from prefect import flow
    @flow
    def nothing(): return 1
    with without_heartbeat():
        nothing()
"""

IMPORTS = "import torch"

WAYS = {
    "Prefect's ephemeral server": (PREFECTS_OWN, ""),
    "ours": (OURS, "pass"),
    "ours, while torch is imported": (OURS, IMPORTS),
}


def once(script: str, folder: Path) -> tuple[float, float]:
    """Run a script in a new process; return wall seconds and CPU seconds of it and its children."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, cwd=folder)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(repeats: int) -> dict[str, list[tuple[float, float]]]:
    """Measure every way, alternating, each on a home of its own that was used once before."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(__file__).parents[2]
        scripts = {
            name: script.format(home=str(Path(folder) / str(index)), meanwhile=meanwhile)
            for index, (name, (script, meanwhile)) in enumerate(WAYS.items())
        }
        scripts["torch alone"] = IMPORTS
        for script in scripts.values():
            once(script, root)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in scripts}
        for _ in range(repeats):
            for name, script in scripts.items():
                found[name].append(once(script, root))
    return found


def report(found: dict[str, list[tuple[float, float]]]) -> str:
    """Return the results as Markdown."""
    lines = [
        "# Start-up of one empty Prefect flow, existing database",
        "",
        f"Python {platform.python_version()}, Prefect {version('prefect')}, {os.cpu_count()} cores.",
        f"{len(next(iter(found.values())))} runs each, alternating. Made by `make benchmark-startup`.",
        "",
        "| way | wall s, median | min to max | CPU s, median |",
        "|---|---|---|---|",
    ]
    for name, runs in found.items():
        walls, cpus = zip(*runs, strict=True)
        lines.append(
            f"| {name} | {statistics.median(walls):.1f} | {min(walls):.1f} to {max(walls):.1f} "
            f"| {statistics.median(cpus):.1f} |"
        )
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure and write the results."""
    found = measure(REPEATS)
    RESULTS.write_text(report(found), encoding="utf-8")
    sys.stdout.write(report(found) + json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
