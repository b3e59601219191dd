"""Looking at the federation's door from the member's side: address, port, encryption, who is accepted, what time it is.

The checks follow the way of a connection; where one fails, those behind it are skipped. What is sent is one request
without content.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse

from federated.errors import MemberHomeError
from federated.member.checks import Blocked, Check, State, fail, ok, skip, warn
from federated.member.route import Proxy, connect, describe_proxy, find_proxy, look_up
from federated.runtime.credentials import Credentials

BEHIND, AHEAD = 300.0, 5.0
"""Seconds by which a member's clock may be behind or ahead: Flower's SuperLink refuses what is outside."""

DOOR_CHECKS = ("proxy", "dns", "port", "tls", "certificate", "association", "clock")

_WORRYING = 60.0
_HEAD = 4096
_QUESTION = "POST /v1/fleet/pull-messages"  # every association publishes it; unsigned it answers with a refusal
_VERIFY_FAILURES = {9: "tls early", 10: "tls expired", 62: "tls other name", 64: "tls other name"}  # X509_V_ERR_...
_SERVER_DOWN = (502, 503, 504)
_MIDDLE = 0.5

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Door:
    """Where the federation is reached, and with what.

    Attributes:
        host: DNS name or IP address.
        port: TCP port.
        credentials: The files that let the member in.
    """

    host: str
    port: int
    credentials: Credentials


@dataclass(frozen=True)
class _Answer:
    status: int
    text: str
    date: str | None
    sent: datetime
    received: datetime


def _utc_now() -> datetime:
    return datetime.now(UTC)


def examine_door(door: Door, now: Now = _utc_now) -> tuple[Check, ...]:
    """Look at the door: one check for each of `DOOR_CHECKS`, in that order.

    Args:
        door: The door.
        now: This machine's clock.
    """
    found: dict[str, Check] = {}
    answer: _Answer | None = None
    try:
        proxy = find_proxy(door.host)
        _note(found, describe_proxy(proxy), look_up(door.host if proxy is None else proxy.host))
        with closing(connect(door.host, door.port, proxy)) as connection:
            _note(found, ok("port open", port=door.port))
            answer = _ask_in_person(connection, door, found, now)
    except Blocked as blocked:
        _note(found, blocked.check)
    if answer is None and "port" in found and found["port"].state is State.OK:
        answer = _ask_for_the_time(door, proxy, now)
    if answer is not None:
        _note(found, compare_clocks(answer.date, answer.sent, answer.received))
    failed = next((check.name for check in found.values() if check.state is State.FAIL), "-")
    return tuple(found.get(name) or skip(name, failed) for name in DOOR_CHECKS)


def compare_clocks(date: str | None, sent: datetime, received: datetime) -> Check:
    """Compare this machine's clock with a server's ``Date`` header, which has whole seconds.

    Args:
        date: The header, None where there is none.
        sent: This machine's time when it asked.
        received: The same when the answer came.
    """
    try:
        server = parsedate_to_datetime(date or "")
        server = server if server.tzinfo is not None else server.replace(tzinfo=UTC)
    except ValueError:
        return Check("clock", State.SKIP, "clock untold")
    least, most = (sent - server).total_seconds() - 1, (received - server).total_seconds()  # how far we are ahead
    finding = "clock ahead" if least + most > 0 else "clock behind"
    seconds = round(abs(least + most) * _MIDDLE)
    if least > AHEAD or most < -BEHIND:
        return fail(finding, seconds=seconds)
    if most > AHEAD or least < -_WORRYING:
        return warn(finding, seconds=seconds)
    return ok("clock fine")


def _note(found: dict[str, Check], *checks: Check) -> None:
    found.update({check.name: check for check in checks})


def _ask_in_person(connection: socket.socket, door: Door, found: dict[str, Check], now: Now) -> _Answer:
    """Connect as the node does, with the member's certificate, and note how far that went.

    Raises:
        Blocked: It did not go all the way to an answer.
    """
    try:
        context = door.credentials.tls()
    except MemberHomeError:
        raise Blocked(fail("certificate unusable")) from None
    try:
        with context.wrap_socket(connection, server_hostname=door.host) as channel:
            _note(found, ok("tls fine", version=channel.version()))
            answer = _ask(channel, door, _QUESTION, now)
    except (OSError, HTTPException) as error:
        raise Blocked(_handshake_failure(error, door, shaken="tls" in found)) from None
    if "SSL certificate" in answer.text:  # nginx completes the handshake and refuses in plain words
        _note(found, fail("certificate refused", why=f"HTTP {answer.status}"))
        return answer
    down = answer.status in _SERVER_DOWN
    behind = fail("association down", status=answer.status) if down else ok("association fine")
    _note(found, ok("certificate fine"), behind)
    return answer


def _handshake_failure(error: Exception, door: Door, *, shaken: bool) -> Check:
    """Say what went wrong; in TLS 1.3 a refusal of our certificate arrives after the handshake."""
    if isinstance(error, ssl.SSLCertVerificationError):
        finding = _VERIFY_FAILURES.get(error.verify_code, "tls other authority")
        return fail(finding, host=door.host, port=door.port)
    reason = (error.reason or "") if isinstance(error, ssl.SSLError) else ""
    if "ALERT" in reason or shaken:
        return fail("certificate refused", why=reason or "cut off")
    return fail("tls broken off")


def _ask_for_the_time(door: Door, proxy: Proxy | None, now: Now) -> _Answer | None:
    """Ask for the time alone, of whoever answers: a wrong clock is the commonest reason for certificates to fail."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # nothing is told to the other side, and only a date is taken from it
    try:
        with (
            closing(connect(door.host, door.port, proxy)) as connection,
            context.wrap_socket(connection, server_hostname=door.host) as channel,
        ):
            return _ask(channel, door, "HEAD /", now)
    except (OSError, HTTPException, Blocked):
        return None


def _ask(channel: socket.socket, door: Door, what: str, now: Now) -> _Answer:
    host = f"[{door.host}]" if ":" in door.host else door.host
    request = f"{what} HTTP/1.1\r\nHost: {host}:{door.port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    sent = now()
    channel.sendall(request.encode())
    response = HTTPResponse(channel, method=what.partition(" ")[0])
    response.begin()
    received = now()
    text = response.read(_HEAD).decode("utf-8", "replace")
    return _Answer(response.status, text, response.getheader("Date"), sent, received)
