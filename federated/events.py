"""What a run tells while it runs: a phase has begun, a round is done. One JSON line each in the run's folder."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from federated.job import EVENTS
from federated.plain import from_plain, to_plain
from federated.rounds import RoundReport


@dataclass(frozen=True)
class PhaseBegun:
    """A phase has begun; `phase` is its name."""

    phase: str


@dataclass(frozen=True)
class RoundDone:
    """A round is done."""

    report: RoundReport


Event: TypeAlias = PhaseBegun | RoundDone

_KINDS: dict[str, type[PhaseBegun | RoundDone]] = {"phase": PhaseBegun, "round": RoundDone}


@dataclass
class EventLog:
    """Writes the events of a run, and how long each phase took.

    Attributes:
        folder: The run's folder.
        seconds: Phase -> wall seconds, filled as phases end.
    """

    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Announce a phase and time it."""
        self._write("phase", PhaseBegun(name))
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began

    def round(self, report: RoundReport) -> None:
        """Announce a finished round."""
        self._write("round", RoundDone(report))

    def _write(self, kind: str, event: Event) -> None:
        with (self.folder / EVENTS).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"kind": kind, "event": to_plain(event)}) + "\n")


@dataclass
class EventReader:
    """Reads the events of a run that have not been read yet.

    Attributes:
        folder: The run's folder.
    """

    folder: Path
    _offset: int = 0

    def new(self) -> Iterator[Event]:
        """Yield the events written since the last call; a line that is still being written waits."""
        path = self.folder / EVENTS
        if not path.exists():
            return
        with path.open("rb") as lines:
            lines.seek(self._offset)
            for line in lines:
                if not line.endswith(b"\n"):
                    return
                self._offset += len(line)
                data = json.loads(line)
                yield from_plain(_KINDS[data["kind"]], data["event"])
