"""What can keep a flow from starting, one class per cause.

FlowError
├── HomeNotWritable      PUMASI_HOME cannot be written to
├── PlanInvalid          the plan has an unknown key or a value that is not allowed
├── PlanNotFound         there is no such plan
├── NoMembers            no member's folder lies under PUMASI_HOME
├── PrefectServerFailed  the Prefect server that we start for a command did not come up, or went away
├── SandboxFailed        a sandbox cannot be brought up
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


class PrefectServerFailed(FlowError):
    """The Prefect server that we start for a command ended before the command did."""


class SandboxFailed(FlowError):
    """A sandbox cannot be brought up: too few tables, or a node that does not come online."""


class SourceUnavailable(FlowError):
    """Public data could not be fetched, or is not what was recorded."""
