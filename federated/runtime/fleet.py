"""Our client of Flower's Fleet API: what a member's node says to the association, over mutual TLS.

Flower's own loop (`http_request_response`) ends its process, or signals it, whenever the SuperLink says something
unexpected, and hides what was raised. A node that must survive revocations, restarts and bad lines asks
`FleetHttpClient` directly and gets one exception per cause.

The certificate's key is the node's identity twice: the proxy before the SuperLink demands the certificate, and Flower
demands a signature of every request by the same key.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import TypeVar

import httpx
from flwr.app import Error, Message, RecordDict
from flwr.common.constant import HEARTBEAT_DEFAULT_INTERVAL
from flwr.common.serde import message_from_proto, message_to_proto
from flwr.proto.fleet_pb2 import (
    ActivateNodeRequest,
    DeactivateNodeRequest,
    PullMessagesRequest,
    PushMessagesRequest,
)
from flwr.proto.heartbeat_pb2 import SendNodeHeartbeatRequest
from flwr.proto.message_pb2 import (
    ConfirmMessageReceivedRequest,
    ObjectTree,
    PullObjectRequest,
    PullObjectResponse,
    PushObjectRequest,
)
from flwr.proto.node_pb2 import Node
from flwr.proto.run_pb2 import GetRunRequest
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor
from flwr.supercore.primitives.asymmetric import public_key_to_bytes
from flwr.supernode.fleet_http_client import FleetHttpClient
from flwr.supernode.node_auth_http_interceptor import NodeAuthHttpInterceptor

from federated.errors import BadMessage
from federated.runtime.credentials import Credentials
from federated.runtime.fleet_refusals import Cause, FleetFailure, SayWhy, failure_of
from federated.runtime.parcel import OBJECTS, Parcel, chain
from federated.runtime.records import record_from_bytes

HEARTBEAT_SECONDS = 20.0
"""Between two signs of life; Flower calls a node offline when it hears nothing for twice its default interval."""
OBJECT_SECONDS = 60.0
"""How long a node waits for a request's content that was announced and is not there yet."""
SETTLE_SECONDS = 30.0
"""After so long, a message was surely sent whole."""
MOST_BYTES = 1024**3
"""A request's content is not larger."""
_FIRST_WAIT, _LONGEST_WAIT = 0.02, 0.5
_PATIENCE = 60.0

T = TypeVar("T")


@dataclass(frozen=True)
class Request:
    """A message of the association to this node, before its content was fetched.

    Attributes:
        run: Flower's id of the run.
        question: Flower's message type.
        deadline: Unix time after which nobody reads the reply.
    """

    run: int
    question: str
    deadline: float
    _message: Message
    _tree: ObjectTree


