"""How the lines below and between records are worded that are none: totals, averages, remarks, signatures."""

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = ["is_own_word", "is_remark", "is_total_label", "labelled_rows"]

_LONGEST = 200  # characters looked at
_KOREAN = "합계 총계 소계 누계 일계 월계 평균 평균값 계 총합 합 전체합계 최대 최소 최대값 최소값 표준편차"
_ENGLISH = "total totals subtotal sum average avg mean max min stdev std"
_TOTAL = re.compile(
    r"(?:.*[\s\d월일주차])?(?:합\s*계|총\s*계|소\s*계|누\s*계|일\s*계|월\s*계|평\s*균|평균값|총\s*합|표준\s*편차)(?:\s*[:：(\[].*)?"
    r"|[계합]\s*[:：]?|(?:전체|최대값?|최소값?)\s*[:：]?"
    r"|(?:grand\s+|sub-?\s*)?totals?\b.*|(?:sum|average|avg|mean|max|min|st\.?\s?dev|std)\.?\s*[:：]?(?:\s*\(.*)?",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\s*(?:[※*\uff0a▶■◎☞].*|주\s?\d*\).*|비\s*고\s*[:：].*|[-=_*.\s]+|.*이하\s*여백.*|\(?\s*끝\s*\)?\.?|end\s+of\s+.*|eof"
    r"|(?:작성|확인|검토|승인|검사|담당|결재|출력|인쇄|작성일|출력일|보고|발행)[^:：]{0,8}[:：].*|page\s+\d.*|\d+\s*/\s*\d+\s*(?:page|쪽|페이지)"
    r"|총?\s*\d[\d,]*\s*(?:건|행|rows?|records?)\.?)",
    re.IGNORECASE,
)


def is_total_label(cell: str) -> bool:
    """Whether a cell says that its row is a total, an average or the like, such as ``3월 합계`` or ``Total (EA)``."""
    return _TOTAL.fullmatch(cell.strip()[:_LONGEST]) is not None


def is_remark(cell: str) -> bool:
    """Whether a cell begins a remark, such as ``※ 재작업 포함``, ``확인: ``, ``- 이하 여백 -``."""
    return _REMARK.fullmatch(cell[:_LONGEST]) is not None


def labelled_rows(columns: Sequence[pa.ChunkedArray]) -> list[NDArray[np.bool_]]:
    """Return for each column which of its rows hold a total's plainest label; shape (rows,) each."""
    labels = pa.array(sorted(_total_labels()), pa.large_string())
    return [pc.is_in(column, value_set=labels).to_numpy(zero_copy_only=False) for column in columns]


def is_own_word(column: pa.ChunkedArray, labelled: NDArray[np.bool_]) -> bool:
    """Tell whether one label stands in most rows of a column: a word of its records, such as ``합`` for a pass.

    There are never more totals than records that they total.
    """
    if 2 * labelled.sum() <= len(labelled):
        return False
    times = pc.value_counts(column.filter(pa.array(labelled))).field("counts")
    return 2 * int(pc.max(times).as_py()) > len(labelled)


def _total_labels() -> Iterator[str]:
    """Yield the plainest labels of totals in the ways in which they are written: those looked for among all rows."""
    for word in (*_KOREAN.split(), *_ENGLISH.split(), "grand total", "sub total"):
        ways = {word, word.upper(), word.title()} if word.isascii() else {word, " ".join(word), "  ".join(word)}
        yield from (f"{text}{end}" for text in ways for end in ("", ":", " :", "\uff1a"))
