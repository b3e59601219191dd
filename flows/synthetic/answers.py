"""Answer the mapper's questions about a generated file as its owner would, who knows what it says."""

import re
import unicodedata
from collections.abc import Iterable

from data_contracts.intake.table import SourceTable
from data_contracts.mapping.types import NOT_IN_FILE, Proposal, Question, Topic
from flows.synthetic.truth import ColumnTruth, Truth

MISSING = ""


def answers(questions: Iterable[Question], truth: Truth, table: SourceTable) -> dict[str, str]:
    """Return an answer to each question, by its key.

    Args:
        questions: What the mapper asks.
        truth: What is true about the file.
        table: The file as it was read: headers are named as the reader names them.
    """
    return {question.key: _answer(question, truth, table) for question in questions}


def overlooked(proposal: Proposal, truth: Truth, table: SourceTable) -> dict[str, str]:
    """Return answers to what was not asked: columns of the file that were neither mapped nor asked about.

    Args:
        proposal: What the mapper found out.
        truth: What is true about the file.
        table: The file as it was read.
    """
    asked = {question.column for question in proposal.questions}
    mapped = {entry.column for entry in proposal.mapping.columns if entry.header is not None}
    return {
        f"{Topic.COLUMN}:{column.column}": table.headers[column.position - 1].text
        for column in truth.columns
        if column.position is not None and column.column not in asked | mapped
    }


def _answer(question: Question, truth: Truth, table: SourceTable) -> str:
    if question.topic is Topic.FILE:
        return _setting(question, truth)
    column = truth.column(question.column)
    if question.topic is Topic.COLUMN:
        return NOT_IN_FILE if column.position is None else table.headers[column.position - 1].text
    if question.topic is Topic.UNIT:
        return _unit(question, column)
    if question.topic is Topic.WORD:
        return _word(question.subject, column)
    return column.decimal if question.topic is Topic.DECIMAL else column.dates or "ymd"


def _unit(question: Question, column: ColumnTruth) -> str:
    """Return the offered spelling of the file's unit, or the factory's own where none is the same."""
    from data_contracts.mapping.units import canonical_unit  # noqa: PLC0415  (loads the table of units)

    said = canonical_unit(column.unit or "") or column.unit or ""
    return next((option.value for option in question.options if option.value == said), said)


def _word(subject: str, column: ColumnTruth) -> str:
    """Return what a word means; what the factory cannot tell either counts as missing."""
    known = {_plain(word): value for word, value in column.words}
    return known.get(_plain(subject)) or MISSING


def _setting(question: Question, truth: Truth) -> str:
    """Return the offered value of a file's setting that is true, or the likeliest one."""
    wanted = {
        "encoding": truth.encoding,
        "delimiter": truth.delimiter,
        "sheet": truth.sheet,
        "header": "-".join(str(line) for line in truth.header),
        "last": str(truth.last),
    }.get(question.column)
    offered = [option.value for option in question.options]
    if wanted is None:
        return offered[0]
    numbers = re.findall(r"\d+", wanted)
    same = (one for one in offered if one == wanted or (numbers and re.findall(r"\d+", one) == numbers))
    return next(same, offered[0] if offered else wanted)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()