class Fleet:
    """One member's connection to the association.

    Args:
        address: ``host:port`` of the association's door.
        credentials: The files that let this node in.
        stopping: Tells whether waiting makes no sense any more.

    Raises:
        MemberHomeError: Key or certificates cannot be read.
    """

    def __init__(self, address: str, credentials: Credentials, stopping: Callable[[], bool] = lambda: False) -> None:
        key = credentials.private_key()
        self._public_key = public_key_to_bytes(key.public_key())
        self._stopping = stopping
        self._client = FleetHttpClient(
            f"https://{address}",
            # The last one stands next to the network: it sees a refusal before Flower's own would end this process.
            interceptors=[
                RuntimeVersionHttpInterceptor(component_name="SuperNode"),
                NodeAuthHttpInterceptor(key, key.public_key()),
                SayWhy(),
            ],
            verify=credentials.tls(),
        )
        self._node = Node()
        self._bundles: dict[int, str] = {}
        self._unsettled: list[tuple[float, int, str]] = []

    def close(self) -> None:
        """Close the connection without a word."""
        self._client.close()

    def sign_off(self, node_id: int) -> None:
        """Say that this node leaves. After a crash the SuperLink refuses a new session until the old one is ended.

        Raises:
            FleetFailure: The association did not take it.
        """
        self._once(lambda: self._client.DeactivateNode(DeactivateNodeRequest(node_id=node_id)))

    def activate(self) -> int:
        """Begin a session and return the node id of it.

        Raises:
            FleetFailure: The association did not let this node in.
        """
        request = ActivateNodeRequest(public_key=self._public_key, heartbeat_interval=HEARTBEAT_DEFAULT_INTERVAL)
        self._node = Node(node_id=self._once(lambda: self._client.ActivateNode(request)).node_id)
        self._bundles.clear()
        self._unsettled.clear()
        return self._node.node_id

    def beat(self) -> None:
        """Give a sign of life. Safe beside the other calls, from another thread.

        Raises:
            FleetFailure: It did not arrive, or the association does not know this session.
        """
        request = SendNodeHeartbeatRequest(node=self._node, heartbeat_interval=HEARTBEAT_DEFAULT_INTERVAL)
        if not self._once(lambda: self._client.SendNodeHeartbeat(request)).success:
            raise FleetFailure(Cause.NOT_RECOGNISED, "the heartbeat was not taken")

    def pull(self) -> Request | None:
        """Return the next message for this node, or None.

        Raises:
            FleetFailure: The association could not be asked.
        """
        response = self._once(lambda: self._client.PullMessages(PullMessagesRequest(node=self._node)))
        if not response.messages_list:
            self._settle(None)
            return None
        if len(response.messages_list) != len(response.message_object_trees):
            raise FleetFailure(Cause.UNREACHABLE, "the association sent a message without its contents' list")
        try:
            message = message_from_proto(response.messages_list[0])
        except Exception as error:  # whatever was sent: the node waits and asks again
            raise FleetFailure(Cause.UNREACHABLE, "the association sent a message that cannot be read") from error
        said = message.metadata
        self._settle(said.run_id)
        self._unsettled.append((time.monotonic(), said.run_id, said.message_id))
        return Request(
            said.run_id, said.message_type, said.created_at + said.ttl, message, response.message_object_trees[0]
        )

    def bundle_sha256(self, run: int) -> str:
        """Return the hash of the bundle that a run wants to have run here; asked once per run.

        Raises:
            FleetFailure: The run is over, or the association could not be asked.
        """
        if run not in self._bundles:
            request = GetRunRequest(node=self._node, run_id=run)
            self._bundles[run] = self._patiently(lambda: self._client.GetRun(request)).run.fab_hash
        return self._bundles[run]

    def fetch(self, request: Request) -> RecordDict:
        """Return a message's content: only the config record travels, the rest follows from it and is compared.

        Raises:
            BadMessage: The message is not laid out like ours, or what came is not what was announced.
            FleetFailure: The run is over, the content did not come, or the association could not be asked.
        """
        path = chain(request._tree)  # noqa: SLF001  (a request is this class's own)
        if len(path) != OBJECTS or path[0] != request._message.metadata.message_id:  # noqa: SLF001
            raise BadMessage("the message does not consist of one config record")
        content = self._object(request.run, path[-1])
        if sha256(content).hexdigest() != path[-1]:
            raise BadMessage("the message's content is not what was announced")
        record = record_from_bytes(content)
        if record.object_id != path[1]:
            raise BadMessage("the message's record is named or serialised in an unknown way")
        return record

    def reply(self, request: Request, content: RecordDict | Error) -> Parcel:
        """Make the reply to a message: its metadata come from the message, whatever the content's maker wanted."""
        return Parcel.of(Message(content, reply_to=request._message))  # noqa: SLF001

    def push(self, parcel: Parcel) -> None:
        """Send a reply.

        Raises:
            FleetFailure: The run is over, or the association could not be reached.
        """
        said = PushMessagesRequest(
            node=self._node,
            messages_list=[message_to_proto(parcel.envelope)],
            message_object_trees=[parcel.tree],
            clientapp_runtime_list=[0.0],  # how long the work took says something about the rows: it stays here
        )
        answer = self._patiently(lambda: self._client.PushMessages(said))
        if parcel.record is not None and parcel.record[0] in answer.objects_to_push:
            self._push_object(parcel, *parcel.record, answer.session_id)

    def _push_object(self, parcel: Parcel, name: str, content: bytes, session: str) -> None:
        said = PushObjectRequest(
            node=self._node,
            run_id=parcel.envelope.metadata.run_id,
            object_id=name,
            object_content=content,
            session_id=session,
        )
        if not self._patiently(lambda: self._client.PushObject(said)).stored:
            raise FleetFailure(Cause.UNREACHABLE, "a part of the reply was not stored")

    def _settle(self, run: int | None) -> None:
        """Say of earlier messages that they have arrived, whereupon the SuperLink forgets them.

        Not at once: a message is announced before all its objects are there, and a SuperLink told to forget it refuses
        the rest, which ends the ServerApp. When the next message of a run comes, the one before was sent whole.
        """
        now, unsettled, self._unsettled = time.monotonic(), self._unsettled, []
        for entry in unsettled:
            since, its_run, name = entry
            if its_run != run and now - since < SETTLE_SECONDS:
                self._unsettled.append(entry)
                continue
            said = ConfirmMessageReceivedRequest(node=self._node, run_id=its_run, message_object_id=name)
            with suppress(FleetFailure):  # its run may be over, and everything of it is forgotten
                self._once(partial(self._client.ConfirmMessageReceived, said))

    def _object(self, run: int, name: str) -> bytes:
        """Pull one object; the message that names it may arrive before it does."""
        request = PullObjectRequest(node=self._node, run_id=run, object_id=name)
        end, wait = time.monotonic() + OBJECT_SECONDS, _FIRST_WAIT
        while True:
            response: PullObjectResponse = self._patiently(lambda: self._client.PullObject(request))
            if response.object_found and response.object_available:
                break
            if not response.object_found or time.monotonic() > end or self._stopping():
                raise FleetFailure(Cause.RUN_IS_OVER, "the message's content did not come")
            time.sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        if len(response.object_content) > MOST_BYTES:
            raise BadMessage(f"the message's content is larger than {MOST_BYTES} bytes")
        return bytes(response.object_content)

    def _patiently(self, call: Callable[[], T]) -> T:
        """Try for a minute while the line is down: the work of a round is worth the wait."""
        end, wait = time.monotonic() + _PATIENCE, _FIRST_WAIT
        while True:
            try:
                return self._once(call)
            except FleetFailure as failure:
                if failure.cause is not Cause.UNREACHABLE or time.monotonic() > end or self._stopping():
                    raise
            time.sleep(wait)
            wait = min(2 * wait, 2.0)

    @staticmethod
    def _once(call: Callable[[], T]) -> T:
        try:
            return call()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
            raise failure_of(error) from error
