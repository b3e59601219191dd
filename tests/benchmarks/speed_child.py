"""The speed work once, by Pumasi in one process, seen from inside; prints one JSON line.

What runs is what `pumasi train` runs in one process, without Prefect and MLflow around it: the same job, apps and
messages. ``--trainer`` puts Lightning's Trainer in the place of the loop over the same hooks.
"""

import argparse
import json
import shutil
import sys
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from hand_written import peak_bytes

POLL_SECONDS = 0.2
HEAVY = ("lightning", "torch._dynamo", "sympy", "mlflow", "prefect", "dvc", "matplotlib", "scipy", "sklearn")


def run(members: Path, plan_file: Path, folder: Path, *, trainer: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Train by a plan until the last round; return what it took, and the weights."""
    from data_contracts.contract import load_contract  # noqa: PLC0415  (counted as start-up)
    from federated import client_app, server_app, training_loop  # noqa: F401, PLC0415
    from federated.messages import TrainRound  # noqa: PLC0415
    from federated.wire import pack  # noqa: PLC0415
    from flows.places import OneProcess  # noqa: PLC0415
    from flows.plan import load_plan  # noqa: PLC0415
    from flows.run_folder import write_job  # noqa: PLC0415

    if trainer:
        from models import network_family  # noqa: PLC0415
        from models.lightning_module import fit_by_trainer  # noqa: PLC0415

        network_family.train = partial(network_family.train, fit=fit_by_trainer)  # type: ignore[attr-defined]
    imported = (time.perf_counter(), time.process_time())
    homes = tuple(sorted(members.glob("member-*")))
    for home in homes:
        shutil.rmtree(home / "runs", ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
    plan, place = load_plan(str(plan_file)), OneProcess(homes)
    rules = load_contract(plan.contract)
    write_job(folder, plan, rules, place.agreement(plan, rules))
    seen = Seen(training_loop.RoundLoop, pack, TrainRound)
    running = place.runtime.start(folder)
    while not seen.weights:
        time.sleep(POLL_SECONDS)
    running.stop()
    return seen.told(imported), seen.weights


class Seen:
    """What is seen of the rounds from inside.

    Args:
        loop: the round loop; it is watched from now on.
        pack: turns messages into what travels.
        asks: the message that asks for a round.
    """

    def __init__(self, loop: Any, pack: Any, asks: Any) -> None:
        self.stamps: list[tuple[float, float]] = []
        self.weights: dict[str, Any] = {}
        self.loss, self.bytes = 0.0, 0
        original = loop.run

        def watched(this: Any, state: Any, on_round: Any) -> Any:
            self.stamps.append((time.perf_counter(), time.process_time()))
            request = asks(state.weights, this.assignment, this.preprocessing, 1)
            self.bytes = sum(len(_plain(value)) for value in pack(request)["message"].values())

            def noted(report: Any, after: Any) -> None:
                on_round(report, after)
                self._note(report)

            end = original(this, state, noted)
            self.weights = end.final_weights()
            this.grid.stopping.set()  # what follows is no round
            return end

        loop.run = watched

    def _note(self, report: Any) -> None:
        self.stamps.append((time.perf_counter(), time.process_time()))
        self.loss = report.validation_loss

    def told(self, imported: tuple[float, float]) -> dict[str, Any]:
        """Return the figures."""
        seconds, cpu = ([b - a for a, b in pairwise(of)] for of in zip(*self.stamps, strict=True))
        return {
            "seconds": seconds,
            "cpu": cpu,
            "loss": self.loss,
            "bytes": self.bytes,
            "import_cpu": imported[1],
            "preparation_cpu": self.stamps[0][1] - imported[1],
            "heavy": [name for name in HEAVY if name in sys.modules],
            "modules": len(sys.modules),
        }


def _plain(value: object) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("members", type=Path)
    parser.add_argument("--plan", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True, help="the run's folder")
    parser.add_argument("--trainer", action="store_true")
    parser.add_argument("--weights", type=Path, required=True, help="where the last weights go")
    asked = parser.parse_args()
    done, weights = run(asked.members, asked.plan, asked.run, trainer=asked.trainer)
    np.savez(asked.weights, **weights)
    done |= {"whole_cpu": time.process_time(), "peak": peak_bytes()}
    sys.stdout.write(json.dumps(done) + "\n")


if __name__ == "__main__":
    main()
