"""A file and a contract -> which header is which column: what is beyond doubt, and questions about the rest."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace

from data_contracts.contract import KNOWN_AFTERWARDS, Column, Contract, Role
from data_contracts.errors import MappingMismatch
from data_contracts.intake.guesses import Guess
from data_contracts.intake.settings import FileSettings
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.claims import Decision, Doubt
from data_contracts.mapping.details import Details, complete, renew
from data_contracts.mapping.finder import decide
from data_contracts.mapping.headings import Heading
from data_contracts.mapping.questions import column_question, file_question
from data_contracts.mapping.study import Study
from data_contracts.mapping.times_of_day import with_time
from data_contracts.mapping.types import ColumnMapping, Mapping, Proposal, Question, Topic

__all__ = ["in_order", "propose", "settled"]


def propose(table: SourceTable, contract: Contract, *, known: Mapping | None = None, labelled: bool = True) -> Proposal:
    """Find out which header of a file is which column of a contract.

    Args:
        table: the file as read.
        contract: the contract.
        known: what was confirmed before, for this file or one like it: it is taken over as far as its headers are
            there, and only what is new or gone is looked at.
        labelled: False for new parts to be scored: the target and outcomes are not looked for.

    Returns:
        What is certain, and a question for whatever is not.

    Raises:
        MappingMismatch: if what is known is for another trade's contract.
    """
    study = Study.of(table, contract)
    kept = _kept(known, study)
    wanted = [column for column in contract.columns if labelled or column.role not in KNOWN_AFTERWARDS]
    found = [_known_again(entry, study, kept) for entry in kept]
    found += [_found(one, study) for one in _decisions(study, wanted, known, kept) if one.certain or one.claims]
    mapping = Mapping(
        contract=contract.reference,
        headers=tuple(header.text for header in table.headers),
        columns=tuple(one.entry for one in found if one.entry is not None),
        file=_settings(table, known),
    )
    questions = [
        *(file_question(guess) for guess in _doubtful(table, known) if not _columns_each(guess, mapping)),
        *(question for one in found for question in one.questions),
    ]
    proposal = Proposal(mapping, tuple(questions), tuple(guess for one in found for guess in one.guesses))
    return in_order(_with_times(proposal, study, known), contract)


def in_order(proposal: Proposal, contract: Contract) -> Proposal:
    """Put columns, questions and guesses into the order of the contract; questions about the file come first."""
    place = {column.name: at for at, column in enumerate(contract.columns)}
    topics = list(Topic)
    columns = sorted(proposal.mapping.columns, key=lambda entry: place[entry.column])
    questions = sorted(  # stable: words stay as frequent ones first
        proposal.questions, key=lambda one: (place.get(one.column, -1), topics.index(one.topic))
    )
    guesses = sorted(proposal.guesses, key=lambda guess: place[guess.setting.split(".")[1]])
    return Proposal(replace(proposal.mapping, columns=tuple(columns)), tuple(questions), tuple(guesses))


def settled(proposal: Proposal) -> Mapping:
    """Return what of a proposal may be kept while questions are open.

    A column whose unit, dates or decimals are asked about is left out: kept without them, it would pass for confirmed.
    Words that are open are asked about again by themselves.
    """
    half = {one.column for one in proposal.questions if one.topic in {Topic.UNIT, Topic.DATES, Topic.DECIMAL}}
    return replace(proposal.mapping, columns=tuple(one for one in proposal.mapping.columns if one.column not in half))


@dataclass(frozen=True)
class _Found:
    """What is known of one column: an entry, questions, guesses; any of them may be lacking."""

    entry: ColumnMapping | None = None
    questions: tuple[Question, ...] = ()
    guesses: tuple[Guess, ...] = ()

    @classmethod
    def of(cls, details: Details) -> "_Found":
        return cls(details.entry, details.questions, details.guesses)


def _found(decision: Decision, study: Study) -> _Found:
    if decision.certain is None:
        return _Found(questions=(column_question(decision),))
    return _Found.of(complete(decision.certain, study.contract, study.profile))


def _with_times(proposal: Proposal, study: Study, known: Mapping | None) -> Proposal:
    """Look for the time of day beside each column of days; of a confirmed one among the headers that are new.

    If the file lacks the header that was confirmed for the time, it is looked for among all of them.
    """
    columns, guesses = [], list(proposal.guesses)
    for entry in proposal.mapping.columns:
        confirmed = None if known is None else known.column(entry.column)
        left_aside = known.headers if known is not None and confirmed is not None and confirmed.time is None else ()
        timed, more = with_time(entry, study, proposal.spoken_for.union(left_aside))
        columns.append(timed)
        named = f"columns.{entry.column}"
        guesses = [replace(one, reason=timed.reason) if one.setting == named else one for one in guesses] + [*more]
    return replace(proposal, mapping=replace(proposal.mapping, columns=tuple(columns)), guesses=tuple(guesses))


def _kept(known: Mapping | None, study: Study) -> tuple[ColumnMapping, ...]:
    """Return the known entries that this file allows: their header is there, their column is still in the contract."""
    if known is None:
        return ()
    contract = study.contract
    if known.contract.partition("@")[0] != contract.id:
        raise MappingMismatch(
            f"the mapping is for {known.contract}, the file is to become {contract.reference}; "
            "name the mapping of that contract, or leave it away and map the file anew"
        )
    columns = {column.name: column for column in contract.columns}
    new = _new_headings(known, study)
    return tuple(
        _allowed(entry, columns[entry.column], study)
        for entry in known.columns
        if entry.column in columns and _still_there(entry, columns[entry.column], new, study)
    )


def _still_there(entry: ColumnMapping, column: Column, new: Sequence[Heading], study: Study) -> bool:
    if entry.header is not None:
        return study.heading(entry.header) is not None
    return not any(study.comparison.claim(column, heading).explained for heading in new)


def _allowed(entry: ColumnMapping, column: Column, study: Study) -> ColumnMapping:
    """Drop words whose meaning the contract no longer has, to ask about them again, and a time the file has no more."""
    words = tuple(pair for pair in entry.words if pair[1] is None or pair[1] in column.vocabulary)
    time = entry.time if entry.time is not None and study.heading(entry.time) is not None else None
    return replace(entry, words=words, time=time)


def _new_headings(known: Mapping, study: Study) -> tuple[Heading, ...]:
    return tuple(heading for heading in study.headings if heading.header.text not in known.headers)


def _known_again(entry: ColumnMapping, study: Study, kept: Iterable[ColumnMapping]) -> _Found:
    """Take a known entry over; what it does not say, such as the meaning of a new word, is found out or asked."""
    column = study.contract.column(entry.column)
    heading = None if entry.header is None else study.heading(entry.header)
    if heading is None:
        return _Found(entry)
    others = (study.contract.column(other.column) for other in kept if other.header == entry.header)
    shared = column.role is Role.TARGET and any(study.can_share(column, other) for other in others)
    claim = study.comparison.claim(column, heading)
    return _Found.of(renew(entry, claim, study.contract, study.profile, shared=shared))


def _decisions(
    study: Study, wanted: Sequence[Column], known: Mapping | None, kept: Sequence[ColumnMapping]
) -> Iterator[Decision]:
    """Decide about the columns that are not known; a header that was known and left aside is not tried for them.

    It is tried for columns about which nothing was ever decided, and where no header is new.
    """
    done = {entry.column for entry in kept}
    used = {text for entry in kept for text in entry.headers}
    free = [heading for heading in study.headings if heading.header.text not in used]
    new = free if known is None else [one for one in _new_headings(known, study) if one in free]
    gone = {entry.column for entry in known.columns} if known is not None and new else set()
    lost = decide(study.comparison, [one for one in wanted if one.name in gone - done], new)
    taken = {one.certain.heading.header for one in lost if one.certain}
    rest = [heading for heading in free if heading.header not in taken]
    fresh = decide(study.comparison, [one for one in wanted if one.name not in gone | done], rest)
    yield from (_with_kind_as_target(one, (*lost, *fresh), kept, study) for one in (*lost, *fresh))


def _with_kind_as_target(
    decision: Decision, decisions: Sequence[Decision], kept: Sequence[ColumnMapping], study: Study
) -> Decision:
    """Offer the column with the kind of defect where a file has no column with the result."""
    if decision.column.role is not Role.TARGET or decision.certain or any(one.explained for one in decision.claims):
        return decision
    outcomes = {column.name for column in study.contract.columns if study.can_share(decision.column, column)}
    headings = [one.certain.heading for one in decisions if one.certain and one.column.name in outcomes]
    headers = [entry.header for entry in kept if entry.column in outcomes and entry.header is not None]
    headings += [heading for text in headers if (heading := study.heading(text)) is not None]
    offered = tuple(study.kind_as_target(heading) for heading in headings)
    if not offered:
        return decision
    return Decision(decision.column, None, decision.doubt or Doubt.UNEXPLAINED, (*decision.claims, *offered))


def _doubtful(table: SourceTable, known: Mapping | None) -> tuple[Guess, ...]:
    """Return what the reader is not sure of and nobody has confirmed yet."""
    return tuple(guess for guess in table.guesses if not guess.certain and not _confirmed(guess, table, known))


def _confirmed(guess: Guess, table: SourceTable, known: Mapping | None) -> bool:
    if known is None:
        return False
    if guess.setting == "melt":  # a table that was left as it is has nothing to show for it but its headers
        return known.headers == tuple(header.text for header in table.headers)
    return known.file.changed(guess.setting, guess.value) == known.file


def _columns_each(guess: Guess, mapping: Mapping) -> bool:
    """Tell whether what looks like one series is a column of the contract each: then it is no series."""
    melt = FileSettings().changed(guess.setting, guess.value).melt
    return melt is not None and set(melt.series) <= {entry.header for entry in mapping.columns}


def _settings(table: SourceTable, known: Mapping | None) -> FileSettings:
    """Return how the file was read, without what is still doubtful: that is found out and asked again next time."""
    doubtful = {guess.setting for guess in _doubtful(table, known)}
    return FileSettings(
        **{one.name: getattr(table.settings, one.name) for one in fields(FileSettings) if one.name not in doubtful}
    )
