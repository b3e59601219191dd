"""A person's answers -> a proposal with fewer questions, and sometimes with new ones about what was just decided.

Every guess can be overruled, also one that was not asked about: ``column:voltage`` is a key whether doubtful or not.
"""

from collections.abc import Mapping as Answers
from dataclasses import replace

from data_contracts.cells.moments import ORDERS
from data_contracts.cells.number_text import Shape, read_number
from data_contracts.contract import Column, Contract, Kind, Label, Role
from data_contracts.errors import AnswerInvalid
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.details import complete
from data_contracts.mapping.propose import in_order
from data_contracts.mapping.questions import key_of
from data_contracts.mapping.study import Study
from data_contracts.mapping.times_of_day import can_be_time, with_time
from data_contracts.mapping.types import NOT_IN_FILE, ColumnMapping, Proposal, Question, Topic
from data_contracts.mapping.units import canonical_unit, conversion

__all__ = ["answer"]

_BY_PERSON = Label("사람이 정함", "decided by a person")
_PLAIN = frozenset({Shape.WHOLE, Shape.DECIMALS})
_ROUNDS = (Topic.FILE, Topic.COLUMN, Topic.UNIT, Topic.WORD, Topic.DATES, Topic.TIME, Topic.DECIMAL)


def answer(proposal: Proposal, table: SourceTable, contract: Contract, answers: Answers[str, str]) -> Proposal:
    """Take answers over.

    Answers about the file come first, then those about columns, so that one call can hold both a column and its words.
    The file's settings are only noted: who calls must read the file again if they changed.

    Args:
        proposal: the proposal as it is.
        table: the file.
        contract: the contract.
        answers: the answers by `Question.key`.

    Raises:
        AnswerInvalid: if a key names nothing that can be asked about, or an answer is none that the question allows;
            then nothing is taken over.
    """
    desk = _Desk(Study.of(table, contract))
    parsed = [(_parse(key, contract), value) for key, value in answers.items()]
    for topic in _ROUNDS:
        for (asked, name, subject), value in parsed:
            if asked is topic:
                proposal = desk.take(proposal, topic, name, subject, value)
    return in_order(proposal, contract)


def _parse(key: str, contract: Contract) -> tuple[Topic, str, str]:
    text, _, rest = key.partition(":")
    name, _, subject = rest.partition(":")
    topic = next((topic for topic in Topic if topic == text), None)
    columns = {column.name for column in contract.columns}
    if topic is None or not name or (topic is not Topic.FILE and name not in columns):
        raise AnswerInvalid(
            f"nothing is asked under {_short(key)}; a key is like column:{contract.target.name}, and "
            "`pumasi-member map FILE --json` lists those that are open"
        )
    return topic, name, subject


class _Desk:
    """Where answers to one file's questions are taken."""

    def __init__(self, study: Study) -> None:
        self._study = study

    def take(self, proposal: Proposal, topic: Topic, name: str, subject: str, value: str) -> Proposal:
        if topic is Topic.FILE:
            settings = proposal.mapping.file.changed(name, value)
            mapping = replace(proposal.mapping, file=settings)
            return _without(replace(proposal, mapping=mapping), key_of(topic, name))
        column = self._study.contract.column(name)
        if topic is Topic.COLUMN:
            return self._column(proposal, column, value)
        entry = proposal.mapping.column(name)
        if entry is None or entry.header is None:
            raise AnswerInvalid(f"{topic}:{name} cannot be answered before column:{name} says which header it is")
        timed = topic is Topic.TIME
        changed = (
            self._timed(proposal, entry, column, value) if timed else _CHANGES[topic](entry, column, subject, value)
        )
        return _without(_with_entry(proposal, changed), key_of(topic, name, subject))

    def _column(self, proposal: Proposal, column: Column, value: str) -> Proposal:
        proposal = _without_time(_forget(proposal, column.name), value)
        if value == NOT_IN_FILE:
            return _with_entry(proposal, ColumnMapping(column.name, None, reason=_BY_PERSON))
        heading = self._study.heading(value)
        if heading is None:
            headers = ", ".join(header.text for header in self._study.table.headers)
            raise AnswerInvalid(f"column:{column.name}: the file has no such header; it has {headers}")
        shared = self._shared(proposal, column, value)
        claim = self._study.comparison.claim(column, heading)
        details = complete(claim, self._study.contract, self._study.profile, shared=shared)
        more = tuple(guess for guess in details.guesses if guess.setting != f"columns.{column.name}")
        proposal = replace(
            proposal,
            questions=(*self._without_header(proposal, column, value), *details.questions),
            guesses=(*proposal.guesses, *more),
        )
        entry, times = with_time(replace(details.entry, reason=_BY_PERSON), self._study, proposal.spoken_for)
        return _with_entry(replace(proposal, guesses=(*proposal.guesses, *times)), entry)

    def _timed(self, proposal: Proposal, entry: ColumnMapping, column: Column, value: str) -> ColumnMapping:
        read = {one.header for one in proposal.mapping.columns}
        fits = value == NOT_IN_FILE or (value not in read and can_be_time(value, entry, self._study))
        if column.kind is not Kind.TIMESTAMP or not fits:
            raise AnswerInvalid(
                f"time:{column.name}: the answer is a header with times of day that no column is read from, "
                "or empty, for a column of dates"
            )
        return replace(entry, time=value or None)

    def _shared(self, proposal: Proposal, column: Column, header: str) -> bool:
        """Tell whether the target is to be read from an outcome's header.

        Raises:
            AnswerInvalid: if another column is read from that header already.
        """
        users = [self._study.contract.column(one.column) for one in proposal.mapping.columns if one.header == header]
        for other in users:
            if not self._study.can_share(column, other):
                raise AnswerInvalid(
                    f"column:{column.name}: {other.name} is read from that header already; "
                    f"answer column:{other.name} first"
                )
        return column.role is Role.TARGET and (bool(users) or self._only_kinds(column, header))

    def _only_kinds(self, column: Column, header: str) -> bool:
        """Tell whether a header holds kinds of defects and no results."""
        heading = self._study.heading(header)
        outcomes = [one for one in self._study.contract.columns if self._study.can_share(column, one)]
        return (
            heading is not None
            and self._study.comparison.claim(column, heading).refuted
            and any(not self._study.comparison.claim(one, heading).refuted for one in outcomes)
        )

    def _without_header(self, proposal: Proposal, column: Column, header: str) -> tuple[Question, ...]:
        """Offer a header that is taken to no other column."""

        def left(question: Question) -> Question:
            other = question.topic is Topic.COLUMN and self._study.contract.column(question.column)
            if not other or self._study.can_share(column, other):
                return question
            return replace(question, options=tuple(one for one in question.options if one.value != header))

        return tuple(left(question) for question in proposal.questions)


