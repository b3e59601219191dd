"""A prepared file -> everything its factory should know before it trains."""

from collections.abc import Iterator

from data_contracts.cells.changes import Change, Rule
from data_contracts.contract import Contract
from data_contracts.intake.table import Aside, SourceTable
from data_contracts.prepare import Prepared, questions_of
from data_contracts.readiness.check_types import ChangeLine, Leak, LeakCheck, PersonalFind
from data_contracts.readiness.columns import FILE_RULES, column_reports
from data_contracts.readiness.fixes import fixes
from data_contracts.readiness.leakage import leaks
from data_contracts.readiness.periods import balance, blank_over_time, parts
from data_contracts.readiness.personal import personal, safe_header
from data_contracts.readiness.places import Where
from data_contracts.readiness.records import Records, where
from data_contracts.readiness.repeats import constants, repeats
from data_contracts.readiness.stage import stage
from data_contracts.readiness.tens import tens
from data_contracts.readiness.types import Counts, Readiness, SetAsideRows
from data_contracts.readiness.verdict import because, verdict
from data_contracts.reasons import Reason

__all__ = ["readiness"]

_NOT_OF_ROWS = FILE_RULES | {
    Reason.EMPTY_FILE,
    Reason.TOO_MANY_QUARANTINED,
    Reason.ONE_CLASS,
    Reason.UNEXPECTED_COLUMN,
}
_SAID = {Rule.UNIT, Rule.UNIT_IN_CELL, Rule.DATE, Rule.EXCEL_SERIAL, Rule.PERCENT}
"""Changes whose detail speaks of units and forms; that of the others may hold the factory's own words."""


def readiness(prepared: Prepared, *, seed: int = 0) -> Readiness:
    """Judge whether a file can train, and say why.

    The same file and seed always give the same report. 1,000,000 rows of 30 columns take some seconds.

    Args:
        prepared: the file, read with its labels.
        seed: chooses the rows in which `data_contracts.readiness.leakage` looks for suspects, where they are many.
    """
    records = Records(prepared)
    cut = parts(records)
    spread = balance(records, cut)
    moved, same = tens(records), constants(records)
    check = leaks(records, seed=seed)
    people = personal(records)
    todo = fixes(records, spread, moved, check.suspects, people)
    reasons = because(records)
    return Readiness(
        file=prepared.table.name,
        sha256=prepared.table.sha256,
        contract=prepared.contract.reference,
        title=prepared.contract.title,
        verdict=verdict(reasons, todo, accepted=prepared.checked.verdict.accepted),
        because=reasons,
        fixes=todo,
        counts=_counts(prepared),
        guesses=prepared.table.guesses,
        columns=column_reports(records, todo, moved, same, check.suspects),
        unused=_unused(records),
        periods=cut.periods,
        missing=blank_over_time(records, cut),
        balance=spread,
        constants=same,
        repeats=repeats(records),
        tens=moved,
        changes=tuple(_changes(prepared.mapped.changes, prepared.contract)),
        leaks=_shown_leaks(check, prepared.table),
        personal=_shown_finds(people, prepared.table),
        stage=stage(records),
        open_questions=questions_of(prepared.proposal, prepared.contract).count,
    )


def _counts(prepared: Prepared) -> Counts:
    verdict_, table = prepared.checked.verdict, prepared.table
    reasons = [
        SetAsideRows(found.code, found.column, found.label, Where(found.rows, found.lines))
        for found in verdict_.findings
        if found.code not in _NOT_OF_ROWS and found.severity == "error"
    ]
    return Counts(
        rows=verdict_.rows,
        accepted=verdict_.accepted_rows,
        set_aside=verdict_.quarantined_rows,
        reasons=tuple(sorted(reasons, key=lambda reason: -reason.where.rows)),
        ceiling=prepared.contract.quarantine_ceiling,
        unreadable=where(table.lines(Aside.UNREADABLE)),
        no_records=tuple((str(a.why), where(a.lines)) for a in table.aside if a.why is not Aside.UNREADABLE),
    )


def _unused(records: Records) -> tuple[str, ...]:
    """Return the headers that nothing is read from, and that no question is about."""
    spoken_for = records.prepared.proposal.spoken_for
    headers = (header for header in records.prepared.table.headers if header.text not in spoken_for)
    return tuple(safe_header(header.text, header.position) for header in headers)


def _changes(changes: tuple[Change, ...], contract: Contract) -> Iterator[ChangeLine]:
    nothing = type(contract.title)("", "")
    for change in changes:
        detail = change.detail if change.rule in _SAID else nothing
        label = contract.column(change.column).label
        yield ChangeLine(change.column, label, str(change.rule), where(change.lines), detail)


def _shown_leaks(check: LeakCheck, table: SourceTable) -> LeakCheck:
    suspects = tuple(
        Leak(_shown(leak.header, table), leak.column, leak.label, leak.kind, leak.strength) for leak in check.suspects
    )
    return LeakCheck(suspects, check.looked_at, check.labelled)


def _shown_finds(finds: tuple[PersonalFind, ...], table: SourceTable) -> tuple[PersonalFind, ...]:
    return tuple(PersonalFind(_shown(find.header, table), find.column, find.kind, find.where) for find in finds)


def _shown(text: str, table: SourceTable) -> str:
    header = table.header(text)
    return text if header is None else safe_header(text, header.position)
