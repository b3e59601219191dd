"""From a clean file to a version of the member's dataset: check, quarantine, keep."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from data_contracts.contract import Contract, load_contract
from data_contracts.enforce import enforce
from data_contracts.findings import ContractVerdict
from data_contracts.intake import read_table
from data_contracts.versions import DatasetVersion, latest_version, save_version
from federated.disk import naming, whole_file
from federated.errors import MemberHomeError
from federated.member.home import PROFILE, MemberHome, MemberProfile
from federated.own_files import own_folder


class OtherProfile(MemberHomeError):
    """What was asked for contradicts the folder's profile."""


@dataclass(frozen=True)
class Added:
    """What came of adding a file.

    Attributes:
        verdict: The contract's verdict on the file.
        version: The version its accepted rows are now, or None when the file was refused.
        quarantined: The file with the rows that failed, or None when there are none.
        notes: What was asked for and not done, one sentence each.
    """

    verdict: ContractVerdict
    version: DatasetVersion | None
    quarantined: Path | None
    notes: tuple[str, ...] = ()


def add_dataset(folder: Path, file: Path, contract: str, *, member: str | None, shares_metrics: bool) -> Added:
    """Check a file against a contract and keep its accepted rows as a version of the member's dataset.

    The same file twice is the same version. Nothing is kept of a file that is refused.

    Args:
        folder: The member's folder; made when it is new.
        file: CSV or Parquet.
        contract: The contract's reference, or a path to its file.
        member: The member's id; by default that of the profile, or the name of a new folder.
        shares_metrics: The member's opt-in to its own figures being shown, for a new folder.

    Raises:
        OtherProfile: The folder belongs to another member, or to a member with another contract.
    """
    rules = load_contract(contract)
    known = existing_home(folder, member)
    if known is not None:
        _check_contract(known, rules)
    checked = enforce(read_table(file), rules)
    notes = () if known is None else _opt_in_note(known, shares_metrics=shares_metrics)
    if not checked.verdict.accepted:
        return Added(checked.verdict, None, None, notes)
    home = known or MemberHome.create(
        folder, MemberProfile(member or folder.resolve().name, _lasting(contract, rules), shares_metrics)
    )
    quarantined = None
    if len(checked.quarantined):
        quarantined = home.quarantine / f"{rules.id}.csv"
        own_folder(quarantined.parent)  # for the member's eyes alone, even where others may pass through its folder
        with whole_file(quarantined) as partial:
            checked.quarantined.to_csv(partial, index=False, encoding="utf-8-sig")
    with naming(home.data):
        version = save_version(home.data, checked.accepted, rules)
    return Added(checked.verdict, version, quarantined, notes)


def existing_home(folder: Path, member: str | None) -> MemberHome | None:
    """Return the member's folder when there is one already, or None.

    Args:
        folder: Where it would be.
        member: Whose it must be, if anybody said.

    Raises:
        OtherProfile: It belongs to another member.
    """
    if not (folder / PROFILE).exists():
        return None
    home = MemberHome(folder)
    if member not in (None, home.profile().member):
        raise OtherProfile(
            f"{folder} belongs to member {home.profile().member}, not to {member}. "
            "Leave --member away, or name that member's own folder with --home."
        )
    return home


def _check_contract(home: MemberHome, rules: Contract) -> None:
    held = home.contract()
    if held.sha256 != rules.sha256:
        same = " (same version, another file)" if held.reference == rules.reference else ""
        raise OtherProfile(
            f"member {home.profile().member} follows contract {held.reference}, not {rules.reference}{same}. "
            f"Add the file with the first one, or change `contract` in {home.folder / PROFILE} beforehand."
        )


def _opt_in_note(home: MemberHome, *, shares_metrics: bool) -> tuple[str, ...]:
    if not shares_metrics or home.profile().shares_metrics:
        return ()
    said = (
        f"Your own figures stay hidden: {home.folder / PROFILE} says shares_metrics: false, and --share-metrics counts "
        "for a new folder only. Set shares_metrics: true there to show them."
    )
    return (said,)


def _lasting(contract: str, rules: Contract) -> str:
    """Return a reference that means the same from any folder: a path becomes absolute, a shipped name stays."""
    path = Path(contract)
    same = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == rules.sha256
    return str(path.resolve()) if same else contract


def latest_dataset(home: MemberHome) -> DatasetVersion:
    """Return the newest version of the member's dataset.

    Raises:
        NoVersionSaved: There is none yet.
    """
    return latest_version(home.data, home.contract().id)
