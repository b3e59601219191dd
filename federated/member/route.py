"""The way to the federation's door as far as TCP: straight, or through the company's proxy."""

import base64
import socket
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse

from federated.member.checks import Blocked, Check, fail, ok

TIMEOUT = 5.0
"""Seconds for each step."""

_PROXY_PORT = 80
_TUNNEL_OPEN = 200


@dataclass(frozen=True)
class Proxy:
    """The company's HTTP proxy, as the environment names it.

    Attributes:
        host: Its host.
        port: Its port.
        login: Value of the header ``Proxy-Authorization``; empty without a login. Never shown.
    """

    host: str
    port: int
    login: str = ""

    @property
    def where(self) -> str:
        """Host and port, for people."""
        return f"{self.host}:{self.port}"


def find_proxy(host: str) -> Proxy | None:
    """Return the proxy that connections to a host go through, or None where they go straight.

    Raises:
        Blocked: The environment names one that cannot be used.
    """
    proxies = urllib.request.getproxies()
    url = proxies.get("https") or proxies.get("all")
    if not url or urllib.request.proxy_bypass(host):
        return None
    try:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme == "http" and parts.hostname:
            return Proxy(parts.hostname, parts.port or _PROXY_PORT, _login(parts))
    except ValueError:  # an impossible port or bracket
        pass
    raise Blocked(fail("proxy unusable", host=host))  # it may hold a password: it is not repeated


def describe_proxy(proxy: Proxy | None) -> Check:
    """Say which way connections go."""
    return ok("proxy none") if proxy is None else ok("proxy used", where=proxy.where)


def look_up(host: str) -> Check:
    """Look a host's address up.

    Raises:
        Blocked: It has none.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Blocked(fail("dns unknown", host=host)) from None
    return ok("dns fine", host=host, address=found[0][4][0])


def connect(host: str, port: int, proxy: Proxy | None) -> socket.socket:
    """Open a connection to the door.

    Raises:
        Blocked: Nothing answers, or the proxy lets nobody through.
    """
    if proxy is None:
        try:
            return socket.create_connection((host, port), timeout=TIMEOUT)
        except OSError as error:
            raise Blocked(fail("port closed", host=host, port=port, why=_reason(error))) from None
    try:
        connection = socket.create_connection((proxy.host, proxy.port), timeout=TIMEOUT)
    except OSError as error:
        raise Blocked(fail("proxy closed", where=proxy.where, why=_reason(error))) from None
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    status = _tunnel(connection, target, proxy)
    if status != _TUNNEL_OPEN:
        connection.close()
        raise Blocked(fail("proxy refuses", where=proxy.where, target=target, status=status or "-"))
    return connection


def _reason(error: OSError) -> str:
    return "timed out" if isinstance(error, TimeoutError) else error.strerror or "unreachable"


def _tunnel(connection: socket.socket, target: str, proxy: Proxy) -> int:
    """Ask the proxy for a tunnel and return its answer, 0 for none."""
    login = f"Proxy-Authorization: {proxy.login}\r\n" if proxy.login else ""
    try:
        connection.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{login}\r\n".encode())
        response = HTTPResponse(connection, method="CONNECT")
        response.begin()
    except (OSError, HTTPException):
        return 0
    return response.status


def _login(parts: urllib.parse.SplitResult) -> str:
    if parts.username is None:
        return ""
    pair = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")
