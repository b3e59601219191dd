"""Flower's HTTP grid with short polls, and with a deadline that holds.

Stock ``HttpGrid.send_and_receive`` looks for replies every 3 s, and fetches the objects of a reply before it looks at
the next one, for up to 2 h, without a glance at its own timeout. A node that dies between announcing a reply and
sending its last object therefore holds up everybody. Here each reply waits for its own record beside the others, and
what is not there at the deadline is not waited for.

Stock also ends the whole run when one object of a request is not taken, which a node can bring about: it confirms a
request that it has seen announced, and the SuperLink forgets what was on its way. Here that costs the node its request.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx
from flwr.app import Error, Message
from flwr.app.message import make_message, remove_content_from_message
from flwr.common.serde import message_from_proto, message_to_proto
from flwr.proto.message_pb2 import ConfirmMessageReceivedRequest, ObjectTree, PullObjectRequest, PushObjectRequest
from flwr.proto.message_pb2 import Message as MessageProto
from flwr.proto.runtime_pb2 import PullAppMessagesRequest, PushAppMessagesRequest
from flwr.supercore.inflatable.inflatable_object import get_object_tree
from flwr.superlink.grid.http_grid import HttpGrid

from federated.errors import BadMessage
from federated.runtime.parcel import OBJECTS, chain
from federated.runtime.records import record_from_bytes

UNREADABLE = 102
"""Flower error code of a reply that stands for one that cannot be read."""

WAIT_SHARE = 0.05
"""Part of the time waited so far that passes before the next look: at most that much is lost to polling."""
WAIT_SECONDS = (0.02, 1.0)
"""Shortest and longest pause: each look costs the SuperLink about 5 ms of its one core."""


@dataclass
class _Arriving:
    """A reply whose record is not here yet.

    Attributes:
        envelope: The message without its content.
        record: Id of the one record it consists of; empty where there is nothing to wait for.
        content: The record's bytes, once they are here.
        given_up: The SuperLink no longer waits for the record: its sender is gone.
    """

    envelope: Message
    record: str
    content: bytes = b""
    given_up: bool = False


class QuickGrid(HttpGrid):
    """Flower's grid for a ServerApp that is waited for."""

    def send_and_receive(self, messages: Iterable[Message], *, timeout: float | None = None) -> list[Message]:
        """Send messages and return the replies that are whole before the deadline.

        Args:
            messages: One per node.
            timeout: Seconds from now on; None waits for every reply.
        """
        began = time.monotonic()
        asked = {message_id for message_id in self.push_messages(messages) if message_id}
        arriving: list[_Arriving] = []
        replies: list[Message] = []
        while asked or arriving:
            arriving += self._announced(asked)
            for reply in tuple(arriving):
                if self._fetch(reply):
                    arriving.remove(reply)
                    replies.append(self._finish(reply))
                elif reply.given_up:
                    arriving.remove(reply)
            waited = time.monotonic() - began
            if not (asked or arriving) or (timeout is not None and waited >= timeout):
                break
            time.sleep(pause(waited, timeout))
        return replies

    def _try_push_messages(self, run_id: int, messages: Iterable[Message]) -> list[str]:
        """Announce messages and send the records they consist of, each once.

        A message and its record dict follow from the record (`federated.runtime.parcel`), so they are announced and not
        sent: two requests fewer for every message.
        """
        messages = list(messages)
        announced = self._runtime_client.PushMessages(
            PushAppMessagesRequest(
                messages_list=[message_to_proto(remove_content_from_message(message)) for message in messages],
                message_object_trees=[get_object_tree(message) for message in messages],
            )
        )
        records = {record.object_id: record for message in messages for record in message.content.values()}
        for name in records.keys() & set(announced.objects_to_push):
            self._push(run_id, announced.session_id, name, records[name].deflate())
        return list(announced.message_ids)

    def _push(self, run_id: int, session: str, name: str, content: bytes) -> None:
        request = PushObjectRequest(
            node=self.node, run_id=run_id, object_id=name, object_content=content, session_id=session
        )
        try:
            stored = self._runtime_client.PushObject(request).stored
        except httpx.HTTPStatusError:  # "not registered": confirmed, and so forgotten, before it was sent
            stored = False
        if not stored:
            logging.getLogger(__name__).warning("the SuperLink did not keep a part of a request: its node is left out")

    def _announced(self, asked: set[str]) -> Iterator[_Arriving]:
        """Yield the replies announced since the last look, and take them from `asked`."""
        if not asked:
            return
        heard = self._runtime_client.PullMessages(PullAppMessagesRequest(message_ids=sorted(asked)))
        pairs: Iterable[tuple[MessageProto, ObjectTree]] = zip(
            heard.messages_list, heard.message_object_trees, strict=True
        )
        for message, tree in pairs:
            asked.discard(message.metadata.reply_to_message_id)
            path = chain(tree)
            yield _Arriving(message_from_proto(message), path[-1] if len(path) == OBJECTS else "")

    def _fetch(self, reply: _Arriving) -> bool:
        """Fetch a reply's record if it has been sent by now; return whether the reply is whole."""
        if not reply.record:
            return True
        request = PullObjectRequest(node=self.node, run_id=self.run.run_id, object_id=reply.record)
        answer = self._runtime_client.PullObject(request)
        reply.given_up = not answer.object_found
        reply.content = answer.object_content
        return bool(answer.object_found and answer.object_available)

    def _finish(self, reply: _Arriving) -> Message:
        """Let the SuperLink forget a reply and return it; one without a record of ours is returned as an error."""
        metadata = reply.envelope.metadata
        confirmed = ConfirmMessageReceivedRequest(
            node=self.node, run_id=self.run.run_id, message_object_id=metadata.message_id
        )
        self._runtime_client.ConfirmMessageReceived(confirmed)
        if reply.envelope.has_error():
            return reply.envelope
        try:
            return make_message(metadata=metadata, content=record_from_bytes(reply.content))
        except BadMessage:
            return make_message(metadata=metadata, error=Error(UNREADABLE, "the reply is not one config record"))


def pause(waited: float, timeout: float | None) -> float:
    """Return the seconds until the next look.

    Args:
        waited: Seconds since the messages were sent.
        timeout: Seconds from sending to the deadline, or None.
    """
    shortest, longest = WAIT_SECONDS
    seconds = min(max(WAIT_SHARE * waited, shortest), longest)
    return seconds if timeout is None else max(0.0, min(seconds, timeout - waited))
