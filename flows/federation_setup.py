"""What a federation needs before its first process: an id, an authority, an address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from federated.authority import Authority
from flows.errors import FlowError
from flows.federation_state import AUTHORITY, FLWR_HOME, LOGS, RECORD, FederationState

RENEW_BEFORE = timedelta(days=90)


class BadAddress(FlowError):
    """An address is not HOST:PORT."""


def prepare(folder: Path, address: str | None, listen: str | None) -> FederationState:
    """Make the federation if there is none, and bring its address up to date.

    Args:
        folder: ``PUMASI_HOME/federation``.
        address: As in `flows.federation.serve`.
        listen: As in `flows.federation.serve`.

    Raises:
        FederationUnknown: There is no federation yet, and no address for one.
        BadAddress: An address is not HOST:PORT.
    """
    for part in (LOGS, FLWR_HOME):
        (folder / part).mkdir(parents=True, exist_ok=True)
    old = None if address is not None and not (folder / RECORD).exists() else FederationState.read(folder)
    address = address or (old.address if old else "")
    host, port = split_address(address)
    wanted = listen or (old.listen if old and old.address == address else f"0.0.0.0:{port}")
    split_address(wanted)
    state = replace(old, address=address, listen=wanted) if old else FederationState.new(folder, address, wanted)
    _authority_for(folder / AUTHORITY, host)
    state = at_rest(state)
    state.save()
    return state


def at_rest(state: FederationState) -> FederationState:
    """Return what stays of a state when the federation is down."""
    return FederationState(state.folder, state.federation, state.address, state.listen)


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``; an IPv6 host stands in brackets and is returned without them.

    Raises:
        BadAddress: It is something else.
    """
    host, colon, port = address.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    strange = set(bare) & set(" /;{}[]@\"'\\")
    if not colon or not bare or strange or not (port.isascii() and port.isdigit()) or not 0 < int(port) < 2**16:
        raise BadAddress(
            f"an address is HOST:PORT, like federation.example.org:8443 or [2001:db8::1]:8443; got {address!r}"
        )
    return bare, int(port)


def _authority_for(folder: Path, host: str) -> None:
    """Make the authority, or renew the door's certificate when the host is new or the certificate is old."""
    if not folder.exists():
        Authority.create(folder, hosts=(host,))
        return
    authority = Authority.load(folder)
    if host not in authority.hosts():
        authority.renew_servers((*authority.hosts(), host))
    elif authority.servers_expire() - datetime.now(UTC) < RENEW_BEFORE:
        authority.renew_servers()
