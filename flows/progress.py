"""What a person sees while a run is under way: bars with rounds and time left on a terminal, plain lines elsewhere.

Everything goes to standard error, so that standard output stays free for the result.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from federated.events import Event, PhaseBegun, RoundDone
from federated.rounds import RoundReport

PLAIN_EVERY_SECONDS = 2.0


class Display(Protocol):
    """Shows the events of a run."""

    def show(self, event: Event) -> None:
        """Show one event."""

    def say(self, line: str) -> None:
        """Show one sentence of the flow."""


def tell(line: str) -> None:
    """Show one sentence, outside of any run."""
    PlainLines(0, sys.stderr).say(line)


@contextmanager
def display(rounds: int, stream: TextIO | None = None) -> Iterator[Display]:
    """Open the display that fits the stream: bars on a terminal, plain lines elsewhere.

    Args:
        rounds: Rounds of the run.
        stream: Where to write; standard error by default.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield PlainLines(rounds, stream)
        return
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
    )
    with Progress(*columns, console=Console(file=stream)) as bars:
        yield Bars(rounds, bars)


@dataclass
class PlainLines:
    """One line per phase, and one line every two seconds and at the end of the rounds.

    Attributes:
        rounds: Rounds of the run.
        stream: Where to write.
    """

    rounds: int
    stream: TextIO
    _last: float = field(default=0.0)
    _began: float = field(default_factory=time.monotonic)

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, PhaseBegun):
            self.say(event.phase)
            self._began = time.monotonic()
            return
        number, now = event.report.round, time.monotonic()
        if number == self.rounds or event.report.refused or now - self._last >= PLAIN_EVERY_SECONDS:
            self._last = now
            left = (now - self._began) / number * (self.rounds - number)
            self.say(f"round {number}/{self.rounds}  {_note(event.report)}  about {left:.0f} s left")

    def say(self, line: str) -> None:
        """Show one sentence of the flow."""
        self.stream.write(f"{line}\n")
        self.stream.flush()


@dataclass
class Bars:
    """A progress bar for the rounds, a line for each phase.

    Attributes:
        rounds: Rounds of the run.
        bars: Rich's progress display.
    """

    rounds: int
    bars: Progress
    _task: TaskID | None = None

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, RoundDone):
            if self._task is not None:
                self.bars.update(self._task, completed=event.report.round, note=_note(event.report))
        elif event.phase == "rounds":
            self._task = self.bars.add_task("rounds", total=self.rounds, note="")
        else:
            self.say(event.phase)

    def say(self, line: str) -> None:
        """Show one sentence of the flow."""
        self.bars.console.print(line, highlight=False, markup=False)


def _note(report: RoundReport) -> str:
    loss = report.train_loss if report.validation_loss is None else report.validation_loss
    kind = "training" if report.validation_loss is None else "validation"
    refused = "".join(f"  {one.member} refused: {one.reason}" for one in report.refused)
    return f"{len(report.accepted)} of {len(report.asked)} members  {kind} loss {loss:.3f}{refused}"
