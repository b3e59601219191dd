"""How a file was understood, in short: which column is which, what was guessed, what was changed, what is still asked.

For the member's own screen: headers and the factory's units are shown, cells are not.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from data_contracts.contract import Column
from data_contracts.errors import QuestionsOpen
from data_contracts.findings import ContractVerdict
from data_contracts.mapping.types import Question, Topic
from data_contracts.particles import with_particles
from data_contracts.prepare import Prepared, QuestionCount, questions_of
from data_contracts.reasons import Reason
from data_contracts.understanding_labels import ASIDES, TOPICS, rule_label
from federated.member import understanding_words as words
from federated.member.next_step import NextStep
from federated.member.quarantine import line_ranges
from federated.plain import plain_text

_SHOWN = 8
_MOST_HEADER = 60
_MOST_RANGES = 40  # characters


def require_answers(prepared: Prepared, step: NextStep, *, labelled: bool = True) -> None:
    """Refuse a file as long as something is doubtful about it or about columns that the contract needs.

    Args:
        prepared: The file.
        step: What was said about it: questions are answered with that.
        labelled: False for new parts to be scored.

    Raises:
        QuestionsOpen: It is; the text names columns and what is asked about them, no cell.
    """
    questions = questions_of(prepared.proposal, prepared.contract, labelled=labelled)
    if questions.needed:
        text = words.REFUSED.format(
            count_en=count_text(questions.count, "en"),
            count_ko=count_text(questions.count, "ko"),
            contract=prepared.contract.reference,
            what=_asked_about(questions.needed, "en"),
            step=step.command("map"),
        )
        raise QuestionsOpen(text, tuple(f"{topic}:{column}" for column, topic in _subjects(questions.needed)))


def count_text(count: QuestionCount, language: str) -> str:
    """Say how many questions are open, and how many of them have to be answered."""
    return words.COUNT.text(language).format(asked=count.asked, needed=count.needed)


def topics_text(questions: Iterable[Question], language: str) -> str:
    """Say what is asked, each thing once."""
    return ", ".join(dict.fromkeys(TOPICS[question.topic].text(language) for question in questions))


def understood(prepared: Prepared, step: NextStep, language: str, *, known: Path | None = None) -> Iterator[str]:
    """Say how a file was understood, line by line.

    Args:
        prepared: The file.
        step: What was said about it: questions are answered with that.
        language: ``ko`` or ``en``.
        known: The mapping file that was followed, if any.
    """
    if known is not None:
        yield words.KNOWN.text(language).format(file=known)
    if said := prepared.not_followed():
        what = [plain_text(one.text(language)) for one in said]
        yield words.NOT_FOLLOWED.text(language).format(what=_listed(what, language))
    yield from _columns(prepared, language)
    yield from _guesses(prepared, language)
    if prepared.table.aside:
        kinds = [
            f"{ASIDES[aside.why].text(language)} {_cut(line_ranges(aside.lines), _MOST_RANGES)}"
            for aside in prepared.table.aside
        ]
        yield words.NO_RECORDS.text(language).format(what="; ".join(kinds))
    if counted := _counted(prepared):
        what = [f"{column}: {rule_label(rule).text(language)} {cells}" for (column, rule), cells in counted.items()]
        yield words.CHANGED.text(language).format(what=_listed(what, language))
    questions = questions_of(prepared.proposal, prepared.contract)
    if questions.asked:
        yield words.OPEN.text(language).format(
            count=count_text(questions.count, language),
            what=_asked_about(questions.asked, language),
            step=step.command("map"),
        )


def is_plain(prepared: Prepared) -> bool:
    """Say whether there is nothing to tell: the file has the contract's own headers, and no cell was changed."""
    entries = prepared.proposal.mapping.columns
    odd = prepared.mapped.changes or prepared.table.aside or prepared.proposal.questions or prepared.not_followed()
    return not odd and all(entry.header in (entry.column, None) and entry.unit is None for entry in entries)


def without_doubts(prepared: Prepared) -> ContractVerdict:
    """Return the verdict without the complaint that a column is missing where it is only asked about."""
    asked = {question.column for question in prepared.proposal.questions}
    verdict = prepared.checked.verdict
    kept = (one for one in verdict.findings if one.code is not Reason.MISSING_COLUMN or one.column not in asked)
    return replace(verdict, findings=tuple(kept))


