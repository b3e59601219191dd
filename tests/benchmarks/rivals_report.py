"""The section "rivals" of RESULTS.md, from the JSON files of one measurement; no number in it is typed by hand."""

from pathlib import Path

from measured import Measured
from workload import BATCH, FEATURES, MEMBERS, TRAIN, VALIDATION

from flows.benchmark.sections import put_section

RESULTS = Path(__file__).with_name("RESULTS.md")
NAMES = {
    "plain-loop": "hand-written loop, one process",
    "pumasi-in-process": "Pumasi, in process",
    "flower-ray": "Flower simulation, Ray, 2 actors",
    "flare-simulator-tuned": "NVIDIA FLARE simulator, tuned",
    "flare-simulator": "NVIDIA FLARE simulator, stock",
    "flare-poc-tuned": "NVIDIA FLARE POC, tuned",
    "flare-poc": "NVIDIA FLARE POC, stock",
    "openfl": "OpenFL task runner, stock",
}
COLUMNS = (
    "system",
    "s per round: median (min to max)",
    "times the loop",
    "CPU-s per round",
    "start-up, s",
    "to the end of round 1, s",
    "peak PSS, MB",
    "final loss",
    "runs × rounds",
    "load before, others' cores",
)
SAME = 1e-3
WORK = """\
{members} members, {train:,} rows of {features} numbers each, one local epoch with batches of {batch}, AdamW,
{validation:,} rows to evaluate on each round, {one.model_bytes:,} bytes of float32, one torch thread per process.
Simulated: the rows are made up, and nobody is another company."""
LEGEND = """\
Rounds without the first. All rivals start from the same parameters, take the same batches in the same order and average
by rows, so their last model is the same to rounding; Pumasi standardises by federated statistics and draws its own
order, so its loss is another number of the same work (against a loop over its own batches it is compared in the section
"speed"). Final loss: of the model after the last round, on all members' validation rows. Start-up: from nothing to the
first thing that the system does; Ray's actors, FLARE's sites and Pumasi's imports are in the first round. Pumasi and
the loop do a member after the other on one core; Ray uses two. Pumasi is the run alone, stopped after its rounds;
`pumasi train` adds Prefect and MLflow around it. FLARE tuned: `task_check_period` 0.05 s and `task_request_interval`
0.1 s. OpenFL sleeps 10 s between looks for work, in its code. Others' cores: what processes outside kept busy."""


def write_rivals(folder: Path, path: Path = RESULTS) -> None:
    """Put the section made from a folder's files into RESULTS.md."""
    put_section(path, "rivals", section(folder))


def section(folder: Path) -> str:
    """Return the section.

    Args:
        folder: with one JSON file per measured system, and one text file per system that could not be run.
    """
    found = {name: Measured.read(folder / f"{name}.json") for name in NAMES if (folder / f"{name}.json").exists()}
    failed = {
        name: (folder / f"{name}.failed").read_text(encoding="utf-8")
        for name in NAMES
        if (folder / f"{name}.failed").exists()
    }
    return "\n".join([*_introduction(found), *_table(found, failed), LEGEND, *_same(found)])


def _introduction(found: dict[str, Measured]) -> list[str]:
    some = next(iter(found.values()))
    versions = {name: number for one in found.values() for name, number in one.versions.items()}
    told = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    days = sorted({one.when for one in found.values()})
    return [
        "## Rivals: the same work on one machine",
        "",
        WORK.format(members=MEMBERS, train=TRAIN, features=FEATURES, batch=BATCH, validation=VALIDATION, one=some),
        f"{some.machine.cores} cores, {some.machine.processor}, {some.machine.memory_gb} GB,",
        f"Python {some.machine.python},",
        f"{told}. Measured {days[0]} to {days[-1]} by `make benchmark-rivals`.",
        "",
    ]


def _table(found: dict[str, Measured], failed: dict[str, str]) -> list[str]:
    loop = found.get("plain-loop")
    lines = [_line(COLUMNS), "|---" * len(COLUMNS) + "|"]
    for name, title in NAMES.items():
        if name in found:
            lines.append(_line(_row(title, found[name], loop)))
        elif name in failed:
            reason = " ".join(failed[name].split()).replace("|", "/")
            lines.append(_line((title, f"not run: {reason}", *[""] * (len(COLUMNS) - 2))))
    return [*lines, ""]


def _row(title: str, one: Measured, loop: Measured | None) -> tuple[str, ...]:
    runs = one.more.get("runs", 1)
    return (
        title,
        f"**{one.median:.3f}** ({min(one.rounds):.3f} to {max(one.rounds):.3f})",
        f"{one.median / loop.median:.1f}" if loop else "",
        f"{sum(one.cpu.values()):.3f}",
        f"{one.startup:.1f}",
        f"{one.first_round:.1f}",
        f"{one.memory.get('all', 0) / 1e6:.0f}",
        f"{one.more['final_loss']:.5f}" if one.more.get("final_loss") is not None else "",
        f"{runs} × {len(one.rounds) // runs}",
        f"{one.load_average:.1f}, {one.others_cpu:.2f}",
    )


def _same(found: dict[str, Measured]) -> list[str]:
    losses = {name: one.more.get("final_loss") for name, one in found.items() if name != "pumasi-in-process"}
    if losses.get("plain-loop") is None:
        return []
    told = {name: abs(loss - losses["plain-loop"]) for name, loss in losses.items() if loss is not None}
    unknown = [NAMES[name] for name, loss in losses.items() if loss is None]
    verdict = "Met." if max(told.values()) <= SAME and not unknown else "**Missed.**"
    line = f"Asked: the rivals' final losses within {SAME} of the loop's. Measured: at most {max(told.values()):.1e}"
    return ["", f"{line}{', unknown of ' + ', '.join(unknown) if unknown else ''}. {verdict}"]


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
