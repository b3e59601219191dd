"""Our client of Flower's Fleet API: against a real SuperLink, and what it makes of the answers of others."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flwr.proto.message_pb2 import ObjectTree

from federated.authority import Authority
from federated.errors import FederationNotRunning, MemberHomeError
from federated.keys import public_pem
from federated.runtime.control import Control
from federated.runtime.credentials import Credentials
from federated.runtime.fleet import Fleet
from federated.runtime.fleet_refusals import Cause, FleetFailure, SayWhy, failure_of
from federated.runtime.parcel import chain
from federated.runtime.superlink import SuperLinkFiles, flower_environment, superlink_options


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Member:
    """A node's files, and its registration at the SuperLink."""

    def __init__(self, folder: Path, authority: Authority) -> None:
        folder.mkdir()
        self.key: EllipticCurvePrivateKey = generate_private_key(SECP256R1())
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
        (folder / "node.crt").write_text(authority.certify_member("factory-1", self.key.public_key(), until))
        (folder / "node.key").write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        (folder / "ca.crt").write_text(authority.ca_pem)
        self.files = Credentials(folder / "ca.crt", folder / "node.crt", folder / "node.key")
        self.public = public_pem(self.key.public_key())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.create(tmp_path_factory.mktemp("federation") / "authority", ("127.0.0.1",))


@pytest.fixture(scope="module")
def control(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    """A SuperLink on loopback, as the association starts it, without its proxy."""
    folder = tmp_path_factory.mktemp("superlink")
    (folder / "ca.crt").write_text(authority.ca_pem)
    files = SuperLinkFiles(
        folder / "ca.crt", authority.certificate("superlink"), authority.private_key("superlink"), authority.secret
    )
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "federated.runtime.superlink", *superlink_options(files, port)],
            env=flower_environment(os.environ, folder / "flwr"),
            stdout=log,
            stderr=log,
        )
    try:
        found, end = Control(f"127.0.0.1:{port}", folder / "ca.crt"), time.monotonic() + 60
        while True:
            try:
                found.nodes()
                break
            except FederationNotRunning:
                assert time.monotonic() < end, (folder / "log").read_text()
                time.sleep(0.1)
        yield found
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def member(authority: Authority, tmp_path: Path) -> Member:
    return Member(tmp_path / "member", authority)


def cause_of(failing: pytest.ExceptionInfo[FleetFailure]) -> Cause:
    return failing.value.cause


@pytest.mark.slow
def test_a_registered_node_signs_on_asks_and_signs_off(control: Control, member: Member) -> None:
    registered = control.register_node(member.public, "factory-1")
    with closing(Fleet(control.address, member.files)) as fleet:
        node = fleet.activate()
        fleet.beat()

        assert node == registered
        assert fleet.pull() is None
        assert [found.online for found in control.nodes() if found.node_id == node] == [True]

        fleet.sign_off(node)
        assert [found.online for found in control.nodes() if found.node_id == node] == [False]
    control.unregister_node(registered)


@pytest.mark.slow
def test_after_a_crash_the_old_session_must_be_signed_off_first(control: Control, member: Member) -> None:
    control.register_node(member.public, "factory-1")
    with closing(Fleet(control.address, member.files)) as crashed:
        node = crashed.activate()
    with closing(Fleet(control.address, member.files)) as again:
        with pytest.raises(FleetFailure) as refused:
            again.activate()
        assert cause_of(refused) is Cause.NOT_REGISTERED
        again.sign_off(node)
        assert again.activate() == node
    control.unregister_node(node)


@pytest.mark.slow
def test_a_revoked_node_is_told_so_and_cannot_come_back(control: Control, member: Member) -> None:
    node = control.register_node(member.public, "factory-1")
    with closing(Fleet(control.address, member.files)) as fleet:
        fleet.activate()
        control.unregister_node(node)
        with pytest.raises(FleetFailure) as asked:
            fleet.pull()
        with pytest.raises(FleetFailure) as signed_on:
            fleet.activate()

    assert (cause_of(asked), cause_of(signed_on)) == (Cause.NOT_RECOGNISED, Cause.NOT_REGISTERED)


@pytest.mark.slow
def test_a_node_says_nothing_to_a_server_of_another_authority(control: Control, member: Member, tmp_path: Path) -> None:
    other = Authority.create(tmp_path / "other", ("127.0.0.1",))
    member.files.authority.write_text(other.ca_pem)
    with closing(Fleet(control.address, member.files)) as fleet, pytest.raises(FleetFailure) as failing:
        fleet.activate()

    assert cause_of(failing) is Cause.NOT_TRUSTED


