"""One point of the scale run, in a process of its own: a training in process, seen from inside.

Prints one JSON line. What runs is what `pumasi train` runs in one process, without Prefect and MLflow around it: the
same job, ServerApp, ClientApp and messages.
"""

import argparse
import json
import re
import shutil
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from workload import Size, write_plan

from federated.events import Event, PhaseBegun, RoundDone
from federated.rounds import RoundReport

POLL_SECONDS = 0.005
STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")
DEADLINE_SECONDS = 1800.0


@dataclass
class Seen:
    """What was seen of a run.

    Attributes:
        rounds: each round's report.
        cpu: the process's CPU seconds at the end of each round.
        peaks: phase -> largest resident set of the process in it, bytes.
        began: CPU seconds when the rounds began.
    """

    rounds: list[RoundReport] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peaks: dict[str, int] = field(default_factory=dict)
    began: float = 0.0
    _phase: str = "start"

    def note(self, event: Event) -> None:
        """Take an event in."""
        if isinstance(event, RoundDone):
            self.rounds.append(event.report)
            self.cpu.append(time.process_time())
        elif isinstance(event, PhaseBegun):
            self.close()
            self._phase, self.began = event.phase, time.process_time() if event.phase == "rounds" else self.began

    def close(self) -> None:
        """End the phase: keep its peak, and let the kernel begin a new one."""
        self.peaks[self._phase] = peak_bytes()
        CLEAR.write_text("5", encoding="ascii")  # 5: set the peak to what is resident now


def peak_bytes() -> int:
    """Return this process's largest resident set since its start, or since it was cleared.

    The same number as ``ru_maxrss``, but of this program alone: that one also remembers who started it.
    """
    found = re.search(r"VmHWM:\s+(\d+) kB", STATUS.read_text(encoding="ascii"))
    return int(found[1]) * 1024 if found else 0


def run(
    homes: tuple[Path, ...], folder: Path, contract: Path, *, size: Size, rounds: int, whole: bool
) -> dict[str, object]:
    """Train once and return what it took; unless `whole`, the run is stopped after its rounds."""
    from data_contracts.contract import load_contract  # noqa: PLC0415  (counted as start-up)
    from federated.job import OUTCOME, Outcome, load  # noqa: PLC0415
    from flows.places import OneProcess  # noqa: PLC0415
    from flows.plan import load_plan  # noqa: PLC0415
    from flows.run_folder import write_job  # noqa: PLC0415

    began, place, seen = time.perf_counter(), OneProcess(homes), Seen()
    write_plan(folder.with_suffix(".yaml"), contract, rounds=rounds, size=size)
    plan = load_plan(str(folder.with_suffix(".yaml")))
    plan = plan.model_copy(
        update={
            "learning": plan.learning.__class__(**asdict(plan.learning) | {"deadline_seconds": DEADLINE_SECONDS}),
        }
    )
    shutil.rmtree(folder, ignore_errors=True)
    rules = load_contract(str(contract))
    write_job(folder, plan, rules, place.agreement(plan, rules))
    running, ended = place.runtime.start(folder), False
    while not ended:
        events, ended = running.new_events(POLL_SECONDS)
        for event in events:
            seen.note(event)
        if not whole and len(seen.rounds) == rounds:
            running.stop()
            break
    seen.close()
    phases = dict(load(Outcome, folder / OUTCOME).seconds) if whole else {}
    starts = [seen.began, *seen.cpu]
    return {
        "rounds": [one.seconds for one in seen.rounds],
        "cpu": [later - earlier for earlier, later in zip(starts, seen.cpu, strict=False)],
        "accepted": [len(one.accepted) for one in seen.rounds],
        "loss": seen.rounds[-1].validation_loss,
        "phases": phases,
        "peaks": seen.peaks,
        "whole": time.perf_counter() - began,
        "whole_cpu": time.process_time(),
    }


def main() -> None:
    """Run the point that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("homes", type=Path, help="folder of the members' folders")
    parser.add_argument("--members", type=int, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--width", type=int, required=True)
    parser.add_argument("--blocks", type=int, required=True)
    parser.add_argument("--run", type=Path, required=True, help="the run's folder")
    parser.add_argument("--whole", action="store_true", help="calibrate and evaluate, too")
    asked = parser.parse_args()
    homes = tuple(sorted(asked.homes.glob("member-*"))[: asked.members])
    contract = asked.homes.parent / "contract.odcs.yaml"
    for home in homes:
        shutil.rmtree(home / "runs", ignore_errors=True)
    size = Size(asked.width, asked.blocks)
    sys.stdout.write(
        json.dumps(run(homes, asked.run, contract, size=size, rounds=asked.rounds, whole=asked.whole)) + "\n"
    )


if __name__ == "__main__":
    main()
