"""The association's own hand on its SuperLink, over loopback: runs and nodes.

The SuperLink asks nobody who uses this door for a name: whoever reaches its port may start runs. That is why the port
is on loopback and the proxy does not publish these paths (`federated.runtime.proxy`).
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
from flwr.common.serde import fab_to_proto, user_config_to_proto
from flwr.proto.control_pb2 import (
    ListNodesRequest,
    ListRunsRequest,
    RegisterNodeRequest,
    StartRunRequest,
    StopRunRequest,
    UnregisterNodeRequest,
)
from flwr.proto.node_pb2 import NodeInfo as NodeInfoProto
from flwr.supercore.control.control_http_client import ControlHttpClient
from flwr.supercore.error import FlowerError
from flwr.supercore.fab import Fab
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor

from federated.errors import FederatedError, FederationNotRunning, FederationRefused
from federated.runtime.bundle import RUN_FOLDER, bundle_sha256

T = TypeVar("T")

TIMEOUT_SECONDS = 30.0
_FINISHED, _COMPLETED, _STOPPED = "finished", "completed", "stopped"
_ONLINE, _UNREGISTERED = "online", "unregistered"


@dataclass(frozen=True)
class RunStatus:
    """How far a run is.

    Attributes:
        ended: It is over, for whatever reason.
        failed: It is over without having been completed.
        stopped: Somebody stopped it, so it failed.
        details: Flower's reason, or an empty text.
    """

    ended: bool
    failed: bool
    stopped: bool
    details: str


@dataclass(frozen=True)
class NodeInfo:
    """A registered node.

    Attributes:
        node_id: Flower's number of it, new at each start of the SuperLink.
        member: Whose it is.
        online: It was heard of in the last minute.
        public_key: Its key in PEM.
        signed_on: When its last session began, as the SuperLink writes times; empty if it has had none.
    """

    node_id: int
    member: str
    online: bool
    public_key: str
    signed_on: str = ""


@dataclass(frozen=True)
class Control:
    """The SuperLink's control interface.

    Attributes:
        address: ``127.0.0.1:PORT``.
        ca: Certificate of the federation's authority.
    """

    address: str
    ca: Path

    def start_run(self, bundle: bytes, run_folder: str) -> int:
        """Start a run and return its number.

        Args:
            bundle: This installation's bundle.
            run_folder: Name of the run's folder beside the executor.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
            FederationRefused: It does not take the bundle.
        """
        request = StartRunRequest(
            fab=fab_to_proto(Fab(bundle_sha256(), bundle, {})),
            override_config=user_config_to_proto({RUN_FOLDER: run_folder}),
        )
        answer = self._call(lambda client: client.StartRun(request))
        if not answer.run_id:
            raise FederationRefused("the SuperLink did not take the bundle; its log says why (logs/superlink.log)")
        return int(answer.run_id)

    def status(self, run_id: int) -> RunStatus:
        """Return how far a run is.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
            FederationRefused: It does not know the run: it was restarted since.
        """
        answer = self._call(lambda client: client.ListRuns(ListRunsRequest(run_id=run_id)))
        status = answer.run_dict[run_id].status
        ended = status.status == _FINISHED
        return RunStatus(
            ended=ended,
            failed=ended and status.sub_status != _COMPLETED,
            stopped=ended and status.sub_status == _STOPPED,
            details=status.details,
        )

    def stop_run(self, run_id: int) -> bool:
        """Stop a run; return whether there was something to stop.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
        """
        try:
            return bool(self._call(lambda client: client.StopRun(StopRunRequest(run_id=run_id))).success)
        except FederationRefused:  # it has ended, or is forgotten
            return False

    def register_node(self, public_key: str, member: str) -> int:
        """Let a member's node in; return its number, also when it is in already.

        Args:
            public_key: The node's NIST P-256 key in PEM.
            member: The member's id.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
            FederationRefused: It is no such key, or it was revoked since the SuperLink was started.
        """
        for node in self.nodes():
            if node.public_key == public_key:
                return node.node_id
        request = RegisterNodeRequest(public_key=public_key.encode("ascii"), name=member)
        return int(self._call(lambda client: client.RegisterNode(request)).node_id)

    def unregister_node(self, node_id: int) -> None:
        """Shut a node out, at once and until the SuperLink is started anew.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
            FederationRefused: There is no such node.
        """
        self._call(lambda client: client.UnregisterNode(UnregisterNodeRequest(node_id=node_id)))

    def nodes(self) -> tuple[NodeInfo, ...]:
        """Return the nodes that are let in, sorted by member.

        Raises:
            FederationNotRunning: The SuperLink does not answer.
        """
        answer = self._call(lambda client: client.ListNodes(ListNodesRequest()))
        found = [_node(node) for node in answer.nodes_info if node.status != _UNREGISTERED]
        return tuple(sorted(found, key=lambda node: node.member))

    def _call(self, ask: Callable[[ControlHttpClient], T]) -> T:
        client = _client(self.address, self.ca)
        try:
            return ask(client)
        except httpx.HTTPStatusError as error:
            raise _refusal(error.response) from error
        except httpx.HTTPError as error:
            raise FederationNotRunning(
                f"the federation's SuperLink does not answer on {self.address} ({type(error).__name__}). "
                "Look at: pumasi federation status"
            ) from error
        finally:
            client.close()


def _refusal(answer: httpx.Response) -> FederatedError:
    """Return what an answer that is no success means: a refusal is final, a SuperLink in trouble may recover."""
    told = FlowerError.from_json(answer.text)
    text = f"the SuperLink answered {answer.status_code}: {answer.text[:200] if told is None else told.message}"
    return FederationNotRunning(text) if answer.is_server_error else FederationRefused(text)


def _client(address: str, ca: Path) -> ControlHttpClient:
    """Return a client that never goes through a web proxy: what it asks is for loopback only."""
    client = ControlHttpClient.from_server_address(
        server_address=address,
        insecure=False,
        root_certificates=ca.read_bytes(),
        interceptors=[RuntimeVersionHttpInterceptor(component_name="Pumasi")],
    )
    client._client.close()  # noqa: SLF001  (Flower offers no way to hand in a client that ignores the environment)
    tls = ssl.create_default_context(cafile=str(ca))
    client._client = httpx.Client(verify=tls, timeout=TIMEOUT_SECONDS, trust_env=False)  # noqa: SLF001
    return client


def _node(node: NodeInfoProto) -> NodeInfo:
    return NodeInfo(
        node_id=int(node.node_id),
        member=node.name,
        online=node.status == _ONLINE,
        public_key=bytes(node.public_key).decode("ascii"),
        signed_on=node.last_activated_at,
    )
