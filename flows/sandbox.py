"""A whole cooperative on one machine: the federation's doors, and member nodes that join through them.

Everything is as between companies (keys, join requests, kits, TLS, consent, egress logs, a process per node), but that
the members are folders under ``PUMASI_HOME/members`` and this command acts as their owners.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from data_contracts.contract import Contract, load_contract
from federated.disk import whole_file
from federated.member.consent import Consent, Standing
from federated.member.decisions import Term
from federated.member.home import MemberHome
from federated.member.join import join, prepare
from federated.runtime.superlink import flower_environment
from flows.errors import SandboxFailed
from flows.federation_life import start_federation, stop_federation
from flows.federation_parts import free_port, python_command
from flows.federation_setup import LOOPBACK
from flows.federation_state import RECORD, FederationState
from flows.interrupts import stop_if_interrupted
from flows.members import MemberList
from flows.places import Federated
from flows.plan import TrainingPlan, load_plan, shipped_plans
from flows.progress import tell
from flows.propose_plan import propose_plan
from flows.runtime_name import RuntimeName
from flows.sandbox_data import give_data, member_files
from flows.settings import Settings

ONLINE_SECONDS = 120.0
END_SECONDS = 15.0


@dataclass(frozen=True)
class Node:
    """One member's node of a sandbox.

    Attributes:
        member: The member's id.
        home: Its folder.
        pid: Its process.
        started: When the process began, in clock ticks since the machine did: tells it from a later one of that number.
    """

    member: str
    home: str
    pid: int
    started: int


def sandbox_up(settings: Settings, contract_reference: str, members: int, data: Path | None) -> tuple[Node, ...]:
    """Bring up a federation and as many member nodes, all joined, with data, and agreeing to the contract's plans.

    Args:
        settings: Where the state lives.
        contract_reference: The trade's contract.
        members: How many members; with `data`, at most so many of its files are used.
        data: Folder with one table per member, or None: public data of ``print-defect``, invented files of
            ``plating-defect``.

    Raises:
        SandboxFailed: There are too few tables, or one that is refused or raises questions; a node does not come
            online; or the home holds a real federation.
    """
    if settings.sandbox.exists():
        raise SandboxFailed(f"{settings.home} has a sandbox already. End it with: pumasi sandbox down")
    _refuse_a_real_federation(settings)
    contract = load_contract(contract_reference)
    files = member_files(settings, contract, members, data)
    for file in files:
        stop_if_interrupted()
        give_data(file, contract, contract_reference)
    address = f"{LOOPBACK}:{free_port()}"
    if not (settings.federation / RECORD).exists():
        settings.federation.mkdir(parents=True, exist_ok=True)
        FederationState.new(settings.federation, address, address, sandbox=True).save()
    start_federation(settings, address, address)
    nodes: list[Node] = []
    try:
        for file in files:
            _join(settings, file.home, contract)
        for file in files:
            nodes.append(_start_node(file.home))
            _save(settings, nodes)
        _wait_online(settings, nodes, {})
    except BaseException:
        sandbox_down(settings)
        raise
    for name in _plans_for(contract):
        sandbox_approve(settings, load_plan(name))
    return tuple(nodes)


def sandbox_approve(settings: Settings, plan: TrainingPlan) -> tuple[str, ...]:
    """Show a plan to the sandbox's members and approve it for each of them, for like plans too.

    Args:
        settings: Where the state lives.
        plan: The plan.

    Returns:
        The members that agree now.

    Raises:
        SandboxFailed: There is no sandbox here; the plan was shown to nobody.
    """
    nodes = _load(settings)
    if not nodes:
        raise SandboxFailed(f"there is no sandbox in {settings.home}: only a member's owner approves a plan for it")
    federated = plan.with_overrides(runtime=RuntimeName.FEDERATION)
    agreement = propose_plan(settings, federated).agreement
    for node in nodes:
        consent = Consent(MemberHome(Path(node.home)))
        for stored in consent.store.all():
            if stored.sha256 == agreement and consent.standing(stored) is Standing.PENDING:
                consent.approve(stored.sha256, Term.ALWAYS)
    return propose_plan(settings, federated).agreed


def sandbox_restart(settings: Settings, member: str) -> Node:
    """End a member's node if it runs, start it anew, and wait until it is online.

    Raises:
        SandboxFailed: The sandbox has no such member, or its node does not come online.
    """
    nodes = _load(settings)
    old = next((node for node in nodes if node.member == member), None)
    if old is None:
        known = ", ".join(node.member for node in nodes) or "nobody: there is no sandbox"
        raise SandboxFailed(f"{member} is not in this sandbox; its members are {known}")
    before = _sessions(settings)
    _end([old])
    new = _start_node(Path(old.home))
    _save(settings, [new if node is old else node for node in nodes])
    _wait_online(settings, [new], before)
    return new


def sandbox_down(settings: Settings) -> tuple[str, ...]:
    """End the nodes and the federation; what they made stays.

    Returns:
        The members whose node was ended.
    """
    nodes = _load(settings)
    _end(nodes)
    if not _holds_a_real_federation(settings):
        stop_federation(settings)
    settings.sandbox.unlink(missing_ok=True)
    return tuple(node.member for node in nodes)


def _refuse_a_real_federation(settings: Settings) -> None:
    """Keep away from an association's own doors, members and keys.

    Raises:
        SandboxFailed: The home's federation is no sandbox's.
    """
    if _holds_a_real_federation(settings):
        raise SandboxFailed(
            f"{settings.federation} holds a federation that is no sandbox's, and a sandbox would change its address "
            "and admit members to it. Choose another home, like: PUMASI_HOME=$HOME/sandbox pumasi sandbox up"
        )


def _holds_a_real_federation(settings: Settings) -> bool:
    return (settings.federation / RECORD).exists() and not FederationState.read(settings.federation).sandbox


def _join(settings: Settings, home: Path, contract: Contract) -> None:
    """Go the way of a member: keys and request, admission by the association, kit."""
    request = prepare(home, home.name, home / f"{home.name}.join-request.json")
    admission = MemberList(settings.federation).admit(request.request, contract=contract)
    join(home, admission.kit.read_text(encoding="utf-8"), trusted=lambda _: True)
    tell(f"{home.name}: joined")


def _start_node(home: Path) -> Node:
    """Start a node in a session of its own, like the service it would be."""
    command = python_command("federated.member.cli", "run", "--home", str(home))
    with (home / "node.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  (our own interpreter, no shell)
            command,
            env=flower_environment(os.environ, home / "flwr"),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    return Node(home.name, str(home), process.pid, _began(process.pid) or 0)


def _sessions(settings: Settings) -> Mapping[str, str]:
    """Return member id -> when its node signed on, of those that are online."""
    return Federated(settings, FederationState.load(settings.federation), 0.0).runtime.sessions()


def _wait_online(settings: Settings, nodes: list[Node], before: Mapping[str, str]) -> None:
    """Wait until each node has signed on, in another session than the one `before`: a killed node looks alive a while.

    Raises:
        SandboxFailed: A node has ended, or takes too long.
    """
    deadline = time.monotonic() + ONLINE_SECONDS
    while missing := _not_yet(nodes, _sessions(settings), before):
        ended = [node for node in nodes if not _runs(node)]
        if ended or time.monotonic() > deadline:
            node = ended[0] if ended else next(node for node in nodes if node.member in missing)
            raise SandboxFailed(
                f"the node of {node.member} did not come online:\n{_tail(Path(node.home) / 'node.log')}"
            )
        stop_if_interrupted()
        time.sleep(0.2)
    tell(f"{len(nodes)} members online")


def _not_yet(nodes: Iterable[Node], now: Mapping[str, str], before: Mapping[str, str]) -> set[str]:
    """Return the members whose node has not signed on since `before`."""
    return {node.member for node in nodes if now.get(node.member) in (None, before.get(node.member))}


def _plans_for(contract: Contract) -> Iterator[str]:
    """Yield the shipped plans for a contract."""
    for name in shipped_plans():
        if load_contract(load_plan(name).contract).sha256 == contract.sha256:
            yield name


def _save(settings: Settings, nodes: list[Node]) -> None:
    with whole_file(settings.sandbox) as partial:
        partial.write_text(json.dumps([asdict(node) for node in nodes], indent=1), encoding="utf-8")


def _load(settings: Settings) -> tuple[Node, ...]:
    with suppress(FileNotFoundError):
        return tuple(Node(**one) for one in json.loads(settings.sandbox.read_text(encoding="utf-8")))
    return ()


def _end(nodes: Sequence[Node]) -> None:
    """Let nodes sign off; what does not end in time is killed."""
    for node in nodes:
        _signal(node, signal.SIGTERM)
    deadline = time.monotonic() + END_SECONDS
    while any(_runs(node) for node in nodes) and time.monotonic() < deadline:
        time.sleep(0.05)
    for node in nodes:
        _signal(node, signal.SIGKILL)


def _signal(node: Node, number: int) -> None:
    if _runs(node):
        with suppress(ProcessLookupError):
            os.kill(node.pid, number)


def _runs(node: Node) -> bool:
    return _began(node.pid) == node.started


def _began(pid: int) -> int | None:
    """Return when a process began, in clock ticks; None if there is none, or only its remains."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] == "Z" else int(fields[19])


def _tail(log: Path, lines: int = 15) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
