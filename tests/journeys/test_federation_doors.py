"""The attacker's journey: what the federation's doors let through, tried on real processes.

Every refusal stands beside the same request made where the association allows it: a door that refuses everybody would
pass no test here.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psutil
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from flwr.common.constant import HEARTBEAT_DEFAULT_INTERVAL
from flwr.common.serde import fab_to_proto
from flwr.proto.control_pb2 import (
    ListNodesRequest,
    ListRunsRequest,
    RegisterNodeRequest,
    StartRunRequest,
    StreamLogsRequest,
)
from flwr.proto.fab_pb2 import GetFabRequest
from flwr.proto.fleet_pb2 import (
    ActivateNodeRequest,
    DeactivateNodeRequest,
    PullMessagesRequest,
    RegisterNodeFleetRequest,
)
from flwr.proto.message_pb2 import PullObjectRequest
from flwr.proto.node_pb2 import Node
from flwr.proto.runtime_pb2 import AcquireTaskRequest
from flwr.supercore.control.control_http_client import ControlHttpClient
from flwr.supercore.fab import Fab
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor
from flwr.supercore.runtime import RuntimeHttpClient
from flwr.supernode.fleet_http_client import FleetHttpClient

from federated import job as jobs
from federated.authority import PROXY, Authority
from federated.errors import RunFailed, RunStopped, TooFewMembers
from federated.events import Event
from federated.keys import load_private_p256, private_pem, public_pem
from federated.runtime.bundle import build_bundle, bundle_sha256, pack_bundle
from federated.runtime.control import Control
from federated.runtime.deployment import DeploymentRun, DeploymentRuntime
from federated.runtime.executor import Access
from flows.federation_life import federation_status, start_federation, stop_federation
from flows.federation_parts import free_port
from flows.federation_state import FederationState, supervisor_of
from flows.members import MemberList
from flows.settings import Settings
from tests.cooperative import LEARNING, Cooperative
from tests.journeys.federation_doors import Insider, nginx_for_tests, raw_status, tls

pytestmark = pytest.mark.slow

NO_CERTIFICATE, NOT_PUBLISHED, NOT_THE_NODE = 400, 404, 401
BROKEN = {0, 502, 504}
"""Not a refusal: something behind the door does not work."""


@dataclass(frozen=True)
class Doors:
    """A federation that is up, and two members of it."""

    settings: Settings
    state: FederationState
    insider: Insider
    victim: Insider

    @property
    def public(self) -> str:
        """Where members connect."""
        return self.state.address

    @property
    def control(self) -> Control:
        """The association's own access."""
        return Control(self.state.superlink, self.state.ca)

    @property
    def runtime(self) -> DeploymentRuntime:
        """What a flow runs on."""
        return DeploymentRuntime(self.state.superlink, self.state.ca, 60)

    def node_id(self, member: str) -> int:
        """Flower's number of a member's node."""
        return next(node.node_id for node in self.control.nodes() if node.member == member)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("doors")
    settings = Settings(folder / "home", nginx_for_tests(folder / "nginx")).ready()
    address = f"127.0.0.1:{free_port()}"
    state = start_federation(settings, address, address)
    try:
        members = [Insider.admit(settings.federation, name, folder / name, address) for name in ("insider", "victim")]
        found = Doors(settings, state, *members)
        eventually(lambda: len(found.control.nodes()) == 2)
        yield found
    finally:
        started = [supervisor_of(settings.federation), *FederationState.read(settings.federation).processes.values()]
        assert stop_federation(settings)
        assert not [pid for pid in started if pid and psutil.pid_exists(pid)]


def processes(doors: Doors) -> Mapping[str, int]:
    return FederationState.read(doors.settings.federation).processes


