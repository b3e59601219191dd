"""From a factory's file to a version of the member's dataset: understand, check, quarantine, keep."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from data_contracts.contract import Contract, load_contract
from data_contracts.findings import ContractVerdict
from data_contracts.prepare import Prepared, prepare
from data_contracts.versions import (
    DatasetVersion,
    find_version,
    latest_version,
    list_versions,
    make_current,
    read_version,
    save_version,
)
from data_contracts.versions.appending import append_rows
from federated.disk import naming
from federated.member.home import PROFILE, MemberHome, MemberProfile
from federated.member.mappings import Query, keep_mapping, read_with_mapping
from federated.member.next_step import NextStep
from federated.member.quarantine import write_quarantine, write_refused
from federated.member.understanding import require_answers
from federated.member.where import OtherProfile, existing_home
from federated.own_files import file_lock, own_folder


@dataclass(frozen=True)
class Added:
    """What came of adding a file.

    Attributes:
        verdict: The contract's verdict on the file.
        version: The version its accepted rows are now, or None when the file was refused.
        quarantined: The file with the rows that failed, or None when there are none.
        notes: What was asked for or lay ready and was not done, one sentence each.
        changes: The file that lists every changed cell, or None when none was changed.
        mapping: Where the mapping that was used has been written, or None when it lay there before.
        prepared: How the file was understood.
        known: The mapping file that was followed, or None.
    """

    verdict: ContractVerdict
    version: DatasetVersion | None
    quarantined: Path | None
    notes: tuple[str, ...] = ()
    changes: Path | None = None
    mapping: Path | None = None
    prepared: Prepared | None = field(default=None, repr=False)
    known: Path | None = None


def add_dataset(
    folder: Path,
    file: Path | Query,
    contract: str,
    *,
    member: str | None,
    shares_metrics: bool,
    mapping: Path | None = None,
    append: bool = False,
) -> Added:
    """Check a file against a contract and keep its accepted rows as a version of the member's dataset.

    The same file twice is the same version. Nothing is kept of a file that is refused but the rows that failed, in
    the quarantine.

    Args:
        folder: The member's folder; made when it is new.
        file: A table in any form that a factory has, or the query of a database.
        contract: The contract's reference, or a path to its file.
        member: The member's id; by default that of the profile, or the name of a new folder.
        shares_metrics: The member's opt-in to its own figures being shown, for a new folder.
        mapping: A mapping file to use; by default the one that fits, see `federated.member.mappings`.
        append: Put the rows behind those that are saved, instead of in their place.

    Raises:
        OtherProfile: The folder belongs to another member, or to a member with another contract.
        IntakeError: The file cannot be read.
        QuestionsOpen: Something about columns that the contract needs is doubtful; nothing was kept.
        MappingError: A mapping file cannot be used.
        VersionError: The disk or DVC refuses; earlier versions are as they were.
    """
    from data_contracts.mapping.propose import settled  # noqa: PLC0415  (the worker, who reads versions, needs it not)

    rules = load_contract(contract)
    known = existing_home(folder, member)
    if known is not None:
        _check_contract(known, rules)
    source = read_with_mapping(file, rules, known, named=mapping)
    prepared = prepare(source.table, rules, known=source.known)
    step = NextStep(file, None if known is not None else contract, mapping, home=folder)
    require_answers(prepared, step)
    notes = () if known is None else _opt_in_note(known, shares_metrics=shares_metrics)
    notes = (source.note, *notes) if source.note else notes
    if not prepared.checked.verdict.accepted:
        aside = _set_aside(MemberHome(folder), prepared)
        return Added(prepared.checked.verdict, None, aside, notes, prepared=prepared, known=source.found)
    home = known or MemberHome.create(
        folder, MemberProfile(member or folder.resolve().name, _lasting(contract, rules), shares_metrics)
    )
    with file_lock(home.data_lock), naming(home.data):
        rows, reasons, told = _to_keep(home, prepared, append=append)
        written = write_quarantine(home, prepared, reasons)
        said = source.found is not None and source.found.parent != home.mappings
        kept = keep_mapping(home, settled(prepared.proposal), rules, source.table.name, exactly=said)
        own_folder(home.data)
        version = save_version(home.data, rows, rules, source=_printable(source.table.name))
    return Added(
        verdict=prepared.checked.verdict,
        version=version,
        quarantined=written.quarantined,
        notes=(*notes, *told, *_left_out(prepared, step)),
        changes=written.changes,
        mapping=kept,
        prepared=prepared,
        known=source.found,
    )


def _to_keep(
    home: MemberHome, prepared: Prepared, *, append: bool
) -> tuple[pd.DataFrame, Mapping[int, str], tuple[str, ...]]:
    """Return the rows of the new version, why further rows are set aside (by position), and what there is to say."""
    accepted, rules = prepared.checked.accepted, prepared.contract
    saved = next((one for one in reversed(list_versions(home.data)) if one.path.stem == rules.id), None)
    if not append or saved is None:
        return accepted, {}, ()
    if saved.contract != rules.reference:
        raise OtherProfile(
            f"the saved records keep {saved.contract}, this file {rules.reference}: rows of both cannot be mixed. "
            "Add one file with all records, without --append. "
            "계약이 다른 기록은 섞을 수 없습니다. 모든 기록을 한 파일로 모아 --append 없이 추가하십시오."
        )
    both = append_rows(read_version(saved), accepted, rules)
    positions = np.setdiff1d(np.arange(len(prepared.mapped.frame)), prepared.checked.quarantined.index.to_numpy())
    aside = {int(at): str(why) for at, why in zip(positions, both.reasons, strict=True) if why}
    return both.rows, aside, _append_notes(int(both.known.sum()), len(aside))


def _set_aside(home: MemberHome, prepared: Prepared) -> Path | None:
    """Write the rows of a refused file that failed, also where the member's folder holds nothing else yet."""
    home.folder.mkdir(parents=True, exist_ok=True)
    with file_lock(home.data_lock), naming(home.quarantine):
        return write_refused(home, prepared)


