"""Show the members a plan before it is run: who agrees, who has still to look at it, who does not and why."""

import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from shlex import quote
from typing import Any

from data_contracts.contract import load_contract
from federated import job as jobs
from federated.fields import text_digest
from federated.job import Proposed, Task
from federated.screening import Refusal
from flows import run_folder
from flows.following import follow
from flows.places import open_place
from flows.plan import TrainingPlan
from flows.settings import Settings


class Answer(StrEnum):
    """What a member said to a plan."""

    AGREED = "agreed"
    NOT_YET = "not_yet"
    NO = "no"


@dataclass(frozen=True)
class MemberAnswer:
    """One member's answer.

    Attributes:
        member: The member's id.
        state: What it said: it has not looked at the plan yet, or it does not take part.
        reason: Why not, in its own words or its node's.
    """

    member: str
    state: Answer
    reason: str


@dataclass(frozen=True)
class Proposal:
    """A plan as the members that are online see it.

    Attributes:
        agreement: SHA-256 of what they are asked to approve, hex.
        agreed: The members that approved it, sorted by id.
        declined: The others, sorted by id: not yet, or no.
    """

    agreement: str
    agreed: tuple[str, ...]
    declined: tuple[MemberAnswer, ...]


def propose_plan(settings: Settings, plan: TrainingPlan) -> Proposal:
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
    return make_proposal(text_digest(signed.text), jobs.load(Proposed, folder / jobs.PROPOSED))


def make_proposal(agreement: str, heard: Proposed) -> Proposal:
    """Sort what the ServerApp heard.

    Args:
        agreement: SHA-256 of what the members were asked to approve.
        heard: What it left in the run's folder.
    """
    declined = sorted((one.refused for one in heard.declined), key=lambda one: one.member)
    return Proposal(
        agreement, heard.agreed, tuple(MemberAnswer(one.member, _state(one.reason), one.detail) for one in declined)
    )


def as_json(proposal: Proposal) -> dict[str, Any]:
    """Return the agreement's hash, who agreed, and of each other member its id, state and reason."""
    return asdict(proposal)


def as_text(proposal: Proposal, plan: str) -> str:
    """Return who agreed and who did not, one line each, and what to do next.

    Args:
        proposal: What was heard.
        plan: The plan as the user named it.
    """
    lines = [f"agreed    {member}" for member in proposal.agreed]
    for state, word in ((Answer.NOT_YET, "not yet"), (Answer.NO, "no")):
        lines += [f"{word:<9} {one.member}: {one.reason}" for one in proposal.declined if one.state is state]
    return "\n".join([*lines, f"{len(proposal.agreed)} agree to {proposal.agreement[:12]}. {_next(proposal, plan)}"])


def _next(proposal: Proposal, plan: str) -> str:
    waiting = sum(one.state is Answer.NOT_YET for one in proposal.declined)
    plan = quote(plan)
    if proposal.agreed and not waiting:
        return f"Next: pumasi train {plan} --runtime federation"
    if waiting:
        train = f", or with those who agree: pumasi train {plan} --runtime federation" if proposal.agreed else ""
        return (
            f"Next: each member that says not yet types pumasi-member review, then approves or refuses; look again "
            f"with: pumasi propose {plan}{train}"
        )
    return "Next: change the plan, or speak with the members"


def _state(reason: Refusal) -> Answer:
    return Answer.NOT_YET if reason is Refusal.CONSENT_PENDING else Answer.NO
