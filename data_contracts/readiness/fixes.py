"""What to correct in a file before it can train, most important first, and what is worth correcting besides."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from data_contracts.contract import Column, Label
from data_contracts.findings import Finding
from data_contracts.intake.table import Aside
from data_contracts.mapping.types import Question, Topic
from data_contracts.prepare import questions_of
from data_contracts.readiness import fix_words as words
from data_contracts.readiness.check_types import Balance, Leak, PersonalFind, TenSuspect
from data_contracts.readiness.columns import FILE_RULES, power_text
from data_contracts.readiness.places import Where
from data_contracts.readiness.records import Records, where
from data_contracts.readiness.sentences import allowed_range, join, named, percent, said
from data_contracts.readiness.types import Fix
from data_contracts.reasons import Reason

__all__ = ["fixes"]

_FEW_DEFECTS = 10
_NAMED = 8
_FIRST = (
    "questions",
    Reason.MISSING_COLUMN,
    Reason.WHOLLY_MISSING_COLUMN,
    Reason.DUPLICATE_COLUMN,
    "decimal_point",
)


def fixes(
    records: Records,
    balance: Balance | None,
    tens: Sequence[TenSuspect],
    suspects: Sequence[Leak],
    personal: Sequence[PersonalFind],
) -> tuple[Fix, ...]:
    """Return everything to correct: what blocks first, and there what concerns the whole file, then by rows."""
    found = [
        *_questions(records),
        *_missing_columns(records),
        *_columns(records),
        *_rows(records, {ten.column: ten for ten in tens}),
        *_results(records, balance),
        *_leaks(suspects),
        *_personal(personal),
    ]
    rank = {code: at for at, code in enumerate(_FIRST)}
    return tuple(sorted(found, key=lambda fix: (not fix.blocking, rank.get(fix.code, len(rank)), -fix.where.rows)))


def _questions(records: Records) -> Iterator[Fix]:
    """One fix for all questions that must be answered, one for the others: one command answers them.

    What they ask about is said, but no word of the file.
    """
    found = questions_of(records.prepared.proposal, records.contract)
    others = tuple(question for question in found.asked if question not in found.needed)
    if found.needed:
        yield _asked(records, found.needed, blocking=True)
    if others:
        yield _asked(records, others, blocking=False)


def _asked(records: Records, questions: Sequence[Question], *, blocking: bool) -> Fix:
    by_subject: dict[tuple[str, Topic], int] = {}
    for question in questions:
        subject = (question.column, question.topic)
        by_subject[subject] = by_subject.get(subject, 0) + 1
    subjects = [_subject(records, column, topic, count) for (column, topic), count in by_subject.items()]
    names = tuple(dict.fromkeys(_columns_of(records, questions)))
    total = len(records.prepared.proposal.questions)
    what = words.QUESTIONS if len(questions) == total else words.SOME_QUESTIONS[blocking]
    return Fix(
        "questions",
        names,
        said(what, count=len(questions), total=total, subjects=_listed(subjects)),
        said(words.QUESTIONS_STEP, file=_quoted(records.prepared.table.name), contract=records.contract.id),
        blocking=blocking,
    )


def _quoted(name: str) -> str:
    """Quote a file's name for a shell, without anything that moves a terminal's cursor."""
    return shlex.quote("".join(sign if sign.isprintable() else "?" for sign in name))


def _columns_of(records: Records, questions: Sequence[Question]) -> Iterator[str]:
    known = {column.name for column in records.contract.columns}
    return (question.column for question in questions if question.column in known)


def _subject(records: Records, name: str, topic: Topic, count: int) -> Label:
    column = next((column for column in records.contract.columns if column.name == name), None)
    label = words.FILE_SETTING if column is None else named(column)
    return said(words.TOPICS[topic], column=label, count=count)


def _missing_columns(records: Records) -> Iterator[Fix]:
    absent = [
        records.contract.column(found.column)
        for found in records.prepared.checked.verdict.findings
        if found.code is Reason.MISSING_COLUMN and found.column is not None and found.column not in records.asked
    ]
    if absent:
        names = _listed([named(column) for column in absent])
        what = said(words.MISSING_COLUMNS, count=len(absent), names=names)
        yield Fix(Reason.MISSING_COLUMN, tuple(c.name for c in absent), what, words.MISSING_COLUMNS_STEP)


def _listed(labels: list[Label]) -> Label:
    more = len(labels) - _NAMED
    return join(labels) if more <= 0 else said(words.AND_MORE, names=join(labels[:_NAMED]), count=more)


def _columns(records: Records) -> Iterator[Fix]:
    """One fix for each fault of a whole column."""
    for found in records.prepared.checked.verdict.findings:
        if found.code in words.FINDINGS and found.code in FILE_RULES:
            yield _fix(records, found)


def _rows(records: Records, tens: dict[str, TenSuspect]) -> Iterator[Fix]:
    """One fix for each fault of rows, most rows first: they block until few enough would be set aside."""
    verdict = records.prepared.checked.verdict
    found = [_fix(records, one, tens) for one in verdict.findings if one.code in words.FINDINGS]
    unreadable = records.prepared.table.lines(Aside.UNREADABLE)
    if len(unreadable):
        what = said(words.UNREADABLE, rows=len(unreadable))
        found.append(Fix("unreadable_lines", (), what, words.UNREADABLE_STEP, where(unreadable)))
    found = sorted((fix for fix in found if fix.code not in FILE_RULES), key=lambda fix: -fix.where.rows)
    total = verdict.rows + len(unreadable)
    allowed = min(records.contract.quarantine_ceiling * total, total - 1)  # one row at least must be left
    too_many = any(one.code is Reason.TOO_MANY_QUARANTINED and one.severity == "error" for one in verdict.findings)
    left = sum(fix.where.rows for fix in found)
    for fix in found:
        yield replace(fix, blocking=too_many and left > allowed)
        left -= fix.where.rows


def _fix(records: Records, found: Finding, tens: dict[str, TenSuspect] | None = None) -> Fix:
    names = tuple((found.column or "").split("+"))
    columns = [records.contract.column(name) for name in names]
    ten = (tens or {}).get(names[0])
    place = Where(found.rows, found.lines)
    if ten is not None and ten.whole and found.code is Reason.OUT_OF_RANGE:
        power, allowed = power_text(ten.power), allowed_range(columns[0])
        what = said(words.DECIMAL_POINT, column=named(columns[0]), power=power, allowed=allowed)
        return Fix("decimal_point", names, what, words.DECIMAL_POINT_STEP, place)
    what, step = words.FINDINGS[found.code]
    gaps = _gaps(columns, found)
    return Fix(found.code, names, said(what, **gaps), said(step, **gaps), place, found.severity == "error")


def _gaps(columns: list[Column], found: Finding) -> dict[str, Label | str | int]:
    share = percent(found.rows / found.total) if found.total else "0 %"
    allowed = allowed_range(columns[0]) if found.code is Reason.OUT_OF_RANGE else found.allowed
    return {"column": join([named(c) for c in columns]), "rows": found.rows, "share": share, "allowed": allowed}


def _results(records: Records, balance: Balance | None) -> Iterator[Fix]:
    if balance is None or not balance.labelled:
        return
    names, good = (records.contract.target.name,), balance.labelled - balance.defects
    if not balance.defects or not good:
        missing = words.DEFECTS if not balance.defects else words.GOOD_PARTS
        yield Fix(Reason.ONE_CLASS, names, said(words.ONE_CLASS, missing=missing), words.ONE_CLASS_STEP)
    elif min(balance.defects, good) < _FEW_DEFECTS:
        fewer = words.DEFECTS if balance.defects < good else words.GOOD_PARTS
        what = said(words.FEW_OF_A_CLASS, fewer=fewer, count=min(balance.defects, good))
        yield Fix("few_of_a_class", names, what, words.FEW_OF_A_CLASS_STEP, blocking=False)


def _leaks(suspects: Sequence[Leak]) -> Iterator[Fix]:
    for leak in suspects:
        if leak.column is not None and leak.label is not None:
            what = said(words.LEAK, column=Label(f"'{leak.label.ko}'", f"'{leak.label.en}'"))
            yield Fix("leak", (leak.column,), what, words.LEAK_STEP, blocking=False)


def _personal(found: Sequence[PersonalFind]) -> Iterator[Fix]:
    if found:
        what = said(words.PERSONAL, count=len({find.header for find in found}))
        yield Fix("personal_data", (), what, words.PERSONAL_STEP, blocking=False)
