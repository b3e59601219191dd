"""Good or bad: the words of a result that say so, and what a yes or a circle means under which header."""

from collections import Counter
from collections.abc import Iterable

from data_contracts.cells.texts import folded
from data_contracts.contract import Column, Contract, Role
from data_contracts.mapping.lexicon import words_of

__all__ = ["BAD", "GOOD", "NO", "NO_DEFECT", "YES", "good_and_bad", "initials_of", "polarity_of", "sure_answers"]

GOOD = frozenset(
    words_of("""
    양품 합격 합격품 정상 정상품 양호 적합 좋음 이상무 이상없음 良 良品 ok okay pass passed good accept accepted
    """)
)
BAD = frozenset(
    words_of("""
    불량 불량품 불합격 불합격품 부적합 이상 하자 나쁨 빠꾸 不良 不良品 ng fail failed bad defect defective reject
    rejected
    """)
)
YES = frozenset(words_of("o ○ ◯ ● ㅇ y yes 예 네 유 有 t true 참 1"))
NO = frozenset(words_of("x × ✕ ✗ ✘ n no 아니오 아니요 무 無 f false 거짓 0"))
_ANSWERS = frozenset(words_of("y yes n no 예 네 아니오 아니요 t true f false 참 거짓 유 무 有 無"))
_CIRCLES_AND_CROSSES = frozenset(words_of("o ○ ◯ ● ㅇ x × ✕ ✗ ✘"))
_DIGITS = frozenset({"0", "1"})
_ASKS_FOR_JUDGEMENT = frozenset(words_of("판정 결과 합부 합불 양불 양부 judge"))
_ASKS_FOR_GOOD = frozenset(words_of("합격 양품 정상 적합 pass ok good accepted"))
_ASKS_FOR_BAD = frozenset(words_of("불량 불합격 부적합 하자 결함 결점 ng fail defect defective reject"))
_INITIALS = (("p", "f"), ("a", "r"))
"""First letters of good and bad that say so together: pass and fail, accept and reject."""
NO_DEFECT = GOOD | frozenset(
    words_of("무결함 결함없음 불량없음 이상없음 무불량 nodefect nodefects nonefound nofault noissue")
)
"""Words for no defect at all, where the kind of a defect is asked for."""


def good_and_bad(column: Column, contract: Contract) -> tuple[str | None, str | None]:
    """Return the two values of a target that has just one that is a defect and one that is none."""
    if column.role is not Role.TARGET or len(column.vocabulary) != 2:  # noqa: PLR2004
        return None, None
    bad = [value for value in column.vocabulary if value in contract.defects]
    good = [value for value in column.vocabulary if value not in contract.defects]
    return (good[0], bad[0]) if len(bad) == len(good) == 1 else (None, None)


def polarity_of(column: Column, contract: Contract, header: frozenset[str]) -> str | None:
    """Return the value that a yes means because the header asks for it, None where it does not say."""
    good, bad = good_and_bad(column, contract)
    if good is None or bad is None:
        return None
    own = {value: {folded(value)} for value in (good, bad)}  # both: ``양/불`` names good and bad, and asks for neither
    for value, words in column.words:
        own[value].update(map(folded, words))
    asks_good, asks_bad = bool(header & (_ASKS_FOR_GOOD | own[good])), bool(header & (_ASKS_FOR_BAD | own[bad]))
    if asks_good == asks_bad:
        return None
    return good if asks_good else bad


def initials_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the first letters of good and of bad where both are among the words, and no other yes or no is."""
    letters = {folded(word) for word in words}
    fitting = (one for one in _INITIALS if letters >= set(one) and not letters & (YES | NO) - set(one))
    return next(fitting, ())


def sure_answers(
    column: Column, contract: Contract, header: frozenset[str], counts: Iterable[tuple[str, int]]
) -> dict[str, str]:
    """Return what yes and no surely mean, folded; signs and digits only where the defects are then the few."""
    good, bad = good_and_bad(column, contract)
    polarity = polarity_of(column, contract, header)
    if good is None or bad is None:
        return {}
    counts = tuple(counts)
    if initials := initials_of(word for word, _ in counts):
        return dict(zip(initials, (good, bad), strict=True))
    sure = set(_ANSWERS) if polarity is not None else set()
    if polarity == good or (polarity is None and header & _ASKS_FOR_JUDGEMENT):
        sure |= _CIRCLES_AND_CROSSES
    if polarity is not None:
        sure |= _DIGITS
    yes = polarity or good
    no = bad if yes == good else good
    meant = {word: yes if word in YES else no for word in sure}
    found = Counter[str]()
    for word, times in counts:
        if (plain := folded(word)) in sure - _ANSWERS:
            found[meant[plain]] += times
    few = 0 < found[bad] < found[good]
    return {word: value for word, value in meant.items() if few or word in _ANSWERS}
