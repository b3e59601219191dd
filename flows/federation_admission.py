"""Keeping what the SuperLink lets in equal to the association's list of members."""

import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from federated.errors import FederationRefused
from federated.runtime.control import Control
from flows.federation_state import MEMBERS


class Admitted(Protocol):
    """A member that is let in, as `flows.members` keeps it."""

    @property
    def member(self) -> str:
        """The member's id."""

    @property
    def public_key_pem(self) -> str:
        """The key of its node."""


def let_in(control: Control, members: Iterable[Admitted], complain: Callable[[str], None]) -> None:
    """Register the members' keys that are missing at the SuperLink, and shut out those that are not a member's.

    Args:
        control: The SuperLink.
        members: Who shall be let in.
        complain: Told about a member that cannot be.

    Raises:
        FederationNotRunning: The SuperLink does not answer.
    """
    wanted = {member.public_key_pem: member.member for member in members}
    nodes = control.nodes()
    for node in nodes:
        if wanted.get(node.public_key) != node.member:
            control.unregister_node(node.node_id)
            say(f"shut out: {node.member}")
    for key in wanted.keys() - {node.public_key for node in nodes}:
        try:
            control.register_node(key, wanted[key])
        except FederationRefused as error:
            complain(
                f"{wanted[key]} cannot be let in: {error}. A key that was revoked stays out until the federation is "
                "started anew; better, the member makes a new one"
            )
        else:
            say(f"let in: {wanted[key]}")


def admitted(folder: Path) -> tuple[Admitted, ...]:
    """Return the members on the list that are neither revoked nor expired."""
    if not (folder / MEMBERS).exists():
        return ()
    from flows.members import MemberList  # noqa: PLC0415  (members imports this module's neighbours)

    return tuple(MemberList(folder).admitted())


def say(line: str) -> None:
    """Tell whoever reads the supervisor's log, with the time."""
    sys.stderr.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {line}\n")
    sys.stderr.flush()