def to_plain(prepared: Prepared) -> dict[str, object]:
    """Return the same for programs, ready for JSON; questions about words do not show the words."""
    guesses = [guess.to_plain() for guess in prepared.table.guesses]
    return {
        "columns": {
            entry.column: None if entry.header is None else _header(prepared, entry.header)
            for entry in prepared.proposal.mapping.columns
        },
        "unused": [_header(prepared, text) for text in prepared.proposal.mapping.ignored],
        "not_followed": [{"ko": one.ko, "en": one.en} for one in prepared.not_followed()],
        "guesses": guesses,
        "open_questions": asdict(questions_of(prepared.proposal, prepared.contract).count),
        "questions": [{"column": name, "topic": str(topic)} for name, topic in _subjects(prepared.proposal.questions)],
        "changed_cells": [
            {"column": column, "rule": rule, "cells": cells} for (column, rule), cells in _counted(prepared).items()
        ],
        "no_records": {str(aside.why): len(aside.lines) for aside in prepared.table.aside},
    }


def _columns(prepared: Prepared, language: str) -> Iterator[str]:
    """Say which header each of the contract's columns is read from."""
    yield words.COLUMNS.text(language)
    width = max(len(column.name) for column in prepared.contract.columns)
    for column in prepared.contract.columns:
        yield f"  {column.name:<{width}}  <- {_origin(prepared, column, language)}"
    unused = [_header(prepared, text) for text in prepared.proposal.mapping.ignored]
    if unused:
        yield words.UNUSED.text(language).format(names=_listed(unused, language))


def _origin(prepared: Prepared, column: Column, language: str) -> str:
    entry = prepared.proposal.mapping.column(column.name)
    asked = [question for question in prepared.proposal.questions if question.column == column.name]
    header = "" if entry is None else " + ".join(_header(prepared, text) for text in entry.headers)
    unit = "" if entry is None or entry.unit is None else f"  [{entry.unit} -> {column.unit}]"
    if asked:
        return f"{header} {words.ASKED.text(language).format(topics=topics_text(asked, language))}".strip()
    return f"{header}{unit}" if header else words.ABSENT.text(language)


def _header(prepared: Prepared, text: str) -> str:
    """Return a header fit to be shown: a file without a header line has data there, which may be personal."""
    from data_contracts.readiness.personal import safe_header  # noqa: PLC0415

    header = prepared.table.header(text)
    return plain_text(text if header is None else safe_header(text, header.position), _MOST_HEADER)


def _guesses(prepared: Prepared, language: str) -> Iterator[str]:
    """Say what was concluded about the file itself, and about columns what is not certain."""
    guesses = [*prepared.table.guesses, *(guess for guess in prepared.proposal.guesses if not guess.certain)]
    if guesses:
        yield words.READ.text(language)
    for guess in guesses:
        doubt = "" if guess.certain else f" ({words.UNSURE.text(language)})"
        yield f"  {guess.setting}: {plain_text(with_particles(guess.reason.text(language)))}{doubt}"


def _counted(prepared: Prepared) -> Counter[tuple[str, str]]:
    """Count changed cells by column and rule."""
    counted: Counter[tuple[str, str]] = Counter()
    for change in prepared.mapped.changes:
        counted[change.column, str(change.rule)] += change.cells
    return counted


def _subjects(questions: Sequence[Question]) -> list[tuple[str, Topic]]:
    """Return what is asked about, without the factory's words."""
    return list(dict.fromkeys((question.column, question.topic) for question in questions))


def _asked_about(questions: Sequence[Question], language: str) -> str:
    subjects = [f"{column} ({TOPICS[topic].text(language)})" for column, topic in _subjects(questions)]
    return _listed(subjects, language)


def _listed(texts: Sequence[str], language: str) -> str:
    more = len(texts) - _SHOWN
    rest = words.MORE.text(language).format(count=more) if more > 0 else ""
    return ", ".join(texts[:_SHOWN]) + rest


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: text.rindex(',', 0, most)]}, …"