def _unit(entry: ColumnMapping, column: Column, _: str, value: str) -> ColumnMapping:
    found = conversion(value, column.unit) if column.is_numeric and column.unit else None
    if found is None:
        raise AnswerInvalid(f"unit:{column.name}: {_short(value)} is no unit that becomes {column.unit or 'anything'}")
    return replace(entry, unit=None if found.identity else canonical_unit(value))


def _word(entry: ColumnMapping, column: Column, subject: str, value: str) -> ColumnMapping:
    as_number = column.is_numeric and not _is_number(subject) and (not value or _is_number(value))
    if not as_number and (column.kind is not Kind.CATEGORY or value not in {*column.vocabulary, ""}):
        allowed = ", ".join(column.vocabulary) or "nothing: the column has no vocabulary"
        raise AnswerInvalid(f"word:{column.name}: the answer is one of {allowed}, or empty for a missing value")
    others = tuple(pair for pair in entry.words if pair[0] != subject)
    return replace(entry, words=(*others, (subject, value or None)))


def _is_number(text: str) -> bool:
    return read_number(text, ".", frozenset()).shape in _PLAIN


def _dates(entry: ColumnMapping, column: Column, _: str, value: str) -> ColumnMapping:
    if column.kind is not Kind.TIMESTAMP or value not in ORDERS:
        raise AnswerInvalid(f"dates:{column.name}: the answer is one of {', '.join(ORDERS)}, for a column of dates")
    return replace(entry, dates=value)


def _decimal(entry: ColumnMapping, column: Column, _: str, value: str) -> ColumnMapping:
    if not column.is_numeric or value not in {".", ","}:
        raise AnswerInvalid(f"decimal:{column.name}: the answer is a point or a comma, for a column of numbers")
    return replace(entry, decimal=value)


_CHANGES = {Topic.UNIT: _unit, Topic.WORD: _word, Topic.DATES: _dates, Topic.DECIMAL: _decimal}


def _with_entry(proposal: Proposal, entry: ColumnMapping) -> Proposal:
    others = tuple(one for one in proposal.mapping.columns if one.column != entry.column)
    return replace(proposal, mapping=replace(proposal.mapping, columns=(*others, entry)))


def _without(proposal: Proposal, key: str) -> Proposal:
    return replace(proposal, questions=tuple(question for question in proposal.questions if question.key != key))


def _without_time(proposal: Proposal, header: str) -> Proposal:
    """Take a header away from the column of days that was to have its time of day from there."""
    columns = tuple(replace(one, time=None) if one.time == header else one for one in proposal.mapping.columns)
    guesses = tuple(one for one in proposal.guesses if not (one.setting.endswith(".time") and one.value == header))
    return replace(proposal, mapping=replace(proposal.mapping, columns=columns), guesses=guesses)


def _forget(proposal: Proposal, name: str) -> Proposal:
    """Drop what was found out about a column, and what is asked about it."""
    where = f"columns.{name}"
    return Proposal(
        replace(proposal.mapping, columns=tuple(one for one in proposal.mapping.columns if one.column != name)),
        tuple(one for one in proposal.questions if one.topic is Topic.FILE or one.column != name),
        tuple(one for one in proposal.guesses if one.setting != where and not one.setting.startswith(f"{where}.")),
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")  # noqa: PLR2004
