"""What a federation needs before its first process: an id, an authority, an address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from federated.address import split_address
from federated.authority import Authority
from federated.errors import BadAddress
from flows.errors import IsSandbox
from flows.federation_state import FLWR_HOME, LOGS, RECORD, FederationState
from flows.settings import Settings

RENEW_BEFORE = timedelta(days=90)
EVERY_ADDRESS = "*"
"""Host of ``--listen`` that means every address of this machine, of IPv4 and of IPv6."""
LOOPBACK = "127.0.0.1"


def prepare(settings: Settings, address: str | None, listen: str | None) -> FederationState:
    """Make the federation if there is none, and bring its address up to date.

    Args:
        settings: Where the association keeps its state.
        address: As in `flows.federation.serve`.
        listen: As in `flows.federation.serve`.

    Raises:
        FederationUnknown: There is no federation yet, and no address for one.
        BadAddress: An address is not HOST:PORT.
        IsSandbox: The federation is a sandbox's, and the address is not of this machine alone.
    """
    folder = settings.federation
    for part in (LOGS, FLWR_HOME):
        (folder / part).mkdir(parents=True, exist_ok=True)
    old = None if address is not None and not (folder / RECORD).exists() else FederationState.read(folder)
    address = address or (old.address if old else "")
    host, port = split_address(address)
    if host == EVERY_ADDRESS:
        raise BadAddress(f"{address!r} says no host: members need the name or address under which they reach this one")
    wanted = listen or (old.listen if old and old.address == address else f"{EVERY_ADDRESS}:{port}")
    hosts = {host, split_address(wanted)[0]}
    state = replace(old, address=address, listen=wanted) if old else FederationState.new(folder, address, wanted)
    if state.sandbox and hosts != {LOOPBACK}:
        raise IsSandbox(
            f"the federation in {folder} is a sandbox's and stays on {LOOPBACK}: nobody looked at who its members are. "
            "For real members choose another home, like: export PUMASI_HOME=$HOME/pumasi"
        )
    _authority_for(settings.authority, host)
    state = state.at_rest()
    state.save()
    return state


def reach(listen: str) -> tuple[str, int]:
    """Return host and port under which this machine itself reaches a door.

    Raises:
        BadAddress: `listen` is not ADDRESS:PORT.
    """
    host, port = split_address(listen)
    return {EVERY_ADDRESS: LOOPBACK, "0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host), port  # noqa: S104  (only compared)


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
