"""Words that say there is no value, wherever they stand.

Only words that nobody uses for a value are here. What means "nothing" in one column and something in another (``0``,
``999``, ``x``, ``/``) is for the mapping file to say. Even these words give way to it: where a column's words say that
``없음`` means "no defect", it does, since a column's own words are looked up first.
"""

from data_contracts.cells.texts import folded, stripped

__all__ = ["MISSING_WORDS", "is_missing"]

_DASHES = "- -- --- ---- – –– — —— ― ―― ─ ── − ‐ ‑ ﹣ ㅡ ㅡㅡ"  # noqa: RUF001
_SIGNS = ". .. ... … ? ?? ???"
_LATIN = r"na n/a n.a. n.a n\a nan nat nil null none <na> <null> (null) \n n/m not_available notavailable notapplicable"
_SHEET_ERRORS = "#n/a #n/a! #na #div/0! #value! #ref! #name? #num! #null! #spill! #calc! #getting_data"
_KOREAN = (
    "없음 값없음 데이터없음 자료없음 기록없음 측정값없음 해당없음 해당사항없음 해당무 미측정 측정불가 측정안함 "
    "측정못함 측정누락 미검사 미입력 미기재 미기록 미확인 확인불가 판독불가 알수없음 불명 미상 결측 결측값 결측치 "
    "누락 공란 빈칸"
)
_LONGEST = 40  # a text longer than this is no such word, whatever blanks it holds
_BRACKETS = {"(": ")", "[": "]", "<": ">", "{": "}"}

MISSING_WORDS = frozenset(
    folded(word) for words in (_DASHES, _SIGNS, _LATIN, _SHEET_ERRORS, _KOREAN) for word in words.split(" ")
)
"""The words, as `data_contracts.cells.texts.folded` leaves them."""


def is_missing(text: str, further: frozenset[str] = frozenset()) -> bool:
    """Whether a text says that there is no value; case, width, blanks and a pair of brackets make no difference.

    Args:
        text: a cell.
        further: words of the member's own, folded; they are compared without forgiving brackets.
    """
    if further and folded(text) in further:
        return True
    if len(text) > _LONGEST or "0" <= text[:1] <= "9":  # no such word begins with a digit; most cells do
        return False
    word = folded(stripped(text))
    if word in MISSING_WORDS:
        return True
    return _BRACKETS.get(word[:1]) == word[-1:] and word[1:-1] in MISSING_WORDS
