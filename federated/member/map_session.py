"""One file on its way to a mapping: read, understood, asked about, answered, kept."""

from collections.abc import Mapping as Answers
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from data_contracts.errors import AnswerInvalid
from federated.member.mappings import (
    SUFFIX,
    Query,
    Source,
    keep_mapping,
    kept_mappings,
    read_table,
    read_with_mapping,
)

if TYPE_CHECKING:
    from data_contracts.contract import Contract, Label
    from data_contracts.intake.table import SourceTable
    from data_contracts.mapping.types import Mapping, Proposal, Question
    from data_contracts.prepare import OpenQuestions
    from federated.member.home import MemberHome

__all__ = ["MapSession", "open_source"]

_ABOUT_FILE = "file:"


def open_source(
    file: Path | Query,
    contract: "Contract",
    home: "MemberHome | None",
    *,
    named: Path | None = None,
    sheet: str | None = None,
) -> Source:
    """Read a file, of a workbook the sheet that was named, and find what is known about it.

    Args:
        file: The file, or the query.
        contract: The contract.
        home: The member's folder, if there is one.
        named: A mapping file that somebody named.
        sheet: Name of the sheet, if somebody said.

    Raises:
        IntakeError: The file cannot be read.
        MappingUnreadable: A mapping file is none.
    """
    if sheet is None or isinstance(file, Query):
        return read_with_mapping(file, contract, home, named=named)
    from data_contracts.intake import read_source  # noqa: PLC0415
    from data_contracts.intake.settings import FileSettings  # noqa: PLC0415
    from data_contracts.mapping.mapping_file import read_mapping  # noqa: PLC0415

    table = read_source(file, FileSettings(sheet=sheet))
    headers = tuple(header.text for header in table.headers)
    found = ((named, read_mapping(named)),) if named is not None else kept_mappings(home, contract.id)
    fitting = ((path, known) for path, known in found if named is not None or known.headers == headers)
    path, known = next(fitting, (None, None))
    if known is None:
        return Source(table)
    confirmed = known.file if known.headers == headers else FileSettings()
    return Source(table, replace(known, file=replace(confirmed, sheet=sheet)), path)


class MapSession:
    """A file, a contract, and what was found out and said so far.

    Args:
        file: The file, or the query.
        source: The file as it was read, with what is known about it.
        contract: The contract.
    """

    def __init__(self, file: Path | Query, source: Source, contract: "Contract") -> None:
        from data_contracts.mapping.propose import propose  # noqa: PLC0415

        self.file, self.source, self.contract = file, source, contract
        self.table: SourceTable = source.table
        self.proposal: Proposal = propose(self.table, contract, known=source.known)
        self._said: dict[str, str] = {}

    def answer(self, answers: Answers[str, str]) -> None:
        """Take answers; where one says that the file is to be read otherwise, it is read and understood anew.

        Raises:
            AnswerInvalid: An answer is none that its question allows; then none is taken.
            IntakeError: The file cannot be read as was said.
        """
        from data_contracts.mapping.answers import answer  # noqa: PLC0415

        about_file = {key: value for key, value in answers.items() if key.startswith(_ABOUT_FILE)}
        proposal = answer(self.proposal, self.table, self.contract, about_file)
        table = self.table
        if self._differs(proposal, about_file):
            table, proposal = self._again(proposal, {**self._said, **about_file})
        rest = {key: value for key, value in answers.items() if key not in about_file}
        self.proposal = answer(proposal, table, self.contract, rest)
        self.table = table
        self._said |= answers

    def open_questions(self, later: frozenset[str] = frozenset()) -> tuple["Question", ...]:
        """Return what is still asked, without what is to be decided later."""
        return tuple(question for question in self.proposal.questions if question.key not in later)

    def counted(self) -> "OpenQuestions":
        """Return what is still asked, and what of it is needed."""
        from data_contracts.prepare import questions_of  # noqa: PLC0415

        return questions_of(self.proposal, self.contract)

    def differences(self) -> tuple["Label", ...]:
        """Say what differs from the mapping that was known, if one was."""
        from data_contracts.mapping.mapping_file import differences  # noqa: PLC0415
        from data_contracts.mapping.propose import settled  # noqa: PLC0415

        return () if self.source.known is None else differences(self.source.known, settled(self.proposal))

    def keep(self, home: "MemberHome | None", output: Path | None) -> tuple[Path, bool]:
        """Write what is settled: where it was said, else into the member's folder, else beside the file.

        Returns:
            Where it is, and whether it was written; False if one that says the same lay there.
        """
        from data_contracts.mapping.mapping_file import differences, write_mapping  # noqa: PLC0415
        from data_contracts.mapping.propose import settled  # noqa: PLC0415

        mapping = settled(self.proposal)
        if output is None and home is not None:
            written = keep_mapping(home, mapping, self.contract, self.table.name, exactly=True)
            return (written, True) if written is not None else (self._kept(home, mapping), False)
        path = output or self._beside()
        known = self.source.known if path == self.source.found else None
        if known is not None and not differences(known, mapping):
            return path, False
        write_mapping(path, mapping, self.contract)
        return path, True

    def _kept(self, home: "MemberHome", mapping: "Mapping") -> Path:
        from data_contracts.mapping.mapping_file import differences  # noqa: PLC0415

        kept = kept_mappings(home, self.contract.id)
        same = (path for path, one in kept if one.headers == mapping.headers and not differences(one, mapping))
        return next(same, home.mappings)

    def _beside(self) -> Path:
        name = Path(f"{self.table.name}{SUFFIX}")
        return name if isinstance(self.file, Query) else self.file.with_name(f"{self.file.name}{SUFFIX}")

    def _differs(self, proposal: "Proposal", about_file: Answers[str, str]) -> bool:
        """Tell whether the file is to be read otherwise than it was."""
        said, read = proposal.mapping.file, self.table.settings
        settings = (key.removeprefix(_ABOUT_FILE) for key in about_file)
        return any(getattr(said, setting) != getattr(read, setting) for setting in settings)

    def _again(self, proposal: "Proposal", said: Answers[str, str]) -> "tuple[SourceTable, Proposal]":
        """Read the file as it was said to be, and take what was said about its columns over where they are still there.

        What is doubtful about the file and was not said stays doubtful.
        """
        from data_contracts.mapping.propose import propose  # noqa: PLC0415
        from data_contracts.mapping.types import Topic  # noqa: PLC0415

        settings, known = proposal.mapping.file, self.source.known
        table = read_table(self.file, settings)
        proposal = propose(table, self.contract, known=None if known is None else replace(known, file=settings))
        open_still = tuple(
            question for question in proposal.questions if question.topic is not Topic.FILE or question.key not in said
        )
        about_columns = {key: value for key, value in said.items() if not key.startswith(_ABOUT_FILE)}
        return table, self._repeated(replace(proposal, questions=open_still), table, about_columns)

    def _repeated(self, proposal: "Proposal", table: "SourceTable", said: Answers[str, str]) -> "Proposal":
        from data_contracts.mapping.answers import answer  # noqa: PLC0415

        try:
            return answer(proposal, table, self.contract, said)
        except AnswerInvalid:  # of a column that the file no longer has: the others count
            for key, value in sorted(said.items(), key=lambda one: not one[0].startswith("column:")):
                with suppress(AnswerInvalid):
                    proposal = answer(proposal, table, self.contract, {key: value})
            return proposal
