"""From a clean file to a version of the member's dataset: check, quarantine, keep."""

from dataclasses import dataclass
from pathlib import Path

from data_contracts.contract import load_contract
from data_contracts.enforce import enforce
from data_contracts.findings import ContractVerdict
from data_contracts.intake import read_table
from data_contracts.versions import DatasetVersion, latest_version, save_version
from federated.member.home import PROFILE, MemberHome, MemberProfile


@dataclass(frozen=True)
class Added:
    """What came of adding a file.

    Attributes:
        verdict: The contract's verdict on the file.
        version: The version its accepted rows are now, or None when the file was refused.
        quarantined: The file with the rows that failed, or None when there are none.
    """

    verdict: ContractVerdict
    version: DatasetVersion | None
    quarantined: Path | None


def add_dataset(folder: Path, file: Path, contract: str, *, member: str, shares_metrics: bool) -> Added:
    """Check a file against a contract and keep its accepted rows as a version of the member's dataset.

    The same file twice is the same version. Nothing is kept of a file that is refused.

    Args:
        folder: The member's folder; made when it is new.
        file: CSV or Parquet.
        contract: The contract's reference, or a path to its file.
        member: The member's id, for a new folder.
        shares_metrics: The member's opt-in to its own figures being shown, for a new folder.
    """
    rules = load_contract(contract)
    checked = enforce(read_table(file), rules)
    if not checked.verdict.accepted:
        return Added(checked.verdict, None, None)
    profile = MemberProfile(member, contract, shares_metrics)
    home = MemberHome(folder) if (folder / PROFILE).exists() else MemberHome.create(folder, profile)
    quarantined = None
    if len(checked.quarantined):
        quarantined = home.quarantine / f"{rules.id}.csv"
        quarantined.parent.mkdir(parents=True, exist_ok=True)
        checked.quarantined.to_csv(quarantined, index=False, encoding="utf-8-sig")
    return Added(checked.verdict, save_version(home.data, checked.accepted, rules), quarantined)


def latest_dataset(home: MemberHome) -> DatasetVersion:
    """Return the newest version of the member's dataset.

    Raises:
        NoVersionSaved: There is none yet.
    """
    return latest_version(home.data, home.contract().id)
