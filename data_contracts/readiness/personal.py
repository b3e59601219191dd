"""Personal data in any column of a file: found, counted, with lines; never repeated, not even in part."""

import re
import unicodedata
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Column, Kind
from data_contracts.intake.table import Header
from data_contracts.readiness import identifiers
from data_contracts.readiness.check_types import PersonalFind, PersonalKind
from data_contracts.readiness.records import Records, where

__all__ = ["MASKS", "personal", "safe_header"]

MASKS = {
    PersonalKind.NAME: "○○○",
    PersonalKind.PHONE: "010-****-****",
    PersonalKind.RESIDENT: "******-*******",
    PersonalKind.EMAIL: "****@****.***",
    PersonalKind.BUSINESS: "***-**-*****",
}
"""What is shown instead: always the same, whatever stood there."""

_PEOPLE = re.compile(
    "작업자|작업원|성명|이름|담당|검사자|검사원|작성자|확인자|승인자|결재|등록자|입력자|반장|조장|사원|직원|근무자|운전자|"
    "관리자|대표자|기사명|측정자|operator|worker|inspector|employee|staff|person|checked by|approved by|entered by|"
    "in charge|full name|signature|technician",
    re.IGNORECASE,
)
_PHONES = re.compile("전화|연락처|휴대폰|핸드폰|phone|mobile|tel", re.IGNORECASE)
_BARE_PHONE = "^0?1[016789][0-9]{7,8}$"
_LONG_NUMBER = 1e8
_CHANCE_FROM = 20
_PROVED = 0.5
_NAMES_SHARE = 0.8
_FEWEST_NAMES = 5
_FEWEST_SURNAMES = 3

_JUDGED_FIRST = 1000

Found = NDArray[np.bool_]
Counts = NDArray[np.int64]


def personal(records: Records) -> tuple[PersonalFind, ...]:
    """Look through every cell of the file and return what was found, from left to right.

    A column whose numbers or moments were all read is skipped, unless its numbers are as long as those of a phone.
    """
    columns = {header.position: column for column in records.mapped if (header := records.header(column.name))}
    return tuple(
        find
        for header in records.prepared.table.headers
        for find in _in_column(records, header, columns.get(header.position))
    )


def safe_header(text: str, position: int) -> str:
    """Return a header that may be shown: a file without a header line has data there, which may be personal."""
    tests = (_has_resident, *(test for _, _, test in _TESTS))
    return f"#{position} {MASKS[PersonalKind.NAME]}" if any(test(text) for test in tests) else text


def _in_column(records: Records, header: Header, column: Column | None) -> Iterator[PersonalFind]:
    if column is not None and _all_read(records, column):
        return
    cells = records.prepared.table.column(header)
    codes, distinct = pd.factorize(cells)
    texts = _plain(pd.Series(distinct, dtype="string"))
    counts = np.bincount(codes[codes >= 0], minlength=len(texts)).astype(np.int64)
    kinds = [
        *_numbers_and_addresses(texts, header),
        (PersonalKind.RESIDENT, _residents(texts)),
        (PersonalKind.NAME, _names(texts, counts, header, column, records)),
    ]
    for kind, found in kinds:
        if found.any():
            flags = np.append(found, False)[codes]
            lines = np.asarray(cells.index, dtype=np.int64)
            yield PersonalFind(header.text, None if column is None else column.name, kind, where(lines, flags))


def _all_read(records: Records, column: Column) -> bool:
    cells = records.frame[column.name]
    if pd.api.types.is_datetime64_any_dtype(cells.dtype):
        return True
    return bool(cells.dtype == np.float64 and not (cells.abs() >= _LONG_NUMBER).any())


def _plain(texts: pd.Series) -> pd.Series:
    """Return the texts with full-width digits and signs made plain, where there are any."""
    wide = texts.str.contains("[０-９＠－]").to_numpy(dtype=np.bool_)  # noqa: RUF001
    if wide.any():
        texts = texts.copy()
        texts[wide] = [unicodedata.normalize("NFKC", text) for text in texts[wide]]
    return texts


_TESTS: tuple[tuple[PersonalKind, str, Callable[[str], bool]], ...] = (
    (PersonalKind.PHONE, identifiers.MAYBE_PHONE, identifiers.has_phone),
    (PersonalKind.EMAIL, identifiers.MAYBE_EMAIL, identifiers.has_email),
    (PersonalKind.BUSINESS, identifiers.MAYBE_BUSINESS, identifiers.has_business),
)


def _has_resident(text: str) -> bool:
    return identifiers.residents(text)[0]


def _numbers_and_addresses(texts: pd.Series, header: Header) -> Iterator[tuple[PersonalKind, Found]]:
    """Judge the distinct texts of a column, shape (texts,) for each kind."""
    for kind, maybe, test in _TESTS:
        found = _near(texts, maybe)
        found[found] = [test(text) for text in texts[found]]
        if kind is PersonalKind.PHONE and _PHONES.search(header.text):
            digits = texts.str.replace(r"[-. ()]", "", regex=True)
            found |= _near(digits, _BARE_PHONE)
        yield kind, found


def _near(texts: pd.Series, pattern: str) -> Found:
    """Search for a pattern as Arrow does, which is several times faster than Python's matching of whole texts."""
    return np.array(texts.str.contains(pattern, regex=True), dtype=np.bool_)


def _residents(texts: pd.Series) -> Found:
    """Lot numbers of date and serial look alike, but only one in eleven has the checksum: then the column has none."""
    found = _near(texts, identifiers.MAYBE_RESIDENT)
    near = texts[found]
    if not _hardly_chance([identifiers.residents(text) for text in near.head(_JUDGED_FIRST)]):
        return np.zeros(len(texts), dtype=np.bool_)
    found[found] = [_has_resident(text) for text in near]
    return found


def _hardly_chance(judged: list[tuple[bool, bool]]) -> bool:
    maybe, proved = (sum(flags) for flags in zip(*judged, strict=True)) if judged else (0, 0)
    return maybe < _CHANCE_FROM or proved >= _PROVED * maybe


def _names(texts: pd.Series, counts: Counts, header: Header, column: Column | None, records: Records) -> Found:
    """Names under a header that speaks of people; elsewhere where the column holds hardly anything but names."""
    nothing = np.zeros(len(texts), dtype=np.bool_)
    if column is not None and column.kind is Kind.CATEGORY:
        return nothing
    known = _known_words(records)
    if _PEOPLE.search(header.text):
        return np.array([text not in known and identifiers.is_name(text) for text in texts], dtype=np.bool_)
    short = _near(texts, "^ *[가-힣]{3} *$")  # no \\s: pandas would leave Arrow for it
    if counts[short].sum() < _NAMES_SHARE * counts.sum():  # most columns: decided by Arrow
        return nothing
    borne = [identifiers.surname(text) if text not in known else None for text in texts]
    found = np.array([surname is not None for surname in borne], dtype=np.bool_)
    likely = counts[found].sum() >= _NAMES_SHARE * counts.sum() and found.sum() >= _FEWEST_NAMES
    return found if likely and len({surname for surname in borne if surname}) >= _FEWEST_SURNAMES else nothing


def _known_words(records: Records) -> frozenset[str]:
    """Words of the trade, which may begin like surnames: 양품 and 황동 are no people."""
    words = {word for column in records.contract.columns for _, group in column.words for word in group}
    entries = records.prepared.proposal.mapping.columns
    return frozenset(words | {word for entry in entries for word, _ in entry.words})
