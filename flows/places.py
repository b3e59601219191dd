"""Where a run takes place: in one process, or in the federation. The flow drives both alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from data_contracts.contract import Contract
from federated.agreement import SignedAgreement
from federated.authority import Authority
from federated.errors import TooFewMembers
from federated.runtime.deployment import DeploymentRuntime
from federated.runtime.in_process import InProcessRuntime
from federated.runtime.running import Runtime
from flows.agreements import signed_agreement, unsigned_agreement
from flows.federation_state import FederationState
from flows.plan import TrainingPlan
from flows.runtime_name import RuntimeName
from flows.settings import Settings

ONE_MACHINE = "All members ran as folders of one machine, in one process; no network lay between them."
SANDBOX = "All members ran as nodes of one machine (a sandbox): TLS and identities are real, the companies are not."


class Place(Protocol):
    """What a flow needs to know about where its run takes place."""

    @property
    def runtime(self) -> Runtime:
        """Where the apps run."""

    @property
    def simulated(self) -> str:
        """What of it is simulated, in one sentence; empty when nothing is."""

    def check(self, minimum: int) -> None:
        """Make sure that a run can begin.

        Raises:
            TooFewMembers: Fewer than `minimum` members are there.
        """

    def agreement(self, plan: TrainingPlan, contract: Contract) -> SignedAgreement:
        """Return what the members are asked to approve."""

    def admitted(self) -> Mapping[str, str]:
        """Return Flower's node id, as text -> member; empty where folders say who is who."""


@dataclass(frozen=True)
class OneProcess:
    """The members are folders of this machine, and nobody has a key.

    Attributes:
        homes: Their folders.
    """

    homes: tuple[Path, ...]

    @property
    def runtime(self) -> Runtime:
        """Return the runtime without a network."""
        return InProcessRuntime(self.homes)

    @property
    def simulated(self) -> str:
        """Say that there is no network."""
        return ONE_MACHINE

    def check(self, minimum: int) -> None:
        """Make sure that there are enough folders.

        Raises:
            TooFewMembers: There are not.
        """
        if len(self.homes) < minimum:
            raise TooFewMembers(
                f"{len(self.homes)} members live on this machine, at least {minimum} are needed. "
                "Add another or lower learning.minimum_members in the plan."
            )

    def agreement(self, plan: TrainingPlan, contract: Contract) -> SignedAgreement:
        """Write the agreement down, unsigned."""
        return unsigned_agreement(plan, contract)

    def admitted(self) -> Mapping[str, str]:
        """Return nothing: a folder says whose it is."""
        return {}


@dataclass(frozen=True)
class Federated:
    """The members are nodes of their own that dial in.

    Attributes:
        settings: Where the association keeps its state.
        state: The running federation.
        deadline_seconds: Seconds after which a run is stopped.
    """

    settings: Settings
    state: FederationState
    deadline_seconds: float

    @property
    def runtime(self) -> DeploymentRuntime:
        """Return the runtime that submits to the SuperLink."""
        return DeploymentRuntime(self.state.superlink, self.state.ca, self.deadline_seconds)

    @property
    def simulated(self) -> str:
        """Say whether all nodes are this machine's own."""
        return SANDBOX if self.state.sandbox else ""

    def check(self, minimum: int) -> None:
        """Make sure that enough members are online.

        Raises:
            TooFewMembers: There are not; the text names those that are away.
            FederationNotRunning: The SuperLink does not answer.
        """
        online, known = self.runtime.online(), set(self.admitted().values())
        if len(online) < minimum:
            away = ", ".join(sorted(known - set(online))) or "nobody else is admitted"
            raise TooFewMembers(
                f"{len(online)} of {len(known)} admitted members are online, at least {minimum} are needed. "
                f"Away: {away}. Ask them to start `pumasi-member run`, or admit more members."
            )

    def agreement(self, plan: TrainingPlan, contract: Contract) -> SignedAgreement:
        """Return the agreement with the association's signature."""
        return signed_agreement(
            plan,
            contract,
            federation=self.state.federation,
            key=Authority.load(self.settings.authority).signing_key(),
            folder=self.settings.agreements,
            now=datetime.now(UTC),
        )

    def admitted(self) -> Mapping[str, str]:
        """Return who is behind which node."""
        return self.runtime.admitted()


def open_place(plan: TrainingPlan, settings: Settings) -> Place:
    """Open the place that a plan names.

    Raises:
        NoMembers: The plan runs in one process and no member lives here.
        FederationUnknown: The plan runs in the federation and none was ever made.
        FederationNotRunning: The plan runs in the federation and it is not up.
    """
    if plan.runtime is RuntimeName.IN_PROCESS:
        return OneProcess(settings.member_homes())
    return Federated(settings, FederationState.load(settings.federation), plan.deadline_hours * 3600)
