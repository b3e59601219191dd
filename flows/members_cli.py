"""`pumasi members`: admit, list, renew and revoke the members of the federation."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from federated.errors import FederationNotRunning
from flows.federation_state import MOST_DAYS, VALID_DAYS, FederationState, FederationUnknown
from flows.options import ADMIT_FIRST, example, json_option, show
from flows.settings import Settings

if TYPE_CHECKING:
    from data_contracts.contract import Contract
    from flows.members import Admission, MemberList

MOST_REQUEST_BYTES = 100_000  # about one thousand are needed

days_option = click.option(
    "--valid-days",
    type=click.IntRange(1, MOST_DAYS),
    default=VALID_DAYS,
    show_default=True,
    help="Length of the membership.",
)
contract_option = click.option("--contract", help="Contract of its data, like print-defect, or a contract file.")


@click.group()
def members() -> None:
    """Say who belongs to the federation."""


@members.command(epilog=example("pumasi members admit factory-1.join-request.json --contract print-defect"))
@click.argument("request_file", metavar="REQUEST", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@days_option
@contract_option
@click.option("--fingerprint", "heard", help="What the factory read to you by telephone: refuse any other key.")
@json_option
def admit(request_file: Path, valid_days: int, contract: str | None, heard: str | None, *, as_json: bool) -> None:
    """Admit a factory that sent a join request, and write the kit to send back.

    The same request again renews the membership. `add` and `admit` are the same command.
    """
    from federated.keys import same_spoken  # noqa: PLC0415  (cryptography: `pumasi --help` does without)
    from federated.kit import JoinRequest  # noqa: PLC0415
    from federated.runtime.bundle import bundle_sha256  # noqa: PLC0415
    from flows.members import NotAdmitted  # noqa: PLC0415

    with request_file.open("rb") as file:
        request = JoinRequest.read(file.read(MOST_REQUEST_BYTES).decode("utf-8", "replace"))
    if heard is not None and not same_spoken(heard, request.fingerprint):
        raise NotAdmitted(
            f"{request_file} holds another key than the one that was read to you. Ask {request.member} to send its "
            "join request again, another way; nobody was admitted."
        )
    admission = _list().admit(request, days=valid_days, contract=_contract(contract))
    _tell(admission, as_json=as_json)
    if request.bundle_sha256 != bundle_sha256():
        click.echo(
            f"Note: {request.member} runs other software than this machine (Pumasi {request.pumasi}). Its node will "
            "refuse runs until both have the same Pumasi.",
            err=True,
        )


@members.command(epilog=example("pumasi members renew factory-1"))
@click.argument("member", metavar="ID")
@days_option
@contract_option
@json_option
def renew(member: str, valid_days: int, contract: str | None, *, as_json: bool) -> None:
    """Give a member a new certificate for the key it has, and write its new kit."""
    _tell(_list().renew(member, days=valid_days, contract=_contract(contract)), as_json=as_json)


@members.command(epilog=example("pumasi members revoke factory-1"))
@click.argument("member", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def revoke(member: str, *, yes: bool, as_json: bool) -> None:
    """Shut a member out at once. Its key is never admitted again; other members notice nothing."""
    if not yes:
        click.confirm(f"Shut {member} out for good?", abort=True)
    gone = _list().revoke(member)
    text = (
        f"{member} is revoked: a running federation shuts it out within some seconds. "
        "Updates it gave to models before stay in them. See: pumasi members list"
    )
    show(asdict(gone), text, as_json=as_json)


@members.command("list", epilog=example("pumasi members list --json"))
@json_option
def list_members(*, as_json: bool) -> None:
    """List the members; whether each is online, while the federation is up."""
    from federated.keys import spoken  # noqa: PLC0415

    online, now = _online(), datetime.now(UTC)
    rows = [
        {
            **{name: value for name, value in asdict(entry).items() if name != "state"},
            "standing": entry.standing(now),
            "online": None if online is None else entry.lives(now) and entry.member in online,
        }
        for entry in _list().members()
    ]
    words = {None: "-", True: "online", False: "away"}
    lines = [f"{'member':<24} {'standing':<9} {'now':<7} {'until':<11} key"]
    for row in rows:
        now_is, until, key = words[row["online"]], row["expires"][:10], spoken(row["fingerprint"])
        lines.append(f"{row['member']:<24} {row['standing']:<9} {now_is:<7} {until:<11} {key}")
    show({"members": rows, "federation_up": online is not None}, "\n".join(lines), as_json=as_json)
    if online is None and not as_json:
        click.echo("The federation is not up, so nobody is online. Start it with: pumasi federation up", err=True)
    if not rows and not as_json:
        click.echo(f"Nobody is admitted yet: {ADMIT_FIRST}", err=True)


members.add_command(admit, "add")


def _list() -> MemberList:
    from flows.members import MemberList  # noqa: PLC0415

    return MemberList(Settings.from_environment().federation)


def _contract(reference: str | None) -> Contract | None:
    from data_contracts.contract import load_contract  # noqa: PLC0415

    return None if reference is None else load_contract(reference)


def _tell(admission: Admission, *, as_json: bool) -> None:
    from federated.authority import Authority  # noqa: PLC0415
    from federated.keys import spoken  # noqa: PLC0415

    entry = admission.member
    authority = Authority.load(Settings.from_environment().authority).fingerprint
    plain = {
        **asdict(entry),
        "kit": str(admission.kit),
        "renewed": admission.renewed,
        "contract": admission.contract,
        "association_fingerprint": authority,
    }
    done = "renewed" if admission.renewed else "admitted"
    text = (
        f"{entry.member} is {done} until {entry.expires[:10]}, with contract {admission.contract}.\n"
        f"Its kit, in which nothing is secret: {admission.kit}\n\n"
        f"By telephone, before you send it:\n"
        f"  {entry.member} reads to you:  {spoken(entry.fingerprint)}\n"
        f"  you read to {entry.member}:   {spoken(authority)}\n"
        f"If the first line differs, somebody else asked in its name: pumasi members revoke {entry.member}\n\n"
        f"Next, at {entry.member}: pumasi-member join {admission.kit.name}"
    )
    show(plain, text, as_json=as_json)


def _online() -> frozenset[str] | None:
    """Return the ids of the members that are online, or None while the federation is not up."""
    folder = Settings.from_environment().federation
    try:
        state = FederationState.load(folder)
        from federated.runtime.control import Control  # noqa: PLC0415  (imports Flower)

        nodes = Control(state.superlink, state.ca).nodes()
    except (FederationNotRunning, FederationUnknown):
        return None
    return frozenset(node.member for node in nodes if node.online)
