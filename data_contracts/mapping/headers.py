"""A header as words: width, case, blanks and punctuation evened out, compounds split into words that are known."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from data_contracts.mapping.lexicon import FILLERS, NEUTRAL, PARTS, QUALIFIERS, SAME, STAGES

__all__ = ["Lexicon", "compact", "pieces"]

_ACID = re.compile(r"(?<![A-Za-z])pH(?![a-z])")  # the one common name with a capital inside
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_RUN = re.compile(r"[가-힣]+|[0-9]+(?![0-9a-z])|[^\W_가-힣]+")
_IN_CIRCLE = re.compile(r"^\s*[\u2460-\u24ff\u2776-\u2793]\s*(?=\S)")  # evened out, it would be a digit like any other
_NUMBERED = re.compile(r"^\s*(?:\(\d{1,3}\)|\d{1,3}[.)](?!\d)|(?:no|q)\.?\s*\d{1,3}[.)])\s*(?=\S)", re.IGNORECASE)
_SPACED = re.compile(r"\s*[가-힣](?:\s+[가-힣])+\s*")  # 일   자, 구 분: spread over the width of a cell
_TRAILING_DIGITS = re.compile(r"([a-z]+)(\d+)")
_SHORT_PARTS = frozenset({"값", "명", "전", "후"})  # the only parts of one syllable that a compound is split at
_TREATMENT = re.compile(r"\b(pre|post)[\s_\-]+(?=treatment)")
_LEAST = {True: 2, False: 3}  # letters of a part of a compound: Hangul, Latin
_LONGEST_RUN = 60
_SHORTEST_STEM = 4


def _even(text: str) -> str:
    """Return the text with full-width forms, ligatures and numbers in circles as plain ones (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", text)


def compact(text: str) -> str:
    """Return only the letters and digits of a text, in lower case: ``Bath temp.`` and ``BATH_TEMP`` become one."""
    return "".join(sign for sign in _even(text).casefold() if sign.isalnum())


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """Return the runs of letters of one script, in lower case, without the number that some lists begin with.

    ``1. 도금조pH (BathPH)`` becomes ``도금조``, ``ph``, ``bath``, ``ph``.
    """
    even = _NUMBERED.sub("", _even(_IN_CIRCLE.sub("", text)))
    if _SPACED.fullmatch(even):
        even = "".join(even.split())
    spaced = _TREATMENT.sub(r"\1", _CAMEL.sub(" ", _ACID.sub(" ph ", even)).casefold())
    return tuple(_singular(run) for run in _RUN.findall(spaced))


def _singular(word: str) -> str:
    plural = len(word) > 4 and word.isascii() and word.endswith("s") and not word.endswith(("ss", "us", "is"))  # noqa: PLR2004
    return word[:-1] if plural else word


@dataclass(frozen=True)
class Lexicon:
    """The words that are known: those of a contract, and the general ones.

    Attributes:
        words: every known word, as `pieces` writes it.
        own: those of the contract.
    """

    words: frozenset[str] = field(repr=False)
    own: frozenset[str] = field(default=frozenset(), repr=False)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every word that `tokens` may make of known ones."""
        return self.words | frozenset(SAME.values())

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Lexicon":
        """Collect the words of names, labels and synonyms, and add the general ones."""
        own = {piece for text in texts for piece in pieces(text)}
        return cls(frozenset(own | NEUTRAL | QUALIFIERS | PARTS | STAGES), frozenset(own))

    def tokens(self, text: str) -> tuple[str, ...]:
        """Return the words of a header, compounds split as finely as known words allow; a word of `SAME` as its first.

        What is not known stays as it is: ``작업장온도`` becomes ``작업장``, ``온도``.
        """
        found = [part for piece in pieces(text) for part in self._split(piece)]
        plain = [SAME.get(word, word) for word in found]
        return tuple(word for word in plain if word not in FILLERS) or tuple(plain)

    def _split(self, run: str) -> tuple[str, ...]:
        if run.isdigit() or len(run) > _LONGEST_RUN or run in STAGES or run in SAME:
            return (run,)
        korean = "가" <= run[0] <= "힣"
        parts = self._parts(run, korean=korean)
        if parts is not None:
            return parts
        if (numbered := _TRAILING_DIGITS.fullmatch(run)) and (named := self._parts(numbered[1], korean=False)):
            return (*named, numbered[2])
        return (self._spelled_out(run),)

    def _spelled_out(self, run: str) -> str:
        """Return the one word of the contract that begins with an unknown one: HUMID is humidity, VISC viscosity."""
        if len(run) < _SHORTEST_STEM or not run.isascii():
            return run
        longer = {SAME.get(word, word): word for word in self.words if word.startswith(run)}
        return longer.popitem()[1] if len(longer) == 1 and set(longer.values()) <= self.own else run

    def _parts(self, run: str, *, korean: bool) -> tuple[str, ...] | None:
        """Split a run with as few unknown letters as possible, then into as many known words as possible.

        Returns:
            The parts; None for Latin letters that are not wholly made of known words.
        """
        best: list[tuple[int, int, tuple[str, ...]]] = [(0, 0, ())]
        for end in range(1, len(run) + 1):
            options = [self._longer(best[start], run[start:end], whole=end - start == len(run)) for start in range(end)]
            best.append(min(options, key=lambda option: (*option[:2], len(option[2]))))
        unknown, _, parts = best[-1]
        if unknown and not korean:
            return None
        return _joined(parts, self.words)

    def _longer(
        self, before: tuple[int, int, tuple[str, ...]], part: str, *, whole: bool
    ) -> tuple[int, int, tuple[str, ...]]:
        korean = "가" <= part[0] <= "힣"
        long_enough = whole or len(part) >= _LEAST[korean] or part in _SHORT_PARTS or part in {"no", "ph"}
        known = long_enough and part in self.words | _SHORT_PARTS
        unknown, count, parts = before
        counts = known and part not in _SHORT_PARTS  # 전처리 is rather one word than two
        return (unknown + (0 if known else len(part)), count - counts, (*parts, part))


def _joined(parts: tuple[str, ...], words: frozenset[str]) -> tuple[str, ...]:
    """Join unknown letters that stand side by side."""
    joined: list[str] = []
    for part in parts:
        loose = part not in words and part not in _SHORT_PARTS
        if joined and loose and joined[-1] not in words and joined[-1] not in _SHORT_PARTS:
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)
