"""Pumasi in one process, as a rival: the run itself, without Prefect and MLflow around it.

Its members exist already, like the rivals' arrays. It is stopped when a further round has told the loss of the model
after the last one; what comes after the rounds (temperature, comparison with a member's own model) nobody else does.
"""

import argparse
import shutil
import sys
from pathlib import Path

from rival_work import stamp

sys.path.append(str(Path(__file__).parents[1]))
POLL_SECONDS = 0.005


def main() -> None:
    """Train once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    asked = parser.parse_args()
    home = asked.folder.resolve()

    from workload import SMALL, write_plan  # noqa: PLC0415

    from data_contracts.contract import load_contract  # noqa: PLC0415
    from federated.events import RoundDone  # noqa: PLC0415
    from flows.places import OneProcess  # noqa: PLC0415
    from flows.plan import load_plan  # noqa: PLC0415
    from flows.run_folder import write_job  # noqa: PLC0415

    homes = tuple(home / "members" / f"member-{number}" for number in range(1, asked.members + 1))
    for folder in (home / "run", *(member / "runs" for member in homes)):
        shutil.rmtree(folder, ignore_errors=True)
    stamp("up")
    stamp("submitted")
    write_plan(home / "plan.yaml", home / "members" / "contract.odcs.yaml", rounds=asked.rounds + 1, size=SMALL)
    plan, place = load_plan(str(home / "plan.yaml")), OneProcess(homes)
    contract = load_contract(plan.contract)
    write_job(home / "run", plan, contract, place.agreement(plan, contract))
    running, ended = place.runtime.start(home / "run"), False
    while not ended:
        events, ended = running.new_events(POLL_SECONDS)
        for report in (event.report for event in events if isinstance(event, RoundDone)):
            if report.round <= asked.rounds:
                stamp(report.round, loss=report.validation_loss or 0.0)
            else:
                stamp("final", loss=report.validation_loss or 0.0, final_loss=report.validation_loss or 0.0)
                running.stop()
                return


if __name__ == "__main__":
    main()
