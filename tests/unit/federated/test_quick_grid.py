"""The association's grid keeps its deadline, whoever dies in the middle of a reply."""

import time

import httpx
import numpy as np
import pytest
from flwr.app import Message, RecordDict
from flwr.app.message import remove_content_from_message
from flwr.common.serde import message_from_proto, message_to_proto
from flwr.proto.message_pb2 import (
    ConfirmMessageReceivedRequest,
    ConfirmMessageReceivedResponse,
    PullObjectRequest,
    PullObjectResponse,
    PushObjectRequest,
    PushObjectResponse,
)
from flwr.proto.runtime_pb2 import (
    PullAppMessagesRequest,
    PullAppMessagesResponse,
    PushAppMessagesRequest,
    PushAppMessagesResponse,
)
from flwr.supercore.inflatable.inflatable_object import (
    get_all_nested_objects,
    get_object_tree,
    iterate_object_tree,
    no_object_id_recompute,
)
from flwr.supercore.run import Run
from hypothesis import given
from hypothesis import strategies as st

from federated.fields import Flat
from federated.runtime.quick_grid import WAIT_SECONDS, QuickGrid, pause
from federated.wire import pack_flat, read_flat

ANSWERS, DIES, SILENT, FORGOTTEN, HASTY = 1, 2, 3, 4, 5  # node ids


class SuperLinkOfOneReplyEach:
    """Answers like a SuperLink: `DIES` announces a reply and never sends its objects, `SILENT` sends nothing.

    `HASTY` confirms its request before it was sent whole: the SuperLink has forgotten the request by then.
    The reply of `DIES` is the first in every answer, so whoever waits for it before looking at the next one is caught.
    """

    def __init__(self) -> None:
        self.waiting: dict[int, Message] = {}
        self.objects: dict[str, bytes | None] = {}
        self.forgotten: set[str] = set()
        self.confirmed: list[str] = []
        self.received: list[str] = []

    def PushMessages(self, request: PushAppMessagesRequest) -> PushAppMessagesResponse:  # noqa: N802 - as Flower names it
        """Take requests in."""
        for proto in request.messages_list:
            message = message_from_proto(proto)
            self.waiting[message.metadata.dst_node_id] = message
            if message.metadata.dst_node_id == HASTY:
                del self.waiting[HASTY]
                self.forgotten.add(message.metadata.message_id)
        ids = [proto.metadata.message_id for proto in request.messages_list]
        wanted = [one.object_id for tree in request.message_object_trees for one in iterate_object_tree(tree)]
        return PushAppMessagesResponse(message_ids=ids, objects_to_push=wanted)

    def PushObject(self, request: PushObjectRequest) -> PushObjectResponse:  # noqa: N802 - as Flower names it
        """Take a part of a request, unless it was forgotten."""
        if request.object_id in self.forgotten:
            asked = httpx.Request("POST", "https://superlink")
            raise httpx.HTTPStatusError("not registered", request=asked, response=httpx.Response(500, request=asked))
        self.received.append(request.object_id)
        return PushObjectResponse(stored=True)

    def PullMessages(self, request: PullAppMessagesRequest) -> PullAppMessagesResponse:  # noqa: N802 - as Flower names it
        """Announce each reply once."""
        answer = PullAppMessagesResponse()
        for node in sorted(self.waiting, reverse=True):
            asked = self.waiting[node]
            if node == SILENT or asked.metadata.message_id not in request.message_ids:
                continue
            reply = Message(pack_flat(Flat(arrays={"w": np.full(3, node)})), reply_to=asked)
            reply.metadata.__dict__["_message_id"] = reply.object_id
            with no_object_id_recompute():
                answer.message_object_trees.append(get_object_tree(reply))
                found = {name: one.deflate() for name, one in get_all_nested_objects(reply).items()}
            if node == FORGOTTEN:
                self.forgotten |= set(found)
            self.objects |= {name: None if node == DIES else content for name, content in found.items()}
            answer.messages_list.append(message_to_proto(remove_content_from_message(reply)))
            del self.waiting[node]
        return answer

    def PullObject(self, request: PullObjectRequest) -> PullObjectResponse:  # noqa: N802 - as Flower names it
        """Hand out an object, if it came."""
        content = self.objects[request.object_id]
        found = request.object_id not in self.forgotten
        return PullObjectResponse(
            object_found=found, object_available=content is not None and found, object_content=content or b""
        )

    def ConfirmMessageReceived(self, request: ConfirmMessageReceivedRequest) -> ConfirmMessageReceivedResponse:  # noqa: N802 - as Flower names it
        """Note that a reply arrived."""
        self.confirmed.append(request.message_object_id)
        return ConfirmMessageReceivedResponse()


