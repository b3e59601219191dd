"""What can keep a flow from starting, one class per cause.

FlowError
├── HomeNotWritable      PUMASI_HOME cannot be written to
├── PlanInvalid          the plan has an unknown key or a value that is not allowed
├── PlanNotFound         there is no such plan
├── NoMembers            no member's folder lies under PUMASI_HOME
├── MemberHasData        a command would put its data in the place of a member's own
├── AssociationMissing   what only the association installs is not installed
├── PortTaken            another program listens on the port of MLflow's pages
├── PrefectServerFailed  the Prefect server that we start for a command did not come up, or went away
├── SandboxFailed        a sandbox cannot be brought up
├── IsSandbox            the home's federation is a sandbox's and stays on this machine
├── FederationUnknown    no federation was ever made here, or its record is damaged (`flows.federation_state`)
├── FederationRuns       the home's federation is up already (`flows.federation_state`)
├── FederationFailed     a part of the federation does not start or end (`flows.federation_parts`)
├── MemberListBroken     ``members.json`` is damaged (`flows.members`)
├── NotAdmitted          a member's name or key stands against its admission (`flows.members`)
├── UnknownMember        no such member is on the list, or it was revoked (`flows.members`)
├── MemberLost           a member of the benchmark dropped out (`flows.benchmark.federation`)
├── RowsLeak             rows of the benchmark are at two places (`flows.benchmark.leakage`)
└── SourceUnavailable    public data could not be fetched, or is not what was recorded
"""


class FlowError(Exception):
    """Base of every error the flows raise on purpose."""


class HomeNotWritable(FlowError):
    """PUMASI_HOME cannot be written to."""


class PlanInvalid(FlowError):
    """The plan has an unknown key, or a value that is not allowed."""


class PlanNotFound(FlowError):
    """There is no such plan."""


class NoMembers(FlowError):
    """No member's folder lies under PUMASI_HOME."""


class MemberHasData(FlowError):
    """A command would put its data in the place of a member's own."""


class AssociationMissing(FlowError):
    """What only the association installs is not installed."""


class PortTaken(FlowError):
    """Another program listens on the port of MLflow's pages."""


class PrefectServerFailed(FlowError):
    """The Prefect server that we start for a command ended before the command did."""


class SandboxFailed(FlowError):
    """A sandbox cannot be brought up: too few tables, or a node that does not come online."""


class IsSandbox(FlowError):
    """The home's federation is a sandbox's: this command admitted its members, so it stays on this machine."""


class SourceUnavailable(FlowError):
    """Public data could not be fetched, or is not what was recorded."""
