"""What can stop a run, one class per cause.

FederatedError
├── TooFewMembers        fewer members answered a phase than the plan's minimum
├── RunStopped           somebody asked the run to stop
├── RunFailed            the ServerApp ended without an outcome
├── BadMessage           a message lacks a field, or a field has another type than declared
├── FederationNotRunning the federation is not up, or its SuperLink does not answer
├── FederationRefused    the SuperLink does not do what it was asked
├── BadAddress           an address is not HOST:PORT
├── AuthorityMissing     there is no authority yet, or a part of it is gone (`federated.authority`)
├── AuthorityExists      there is an authority already (`federated.authority`)
├── KeyUnusable          a key cannot be read, or is of another kind (`federated.keys`)
├── BadCertificate       a certificate, or a request for one, is damaged or not what it should be
│                        (`federated.certificates`)
├── BadJoinRequest       a join request is not one, or does not prove its key (`federated.kit`)
├── BadKit               a kit is not one, was changed, or contradicts itself (`federated.kit`)
├── KitRefused           a kit is not for this member, or not from its association (`federated.member.join`)
├── NginxMissing         there is no nginx (`federated.runtime.proxy`)
├── ProxyNotStarted      nginx refuses its configuration (`federated.runtime.proxy`)
├── AppRefused           the app that a node would call is not Pumasi's (`federated.runtime.app_call`)
├── FleetFailure         the door does not do what the node asked (`federated.runtime.fleet_refusals`)
├── UnknownStrategy      the plan names a strategy that Flower does not have
├── MemberHomeError      the member's folder is missing something
│   └── OtherProfile     the folder belongs to another member or contract (`federated.member.where`)
├── NotOwnPlace          a backup would go to the association, or inside itself (`federated.member.backup`)
├── OutputRefused        scores cannot be written where they should (`federated.member.score`)
├── AlreadyHeld          another process holds what one process may hold (`federated.own_files`)
├── BadFrame             node and worker do not understand each other (`federated.member.frames`)
├── HungUp               node or worker hung up (`federated.member.frames`)
├── OtherContract        a request is for another contract than the member holds
├── AskedTwice           a question was asked twice in one run, with different content
├── DatasetChanged       the member's dataset is not the one that a run began with
├── TooFewToTrain        the member has too few training rows to speak of
├── BadAgreement         a text is no agreement, or not one that the association signed
├── ConsentPending       nobody at the member has decided about the agreement yet
│   └── ApprovalUsed     the member approved it for one run, which was another
├── ConsentRefused       the member refused the agreement
├── OtherSoftware        the agreement is for another Pumasi than the member has installed
├── NotAsAgreed          a request is not what was agreed
├── ReplyRefused         a reply does not have the agreed layout and stays at the member
├── WorkerEnded          the process that worked on a request ended without a reply
├── EgressLogBroken      the member's log of what left does not continue where it ended; nothing leaves
├── UnknownAgreement     no stored agreement, or more than one, begins with the digits given
└── UnfitReason          a reason for a refusal is empty, too long, or not printable
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


class FederationNotRunning(FederatedError):
    """The federation is not up, or its SuperLink does not answer."""


class FederationRefused(FederatedError):
    """The SuperLink does not do what it was asked: it does not know the run, or the key was revoked."""


class BadAddress(FederatedError):
    """An address is not ``HOST:PORT``."""


class UnknownStrategy(FederatedError):
    """The plan names a strategy that Flower does not have, or an option that the strategy does not take."""


class MemberHomeError(FederatedError):
    """A member's folder lacks what is needed to take part."""


class OtherContract(FederatedError):
    """A request is for another contract than the member holds."""


class AskedTwice(FederatedError):
    """A question that a member answers once per run was asked again with other content."""


class DatasetChanged(FederatedError):
    """The member's dataset is not the one that a run began with."""


class TooFewToTrain(FederatedError):
    """The member has fewer training rows than its minimum: even a mean over them would speak of too few."""


class BadAgreement(FederatedError):
    """A text is no agreement, or its signature is not the association's."""


class ConsentPending(FederatedError):
    """Nobody at the member has decided about the agreement yet."""


class ApprovalUsed(ConsentPending):
    """The member approved the agreement for one run, which was another: it has to decide again."""


class ConsentRefused(FederatedError):
    """The member refused the agreement.

    Args:
        reason: The member's own words, at most 200 printable characters; they are meant for the association.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"the member refused this agreement: {reason}")
        self.reason = reason


class OtherSoftware(FederatedError):
    """The agreement or the run is for another Pumasi than the one that the member has installed."""


class NotAsAgreed(FederatedError):
    """A request differs from what was agreed: another configuration, an unknown question, an expired agreement."""


class ReplyRefused(FederatedError):
    """A reply does not have the layout that was agreed; it stays at the member. The text names the field, no value."""


class WorkerEnded(FederatedError):
    """The process that worked on a request ended without a reply."""


class EgressLogBroken(FederatedError):
    """The log of what left the member does not continue where it ended; until that is settled nothing leaves."""


class UnknownAgreement(FederatedError):
    """No stored agreement begins with the digits given, or more than one does."""


class UnfitReason(FederatedError):
    """A reason for a refusal is empty, too long, or holds what cannot be printed."""