def eventually(holds: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def control_client(address: str, context: object) -> ControlHttpClient:
    client = ControlHttpClient(f"https://{address}", interceptors=[RuntimeVersionHttpInterceptor(component_name="x")])
    client._client = httpx.Client(verify=context, trust_env=False, timeout=30)  # type: ignore[arg-type]
    return client


def a_run() -> StartRunRequest:
    return StartRunRequest(fab=fab_to_proto(Fab(bundle_sha256(), build_bundle(), {})))


def runs(doors: Doors) -> set[int]:
    return set(control_client(doors.state.superlink, tls(doors.state.ca)).ListRuns(ListRunsRequest()).run_dict)


def refusals(address: str, context: object) -> dict[str, int]:
    """What an attacker would ask first, and the status of each answer."""
    control = control_client(address, context)
    url, interceptors = f"https://{address}", [RuntimeVersionHttpInterceptor(component_name="x")]
    runtime, fleet = RuntimeHttpClient(url, interceptors=interceptors), FleetHttpClient(url, interceptors=interceptors)
    runtime._client = fleet._client = httpx.Client(verify=context, trust_env=False, timeout=30)  # type: ignore[arg-type]
    key = public_pem(ec.generate_private_key(ec.SECP256R1()).public_key()).encode()
    attempts: dict[str, Callable[[], object]] = {
        "start a run": lambda: control.StartRun(a_run()),
        "list the runs": lambda: control.ListRuns(ListRunsRequest()),
        "list the nodes": lambda: control.ListNodes(ListNodesRequest()),
        "read the logs": lambda: list(control.StreamLogs(StreamLogsRequest(run_id=1))),
        "register a node": lambda: control.RegisterNode(RegisterNodeRequest(public_key=key, name="mallory")),
        "register a node as a node": lambda: fleet.RegisterNode(RegisterNodeFleetRequest(public_key=key)),
        "take the ServerApp's work": lambda: runtime.AcquireTask(AcquireTaskRequest(supported_task_types=["x"])),
        "fetch a bundle": lambda: fleet.GetFab(GetFabRequest(hash_str=bundle_sha256(), run_id=1)),
    }
    return {name: status_of(attempt) for name, attempt in attempts.items()}


def status_of(attempt: Callable[[], object]) -> int:
    try:
        attempt()
    except httpx.HTTPStatusError as error:
        return error.response.status_code
    return 200


def test_the_anonymous_attacker_with_the_ca_certificate_in_hand_gets_nowhere(doors: Doors) -> None:
    before = runs(doors)

    answers = refusals(doors.public, tls(doors.state.ca))

    assert set(answers.values()) == {NO_CERTIFICATE}, answers
    assert runs(doors) == before
    assert {node.member for node in doors.control.nodes()} == {"insider", "victim"}


def test_a_certificate_that_the_association_did_not_give_to_a_member_is_no_certificate(
    doors: Doors, tmp_path: Path
) -> None:
    foreign = Authority.create(tmp_path / "another", hosts=("127.0.0.1",))
    own = Authority.load(doors.settings.authority)
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "key").write_bytes(private_pem(key))
    now = datetime.now(UTC).replace(microsecond=0)
    for name, authority, until in (
        ("forged", foreign, now + timedelta(days=1)),
        ("expired", own, now - timedelta(minutes=1)),
        ("valid", own, now + timedelta(days=1)),
    ):
        (tmp_path / name).write_text(authority.certify_member("insider", key.public_key(), until))

    def knock(certificate: Path, key: Path) -> int:
        return raw_status(doors.public, tls(doors.state.ca, certificate, key), "POST /v1/fleet/pull-messages")

    server = knock(own.certificate(PROXY), own.private_key(PROXY))
    answers = {name: knock(tmp_path / name, tmp_path / "key") for name in ("forged", "expired", "valid")}

    assert server == answers["forged"] == answers["expired"] == NO_CERTIFICATE
    assert answers["valid"] not in {NO_CERTIFICATE, NOT_PUBLISHED, *BROKEN}  # it came through to the SuperLink


def test_an_insider_reaches_nothing_but_what_a_node_needs(doors: Doors) -> None:
    before = runs(doors)

    answers = refusals(doors.public, doors.insider.tls())

    assert set(answers.values()) == {NOT_PUBLISHED}, answers
    assert runs(doors) == before


