"""Writes the figures of the speed run into RESULTS.md; no number in there is typed by hand."""

import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from workload import BATCH, FEATURES, MEMBERS, SMALL, TRAIN, VALIDATION

from flows.benchmark.sections import put_section

RESULTS = Path(__file__).with_name("RESULTS.md")
MOST_TRAINER, MOST_ELSE, MOST_MB = 2.2, 1.1, 700
HAND, PUMASI = "by hand", "Pumasi"
HAND_TRAINER, PUMASI_TRAINER = "by hand, Lightning's Trainer", "Pumasi, Lightning's Trainer"


def write_report(found: dict[str, Any], *, put: bool) -> str:
    """Return the section, and put it into RESULTS.md if asked."""
    text = "\n".join([*_introduction(found), *_rounds(found), *_verdicts(found), *_imports(found), *_startup(found)])
    if put:
        put_section(RESULTS, "speed", text)
    return text + "\n"


WORK = """\
The work: {members} members, {train:,} rows of {features} numbers each, one local epoch in batches of {batch}, AdamW,
{validation:,} rows to evaluate the arriving model on, FedAvg; {bytes:,} bytes of float32, one torch thread. The rows
are made up, and no network lies between the members. By hand: torch and numpy on encoded rows, without messages, checks
or records. All ways take the same batches from the same start."""


def _introduction(found: dict[str, Any]) -> list[str]:
    machine = found["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in sorted(found["versions"].items()))
    where = f"One machine ({machine['cores']} cores, {machine['processor']}, {machine['memory_gb']} GB), Python"
    how = (
        f"{found['repeats']} runs of each way in processes of their own, alternating; load before: {found['load']:.1f}."
    )
    when = f"{machine['python']}, {versions}. Measured {found['when']} by `make benchmark-speed`,"
    work = WORK.format(
        members=MEMBERS, train=TRAIN, features=FEATURES, batch=BATCH, validation=VALIDATION, bytes=SMALL.bytes
    )
    return ["## Speed: a round in one process", "", f"{where} {when} {how}", "", work, ""]


def _rounds(found: dict[str, Any]) -> list[str]:
    ways, hand = found["ways"], found["ways"][HAND]
    rows = [
        (
            way,
            f"**{of['seconds']['median']:.3f}** ({of['seconds']['min']:.3f} to {of['seconds']['max']:.3f})",
            f"{of['cpu']['median']:.3f}",
            f"{of['seconds']['median'] / hand['seconds']['median']:.2f}",
            f"{of['cpu']['median'] / hand['cpu']['median']:.2f}",
            f"{of['whole_cpu']:.1f}",
            f"{of['peak'] / 1e6:.0f}",
            f"{of['loss']:.6f}",
            _difference(found["differences"][way]),
        )
        for way, of in ways.items()
    ]
    columns = (
        "way",
        "s per round: median (min to max)",
        "CPU-s",
        "times by hand",
        "times by hand, CPU",
        "whole process, CPU-s",
        "peak, MB",
        "loss",
        "weights beside those by hand",
    )
    legend = (
        "Rounds without the first; medians of the runs' medians. Peak: largest resident set of the process. Loss: of "
        f"the model that arrived in the last round. A request for a round has {ways[PUMASI]['bytes']:,} bytes."
    )
    return [*_table(columns, rows), "", legend, ""]


def _difference(largest: float) -> str:
    return "equal, bit for bit" if largest == 0 else f"{largest:.1e} at most"


def ratios(ways: dict[str, Any], what: str = "cpu") -> dict[str, float]:
    """Return what is asked of the ways, as ratios.

    Args:
        ways: the figures of each way.
        what: ``cpu`` or ``seconds``.
    """
    of = {way: figures[what]["median"] for way, figures in ways.items()}
    return {
        "with Trainer": of[PUMASI_TRAINER] / of[HAND],
        "all but Trainer's fit": of[PUMASI_TRAINER] / of[HAND_TRAINER],
        "as shipped": of[PUMASI] / of[HAND],
    }


def _verdicts(found: dict[str, Any]) -> list[str]:
    wall, cpu = ratios(found["ways"], "seconds"), ratios(found["ways"], "cpu")
    asked = (
        ("in-process with Lightning's Trainer at most", "with Trainer", MOST_TRAINER, "the loop by hand"),
        ("everything but Lightning's fit at most", "all but Trainer's fit", MOST_ELSE, "Lightning's Trainer by hand"),
        ("the loop that is shipped, over the LightningModule's hooks, at most", "as shipped", MOST_ELSE, "by hand"),
    )
    lines = [
        f"- Asked: {text} {most} times {beside}. Measured: {wall[name]:.2f} (CPU {cpu[name]:.2f}). "
        f"{_met(wall[name] <= most)}"
        for text, name, most, beside in asked
    ]
    peak, whole = found["ways"][PUMASI]["peak"] / 1e6, max(one["whole"]["peak"] for one in found["startup"]) / 1e6
    memory = f"Measured: {peak:.0f} in the rounds, {whole:.0f} in a whole `pumasi train` with Prefect and MLflow."
    return [*lines, f"- Asked: peak memory under {MOST_MB} MB. {memory} {_met(max(peak, whole) < MOST_MB)}", ""]


def _imports(found: dict[str, Any]) -> list[str]:
    rows = [
        (
            name,
            f"{of['cpu']:.2f}",
            f"{of['peak'] / 1e6:.0f}",
            str(of["modules"]),
            ", ".join(of["heavy"]) or "none",
            ", ".join(f"{package} {seconds:.2f}" for package, seconds in of["top"].items()),
        )
        for name, of in found["imports"].items()
    ]
    columns = ("what is started", "CPU-s", "peak, MB", "modules", "large packages in it", "longest by themselves, s")
    legend = "A new process each, Python's own start included. The last column is by `-X importtime`, which takes time."
    return ["### What starting loads", "", *_table(columns, rows), "", legend, ""]


def _startup(found: dict[str, Any]) -> list[str]:
    stages = [name for name in found["startup"][0] if name != "whole"]
    rows = [
        (
            stage,
            f"{statistics.median(one[stage]['seconds'] for one in found['startup']):.1f}",
            f"{statistics.median(one[stage]['cpu'] for one in found['startup']):.1f}",
        )
        for stage in stages
    ]
    of = found["ways"][PUMASI]
    text = (
        "`pumasi train` in one process, from the command to the stage, Prefect's API server as its child included. "
        f"Without Prefect and MLflow around it: imports {of['import_cpu']:.1f} CPU-s, members, contract check and "
        f"statistics {of['preparation_cpu']:.1f}, first round {of['first']:.2f}."
    )
    return ["### Up to the first round", "", *_table(("reached", "s", "CPU-s"), rows), "", text, ""]


def _table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [_line(columns), "|---" * len(columns) + "|", *(_line(row) for row in rows)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _met(yes: bool) -> str:  # noqa: FBT001
    return "Met." if yes else "**Missed.**"
