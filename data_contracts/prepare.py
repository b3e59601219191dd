"""From a factory's file to judged records in one call: understand, convert, enforce."""

from dataclasses import dataclass, field, replace

from data_contracts.contract import KNOWN_AFTERWARDS, Contract, Label, Role
from data_contracts.enforce import Enforcement, enforce
from data_contracts.findings import MAX_LINES, Finding
from data_contracts.intake.table import Aside, SourceTable
from data_contracts.mapping.types import Mapped, Mapping, Proposal, Question, Topic
from data_contracts.reasons import Reason

__all__ = ["OpenQuestions", "Prepared", "QuestionCount", "needed_columns", "prepare", "questions_of"]


@dataclass(frozen=True, slots=True)
class QuestionCount:
    """How much is still to be asked about a file, as every command says it.

    Attributes:
        asked: all questions.
        needed: those of them without whose answers the records cannot be used.
    """

    asked: int
    needed: int


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What is still to be asked about a file.

    Attributes:
        asked: every question, in contract order.
        needed: those of them without whose answers the records cannot be used.
    """

    asked: tuple[Question, ...]
    needed: tuple[Question, ...]

    @property
    def count(self) -> QuestionCount:
        """How many they are."""
        return QuestionCount(len(self.asked), len(self.needed))


@dataclass(frozen=True)
class Prepared:
    """Everything that was found out about a file on its way to the contract.

    Attributes:
        contract: the contract.
        table: the file as read.
        proposal: how its columns were understood, and what is still to be asked.
        mapped: the records in the contract's columns, as far as they are understood.
        checked: what the contract says about them.
        known: what was confirmed before, or None.
    """

    contract: Contract
    table: SourceTable = field(repr=False)
    proposal: Proposal
    mapped: Mapped = field(repr=False)
    checked: Enforcement
    known: Mapping | None = None

    def not_followed(self) -> tuple[Label, ...]:
        """Say what was confirmed before and is not followed, one sentence each."""
        from data_contracts.mapping.differences import not_followed  # noqa: PLC0415

        return () if self.known is None else not_followed(self.known, self.proposal.mapping, self.contract)

    def open_questions(self, *, labelled: bool = True) -> tuple[Question, ...]:
        """Return the questions without whose answers the records cannot be used: about the file and needed columns."""
        return questions_of(self.proposal, self.contract, labelled=labelled).needed


def prepare(
    source: SourceTable, contract: Contract, *, known: Mapping | None = None, labelled: bool = True
) -> Prepared:
    """Understand a file's columns, convert its cells, and judge the records.

    Open questions are no error: a column that is asked about is left out, and the verdict says that it is missing.

    Args:
        source: the file as read.
        contract: the contract to keep.
        known: what was confirmed for this file, or one like it, before.
        labelled: False for new parts to be scored, whose target and outcomes nobody knows yet.

    Raises:
        MappingError: if what is known cannot be used.
    """
    # What finds out about columns brings the libraries for units and dates, which a reader of `Prepared` does without.
    from data_contracts.mapping.apply import apply_mapping  # noqa: PLC0415
    from data_contracts.mapping.propose import propose  # noqa: PLC0415

    proposal = propose(source, contract, known=known, labelled=labelled)
    mapped = apply_mapping(source, _without_doubt(proposal), contract, labelled=labelled)
    checked = enforce(mapped.frame, contract, labelled=labelled)
    return Prepared(
        contract, source, proposal, mapped, _with_unreadable(checked, source, contract, labelled=labelled), known
    )


def questions_of(proposal: Proposal, contract: Contract, *, labelled: bool = True) -> OpenQuestions:
    """Return what is still to be asked, and what of it is about the file itself or about needed columns.

    Args:
        proposal: how the file was understood.
        contract: the contract to keep.
        labelled: False for new parts to be scored.
    """
    columns = needed_columns(contract, labelled=labelled)
    asked = proposal.questions
    needed = (question for question in asked if question.topic is Topic.FILE or question.column in columns)
    return OpenQuestions(asked, tuple(needed))


def needed_columns(contract: Contract, *, labelled: bool = True) -> frozenset[str]:
    """Return the names of the columns without which no record can be used."""
    return frozenset(
        column.name
        for column in contract.columns
        if (labelled or column.role not in KNOWN_AFTERWARDS)
        and (column.role in {Role.FEATURE, Role.TARGET} or column.required or column.name in contract.key)
    )


def _without_doubt(proposal: Proposal) -> Mapping:
    """Leave out the columns that are still asked about: half understood, they would be judged for what they are not."""
    asked = {question.column for question in proposal.questions}
    sure = tuple(entry for entry in proposal.mapping.columns if entry.column not in asked)
    return replace(proposal.mapping, columns=sure)


def _with_unreadable(checked: Enforcement, source: SourceTable, contract: Contract, *, labelled: bool) -> Enforcement:
    """Count the lines that could not be read among those set aside, where they make them too many."""
    unreadable = len(source.lines(Aside.UNREADABLE))
    verdict = checked.verdict
    total, set_aside = verdict.rows + unreadable, verdict.quarantined_rows + unreadable
    if not unreadable or not labelled or not verdict.accepted or set_aside <= contract.quarantine_ceiling * total:
        return checked
    ceiling = f"{100 * contract.quarantine_ceiling:g} %"
    lines = tuple(int(line) for line in source.lines(Aside.UNREADABLE)[:MAX_LINES])
    too_many = Finding(
        Reason.TOO_MANY_QUARANTINED, None, set_aside, lines, "error", total=total, allowed=Label(ceiling, ceiling)
    )
    refused = replace(verdict, accepted=False, accepted_rows=0, findings=(too_many, *verdict.findings))
    return replace(checked, accepted=checked.accepted[:0], verdict=refused)