@pytest.mark.slow
def test_a_run_that_is_unknown_is_over(control: Control, member: Member) -> None:
    node = control.register_node(member.public, "factory-1")
    with closing(Fleet(control.address, member.files)) as fleet:
        fleet.activate()
        with pytest.raises(FleetFailure) as failing:
            fleet.bundle_sha256(4711)
        fleet.sign_off(node)
    control.unregister_node(node)

    assert cause_of(failing) is Cause.RUN_IS_OVER


def test_a_door_where_nobody_answers_is_unreachable(member: Member) -> None:
    with closing(Fleet(f"127.0.0.1:{free_port()}", member.files)) as fleet, pytest.raises(FleetFailure) as failing:
        fleet.activate()

    assert cause_of(failing) is Cause.UNREACHABLE


@pytest.mark.parametrize("broken", ["node.key", "node.crt", "ca.crt"])
def test_damaged_credentials_name_the_command_that_mends_them(member: Member, broken: str) -> None:
    (member.files.key.parent / broken).write_text("damaged")

    with pytest.raises(MemberHomeError, match=r"pumasi-member (init|join)"):
        Fleet("127.0.0.1:1", member.files)


def test_a_certificate_of_another_key_is_refused(member: Member, authority: Authority, tmp_path: Path) -> None:
    other = Member(tmp_path / "other", authority)

    with pytest.raises(MemberHomeError, match="does not fit"):
        Fleet("127.0.0.1:1", Credentials(member.files.authority, other.files.certificate, member.files.key))


def answer(status: int, text: str = "", behind: float | None = None) -> httpx.Response:
    """Make an answer by a server whose clock is some seconds behind."""
    date = datetime.now(UTC) - timedelta(seconds=behind or 0)
    headers = {} if behind is None else {"date": format_datetime(date)}
    return httpx.Response(status, text=text, headers=headers, request=httpx.Request("POST", "https://x"))


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ((400, "<html>400 The SSL certificate error</html>"), Cause.CERTIFICATE_REFUSED),
        ((400, "<html>No required SSL certificate was sent</html>"), Cause.CERTIFICATE_REFUSED),
        ((401,), Cause.NOT_RECOGNISED),
        ((401, "", 0.0), Cause.NOT_RECOGNISED),
        ((401, "", 600.0), Cause.CLOCK),
        ((403, '{"code": 2007, "detail": ""}'), Cause.RUN_IS_OVER),
        ((403, "<html>"), Cause.NOT_REGISTERED),
        ((412, '{"code": 2004, "detail": ""}'), Cause.NOT_REGISTERED),
        ((426, '{"code": 1001, "detail": ""}'), Cause.OTHER_FLOWER),
        ((404,), Cause.OTHER_FLOWER),
        ((302,), Cause.UNREACHABLE),
        ((429,), Cause.UNREACHABLE),
        ((502,), Cause.UNREACHABLE),
        ((503, "[]"), Cause.UNREACHABLE),
        ((500, '{"code": "2007"}'), Cause.UNREACHABLE),
    ],
)
def test_every_refusal_has_a_cause_that_somebody_can_act_on(said: tuple[Any, ...], cause: Cause) -> None:
    with pytest.raises(FleetFailure) as failing:
        SayWhy().intercept(None, lambda _: answer(*said))  # type: ignore[arg-type]

    assert cause_of(failing) is cause


def test_an_answer_passes_untouched() -> None:
    response = answer(200)

    assert SayWhy().intercept(None, lambda _: response) is response  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer"), Cause.NOT_TRUSTED),
        (
            httpx.ReadError("[SSL: SSLV3_ALERT_CERTIFICATE_EXPIRED] alert certificate expired"),
            Cause.CERTIFICATE_REFUSED,
        ),
        (httpx.ConnectTimeout("timed out"), Cause.UNREACHABLE),
        (httpx.ProxyError("407 Proxy Authentication Required"), Cause.UNREACHABLE),
        (ValueError("Invalid protobuf response payload"), Cause.UNREACHABLE),
    ],
)
def test_every_failure_of_the_line_has_a_cause(error: Exception, cause: Cause) -> None:
    assert failure_of(error).cause is cause


def test_only_a_chain_of_three_objects_is_a_message_of_ours() -> None:
    def tree(*names: str) -> ObjectTree:
        found = ObjectTree(object_id=names[-1])
        for name in reversed(names[:-1]):
            found = ObjectTree(object_id=name, children=[found])
        return found

    assert chain(tree("a", "b", "c")) == ["a", "b", "c"]
    assert len(chain(tree("a", "b"))) == 2
    assert chain(tree("a", "b", "c", "d")) == []
    assert chain(ObjectTree(object_id="a", children=[tree("b"), tree("c")])) == []