@pytest.mark.parametrize(
    "line",
    [
        "POST /v1/fleet/../control/list-runs",
        "POST /v1/fleet/pull-messages/../../control/list-runs",
        "POST /v1/fleet/pull-messages/../../../v1/control/list-runs",
        "POST /v1/fleet/%2e%2e/control/list-runs",
        "POST /v1/fleet/..%2fcontrol/list-runs",
        "POST //v1/control/list-runs",
        "POST /v1//control/list-runs",
        "POST /V1/CONTROL/LIST-RUNS",
        "POST /v1/fleet/pull-messages/",
        "POST /v1/fleet/",
        "POST /v1/fleet/register-node",
        "POST /v1/fleet/unregister-node",
        "POST /v1/fleet/get-fab",
        "POST /v1/runtime/acquire-task",
        "GET /health",
        "GET /docs",
        "GET /openapi.json",
        "POST https://127.0.0.1/v1/control/list-runs",
    ],
)
def test_no_spelling_of_a_path_gets_past_the_list(doors: Doors, line: str) -> None:
    allowed = raw_status(doors.public, doors.insider.tls(), "POST /v1/fleet/pull-messages")

    assert raw_status(doors.public, doors.insider.tls(), line) == NOT_PUBLISHED
    assert allowed not in {NOT_PUBLISHED, *BROKEN}


def test_only_posts_are_passed_on(doors: Doors) -> None:
    answers = {
        method: raw_status(doors.public, doors.insider.tls(), f"{method} /v1/fleet/pull-messages")
        for method in ("GET", "PUT", "DELETE", "OPTIONS")
    }

    assert set(answers.values()) == {403}


def test_an_insider_cannot_act_as_another_member(doors: Doors) -> None:
    fleet, victim = doors.insider.fleet(), doors.node_id("victim")
    own_key = load_private_p256(doors.insider.folder / "node.key").public_key()
    victims_key = load_private_p256(doors.victim.folder / "node.key").public_key()

    def activate(key: ec.EllipticCurvePublicKey) -> int:
        request = ActivateNodeRequest(
            public_key=public_pem(key).encode(), heartbeat_interval=HEARTBEAT_DEFAULT_INTERVAL
        )
        return int(fleet.ActivateNode(request).node_id)

    own = activate(own_key)

    assert own == doors.node_id("insider")  # the door is open for its own node ...
    assert not fleet.PullMessages(PullMessagesRequest(node=Node(node_id=own))).messages_list
    for theft in (  # ... and for no other
        lambda: activate(victims_key),
        lambda: fleet.PullMessages(PullMessagesRequest(node=Node(node_id=victim))),
        lambda: fleet.PullObject(PullObjectRequest(node=Node(node_id=victim), run_id=1, object_id="x")),
    ):
        assert status_of(theft) == NOT_THE_NODE


def test_a_large_model_is_let_through_and_a_flood_is_not(doors: Doors) -> None:
    def announce(megabytes: int) -> int:
        return raw_status(doors.public, doors.insider.tls(), "POST /v1/fleet/push-object", length=megabytes * 2**20)

    model = httpx.Client(verify=doors.insider.tls(), trust_env=False, timeout=60).post(
        f"https://{doors.public}/v1/fleet/push-object",
        content=bytes(20 * 2**20),
        headers={"Content-Type": "application/x-protobuf"},
    )

    assert announce(513) == 413
    assert model.status_code not in {413, *BROKEN}  # 20 MB arrived at the SuperLink, which knows no such message


def test_the_superlink_listens_on_loopback_only_and_gives_no_work_without_the_secret(doors: Doors) -> None:
    listening = [
        one.laddr
        for one in psutil.Process(
            FederationState.load(doors.settings.federation).processes["superlink"]
        ).net_connections("inet")
        if one.status == psutil.CONN_LISTEN
    ]
    request = AcquireTaskRequest(supported_task_types=["none-of-ours"])
    stranger = RuntimeHttpClient.from_server_address(
        server_address=doors.state.superlink,
        insecure=False,
        root_certificates=doors.state.ca.read_bytes(),
        interceptors=[RuntimeVersionHttpInterceptor(component_name="SuperExec")],
    )
    executor = Access(doors.state.superlink, doors.state.ca, Authority.load(doors.settings.authority).secret).client()

    assert [(one.ip, one.port) for one in listening] == [("127.0.0.1", doors.state.superlink_port)]
    assert status_of(lambda: stranger.AcquireTask(request)) == 401
    assert status_of(lambda: executor.AcquireTask(request)) == 200


@pytest.fixture
def silent_node(doors: Doors) -> Iterator[None]:
    """The insider's node is online and answers nothing."""
    fleet = doors.insider.fleet()
    key = public_pem(load_private_p256(doors.insider.folder / "node.key").public_key()).encode()
    request = ActivateNodeRequest(public_key=key, heartbeat_interval=HEARTBEAT_DEFAULT_INTERVAL)
    goodbye = DeactivateNodeRequest(node_id=doors.node_id("insider"))
    status_of(lambda: fleet.DeactivateNode(goodbye))  # from an earlier test
    fleet.ActivateNode(request)
    yield
    status_of(lambda: fleet.DeactivateNode(goodbye))


