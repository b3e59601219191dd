"""Can the file train, can it after some fixes, or can it not?"""

from collections.abc import Iterator

from data_contracts.contract import Label, Role
from data_contracts.readiness.records import Records
from data_contracts.readiness.sentences import named, said
from data_contracts.readiness.types import Because, Fix, Verdict

__all__ = ["FEWEST_ROWS", "because", "verdict"]

FEWEST_ROWS = 30
"""Usable records below which neither training nor a hold-out of 20 % can say anything."""

_FEWEST_FEATURES = 0.5

_EMPTY = Because(
    "no_records",
    Label("머리글 아래에 기록이 없습니다.", "There are no records below the header."),
    Label(
        "기록이 들어 있는 파일인지 확인하고 다시 내보내십시오.",
        "Check that the file holds records and export it again.",
    ),
)
_NO_TARGET_STEP = Label(
    "검사 결과(양품·불량)가 있는 대장을 로트 번호로 합쳐 열을 추가하십시오. 결과가 없으면 무엇이 불량인지 배울 수 "
    "없습니다.",
    "Add the inspection's results as a column, joined by lot number. Without them nothing says what a defect is.",
)
_NO_TARGET = Label(
    "검사 결과인 {column} 열이 파일에 없습니다.", "The inspection's result, {column}, is not in the file."
)
_OTHER_FILE = Label(
    "계약의 공정 조건 {total}개 가운데 {there}개만 이 파일에 있습니다. 다른 파일인 것 같습니다.",
    "Of the {total} process conditions of the contract only {there} are in this file. It may be the wrong one.",
)
_OTHER_FILE_STEP = Label(
    "공정 조건이 기록된 파일인지 확인하십시오. 여러 파일에 나뉘어 있으면 로트 번호로 합치십시오.",
    "Check that this is the file with the process conditions; if they lie in several files, join them by lot number.",
)
_TOO_FEW = Label(
    "쓸 수 있는 기록이 {rows}건으로 너무 적습니다(최소 {least}건).",
    "Only {rows:record|records} can be used; at least {least} are needed.",
)
_TOO_FEW_STEP = Label(
    "더 긴 기간의 기록을 합쳐 다시 검사하십시오.", "Add the records of a longer period and check again."
)


def because(records: Records) -> tuple[Because, ...]:
    """Return what no correction of single cells can mend; empty where there is no such reason."""
    checked = records.prepared.checked.verdict
    if not checked.rows:
        return (_EMPTY,)
    return tuple(_because(records, checked.accepted_rows if checked.accepted else checked.rows))


def verdict(reasons: tuple[Because, ...], todo: tuple[Fix, ...], *, accepted: bool) -> Verdict:
    """Decide: a file that the contract refuses, or about which a question is open, cannot train as it is."""
    if reasons:
        return Verdict.CANNOT
    return Verdict.AFTER_FIXES if any(fix.blocking for fix in todo) or not accepted else Verdict.READY


def _because(records: Records, usable: int) -> Iterator[Because]:
    contract = records.contract
    there = {column.name for column in records.mapped} | records.asked
    if contract.target.name not in there:
        yield Because("no_target", said(_NO_TARGET, column=named(contract.target)), _NO_TARGET_STEP)
    features = [column for column in contract.columns if column.role is Role.FEATURE]
    found = sum(column.name in there for column in features)
    if found < _FEWEST_FEATURES * len(features):
        yield Because("other_file", said(_OTHER_FILE, total=len(features), there=found), _OTHER_FILE_STEP)
    if usable < FEWEST_ROWS:
        yield Because("too_few_records", said(_TOO_FEW, rows=usable, least=FEWEST_ROWS), _TOO_FEW_STEP)
