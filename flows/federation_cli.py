"""`pumasi federation`: the association's doors, up, down and looked at."""

from dataclasses import asdict

import click

from flows.federation_life import FederationStatus, federation_status, start_federation, stop_federation
from flows.options import ADMIT_FIRST, example, json_option, show
from flows.settings import Settings

address_option = click.option(
    "--address",
    metavar="HOST:PORT",
    help="Name and port under which members reach this machine. Needed the first time, kept afterwards.",
)
listen_option = click.option(
    "--listen",
    metavar="ADDRESS:PORT",
    help="Address and port to listen on here. Default: every address of this machine, IPv4 and IPv6, the same port.",
)


@click.group()
def federation() -> None:
    """Open and close the doors that member factories connect to."""


@federation.command(epilog=example("pumasi federation up --address federation.example.org:8443"))
@address_option
@listen_option
@json_option
def up(address: str | None, listen: str | None, *, as_json: bool) -> None:
    """Start the federation in the background, and return when members can connect."""
    settings = Settings.from_environment().ready()
    start_federation(settings, address, listen)
    found = federation_status(settings)
    known = "pumasi members list" if found.members else ADMIT_FIRST
    show(asdict(found), f"{_text(found)}\nNext: {known}", as_json=as_json)


@federation.command(epilog=example("pumasi federation down"))
@json_option
def down(*, as_json: bool) -> None:
    """End the federation. Runs that are under way fail; members' nodes wait until it is up again."""
    ended = stop_federation(Settings.from_environment())
    text = "the federation is down" if ended else "the federation was not up"
    show({"ended": ended}, f"{text}. To start it: pumasi federation up", as_json=as_json)


@federation.command(epilog=example("pumasi federation status --json"))
@json_option
def status(*, as_json: bool) -> None:
    """Show what runs, under which address, with which software, and who is online.

    Ends with 1 when it is down, and with 2 where none was ever made.
    """
    found = federation_status(Settings.from_environment())
    show(asdict(found), _text(found), as_json=as_json)
    if not found.running:
        raise SystemExit(1)


@federation.command(epilog=example("ExecStart=pumasi federation serve", where=", in a systemd unit"))
@address_option
@listen_option
def serve(address: str | None, listen: str | None) -> None:
    """Run the federation in the foreground, for systemd and the like, until the process is terminated."""
    settings = Settings.from_environment().ready()
    from flows.federation import serve as serve_federation  # noqa: PLC0415  (imports Flower)

    serve_federation(settings, address, listen)


def _text(found: FederationStatus) -> str:
    online = sum(member.online for member in found.members)
    lines = [
        f"federation  {found.federation}, {'up since ' + found.started if found.running else 'down'}",
        f"address     {found.address} (listens on {found.listen})",
        f"software    {found.bundle_sha256}",
        *(f"process     {name} {pid or 'is down'}" for name, pid in sorted(found.processes.items())),
        f"members     {online} of {len(found.members)} online" if found.running else "",
        *(f"            {member.member} {'online' if member.online else 'away'}" for member in found.members),
        f"logs        {found.logs}",
    ]
    return "\n".join(line for line in lines if line)
