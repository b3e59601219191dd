"""What a check found, as codes and counts that can be stored, and as sentences that people can act on.

Nothing here holds a cell value: a finding knows columns of the contract, line numbers, counts, and what the contract
allows. Even the name of a column that the contract does not know stays out, since a file without a header line has
data there.
"""

from dataclasses import dataclass
from typing import Literal

from data_contracts.contract import Column, Kind, Label
from data_contracts.reasons import SENTENCES, Reason

__all__ = ["MAX_LINES", "ContractVerdict", "Finding", "Reason", "Severity", "allowed_by"]

MAX_LINES = 5
"""Line numbers (or column positions) shown per finding; the count tells how many there are."""

Severity = Literal["error", "warning"]

_SHOWN_VALUES = 10
_NOTHING = Label("", "")
_FORMS = {
    Kind.NUMBER: Label("숫자(단위나 쉼표 없이 숫자만)", "a number (digits only, without unit or comma)"),
    Kind.INTEGER: Label("정수(단위나 쉼표 없이 숫자만)", "a whole number (digits only, without unit or comma)"),
    Kind.TIMESTAMP: Label("날짜·시각(예: 2026-03-05 14:30)", "a date and time (such as 2026-03-05 14:30)"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, for one column or the whole file.

    Attributes:
        code: what it is.
        column: the contract's column it concerns (several joined by ``+`` for a key), None for the whole file.
        rows: rows concerned; for `Reason.DUPLICATE_COLUMN` and `Reason.UNEXPECTED_COLUMN` columns concerned.
        lines: up to `MAX_LINES` first line numbers in the file; for `Reason.UNEXPECTED_COLUMN` positions of the
            columns, the leftmost being 1.
        severity: ``"error"`` stops a row or the file, ``"warning"`` does not.
        total: rows of the file.
        allowed: what the contract allows (a range, a list of values, a share), empty where there is nothing to say.
        label: the column's name for people.
    """

    code: Reason
    column: str | None
    rows: int
    lines: tuple[int, ...]
    severity: Severity
    total: int = 0
    allowed: Label = _NOTHING
    label: Label | None = None

    def sentence(self, language: str) -> str:
        """Say what is wrong, where, and what to do.

        Args:
            language: ``"ko"`` for Korean, anything else for English.
        """
        return (
            SENTENCES[self.code]
            .text(language)
            .format(
                column=self._column(language),
                rows=self.rows,
                total=self.total,
                allowed=self.allowed.text(language),
                lines=self._lines(language),
            )
        )

    def to_plain(self) -> dict[str, object]:
        """Return the finding for programs, ready for JSON."""
        return {
            "code": str(self.code),
            "severity": self.severity,
            "column": self.column,
            "rows": self.rows,
            "lines": list(self.lines),
            "ko": self.sentence("ko"),
            "en": self.sentence("en"),
        }

    def _column(self, language: str) -> str:
        label = f" ({self.label.text(language)})" if self.label else ""
        return f"'{self.column}'{label}"

    def _lines(self, language: str) -> str:
        shown = ", ".join(map(str, self.lines))
        more = self.rows - len(self.lines)
        if self.code is Reason.UNEXPECTED_COLUMN:
            ending = Label(f" 외 {more}개", f" and {more} more") if more > 0 else Label("", "")
            return Label(f"왼쪽에서 {shown}번째{ending.ko}", f"from the left: {shown}{ending.en}").text(language)
        ending = Label(f" 외 {more}개 행", f" and {more} more") if more > 0 else Label("", "")
        return Label(f"{shown}번째 줄{ending.ko}", f"line {shown}{ending.en}").text(language)


@dataclass(frozen=True, slots=True)
class ContractVerdict:
    """Whether a file keeps the contract.

    Attributes:
        contract: reference of the contract, such as ``print-defect@1.0.0``.
        accepted: whether the accepted rows may be used; False as soon as the whole file is at fault.
        rows: rows of the file.
        accepted_rows: rows that may be used; 0 if the file is refused.
        quarantined_rows: rows set aside for faults of their own.
        findings: what was found, errors first.
    """

    contract: str
    accepted: bool
    rows: int
    accepted_rows: int
    quarantined_rows: int
    findings: tuple[Finding, ...]

    def sentences(self, language: str) -> tuple[str, ...]:
        """Return the verdict in one sentence, then one sentence per finding."""
        if self.accepted:
            headline = Label(
                f"데이터 계약 {self.contract} 검사 통과: 전체 {self.rows}행 중 {self.accepted_rows}행을 사용하고 "
                f"{self.quarantined_rows}행을 격리합니다.",
                f"The file keeps {self.contract}: of {self.rows} rows {self.accepted_rows} are used and "
                f"{self.quarantined_rows} are set aside.",
            )
        else:
            headline = Label(
                f"데이터 계약 {self.contract} 검사 불합격: 전체 {self.rows}행 중 {self.quarantined_rows}행에 문제가 "
                "있으며, 고치기 전에는 파일을 사용할 수 없습니다.",
                f"The file does not keep {self.contract}: {self.quarantined_rows} of {self.rows} rows are at fault; "
                "nothing of it is used until it is corrected.",
            )
        return (headline.text(language), *(finding.sentence(language) for finding in self.findings))

    def text(self, language: str) -> str:
        """Return `sentences` one below the other."""
        return "\n".join(self.sentences(language))

    def to_plain(self) -> dict[str, object]:
        """Return counts, codes and sentences for programs, ready for JSON."""
        return {
            "contract": self.contract,
            "accepted": self.accepted,
            "rows": self.rows,
            "accepted_rows": self.accepted_rows,
            "quarantined_rows": self.quarantined_rows,
            "findings": [finding.to_plain() for finding in self.findings],
        }


def allowed_by(column: Column, code: Reason) -> Label:
    """Say what the contract allows in a column, as far as a rule concerns it; at most ten values."""
    if code is Reason.OUT_OF_RANGE:
        return _range(column)
    if code is Reason.NOT_IN_VOCABULARY:
        more = len(column.vocabulary) - _SHOWN_VALUES
        words = ", ".join(column.vocabulary[:_SHOWN_VALUES])
        return Label(f"{words} 외 {more}개", f"{words} and {more} more") if more > 0 else Label(words, words)
    if code is Reason.MISSING_RATE:
        share = f"{100 * column.max_missing:g} %"
        return Label(share, share)
    if code is Reason.WRONG_TYPE:
        return _FORMS.get(column.kind, _NOTHING)
    return _NOTHING


def _range(column: Column) -> Label:
    low, high = column.minimum, column.maximum
    unit = f" {column.unit}" if column.unit else ""
    if low is not None and high is not None:
        return Label(f"{low:g} ~ {high:g}{unit}", f"{low:g} to {high:g}{unit}")
    if low is not None:
        return Label(f"{low:g}{unit} 이상", f"at least {low:g}{unit}")
    return Label(f"{high:g}{unit} 이하", f"at most {high:g}{unit}")