def follow(run: DeploymentRun) -> list[Event]:
    events, ended = run.new_events(0.2)
    while not ended:
        new, ended = run.new_events(0.2)
        events += new
    return events


def a_job(doors: Doors, name: str, deadline_seconds: float) -> Path:
    """A run's folder with a training that waits so long for each answer."""
    home = doors.settings.home
    folder, job = Cooperative(home).job(name)
    jobs.save(replace(job, learning=replace(LEARNING, deadline_seconds=deadline_seconds)), folder / jobs.JOB)
    return folder


@pytest.mark.usefixtures("silent_node")
def test_the_association_itself_starts_a_run_and_hears_why_it_ended(doors: Doors) -> None:
    started = doors.runtime.start(a_job(doors, "nobody-answers", 1.0))

    assert started.run_id in runs(doors)  # the very request that is refused at the other doors
    assert doors.runtime.online() == ("insider",)
    assert doors.runtime.admitted() == {str(doors.node_id(member)): member for member in ("insider", "victim")}
    with pytest.raises(TooFewMembers, match="roll call: 0 member"):  # in its own class, through two processes
        follow(started)


@pytest.mark.usefixtures("silent_node")
def test_a_run_is_stopped_at_its_deadline(doors: Doors) -> None:
    started = DeploymentRuntime(doors.state.superlink, doors.state.ca, 2).start(a_job(doors, "too-slow", 600.0))
    began = time.monotonic()

    with pytest.raises(RunStopped, match="deadline of 2 s"):
        follow(started)
    assert time.monotonic() - began < 10
    assert doors.control.status(started.run_id).stopped


@pytest.mark.usefixtures("silent_node")
def test_a_run_that_somebody_stops_says_so(doors: Doors) -> None:
    started = doors.runtime.start(a_job(doors, "stopped", 600.0))
    eventually(lambda: bool(started.new_events(0.1)[0]))
    doors.control.stop_run(started.run_id)

    with pytest.raises(RunStopped, match="was stopped"):
        follow(started)
    started.stop()  # once more does no harm


def test_an_errand_that_is_not_there_is_told_in_the_serverapps_words(doors: Doors) -> None:
    (doors.settings.runs / "empty").mkdir()
    started = doors.runtime.start(doors.settings.runs / "empty")

    with pytest.raises(RunFailed, match=r"FileNotFoundError.*job\.json"):
        follow(started)


def test_the_software_of_somebody_else_is_not_run_even_for_who_sits_on_the_machine(doors: Doors) -> None:
    run = doors.control.start_run(pack_bundle({"federated/server_app.py": "0" * 64}, "9.9.9"), "nobody")
    eventually(lambda: doors.control.status(run).ended)

    assert doors.control.status(run).failed
    assert "this association runs" in doors.control.status(run).details


def test_what_dies_is_started_again_and_knows_its_members(doors: Doors) -> None:
    before = FederationState.load(doors.settings.federation).processes

    os.kill(before["superlink"], signal.SIGKILL)

    eventually(lambda: processes(doors)["superlink"] not in (0, before["superlink"]), 30)
    eventually(lambda: federation_status(doors.settings).running, 60)
    eventually(lambda: {node.member for node in doors.control.nodes()} == {"insider", "victim"})
    assert processes(doors)["nginx"] == before["nginx"]


def test_a_revoked_member_is_out_within_seconds_though_its_certificate_is_valid(doors: Doors, tmp_path: Path) -> None:
    left = Insider.admit(doors.settings.federation, "left", tmp_path / "left", doors.public)
    eventually(lambda: "left" in doors.runtime.admitted().values())
    request = PullMessagesRequest(node=Node(node_id=doors.node_id("left")))
    before = status_of(lambda: left.fleet().PullMessages(request))

    MemberList(doors.settings.federation).revoke("left")

    eventually(lambda: status_of(lambda: left.fleet().PullMessages(request)) == NOT_THE_NODE, 10)
    assert before == 200
    assert {node.member for node in doors.control.nodes()} == {"insider", "victim"}
