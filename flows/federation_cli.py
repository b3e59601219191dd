"""`pumasi federation`: the association's doors, up, down and looked at."""

import json
from dataclasses import asdict

import click

from flows.federation_life import FederationStatus, federation_status, start_federation, stop_federation
from flows.settings import Settings

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")
address_option = click.option(
    "--address",
    metavar="HOST:PORT",
    help="Name and port under which members reach this machine. Needed the first time, kept afterwards.",
)
listen_option = click.option(
    "--listen",
    metavar="ADDRESS:PORT",
    help="Address and port to listen on here. Default: every address of this machine, the same port.",
)


@click.group()
def federation() -> None:
    """Open and close the doors that member factories connect to."""


@federation.command(epilog="Example: pumasi federation up --address federation.example.org:8443")
@address_option
@listen_option
@json_option
def up(address: str | None, listen: str | None, *, as_json: bool) -> None:
    """Start the federation in the background, and return when members can connect."""
    settings = Settings.from_environment().ready()
    start_federation(settings, address, listen)
    _show(federation_status(settings), as_json=as_json)


@federation.command(epilog="Example: pumasi federation down")
def down() -> None:
    """End the federation. Runs that are under way fail; members' nodes wait until it is up again."""
    settings = Settings.from_environment()
    click.echo("the federation is down" if stop_federation(settings) else "the federation was not up")


@federation.command(epilog="Example: pumasi federation status --json")
@json_option
def status(*, as_json: bool) -> None:
    """Show what runs, under which address, with which software, and who is online. Ends with 1 when it is down."""
    found = federation_status(Settings.from_environment())
    _show(found, as_json=as_json)
    if not found.running:
        raise SystemExit(1)


@federation.command(epilog="Example, in a systemd unit: ExecStart=pumasi federation serve")
@address_option
@listen_option
def serve(address: str | None, listen: str | None) -> None:
    """Run the federation in the foreground, for systemd and the like, until the process is terminated."""
    settings = Settings.from_environment().ready()
    from flows.federation import serve as serve_federation  # noqa: PLC0415  (imports Flower)

    serve_federation(settings.home, address, listen, settings.nginx)


def _show(found: FederationStatus, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False, indent=1))
        return
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
    click.echo("\n".join(line for line in lines if line))
