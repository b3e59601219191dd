"""What was understood of a file, and what is asked, on the member's own screen and for its own programs.

Headers, and words that are asked about, are shown: that is what the member decides about. Other cells are not.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from data_contracts.contract import Column, Label
from data_contracts.mapping.types import ColumnMapping, Question
from data_contracts.mapping.units import conversion
from data_contracts.particles import with_particles
from data_contracts.prepare import OpenQuestions
from federated.member.understanding import count_text, topics_text
from federated.plain import plain_text

if TYPE_CHECKING:
    from federated.member.map_session import MapSession

__all__ = ["open_lines", "question_lines", "to_plain", "understood_lines"]

_MOST_HEADER = 60
_FOUND = Label("■ 파악한 열 (계약 ← 파일)", "■ Columns as understood (contract ← file)")
_READ = Label("■ 파일을 읽은 방법", "■ How the file was read")
_UNUSED = Label("■ 쓰지 않는 열", "■ Columns that are not used")
_DIFFERENT = Label("■ 전에 확인한 매핑과 다른 점", "■ What differs from the mapping that was known")
_ABSENT = Label("(파일에 없음)", "(not in the file)")
_NOT_FOUND = Label("(찾지 못함)", "(not found)")
_DECIDED = Label("전에 확인함", "known from before")
_HOW = Label(
    "터미널에서는 하나씩 묻습니다. --answer로 답하거나, 질문마다 한 줄씩 넘기거나, --yes로 남겨 두십시오.",
    "At a terminal they are asked one by one. Or use --answer, pipe one line per question, or leave them with --yes.",
)
_UNSURE = Label("확실하지 않음", "not certain")


def understood_lines(session: "MapSession", language: str) -> Iterator[str]:
    """Say which header each column is, why, and how the file was read."""
    yield _FOUND.text(language)
    for column in session.contract.columns:
        yield from _column_lines(session, column, language)
    if guesses := session.table.guesses:
        yield _READ.text(language)
        for guess in guesses:
            doubt = "" if guess.certain else f" ({_UNSURE.text(language)})"
            yield f"  {guess.setting} = {plain_text(guess.value)}{doubt}: {_shown(guess.reason, language)}"
    if unused := session.proposal.mapping.ignored:
        yield _UNUSED.text(language)
        yield "  " + ", ".join(plain_text(header, _MOST_HEADER) for header in unused)
    if differing := session.differences():
        yield _DIFFERENT.text(language)
        yield from (f"  - {_shown(one, language)}" for one in differing)


def question_lines(question: Question, language: str, mark: str = "") -> Iterator[str]:
    """Ask a question: its text, and its options, counted from 1."""
    yield f"{mark}{_shown(question.text, language)}"
    for at, option in enumerate(question.options, start=1):
        yield f"    {at}) {_shown(option.text, language)}"


def open_lines(questions: OpenQuestions, language: str, *, briefly: bool) -> Iterator[str]:
    """Say what was not decided, and how it can be.

    Args:
        questions: What is open.
        language: ``ko`` or ``en``.
        briefly: Only say what; otherwise the questions are asked, with the key of each.
    """
    yield f"■ {count_text(questions.count, language)}"
    for question in questions.asked:
        if briefly:
            yield f"  - {_shown(question.text, language)}"
        else:
            yield from question_lines(question, language, "  ")
            yield f"    --answer '{plain_text(question.key)}=…'"
    if not briefly:
        yield _HOW.text(language)


def to_plain(session: "MapSession") -> dict[str, object]:
    """Return the proposal, the reader's guesses and the questions, ready for JSON."""
    mapping = session.proposal.mapping
    reasons = {guess.setting: guess.reason for guess in session.proposal.guesses}
    return {
        "file": session.table.name,
        "contract": session.contract.reference,
        "columns": [_entry_plain(session, entry, reasons) for entry in mapping.columns],
        "unused": list(mapping.ignored),
        "guesses": [guess.to_plain() for guess in (*session.table.guesses, *session.proposal.guesses)],
        "open_questions": asdict(session.counted().count),
        "questions": [_question_plain(question) for question in session.proposal.questions],
        "differences": [{"ko": one.ko, "en": one.en} for one in session.differences()],
    }


def _column_lines(session: "MapSession", column: Column, language: str) -> Iterator[str]:
    entry = session.proposal.mapping.column(column.name)
    asked = [question for question in session.proposal.questions if question.column == column.name]
    name = f"{column.name} {column.label.text(language)}"
    if entry is None or entry.header is None:
        state = _ABSENT if entry is not None else _NOT_FOUND
        yield f"  {name} ← {_topics(asked, language) or state.text(language)}"
        return
    reason = entry.reason if entry.reason.en else _DECIDED
    said = [_shown(reason, language)]
    if entry.unit is not None and (found := conversion(entry.unit, column.unit or "")) is not None:
        said.append(found.formula)
    if entry.words:
        said.append(Label(f"말 {len(entry.words)}가지", f"{len(entry.words)} words").text(language))
    if asked:
        said.append(_topics(asked, language))
    headers = " + ".join(plain_text(text, _MOST_HEADER) for text in entry.headers)
    yield f"  {name} ← {headers}  [{'; '.join(said)}]"


def _shown(label: Label, language: str) -> str:
    return plain_text(with_particles(label.text(language)))


def _topics(asked: list[Question], language: str) -> str:
    topics = topics_text(asked, language)
    return Label(f"(질문: {topics})", f"(asked: {topics})").text(language) if topics else ""


def _entry_plain(session: "MapSession", entry: ColumnMapping, reasons: dict[str, Label]) -> dict[str, object]:
    found = None if entry.unit is None else conversion(entry.unit, session.contract.column(entry.column).unit or "")
    reason = reasons.get(f"columns.{entry.column}", entry.reason)
    return {
        "column": entry.column,
        "header": entry.header,
        "unit": entry.unit,
        "factor": None if found is None else found.factor,
        "offset": None if found is None else found.offset,
        "dates": entry.dates,
        "time": entry.time,
        "decimal": entry.decimal,
        "words": len(entry.words),
        "guessed": f"columns.{entry.column}" in reasons,
        "ko": reason.ko,
        "en": reason.en,
    }


def _question_plain(question: Question) -> dict[str, object]:
    return {
        "key": question.key,
        "topic": str(question.topic),
        "column": question.column,
        "subject": question.subject,
        "ko": question.text.ko,
        "en": question.text.en,
        "options": [{"value": one.value, "ko": one.text.ko, "en": one.text.en} for one in question.options],
    }
