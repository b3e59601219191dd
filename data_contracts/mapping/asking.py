"""Headers that are questions, as online forms have them: what such a question asks for.

``니켈 도금조 온도는 몇 도인가요?`` asks for 니켈 도금조 온도 in °C, ``로트 번호를 적어주세요`` for 로트 번호. What
makes a question of it is taken away: which and how many, polite endings, particles. A word that remains without being
known makes the header as doubtful as any other.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from data_contracts.mapping.lexicon import words_of
from data_contracts.mapping.units import canonical_unit

__all__ = ["Asked", "asked_for"]

_REQUEST = re.compile(
    r"[을를]?\s*(?:적어|써|골라|알려|입력|기입|기록|기재|작성|선택|체크|표시)\s*해?\s*"
    r"(?:주세요|주십시오|주시기\s*바랍니다|하세요|하십시오|하시오|바랍니다)"
)
_ENGLISH = re.compile(r"^\s*(?:what|which|when|how|was|were|is|are|did|please|enter|select|choose)\b", re.IGNORECASE)
_ENGLISH_WORDS = re.compile(
    r"\b(?:what|which|when|how|many|much|long|was|were|is|are|did|do|does|you|your|it|the|an?|please|enter|select|choose|"
    r"write)\b",
    re.IGNORECASE,
)
_ENGLISH_REQUEST = re.compile(r"^\s*(?:please|enter|select|choose)\s", re.IGNORECASE)
_POLITE = re.compile(r"(?:나요|까요|가요|니까)$")
_POLITE_OR_CASE = re.compile(r"(?:요|니까|는지|은지|[은는])$")
_BEGINNING = re.compile(r"^\s*(?:어느|어떤|무슨|몇)\s")
_HOW_MANY = re.compile(r"(?:(?<![가-힣])몇|how many|how much)\s*(?P<unit>[^\s?]+)", re.IGNORECASE)
_ENDING = re.compile(
    r"(?:을|를)?(?:하셨|하였|했|되었|됐|이었|였)?(?:나요|인가요|은가요|는가요|습니까|입니까|인지요?|이에요|예요|일까요)$"
)
_CONDITION = re.compile(  # other conditions say of which bath or of which work: 크롬조라면
    r"(?:불량|불합격|부적합|결함|하자|NG)(?:이면|이라면|이라고\s*하면|일\s*경우|인\s*경우|일\s*때|일\s*때는)\s",
    re.IGNORECASE,
)
_ADNOMINAL = re.compile(r"(?:한|된|하는|되는|했던)$")
_PARTICLE = re.compile(r"(?:에서|에는|으로|은|는|이|가|을|를|의|에)$")
_INTERROGATIVES = frozenset(words_of("어느 어떤 무슨 무엇 뭐 몇 얼마 얼마나 언제 번"))
_HAPPENS = frozenset(words_of("있 있었 나왔 생겼 발생"))
_KINDS = re.compile(r"(?:^|\s)(?:어떤|무슨)\s|\bwhat (?:kind|type)\b", re.IGNORECASE)
_MOMENTS = re.compile(r"언제|^\s*when\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for.

    Attributes:
        name: that, as a header would name it.
        unit: the unit that it asks for (``몇 V``), or None.
        more: a word that the kind of the question says beside the name: a moment, a kind, or yes and no; or None.
    """

    name: str
    unit: str | None = None
    more: str | None = None


def asked_for(header: str, is_known: Callable[[str], bool]) -> Asked | None:
    """Return what a header asks for, or None where it is no question.

    Args:
        header: the header, without a unit in brackets.
        is_known: tells whether a word is one of the contract's or a general one, so that nothing is cut off it.
    """
    even = unicodedata.normalize("NFKC", header).strip()
    text = even.rstrip("?. ")
    english = bool(_ENGLISH.match(text))
    if not _asks(even, text, english=english):
        return None
    many = _HOW_MANY.search(text)
    unit = None if many is None else canonical_unit(_ENDING.sub("", many["unit"]))
    if many is not None and unit is not None:
        text = f"{text[: many.start()]} {text[many.end() :]}"
    more = _more(text, yes_or_no=many is None)
    plain = _ENGLISH_WORDS.sub(" ", text) if english else text
    plain = _CONDITION.sub(" ", _REQUEST.sub("", plain))
    bare = [_bare(word, is_known) for word in plain.split()]
    words = [word for word in bare if word and word not in _INTERROGATIVES | _HAPPENS]
    return Asked(" ".join(words), unit, more) if words else None


def _asks(header: str, text: str, *, english: bool) -> bool:
    """Tell whether a header is a question or a request, and no name with a question mark behind it."""
    if _REQUEST.search(text) or _BEGINNING.match(text) or _ENGLISH_REQUEST.match(text):
        return True
    if (many := _HOW_MANY.search(text)) is not None and canonical_unit(many["unit"]) is not None:
        return True
    marked = header.endswith("?")
    return bool(_POLITE.search(text)) if not marked else english or bool(_POLITE_OR_CASE.search(text))


def _more(text: str, *, yes_or_no: bool) -> str | None:
    if _MOMENTS.search(text):
        return "일시"
    if _KINDS.search(text):
        return "종류"
    ends = _ENDING.search(text)
    asks_which = any(word in text for word in _INTERROGATIVES - {"번"})
    return "여부" if yes_or_no and ends is not None and not asks_which else None


def _bare(word: str, is_known: Callable[[str], bool]) -> str:
    """Return a word without the endings of a question, of a clause and of a case; what is known stays whole."""
    word = _ENDING.sub("", word)
    stem = _ADNOMINAL.sub("", word)
    if is_known(stem):
        return stem
    return word if is_known(word) else _PARTICLE.sub("", word)
