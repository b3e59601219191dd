"""What can stop a run, one class per cause.

FederatedError
├── TooFewMembers        fewer members answered a phase than the plan's minimum
├── RunStopped           somebody asked the run to stop
├── RunFailed            the ServerApp ended without an outcome
├── BadMessage           a message lacks a field, or a field has another type than declared
├── UnknownStrategy      the plan names a strategy that Flower does not have
├── MemberHomeError      the member's folder is missing something
│   └── OtherProfile     the folder belongs to another member or contract (`federated.member.dataset`)
├── OutputRefused        scores cannot be written where they should (`federated.member.score`)
├── OtherContract        a request is for another contract than the member holds
├── AskedTwice           a question was asked twice in one run, with different content
└── TooFewToTrain        the member has too few training rows to speak of
"""


class FederatedError(Exception):
    """Base of every error this package raises on purpose."""


class TooFewMembers(FederatedError):
    """Fewer members answered a phase than the plan's minimum; the text names the phase and the reasons."""


class RunStopped(FederatedError):
    """The run was asked to stop before it was done."""


class RunFailed(FederatedError):
    """The ServerApp ended without leaving an outcome."""


class BadMessage(FederatedError):
    """A message does not have the fields its type declares."""


class UnknownStrategy(FederatedError):
    """The plan names a strategy that Flower does not have, or an option that the strategy does not take."""


class MemberHomeError(FederatedError):
    """A member's folder lacks what is needed to take part."""


class OtherContract(FederatedError):
    """A request is for another contract than the member holds."""


class AskedTwice(FederatedError):
    """A question that a member answers once per run was asked again with other content."""


class TooFewToTrain(FederatedError):
    """The member has fewer training rows than its minimum: even a mean over them would speak of too few."""