@pytest.fixture
def grid(server: None) -> QuickGrid:  # noqa: ARG001  (the fixture acts)
    grid = QuickGrid(token="anything")  # noqa: S106 - nobody asks for it here
    grid._client = SuperLinkOfOneReplyEach()  # type: ignore[assignment]
    grid.set_run(Run.create_empty(1))
    return grid


def ask(*nodes: int) -> list[Message]:
    return [Message(RecordDict(), node, "query.statistics") for node in nodes]


def test_a_node_that_dies_in_the_middle_of_its_reply_costs_the_deadline_and_no_more(grid: QuickGrid) -> None:
    began = time.monotonic()
    replies = grid.send_and_receive(ask(ANSWERS, DIES), timeout=0.5)

    assert 0.5 <= time.monotonic() - began < 20
    assert [reply.metadata.src_node_id for reply in replies] == [ANSWERS]
    assert read_flat(replies[0].content).arrays["w"].tolist() == [1, 1, 1]
    assert grid._client.confirmed == [replies[0].metadata.message_id]  # type: ignore[union-attr]


def test_a_silent_node_costs_the_deadline_and_the_others_count(grid: QuickGrid) -> None:
    replies = grid.send_and_receive(ask(SILENT, ANSWERS), timeout=0.3)

    assert [reply.metadata.src_node_id for reply in replies] == [ANSWERS]


def test_nobody_waits_when_everybody_has_answered(grid: QuickGrid) -> None:
    began = time.monotonic()
    replies = grid.send_and_receive(ask(ANSWERS), timeout=60)

    assert len(replies) == 1
    assert time.monotonic() - began < 30


def test_a_reply_that_the_superlink_has_given_up_is_not_waited_for(grid: QuickGrid) -> None:
    began = time.monotonic()
    replies = grid.send_and_receive(ask(ANSWERS, FORGOTTEN))

    assert [reply.metadata.src_node_id for reply in replies] == [ANSWERS]
    assert time.monotonic() - began < 30


def test_a_node_that_confirms_a_request_before_it_was_sent_loses_it_and_nobody_else_does(grid: QuickGrid) -> None:
    replies = grid.send_and_receive(ask(HASTY, ANSWERS), timeout=0.3)

    assert [reply.metadata.src_node_id for reply in replies] == [ANSWERS]


def test_of_two_messages_that_share_their_record_the_record_alone_is_sent_and_once(grid: QuickGrid) -> None:
    messages = [Message(pack_flat(Flat(values={"seed": 7})), node, "train") for node in (ANSWERS, SILENT)]
    grid.send_and_receive(messages, timeout=0.1)

    assert grid._client.received == [messages[0].content["message"].object_id]  # type: ignore[union-attr]


@given(st.floats(0, 1e6), st.none() | st.floats(0, 1e6))
def test_the_pause_is_short_grows_and_never_reaches_past_the_deadline(waited: float, timeout: float | None) -> None:
    seconds = pause(waited, timeout)

    assert 0 <= seconds <= WAIT_SECONDS[1]
    assert timeout is None or seconds <= max(0, timeout - waited)
    assert timeout is not None or seconds >= WAIT_SECONDS[0]
