"""`pumasi-member doctor`: everything that can keep a member from taking part, each with the way to mend it."""

import re
import shutil
import stat
import tempfile
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from data_contracts.errors import DataContractsError
from federated.certificates import certified_key, parse_certificate
from federated.errors import FederatedError
from federated.keys import KeyUnusable, load_private_p256, public_pem
from federated.kit import Kit
from federated.member.checks import Check, State, fail, ok, skip, warn
from federated.member.door import DOOR_CHECKS, Door, Now, examine_door
from federated.member.home import PROFILE, MemberHome
from federated.member.join import credentials_of, current_kit, requested_id
from federated.runtime.bundle import bundle_sha256

HOUSE_CHECKS = ("keys", "kit", "software", "disk", "contract", "dataset")
CHECKS = (*HOUSE_CHECKS, *DOOR_CHECKS)

ENDS_SOON_DAYS = 30
LEAST_FREE, LITTLE_FREE = 500_000_000, 2_000_000_000
"""Bytes: below the first a run fails (a 10 MB model, its log and two versions of a dataset need about that)."""

_GIGA = 1e9
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def _utc_now() -> datetime:
    return datetime.now(UTC)


def examine(folder: Path, now: Now = _utc_now) -> tuple[Check, ...]:
    """Look at everything: one check for each of `CHECKS`, in that order. Nothing is changed.

    Args:
        folder: The member's folder.
        now: This machine's clock.
    """
    home = MemberHome(folder)
    try:
        kit, kit_check = current_kit(home), None
    except FederatedError:
        kit, kit_check = None, fail("kit broken")
    keys = check_keys(home)
    kit_check = kit_check or check_kit(home, kit, now())
    house = (keys, kit_check, check_software(), check_disk(folder), check_contract(home, kit), check_dataset(home))
    return house + _door(home, kit, keys, now)


def check_keys(home: MemberHome) -> Check:
    """Check that the node's key is there, whole, and out of other users' reach."""
    key = home.node_key
    if not key.exists():
        return fail("keys missing", home=home.folder)
    try:
        load_private_p256(key)
        member = requested_id(home)
    except (FederatedError, OSError):
        return fail("keys damaged", path=key, member=_name(home))
    for path, right in ((home.keys, "700"), (key, "600")):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            return fail("keys open", path=path, mode=f"{mode:03o}", right=right, member=member)
    return ok("keys fine")


def check_kit(home: MemberHome, kit: Kit | None, now: datetime) -> Check:
    """Check that the member has joined, with this key, and for how long."""
    if kit is None:
        return fail("kit missing")
    for path, content in ((home.authority, kit.ca), (home.node_certificate, kit.certificate)):
        if not _holds(path, content):
            return fail("kit files", file=path.name)
    try:
        ours = public_pem(load_private_p256(home.node_key).public_key())
        if certified_key(parse_certificate(kit.certificate)) != ours:
            return fail("kit other key", member=kit.member)
    except (KeyUnusable, OSError):
        return skip("kit", "keys")
    days = (kit.expiry() - now).days
    until = {"member": kit.member, "expires": kit.expires[:10], "days": days, "name": kit.name}
    if now >= kit.expiry():
        return fail("kit expired", **until)
    return warn("kit ends soon", **until) if days < ENDS_SOON_DAYS else ok("kit fine", **until)


def check_software() -> Check:
    """Check that the installed Pumasi can be read, and that its Flower is the one it was made for."""
    try:
        wanted = next(filter(None, (re.match(r"flwr\s*==\s*([\w.]+)", line) for line in requires("pumasi") or [])))[1]
        found, digest = version("flwr"), bundle_sha256()
    except (PackageNotFoundError, ModuleNotFoundError, StopIteration, OSError):
        return fail("software broken")
    if found != wanted:
        return fail("software other flower", found=found, wanted=wanted)
    return ok("software fine", version=version("pumasi"), digest=digest[:16])


def check_disk(folder: Path) -> Check:
    """Check that there is room, and that it may be used."""
    place = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError as error:
        return fail("disk closed", home=folder, why=error.strerror)
    free = shutil.disk_usage(place).free
    said = {"free": f"{free / _GIGA:.1f}", "home": folder, "least": f"{LITTLE_FREE / _GIGA:.0f}"}
    if free < LITTLE_FREE:
        return (fail if free < LEAST_FREE else warn)("disk low", **said)
    return ok("disk fine", **said)


def check_contract(home: MemberHome, kit: Kit | None) -> Check:
    """Check that the dataset follows the very contract that the kit brought."""
    profile = home.folder / PROFILE
    if not profile.exists():
        return skip("contract", "kit")
    try:
        held = home.contract()
    except (FederatedError, DataContractsError) as error:
        return fail("contract unreadable", why=error, profile=profile)
    if kit is None:
        return skip("contract", "kit")
    if held.sha256 != kit.contract_sha256:
        return fail("contract other", held=held.reference, profile=profile)
    return ok("contract fine", contract=held.reference)


def check_dataset(home: MemberHome) -> Check:
    """Check that there is a dataset, as it was saved, and that it keeps the contract."""
    from data_contracts.commitments import check_salt  # noqa: PLC0415
    from data_contracts.enforce import enforce  # noqa: PLC0415  (these import pandas)
    from data_contracts.errors import NoVersionSaved, SaltUnusable  # noqa: PLC0415
    from data_contracts.versions import latest_version, read_version  # noqa: PLC0415

    try:
        rules = home.contract()
    except (FederatedError, DataContractsError):
        return skip("dataset", "contract")
    try:
        newest = latest_version(home.data, rules.id)
        check_salt(home.data)
        verdict = enforce(read_version(newest), rules).verdict
    except NoVersionSaved:
        return fail("dataset missing", contract=rules.id)
    except SaltUnusable as error:
        return fail("dataset secret", why=error)
    except (DataContractsError, OSError) as error:
        return fail("dataset broken", why=error, contract=rules.id)
    if not verdict.accepted:
        codes = ", ".join(dict.fromkeys(str(finding.code) for finding in verdict.findings))
        return fail("dataset refused", codes=codes, contract=rules.id)
    return ok("dataset fine", rows=newest.rows, digest=newest.sha256[:12])


def _door(home: MemberHome, kit: Kit | None, keys: Check, now: Now) -> tuple[Check, ...]:
    if kit is None or not _holds(home.authority, kit.ca):
        return tuple(skip(name, "kit") for name in DOOR_CHECKS)
    if keys.state is State.FAIL and keys.finding != "keys open":
        return tuple(skip(name, "keys") for name in DOOR_CHECKS)
    host, port = kit.host_and_port
    return examine_door(Door(host, port, credentials_of(home)), now)


def _holds(path: Path, content: str) -> bool:
    try:
        return path.read_bytes() == content.encode()
    except OSError:
        return False


def _name(home: MemberHome) -> str:
    try:
        return requested_id(home)
    except (FederatedError, OSError):
        return home.folder.name
