"""`pumasi-member run`: the node as a command."""

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from federated.errors import MemberHomeError
from federated.member.home import NOT_JOINED, MemberHome
from federated.member.options import place_options
from federated.member.where import find_home

if TYPE_CHECKING:
    from federated.member.workers import Workers


@click.command(epilog="Example: pumasi-member run --home /srv/pumasi --worker-user nobody")
@place_options
@click.option("--worker-user", help="User that works with your rows and cannot read the node's key (needs root).")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line for programs.")
def run(member: str | None, home: Path | None, worker_user: str | None, *, as_json: bool) -> None:
    """Stay connected to the association and answer what you agreed to.

    Dials out only; ends with Ctrl-C or SIGTERM. 연합에 연결되어 동의한 요청에만 답합니다.
    """
    serve(find_home(home, member), worker_user, as_json=as_json)


def serve(folder: Path, worker_user: str | None, *, as_json: bool) -> None:
    """Run a member's node until a signal ends it.

    The worker is started first, while this process knows neither key nor association.

    Args:
        folder: The member's folder.
        worker_user: The user that workers are, or None for this process's own.
        as_json: Whether lines are for programs.

    Raises:
        MemberHomeError: The folder has not joined a federation, or a node runs on it already.
    """
    from data_contracts.telemetry import switch_off_telemetry  # noqa: PLC0415
    from federated.member.confinement import Account  # noqa: PLC0415
    from federated.member.workers import Workers  # noqa: PLC0415

    key = MemberHome(folder).node_key
    if not key.is_file():
        raise MemberHomeError(f"{folder} {NOT_JOINED}")
    switch_off_telemetry()
    workers = Workers(folder, None if worker_user is None else Account.named(worker_user), secrets=(key,))
    workers.start()
    try:
        _run_node(folder, workers, as_json=as_json)
    finally:
        workers.close()


def _run_node(folder: Path, workers: "Workers", *, as_json: bool) -> None:
    """Import what speaks Flower, for a second in which the worker imports its own, and serve."""
    from federated.member.node import Node  # noqa: PLC0415
    from federated.member.notices import Notice, json_line, plain_line  # noqa: PLC0415

    def say(notice: Notice, facts: Mapping[str, str]) -> None:
        click.echo(json_line(notice, facts) if as_json else plain_line(notice, facts), err=not as_json)

    node = Node(MemberHome(folder), workers, say)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: node.stop())
    node.run()
