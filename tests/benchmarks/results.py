"""Writes the measured figures into RESULTS.md; no number in there is typed by hand."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from measured import Measured
from workload import BATCH, FEATURES, TRAIN, VALIDATION

from flows.benchmark.sections import put_section

RESULTS = Path(__file__).with_name("RESULTS.md")
NAMES = {
    "pumasi": "Pumasi, deployed (sandbox)",
    "flare-tuned": "NVIDIA FLARE POC, tuned",
    "flare": "NVIDIA FLARE POC, stock",
    "flower": "Flower deployment, stock",
}
COLUMNS = (
    "system",
    "s per round: median (min to max)",
    "rounds",
    "CPU-s per round",
    "to the end of round 1, s",
    "start-up, s",
    "peak PSS, MB",
    "loopback, kB per round",
    "loss",
    "load before, others' cores",
)
WORK = """\
The work: five members, {train} rows of {features} numbers each, one local epoch with batches of {batch}, AdamW,
{validation} rows to evaluate the arriving model on, FedAvg by rows; the network has {bytes} bytes of float32. All
systems train the same network on the same rows with one torch thread per process."""
SIMULATED = """\
Simulated: the rows are made up, and all members are processes of this machine. They share its cores, its memory and its
loopback: a round waits for all members' arithmetic, and for no network. Real: separate processes and folders, TLS, and
an identity per member (Flower: node keys; FLARE: mutual TLS; Pumasi: both, with consent and a check of every reply)."""
LEGEND = """\
Rounds without the first, from one round's end to the next. CPU: of every process of the system, with those that came
and went. Start-up: from nothing to all members online; Pumasi's includes the check of every member's file and its
joining. Peak PSS: of everything at once, with the command that drives the run. Loss: the last one that the members
reported within the rounds; who did more rounds has a lower one. FLARE tuned: `task_check_period` 0.05 s and
`task_request_interval` 0.1 s, the two waits it has settings for. Stock Flower takes two exchanges a round, the others
one, which evaluates a round late. Others' cores: what processes outside the measurement kept busy meanwhile."""
SIDE_BY_SIDE = ("pumasi", "flare-tuned", "flare", "flower")
SIZES = ("pumasi", "pumasi-1mb", "pumasi-10mb")
TWENTY = ("pumasi", "pumasi-20")
TARGETS: tuple[tuple[str, Callable[[Measured], float], float], ...] = (
    ("seconds per round under 1.5", lambda one: one.median, 1.5),
    ("CPU-seconds per round at most 2.0", lambda one: sum(one.cpu.values()), 2.0),
)
MEMBER_MB = 700
MOST_TIMES = 1.5


def write_results(folder: Path, path: Path = RESULTS) -> None:
    """Put the section made from a folder's JSON files into RESULTS.md; the rest of the file stays.

    Args:
        folder: with one JSON file per measured system.
        path: the file.
    """
    names = dict.fromkeys((*SIDE_BY_SIDE, *SIZES, *TWENTY))
    found = {name: Measured.read(folder / f"{name}.json") for name in names if (folder / f"{name}.json").exists()}
    put_section(path, "federation", report(found))


def report(found: dict[str, Measured]) -> str:
    """Return the section."""
    parts = [*_introduction(found), *_side_by_side(found)]
    if "pumasi" in found:
        parts += [*_where(found), *_members(found), *_bytes(found), *_equality(found["pumasi"])]
    return "\n".join(parts)


def _introduction(found: dict[str, Measured]) -> list[str]:
    some = next(iter(found.values()))
    versions = {name: number for one in found.values() for name, number in one.versions.items()}
    told = ", ".join(f"{name} {number}" for name, number in sorted(versions.items()))
    machine = f"{some.machine.cores} cores, {some.machine.processor}, {some.machine.memory_gb} GB"
    work = WORK.format(
        train=TRAIN, features=FEATURES, batch=BATCH, validation=VALIDATION, bytes=f"{some.model_bytes:,}"
    )
    days = sorted({one.when for one in found.values()})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    measured = f"Measured {when} by `make benchmark-federation`."
    return [
        "## Federation: what a round costs",
        "",
        f"One machine ({machine}), Python {some.machine.python}, {told}. {measured}",
        "",
        work,
        "",
        SIMULATED,
        "",
    ]


def _side_by_side(found: dict[str, Measured]) -> list[str]:
    rows = [found[name] for name in SIDE_BY_SIDE if name in found]
    lines = [
        _line(COLUMNS),
        "|---" * len(COLUMNS) + "|",
        *(_line(_row(one)) for one in rows),
        *_in_process_row(found.get("pumasi")),
        "",
        LEGEND,
        "",
    ]
    return lines + _verdicts(found)


def _row(one: Measured) -> tuple[str, ...]:
    return (
        NAMES[one.system],
        f"**{one.median:.2f}** ({min(one.rounds):.2f} to {max(one.rounds):.2f})",
        str(len(one.rounds)),
        f"{sum(one.cpu.values()):.2f}",
        f"{one.first_round:.1f}",
        f"{one.startup:.1f}",
        _mb(one.memory.get("all", 0)),
        f"{one.loopback / 1000:.0f}",
        f"{one.loss:.4f}" if one.loss is not None else "",
        f"{one.load_average:.1f}, {one.others_cpu:.2f}",
    )