def _left_out(prepared: Prepared, step: NextStep) -> tuple[str, ...]:
    """Name the columns that need not be there and were saved blank, since something about them is still asked."""
    columns = dict.fromkeys(one.column for one in prepared.proposal.questions)
    names = ", ".join(f"{name} ({prepared.contract.column(name).label.ko})" for name in columns)
    said = (
        f"Saved without {names}: a question about each is open. Answer it with {step.command('map')}, then add the "
        "file again. 답하지 않은 질문이 있는 열은 비워 두고 저장했습니다."
    )
    return (said,) if columns else ()


def _append_notes(known: int, aside: int) -> tuple[str, ...]:
    twice = f"{known} row(s) are saved already and were not added twice. 이미 저장된 행은 건너뛰었습니다."
    other = (
        f"{aside} row(s) have the key of a saved record and differ from it: they are set aside, the saved ones stay. "
        "To correct saved records, add one file with all records, without --append. 저장된 기록과 내용이 다른 행은 "
        "격리했습니다."
    )
    return tuple(note for note, count in ((twice, known), (other, aside)) if count)


def roll_back(home: MemberHome, digits: str) -> DatasetVersion:
    """Make an older version of the dataset the current one; nothing is deleted.

    Args:
        home: The member's folder.
        digits: First digits of the version's SHA-256.

    Raises:
        UnknownVersion: No version begins with them, or more than one does.
        OtherProfile: The version keeps another contract than the member follows.
        DatasetTampered, DatasetMissing: Its bytes are not there any more.
    """
    rules = home.contract()
    with file_lock(home.data_lock), naming(home.data):
        version = find_version(home.data, rules.id, digits)
        if version.contract != rules.reference:
            raise OtherProfile(
                f"version {version.short} keeps {version.contract}, and this member follows {rules.reference}: "
                "it could not train with it. Add the original file again instead. "
                "계약이 다른 버전으로는 학습할 수 없습니다. 원본 파일을 다시 추가하십시오."
            )
        return make_current(version)


def _check_contract(home: MemberHome, rules: Contract) -> None:
    held = home.contract()
    if held.sha256 != rules.sha256:
        same = " (same version, another file)" if held.reference == rules.reference else ""
        raise OtherProfile(
            f"member {home.profile().member} follows contract {held.reference}, not {rules.reference}{same}. "
            f"Add the file with the first one, or change `contract` in {home.folder / PROFILE} beforehand. "
            "이 회원은 다른 계약을 따릅니다. 그 계약으로 추가하거나 먼저 설정 파일의 contract를 바꾸십시오."
        )


def _opt_in_note(home: MemberHome, *, shares_metrics: bool) -> tuple[str, ...]:
    if not shares_metrics or home.profile().shares_metrics:
        return ()
    said = (
        f"Your own figures stay hidden: {home.folder / PROFILE} says shares_metrics: false, and --share-metrics counts "
        "for a new folder only. Set shares_metrics: true there to show them. "
        "이미 있는 폴더에는 --share-metrics가 적용되지 않습니다. 공개하려면 위 파일에 shares_metrics: true를 쓰십시오."
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


def _printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode("utf-8")
