"""Asking members and hearing back, with a deadline, in an order that does not depend on who answers first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from flwr.app import Message
from flwr.serverapp import Grid

from federated.errors import TooFewMembers
from federated.member.refusals import CONSENT_PENDING, CONSENT_REFUSED, OTHER_SOFTWARE
from federated.plain import plain_text
from federated.screening import Refusal, Refused
from federated.wire import pack, unpack

T = TypeVar("T")

_BY_CODE = {
    CONSENT_PENDING: Refusal.CONSENT_PENDING,
    CONSENT_REFUSED: Refusal.CONSENT_REFUSED,
    OTHER_SOFTWARE: Refusal.OTHER_SOFTWARE,
}


@dataclass(frozen=True)
class Roster:
    """The members taking part, and the Flower node that each one is today.

    Attributes:
        nodes: Member id -> Flower node id, sorted by member id. Node ids differ between runs and runtimes, member ids
            do not, so everything that is summed is summed in this order.
    """

    nodes: dict[str, int]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the member ids, sorted."""
        return iter(self.nodes)

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.nodes)

    def member(self, node_id: int) -> str:
        """Return the member behind a Flower node id."""
        return self._members[node_id]

    @cached_property
    def _members(self) -> dict[int, str]:
        """Flower node id -> member id: to search for each of many members would take their number squared."""
        return {node: member for member, node in self.nodes.items()}

    def keep(self, members: Iterable[str]) -> "Roster":
        """Return the roster of those members only."""
        kept = set(members)
        return Roster({member: node for member, node in self.nodes.items() if member in kept})


@dataclass(frozen=True)
class Answers(Generic[T]):
    """The replies to one request.

    Attributes:
        replies: Member id -> its reply, sorted by member id.
        refused: The members without a usable reply, and why, sorted by member id.
    """

    replies: dict[str, T]
    refused: tuple[Refused, ...]

    def at_least(self, minimum: int, phase: str) -> "Answers[T]":
        """Return these answers if there are enough of them.

        Raises:
            TooFewMembers: Fewer than `minimum` members gave a usable reply.
        """
        if len(self.replies) < minimum:
            raise TooFewMembers(too_few(phase, len(self.replies), minimum, self.refused))
        return self


def too_few(phase: str, got: int, minimum: int, refused: Iterable[Refused]) -> str:
    """Say which phase had too few members, and why each missing one is missing."""
    missing = tuple(refused)
    reasons = "; ".join(f"{one.member}: {one.detail.rstrip('.')}" for one in missing) or "No other member is online"
    return (
        f"{phase}: {got} member(s) can take part, the plan's minimum is {minimum}. {reasons}. "
        f"{_remedy(missing)} or lower learning.minimum_members in the plan."
    )


def collect(
    grid: Grid, roster: Roster, messages: Iterable[Message], deadline: float
) -> tuple[dict[str, Message], tuple[Refused, ...]]:
    """Send Flower messages and wait for the replies until the deadline.

    Args:
        grid: Flower's grid.
        roster: Who is behind which node id.
        messages: One message per member.
        deadline: Seconds to wait.

    Returns:
        The replies with content, and the refusals (error replies, silence), both sorted by member id.
    """
    outgoing = sorted(messages, key=lambda message: roster.member(message.metadata.dst_node_id))
    asked = [roster.member(message.metadata.dst_node_id) for message in outgoing]
    heard = list(grid.send_and_receive(outgoing, timeout=deadline))
    sent = {message.metadata.message_id: message.metadata.dst_node_id for message in outgoing}  # sending gives the id
    incoming = {roster.member(sent[to]): reply for reply in heard if (to := _answered(reply, sent))}
    replies = {member: incoming[member] for member in asked if member in incoming and incoming[member].has_content()}
    refused = tuple(_refusal(member, incoming.get(member), deadline) for member in asked if member not in replies)
    return replies, refused


def ask(
    grid: Grid, roster: Roster, message_type: str, request: object, *, reply: type[T], deadline: float
) -> Answers[T]:
    """Send every member of the roster the same request and read the typed replies.

    Args:
        grid: Flower's grid.
        roster: Whom to ask.
        message_type: Flower's message type, like ``query.statistics``.
        request: The typed request.
        reply: The type that the replies must have.
        deadline: Seconds to wait.
    """
    content = pack(request)
    messages = [Message(content, node, message_type, ttl=deadline) for node in roster.nodes.values()]
    raw, refused = collect(grid, roster, messages, deadline)
    replies: dict[str, T] = {}
    bad: list[Refused] = []
    for member, message in raw.items():
        try:
            replies[member] = unpack(reply, message.content)
        except Exception as error:  # noqa: BLE001  (one member's reply must not end the run of all)
            bad.append(Refused(member, Refusal.BAD_MESSAGE, plain_text(str(error))))
    return Answers(replies, tuple(sorted([*refused, *bad], key=lambda one: one.member)))


def _answered(reply: Message, sent: Mapping[str, int]) -> str:
    """Return the id of the message that a reply answers; an empty text if that was never sent, or to another node.

    The error that Flower puts in the place of a node that is gone does not come from that node.
    """
    to = reply.metadata.reply_to_message_id
    own = not reply.has_content() or reply.metadata.src_node_id == sent.get(to)
    return to if to in sent and own else ""


def _remedy(missing: Sequence[Refused]) -> str:
    """Say what would help: only who was silent has to come online."""
    silent = [one for one in missing if one.reason is Refusal.NO_REPLY]
    if len(silent) == len(missing):
        return "Bring the missing members online"
    return "Bring the silent members online, remove the other reasons" if silent else "Remove these reasons"


def _refusal(member: str, message: Message | None, deadline: float) -> Refused:
    if message is None:
        return Refused(member, Refusal.NO_REPLY, f"no reply within {deadline:g} s")
    reason = _BY_CODE.get(message.error.code, Refusal.MEMBER_ERROR)
    return Refused(member, reason, plain_text(message.error.reason or "an error without a reason"))
