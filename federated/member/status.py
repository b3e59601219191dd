"""What a member's folder says about taking part: nothing is asked of anybody outside."""

import pwd
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from data_contracts.errors import DataContractsError
from federated.errors import FederatedError
from federated.keys import spoken
from federated.member.home import PROFILE, MemberHome
from federated.member.join import current_kit, owner_of
from federated.own_files import holder_of
from federated.runtime.bundle import bundle_sha256


@dataclass(frozen=True)
class Isolation:
    """How the running node's worker is held apart, as the operating system sees it.

    Attributes:
        user: Name of the user it runs as.
        own_user: Whether that is another user than the node's. Whether it can read the node's key the node itself
            has tried out, and said when it started.
        network: ``none`` when it is in a network of its own, ``shared``, or ``unknown`` where one may not look.
    """

    user: str
    own_user: bool
    network: str


@dataclass(frozen=True)
class Status:
    """Where a member stands. What is not there yet is None.

    Attributes:
        member: Its id.
        home: Its folder.
        federation: The federation it joined.
        address: That federation's door.
        association_fingerprint: Fingerprint of the association's key, in groups for the telephone.
        expires: When the membership ends, UTC.
        days_left: Whole days until then; negative afterwards.
        pumasi: Version of the installed Pumasi.
        bundle_sha256: Hash of the installed software: a run must be for exactly this.
        node: Process id of the running node; None when it does not run.
        worker: How the node's worker is held apart; None when no node runs, or the system does not tell.
        contract: The contract that the dataset follows.
        dataset: Newest version of the dataset: first digits of its hash, which stays here.
        rows: Its rows.
        consents_pending: Agreements that wait for a decision.
    """

    member: str | None
    home: str
    federation: str | None
    address: str | None
    association_fingerprint: str | None
    expires: str | None
    days_left: int | None
    pumasi: str
    bundle_sha256: str
    node: int | None
    worker: Isolation | None
    contract: str | None
    dataset: str | None
    rows: int | None
    consents_pending: int | None

    def to_plain(self) -> dict[str, Any]:
        """Return it for programs."""
        return asdict(self)


def read_status(folder: Path, now: datetime | None = None) -> Status:
    """Read where a member stands.

    Args:
        folder: The member's folder.
        now: The present moment.

    Raises:
        BadKit: The stored kit was changed.
        MemberHomeError: The member's settings cannot be read.
    """
    home, now = MemberHome(folder), now or datetime.now(UTC)
    if (folder / PROFILE).exists():
        home.profile()
    kit, node = current_kit(home), running_node(home)
    contract, dataset, rows = _data(home)
    return Status(
        member=owner_of(home),
        home=str(folder),
        federation=None if kit is None else kit.name,
        address=None if kit is None else kit.address,
        association_fingerprint=None if kit is None else spoken(kit.fingerprint),
        expires=None if kit is None else kit.expires,
        days_left=None if kit is None else (kit.expiry() - now).days,
        pumasi=version("pumasi"),
        bundle_sha256=bundle_sha256(),
        node=node,
        worker=None if node is None else worker_isolation(node),
        contract=contract,
        dataset=dataset,
        rows=rows,
        consents_pending=_pending(home),
    )


def running_node(home: MemberHome) -> int | None:
    """Return the process id of the node that runs on a folder, or None: its lock tells, which ends with it."""
    return holder_of(home.node_lock)


def worker_isolation(node: int) -> Isolation | None:
    """Look at the processes under a node: whose the last ones are, and whether they share its network (Linux)."""
    proc = Path("/proc")
    with suppress(OSError, ValueError, IndexError):
        worker = node
        while children := (proc / f"{worker}/task/{worker}/children").read_text(encoding="ascii").split():
            worker = int(children[-1])
        if worker == node:
            return None
        uid = (proc / str(worker)).stat().st_uid
        return Isolation(
            _user(uid), uid != (proc / str(node)).stat().st_uid, _network(proc / str(node), proc / str(worker))
        )
    return None


def _network(node: Path, worker: Path) -> str:
    try:
        same = (node / "ns/net").readlink() == (worker / "ns/net").readlink()
    except OSError:  # only root may look at another user's process
        return "unknown"
    return "shared" if same else "none"


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _data(home: MemberHome) -> tuple[str | None, str | None, int | None]:
    """Return the contract's reference, the first digits of the newest version, and its rows."""
    from data_contracts.versions import latest_version  # noqa: PLC0415  (imports pandas)

    contract = None
    with suppress(FederatedError, DataContractsError):
        rules = home.contract()
        contract = rules.reference
        newest = latest_version(home.data, rules.id)
        return contract, newest.sha256[:12], newest.rows
    return contract, None, None


def _pending(home: MemberHome) -> int | None:
    from federated.member.consent import Consent, Standing  # noqa: PLC0415

    with suppress(FederatedError, OSError):
        consent = Consent(home)
        return sum(consent.standing(stored) is Standing.PENDING for stored in consent.store.all())
    return None
