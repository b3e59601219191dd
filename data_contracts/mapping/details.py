"""A header that is (to be) a column: its unit, its decimals, its dates, its words; and what of that must be asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from data_contracts.contract import Contract, Kind, Label
from data_contracts.intake.guesses import Guess
from data_contracts.mapping.claims import Claim
from data_contracts.mapping.factory_words import WordReading, read_factory_words, read_kinds_as_target
from data_contracts.mapping.number_words import repeated_words
from data_contracts.mapping.profile import TableProfile
from data_contracts.mapping.questions import (
    dates_question,
    decimal_question,
    mark_question,
    unit_question,
    word_question,
)
from data_contracts.mapping.types import ColumnMapping, Question
from data_contracts.mapping.units import conversion
from data_contracts.particles import with_particles

__all__ = ["Details", "complete", "renew"]


@dataclass(frozen=True)
class Details:
    """How a column is read from its header.

    Attributes:
        entry: everything that is beyond doubt.
        questions: the rest.
        guesses: what was concluded, and why.
    """

    entry: ColumnMapping
    questions: tuple[Question, ...] = ()
    guesses: tuple[Guess, ...] = ()


def complete(claim: Claim, contract: Contract, profile: TableProfile, *, shared: bool = False) -> Details:
    """Find out how a column is read from the header that it is.

    Args:
        claim: the header and the column.
        contract: the contract.
        profile: the file's cells.
        shared: whether the header is the outcome's as well, such as the kind of a defect: then a blank is no defect.
    """
    column, header, said = claim.column, claim.heading.header.text, claim.evidence
    entry = ColumnMapping(column.name, header, reason=_reason(claim))
    guesses = [Guess(f"columns.{column.name}", header, entry.reason)]
    questions: list[Question] = []
    if column.is_numeric:
        entry = replace(entry, unit=None if said.units else said.unit, decimal=said.decimals[0])
        questions += [unit_question(claim)] if said.units else []
        questions += [decimal_question(column, header, said.decimals)] if len(said.decimals) > 1 else []
        questions += _mark_questions(claim, entry, profile)
        guesses += _number_guesses(claim, entry)
    elif column.kind is Kind.TIMESTAMP:
        orders = profile.column(claim.heading.header).orders
        questions += [dates_question(column, header, orders)] if len(orders) > 1 else []
    elif column.kind is Kind.CATEGORY:
        told = frozenset(word for word, _ in claim.told)
        reading = _reading(claim, contract, profile, said=told, shared=shared)
        guesses += _word_guesses(replace(entry, words=reading.pairs))
        guesses += _told_guesses(claim)
        entry = replace(entry, words=(*reading.pairs, *claim.told))
        questions += _word_questions(claim, reading, profile)
    return Details(entry, tuple(questions), tuple(guesses))


def renew(
    entry: ColumnMapping, claim: Claim, contract: Contract, profile: TableProfile, *, shared: bool = False
) -> Details:
    """Look for what a confirmed column does not say yet: words that are new, dates whose order was not in doubt before.

    The arguments are those of `complete`.
    """
    if claim.column.kind is Kind.TIMESTAMP and entry.dates is None:
        orders = profile.column(claim.heading.header).orders
        asked = (dates_question(claim.column, claim.heading.header.text, orders),) if len(orders) > 1 else ()
        return Details(entry, asked)
    if claim.column.is_numeric:
        return Details(entry, tuple(_mark_questions(claim, entry, profile)))
    if claim.column.kind is not Kind.CATEGORY:
        return Details(entry)
    said = {word for word, _ in entry.words} | set(entry.missing)
    reading = _reading(claim, contract, profile, said=frozenset(said), shared=shared)
    kept = replace(entry, words=(*entry.words, *reading.pairs))
    guesses = tuple(_word_guesses(replace(entry, words=reading.pairs)))
    return Details(kept, tuple(_word_questions(claim, reading, profile)), guesses)


def _reason(claim: Claim) -> Label:
    name = claim.match.name
    if not claim.explained:
        return claim.evidence.reason
    return Label(
        f"계약의 '{name}'에 해당; {claim.evidence.reason.ko}",
        f"the contract's name '{name}'; {claim.evidence.reason.en}",
    )


def _number_guesses(claim: Claim, entry: ColumnMapping) -> Iterator[Guess]:
    where = f"columns.{entry.column}"
    if entry.unit is not None and (found := conversion(entry.unit, claim.column.unit or "")) is not None:
        reason = Label(
            with_particles(f"파일의 단위 {entry.unit}을(를) 계약의 단위로 바꿈: {found.formula}"),
            f"the file's unit is {entry.unit}; converted: {found.formula}",
        )
        yield Guess(f"{where}.unit", entry.unit, reason)
    if entry.decimal == "," and len(claim.evidence.decimals) == 1:
        yield Guess(f"{where}.decimal", ",", Label("소수점을 쉼표로 적음", "a comma begins the decimals"))


def _word_guesses(entry: ColumnMapping) -> Iterator[Guess]:
    if entry.words:
        reason = Label("뜻이 알려진 말", "words whose meaning is known")
        yield Guess(f"columns.{entry.column}.words", str(len(entry.words)), reason)


def _told_guesses(claim: Claim) -> Iterator[Guess]:
    if claim.told:
        reason = Label("머리글이나 시각이 뜻을 알려 주는 말", "words whose meaning the header or the times tell")
        yield Guess(f"columns.{claim.column.name}.words", str(len(claim.told)), reason)


def _reading(
    claim: Claim,
    contract: Contract,
    profile: TableProfile,
    *,
    said: frozenset[str] = frozenset(),
    shared: bool = False,
) -> WordReading:
    cells = profile.column(claim.heading.header)
    if shared:
        return read_kinds_as_target(claim.column, contract, cells.words, said=said)
    return read_factory_words(
        claim.column, contract, cells.words, header=claim.heading.reading.words, said=said, blanks=cells.blanks
    )


def _mark_questions(claim: Claim, entry: ColumnMapping, profile: TableProfile) -> Iterator[Question]:
    said = {word for word, _ in entry.words} | set(entry.missing)
    for word, rows in repeated_words(profile.column(claim.heading.header), entry.decimal):
        if word not in said:
            yield mark_question(claim.column, claim.heading.header.text, word, rows)


def _word_questions(claim: Claim, reading: WordReading, profile: TableProfile) -> Iterator[Question]:
    cells = profile.column(claim.heading.header)
    times = {**dict(cells.words), "": cells.blanks}
    for word, values in reading.asked:
        yield word_question(claim.column, claim.heading.header.text, word, values, times[word])
