"""Show the members a plan before it is run: who agrees, who has still to look at it, who does not and why."""

import secrets
from datetime import UTC, datetime

from data_contracts.contract import load_contract
from federated import job as jobs
from federated.job import Proposed, Task
from flows import run_folder
from flows.following import follow
from flows.places import open_place
from flows.plan import TrainingPlan
from flows.settings import Settings


def propose_plan(settings: Settings, plan: TrainingPlan) -> Proposed:
    """Send the signed agreement of a plan to every member that is online and hear what each says.

    No member works on its rows for this; a node that has nobody's approval keeps the agreement for its owner to read.

    Args:
        settings: Where the association keeps its state.
        plan: The plan; it must run in the federation.

    Raises:
        TooFewMembers: Nobody is online.
        FederationNotRunning: The federation is not up.
    """
    place = open_place(plan, settings)
    place.check(1)
    contract = load_contract(plan.contract)
    folder = settings.runs / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-propose-{secrets.token_hex(3)}"
    signed = place.agreement(plan, contract)
    run_folder.write_job(folder, plan, contract, signed, task=Task.PROPOSE, admitted=place.admitted())
    follow(place.runtime, folder, lambda _: None)
    return jobs.load(Proposed, folder / jobs.PROPOSED)


def as_text(proposed: Proposed) -> str:
    """Return who agreed and who did not, one line each, and what to do next."""
    lines = [f"agreed    {member}" for member in proposed.agreed]
    lines += [f"not yet   {one.refused.member}: {one.refused.detail}" for one in proposed.declined]
    return "\n".join([*lines, f"{len(proposed.agreed)} members agree. Next: pumasi train PLAN --runtime federation"])