def _in_process_row(one: Measured | None) -> Iterable[str]:
    if one is not None and "in_process" in one.more:
        plain = one.more["in_process"]
        rounds: list[float] = plain["rounds"]
        spread = f"{statistics.median(rounds):.2f} ({min(rounds):.2f} to {max(rounds):.2f})"
        cells = ("Pumasi, the same plan in one process", spread, str(len(rounds)), f"{plain['cpu']:.2f}")
        yield _line((*cells, *[""] * (len(COLUMNS) - len(cells))))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _verdicts(found: dict[str, Measured]) -> list[str]:
    one = found.get("pumasi")
    if one is None:
        return []
    lines = [
        f"- Asked: {text}. Measured: {figure(one):.2f}. {_met(figure(one) <= most)}" for text, figure, most in TARGETS
    ]
    for rival in ("flare", "flare-tuned"):
        if rival in found:
            times = found[rival].median / one.median
            lines.append(f"- {NAMES[rival]} takes {times:.2f} times as long per round as Pumasi. {_met(times > 1)}")
    return [*lines, ""]


def _where(found: dict[str, Measured]) -> list[str]:
    measured = [found[name] for name in TWENTY if name in found]
    roles = sorted({role for one in measured for role, used in one.cpu.items() if used >= 0.005})
    return [
        "### Where the time goes",
        "",
        "| members | s per round: median (min to max) | " + " | ".join(f"{role}, CPU-s" for role in roles) + " | all |",
        "|---|---|" + "---|" * (len(roles) + 1),
        *(
            f"| {one.members} | {one.median:.2f} ({min(one.rounds):.2f} to {max(one.rounds):.2f}) | "
            + " | ".join(f"{one.cpu.get(role, 0.0):.2f}" for role in roles)
            + f" | {sum(one.cpu.values()):.2f} |"
            for one in measured
        ),
        "",
        "Agents hold a member's key and connection, workers train; the flow is `pumasi train` itself.",
        "",
        *(_phases(one) for one in measured),
        "",
    ]


def _phases(one: Measured) -> str:
    told = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in one.more["phases"].items())
    return f"The whole run of {len(one.rounds) + 1} rounds with {one.members} members: {told}."


def _members(found: dict[str, Measured]) -> list[str]:
    one = found["pumasi"]
    idle, after = one.more["idle"], one.more["node_memory_after"]
    cpu: dict[str, float] = idle["cpu_percent"]
    alone = [node["alone"] for node in (*idle["node_memory"], *after)]
    before, later = (_span(node["pss"] for node in nodes) for nodes in (idle["node_memory"], after))
    member = (cpu.get("agents", 0) + cpu.get("workers", 0)) / one.members
    waiting = {role: f"{cpu.get(role, 0):.1f} %" for role in ("SuperLink", "ServerApp")}
    sentences = (
        f"Agent and warm worker of one member hold {before} MB PSS before the first run and {later} MB after one,",
        f"beside the other members on this machine; {_span(alone)} MB where nobody else shares their libraries.",
        f"Asked: under {MEMBER_MB} MB. {_met(max(alone) / 1e6 < MEMBER_MB)}",
        f"Waiting, a member uses {member:.1f} % of a core, the SuperLink",
        f"{waiting['SuperLink']}, the ServerApp's executor {waiting['ServerApp']}.",
    )
    return ["### A member that waits", "", *sentences, ""]


def _bytes(found: dict[str, Measured]) -> list[str]:
    rows = [found[name] for name in SIZES if name in found and "up" in found[name].more]
    if not rows:
        return ["Bytes at the door were not counted: this machine has no `ss`.", ""]
    columns = ("model, bytes", "sent, bytes (times the model)", "received, bytes (times the model)", "s per round")
    lines = ["### Bytes per member and round, through the door", "", _line((*columns, "loopback, all hops, kB"))]
    lines.append("|---" * (len(columns) + 1) + "|")
    for one in rows:
        up, down = _mean(one.more["up"]), _mean(one.more["down"])
        lines.append(
            f"| {one.model_bytes:,} | {up:,.0f} ({up / one.model_bytes:.2f}) "
            f"| {down:,.0f} ({down / one.model_bytes:.2f}) | {one.median:.2f} | {one.loopback / 1000:,.0f} |"
        )
    lines += [
        "",
        "As the kernel counts them on the members' connections: TLS, HTTP, polling and signs of life included.",
    ]
    if "pumasi-1mb" in found and "up" in found["pumasi-1mb"].more:
        one = found["pumasi-1mb"]
        most = max(_mean(one.more["up"]), _mean(one.more["down"])) / one.model_bytes
        lines.append(f"Asked: at most {MOST_TIMES} times at 1 MB. Measured: {most:.2f}. {_met(most <= MOST_TIMES)}")
    return [*lines, ""]


def _equality(one: Measured) -> list[str]:
    plain: dict[str, Any] = one.more.get("in_process", {})
    if not plain:
        return []
    same = "equal, bit for bit" if plain["same_weights"] else "**not equal**"
    digests = f"{one.more['weights_sha256'][:16]} and {plain['weights_sha256'][:16]}"
    return [f"The deployed run's weights and those of the same plan in one process are {same} (SHA-256 {digests})."]


def _met(yes: bool) -> str:  # noqa: FBT001
    return "Met." if yes else "**Missed.**"


def _mb(held: float) -> str:
    return f"{held / 1e6:.0f}"


def _span(held: Iterable[float]) -> str:
    sizes = sorted(held)
    low, high = _mb(sizes[0]), _mb(sizes[-1])
    return low if low == high else f"{low} to {high}"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
