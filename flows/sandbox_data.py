"""The files of a sandbox's members, and how they become the members' data: the way that a real member goes, too."""

from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from data_contracts.contract import Contract
from data_contracts.errors import QuestionsOpen
from federated.member.dataset import add_dataset
from flows.demo import PLAN, deal
from flows.errors import SandboxFailed
from flows.inboxes import check_sources, lay_out
from flows.progress import tell
from flows.settings import Settings
from flows.sources import PRINT_DEFECT, fetch
from flows.synthetic.cooperative import CONTRACT, write_member
from flows.synthetic.owner import keep_beside, understand
from flows.synthetic.truth import Truth

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls", ".parquet")
SEED = 7


@dataclass(frozen=True)
class MemberFile:
    """One member's file.

    Attributes:
        path: The file.
        home: The member's folder.
        truth: What is true about a file that was invented; None for any other.
    """

    path: Path
    home: Path
    truth: Truth | None = None


def member_files(settings: Settings, contract: Contract, members: int, data: Path | None) -> list[MemberFile]:
    """Find or make the files of a sandbox's members.

    Args:
        settings: Where the state lives.
        contract: The trade's contract.
        members: How many members.
        data: Folder with one table per member, or None: public data for ``print-defect``, invented files for
            ``plating-defect``.

    Raises:
        SandboxFailed: There are too few tables, or nothing is known for the contract.
        SourceUnavailable: The public data could not be fetched.
        MemberHasData: A member of that name has data of its own; nothing was changed.
    """
    if data is not None:
        files = sorted(path for path in data.iterdir() if path.suffix.lower() in TABLES)[:members]
        if len(files) < members:
            raise SandboxFailed(f"{data} holds {len(files)} tables ({', '.join(TABLES)}), {members} are needed")
        given = [MemberFile(file, settings.members / file.stem) for file in files]
        check_sources({one.home: one.path.name for one in given})
        return given
    if contract.id == PLAN:
        source = fetch(PRINT_DEFECT, settings.downloads)
        dealt = lay_out(settings.members, lambda folder: deal(source, contract, folder, members))
        return [MemberFile(file, file.parents[1]) for file in dealt]
    if contract.id == CONTRACT:
        return _invented(settings, members)
    raise SandboxFailed(
        f"there is data for {PLAN} and {CONTRACT} only: give a folder with one table per member of "
        f"{contract.reference}, like --data tables/"
    )


def give_data(member: MemberFile, contract: Contract, reference: str) -> None:
    """Give a member its data through the door that every member uses; nothing of it leaves the member's folder.

    Args:
        member: The member and its file.
        contract: The contract.
        reference: The contract as the command named it.

    Raises:
        SandboxFailed: The contract refuses the file, or questions about it are open that only its owner can answer.
    """
    name = member.home.name
    if member.truth is not None:
        understood = understand(member.path, member.truth, contract)
        keep_beside(member.path, understood, contract)
        tell(f"{name}: SYNTHETIC 합성 {member.path.name}")
        tell(f"{name}: {understood.asked} questions, answered as its owner would: you are all of them here")
        if understood.named:
            tell(f"{name}: its owner named {understood.named} columns that were not found")
    try:
        added = add_dataset(member.home, member.path, reference, member=name, shares_metrics=True)
    except QuestionsOpen as error:
        raise SandboxFailed(
            f"{error}\nA sandbox takes only files without open questions. Answer them with\n"
            f"  pumasi-member map {quote(str(member.path))} --contract {quote(reference)}\n"
            "which keeps the mapping beside the file, and bring the sandbox up again."
        ) from error
    if added.version is None:
        raise SandboxFailed(f"{member.path} was refused: {added.verdict.text('en')}")
    tell(f"{name}: {added.version.rows} rows kept")


def _invented(settings: Settings, members: int) -> list[MemberFile]:
    """Write the files of the synthetic cooperative into the members' folders."""
    tell("The members and their files are SYNTHETIC: invented by a program, measured nowhere. 합성 데이터입니다.")
    truths: list[Truth] = []

    def make(folder: Path) -> list[Path]:
        made = [write_member(number, folder / f"factory-{number}" / "inbox", SEED) for number in range(1, members + 1)]
        truths.extend(one.truth for one in made)
        return [one.path for one in made]

    files = lay_out(settings.members, make)
    return [MemberFile(file, file.parents[1], truth) for file, truth in zip(files, truths, strict=True)]
