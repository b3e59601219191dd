"""`pumasi sandbox`: a whole cooperative on this machine, to try things with."""

from dataclasses import asdict
from pathlib import Path
from shlex import quote

import click

from flows.options import example, json_option, show
from flows.settings import Settings


@click.group()
def sandbox() -> None:
    """Run a whole cooperative on this machine: doors, TLS, and a process per member."""


@sandbox.command(epilog=example("pumasi sandbox up --members 5 --contract print-defect"))
@click.option("--members", type=click.IntRange(2, 200), default=5, show_default=True, help="How many member nodes.")
@click.option("--contract", default="print-defect", show_default=True, help="Contract, or a contract file.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with one table per member; its file's name is the member's id. Default: public data, dealt out, or "
    "for plating-defect the files of a synthetic cooperative.",
)
@json_option
def up(members: int, contract: str, data: Path | None, *, as_json: bool) -> None:
    """Bring everything up; the members have data, have joined, and agree to the contract's shipped plans."""
    settings = Settings.from_environment().ready()
    from flows.interrupts import deferred_interrupts  # noqa: PLC0415
    from flows.sandbox import sandbox_up  # noqa: PLC0415  (imports pandas, DVC and Flower)

    with deferred_interrupts():
        nodes = sandbox_up(settings, contract, members, data)
    text = (
        f"{len(nodes)} members are online. Next:\n"
        f"  pumasi train {_plan_of(contract)} --runtime federation\n"
        f"  pumasi-member egress --home {quote(nodes[0].home)}     what left that member\n"
        "  pumasi sandbox down"
    )
    show({"nodes": [asdict(node) for node in nodes]}, text, as_json=as_json)


@sandbox.command(epilog=example("pumasi sandbox files --contract plating-defect --members 6 --seed 7 -o plating"))
@click.option("--members", type=click.IntRange(1, 200), default=6, show_default=True, help="How many factories.")
@click.option("--contract", default="plating-defect", show_default=True, help="The trade.")
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="The same seed, the same bytes.")
@click.option("--output", "-o", required=True, type=click.Path(file_okay=False, path_type=Path), help="New folder.")
@json_option
def files(members: int, contract: str, seed: int, output: Path, *, as_json: bool) -> None:
    """Write the files that invented plating factories would send, and what they really say: all of it SYNTHETIC."""
    from flows.errors import SandboxFailed  # noqa: PLC0415
    from flows.installed import require_association  # noqa: PLC0415

    require_association()
    from flows.synthetic.cooperative import CONTRACT, write_cooperative  # noqa: PLC0415  (imports pandas)

    if contract.partition("@")[0] != CONTRACT:
        raise SandboxFailed(f"files can be invented for {CONTRACT} only, not for {contract}")
    if output.exists() and any(output.iterdir()):
        raise SandboxFailed(f"{output} is not empty, and nothing in it is replaced; name a new folder")
    made = write_cooperative(output, members, seed)
    lines = [f"  {one.path}  {len(one.truth.lines)} records" for one in made]
    text = "\n".join(
        [
            f"SYNTHETIC 합성 데이터: {len(made)} files, seed {seed}; nothing in them was measured.",
            *lines,
            f"The truth about them is in {output / 'truth'}. Next:",
            f"  pumasi-member map {quote(str(made[0].path))} --contract {CONTRACT}",
        ]
    )
    plain = [{"member": one.member, "file": str(one.path), "records": len(one.truth.lines)} for one in made]
    show({"synthetic": True, "seed": seed, "files": plain}, text, as_json=as_json)


@sandbox.command(epilog=example("pumasi sandbox approve my-plan.yaml"))
@click.argument("plan")
@json_option
def approve(plan: str, *, as_json: bool) -> None:
    """Approve a plan for every member of the sandbox, and like plans too: here you are all of them."""
    settings = Settings.from_environment()
    from flows.plan import load_plan  # noqa: PLC0415
    from flows.sandbox import sandbox_approve  # noqa: PLC0415

    agreed = sandbox_approve(settings, load_plan(plan))
    text = f"{len(agreed)} members agree: {', '.join(agreed)}. Next: pumasi train {quote(plan)} --runtime federation"
    show({"agreed": agreed}, text, as_json=as_json)


@sandbox.command(epilog=example("pumasi sandbox restart factory-3"))
@click.argument("member")
@json_option
def restart(member: str, *, as_json: bool) -> None:
    """Start a member's node anew, after you killed it or gave it another kit."""
    from flows.sandbox import sandbox_restart  # noqa: PLC0415

    node = sandbox_restart(Settings.from_environment(), member)
    show(asdict(node), f"{node.member} is online. See: pumasi federation status", as_json=as_json)


@sandbox.command(epilog=example("pumasi sandbox down"))
@json_option
def down(*, as_json: bool) -> None:
    """End the nodes and the federation. Members, runs and models stay under PUMASI_HOME."""
    from flows.sandbox import sandbox_down  # noqa: PLC0415

    ended = sandbox_down(Settings.from_environment())
    text = f"ended: {', '.join(ended)}" if ended else "there was no sandbox"
    show({"ended": ended}, f"{text}. To bring one up: pumasi sandbox up", as_json=as_json)


def _plan_of(contract: str) -> str:
    """Return the shipped plan for a contract, or what stands for one that has still to be written."""
    from data_contracts.contract import load_contract  # noqa: PLC0415
    from flows.plan import shipped_plans  # noqa: PLC0415

    name = load_contract(contract).id
    return name if name in shipped_plans() else "MY-PLAN.yaml"
