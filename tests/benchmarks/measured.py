"""From stamps and samples to the figures of one measured run."""

import json
import os
import platform
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from meter import Meter

SKIPPED = 1
"""Rounds not counted at the beginning: the first one loads data and warms caches."""


@dataclass(frozen=True)
class Machine:
    """Where it was measured."""

    cores: int
    memory_gb: int
    processor: str
    system: str
    python: str

    @classmethod
    def here(cls) -> "Machine":
        """Describe this machine."""
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.partition(":")[2].strip() for line in info if line.startswith("model name")]
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        cores = len(os.sched_getaffinity(0))
        return cls(cores, round(memory / 2**30), (names or ["?"])[0], platform.system(), platform.python_version())


@dataclass(frozen=True)
class Stamp:
    """Something that happened: a round's number when it ended, 0 when the rounds began, or a word."""

    what: int | str
    time: float
    loss: float | None = None


@dataclass(frozen=True)
class Measured:
    """One run of one system.

    Attributes:
        system: which one.
        versions: of what took part.
        members: how many took part.
        rounds: seconds of each round but the first.
        first_round: seconds from submitting the run to the end of its first round.
        startup: seconds from nothing to all members online.
        cpu: CPU seconds per round, by role, without the first round.
        memory: largest proportional set size, bytes by role, and of all together.
        loopback: bytes over the loopback per round, every hop counted.
        model_bytes: size of the parameters.
        loss: validation loss of the last model that was evaluated in the rounds.
        load_average: the machine's load when it began.
        others_cpu: CPU seconds per second that processes outside the measurement used meanwhile.
        when: local date and time.
        machine: where.
        more: what only this system can tell.
    """

    system: str
    versions: Mapping[str, str]
    members: int
    rounds: Sequence[float]
    first_round: float
    startup: float
    cpu: Mapping[str, float]
    memory: Mapping[str, int]
    loopback: float
    model_bytes: int
    loss: float | None
    load_average: float
    others_cpu: float
    when: str
    machine: Machine
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def median(self) -> float:
        """Median seconds per round."""
        return statistics.median(self.rounds)

    def save(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Measured":
        """Read what `save` wrote."""
        plain = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**plain, "machine": Machine(**plain["machine"])})


def read_stamps(path: Path) -> list[Stamp]:
    """Read the stamps that a rival wrote."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    plain = [json.loads(line) for line in lines]
    return [Stamp(one["what"], one["time"], one.get("loss")) for one in plain]


def machine_cpu() -> float:
    """Return the CPU seconds that the whole machine has worked since its start."""
    fields = [int(n) for n in Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:]]
    user, nice, system, _, _, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


@dataclass
class Watch:
    """What the machine did besides, from its making to `others`."""

    began: float = field(default_factory=time.time)
    load: float = field(default_factory=lambda: os.getloadavg()[0])
    _busy: float = field(default_factory=machine_cpu)

    def others(self, meter: Meter) -> float:
        """Return CPU seconds per second that were not the measured tree's."""
        first, last = meter.samples[0], meter.samples[-1]
        ours = sum(last.cpu.values()) - sum(first.cpu.values())
        return max(0.0, (machine_cpu() - self._busy - ours) / max(time.time() - self.began, 1e-9))


def reduce_run(
    system: str, stamps: Sequence[Stamp], meter: Meter, watch: Watch, *, members: int, model_bytes: int, **more: Any
) -> Measured:
    """Turn stamps and samples into figures.

    Args:
        system: its name.
        stamps: ``up``, ``submitted`` and each round's number.
        meter: what was sampled meanwhile.
        watch: made before the system was started.
        members: how many took part.
        model_bytes: size of the parameters.
        more: ``versions``, and whatever else belongs into the result.

    Raises:
        ValueError: fewer than two rounds after the first were stamped.
    """
    words = {stamp.what: stamp for stamp in stamps if isinstance(stamp.what, str)}
    ends = [stamp.time for stamp in stamps if isinstance(stamp.what, int) and stamp.what >= SKIPPED]
    counted = len(ends) - SKIPPED
    if counted < 1 or "up" not in words or "submitted" not in words:
        raise ValueError(f"{system}: the run did not get through its rounds: {[stamp.what for stamp in stamps]}")
    cpu = {role: used / counted for role, used in meter.cpu_between(ends[0], ends[-1]).items()}
    losses = [stamp.loss for stamp in stamps if stamp.loss is not None]
    return Measured(
        system=system,
        versions=more.pop("versions", {}),
        members=members,
        rounds=[later - earlier for earlier, later in pairwise(ends)],
        first_round=ends[0] - words["submitted"].time,
        startup=words["up"].time - watch.began,
        cpu=cpu,
        memory=dict(meter.peak),
        loopback=meter.loopback_between(ends[0], ends[-1]) / counted,
        model_bytes=model_bytes,
        loss=losses[-1] if losses else None,
        load_average=watch.load,
        others_cpu=watch.others(meter),
        when=time.strftime("%Y-%m-%d %H:%M"),
        machine=Machine.here(),
        more=more,
    )
