"""Flower's HTTP grid with short polls, and with a deadline that holds.

Stock ``HttpGrid.send_and_receive`` looks for replies every 3 s, and fetches the objects of a reply before it looks at
the next one, for up to 2 h, without a glance at its own timeout. A node that dies between announcing a reply and
sending its last object therefore holds up everybody. Here each reply waits for its own objects beside the others, and
what is not there at the deadline is not waited for.

Stock also ends the whole run when one object of a request is not taken, which a node can bring about: it confirms a
request that it has seen announced, and the SuperLink forgets what was on its way. Here that costs the node its request.
"""

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import httpx
from flwr.app import Message
from flwr.app.message import remove_content_from_message
from flwr.common.serde import message_to_proto
from flwr.proto.message_pb2 import ConfirmMessageReceivedRequest, ObjectTree, PullObjectRequest, PushObjectRequest
from flwr.proto.message_pb2 import Message as MessageProto
from flwr.proto.runtime_pb2 import PullAppMessagesRequest, PushAppMessagesRequest
from flwr.supercore.inflatable.inflatable_object import (
    get_all_nested_objects,
    get_object_tree,
    iterate_object_tree,
)
from flwr.supercore.inflatable.inflatable_utils import inflate_object_from_contents
from flwr.superlink.grid.http_grid import HttpGrid

WAIT_SHARE = 0.05
"""Part of the time waited so far that passes before the next look: at most that much is lost to polling."""
WAIT_SECONDS = (0.02, 1.0)
"""Shortest and longest pause: each look costs the SuperLink about 5 ms of its one core."""


@dataclass
class _Arriving:
    """A reply whose objects are not all here yet.

    Attributes:
        root: Id of the message among its objects.
        missing: Ids of the objects that are not here yet.
        contents: Id -> bytes of those that are.
        given_up: The SuperLink no longer waits for the missing ones: their sender is gone.
    """

    root: str
    missing: list[str]
    contents: dict[str, bytes] = field(default_factory=dict)
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
                if self._fetch(reply, None if timeout is None else began + timeout):
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
        """Announce messages and send their objects, one after the other: each message before what it contains.

        A node needs only what a message contains. Sent last, as stock Flower sends it, the message itself could arrive
        after the node has confirmed it, when the SuperLink has forgotten it already.
        """
        messages = list(messages)
        nested = [get_all_nested_objects(message) for message in messages]
        announced = self._runtime_client.PushMessages(
            PushAppMessagesRequest(
                messages_list=[message_to_proto(remove_content_from_message(message)) for message in messages],
                message_object_trees=[get_object_tree(message) for message in messages],
            )
        )
        roots = [message.object_id for message in messages]
        objects = {name: thing for found in nested for name, thing in found.items()}
        wanted = set(announced.objects_to_push)
        for name in dict.fromkeys([*roots, *objects]):
            if name in wanted:
                self._push(run_id, announced.session_id, name, objects[name].deflate())
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
            names = dict.fromkeys(one.object_id for one in iterate_object_tree(tree))
            yield _Arriving(message.metadata.message_id, list(names))

    def _fetch(self, reply: _Arriving, deadline: float | None) -> bool:
        """Fetch what has been sent of a reply by now; return whether it is whole."""
        while reply.missing and (deadline is None or time.monotonic() < deadline):
            name = reply.missing[-1]
            request = PullObjectRequest(node=self.node, run_id=self.run.run_id, object_id=name)
            answer = self._runtime_client.PullObject(request)
            reply.given_up = not answer.object_found
            if reply.given_up or not answer.object_available:
                return False
            reply.contents[name] = answer.object_content
            reply.missing.pop()
        return not reply.missing

    def _finish(self, reply: _Arriving) -> Message:
        """Let the SuperLink forget a reply and return it."""
        confirmed = ConfirmMessageReceivedRequest(node=self.node, run_id=self.run.run_id, message_object_id=reply.root)
        self._runtime_client.ConfirmMessageReceived(confirmed)
        message = inflate_object_from_contents(reply.root, reply.contents)
        if not isinstance(message, Message):
            raise TypeError(f"the SuperLink sent a {type(message).__name__} where a message was announced")
        message.metadata.__dict__["_message_id"] = reply.root
        return message


def pause(waited: float, timeout: float | None) -> float:
    """Return the seconds until the next look.

    Args:
        waited: Seconds since the messages were sent.
        timeout: Seconds from sending to the deadline, or None.
    """
    shortest, longest = WAIT_SECONDS
    seconds = min(max(WAIT_SHARE * waited, shortest), longest)
    return seconds if timeout is None else max(0.0, min(seconds, timeout - waited))
