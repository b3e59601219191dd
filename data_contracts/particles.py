"""Korean particles that depend on the sound before them: 쉼표로, 탭으로; 계약이, 파일을.

A sentence with a gap cannot know its particle, so it is written with both, such as ``{file}을(를)``, and the right one
is chosen once the gap is filled.
"""

import re

__all__ = ["with_particles"]

_BOTH = {
    "(으)로": ("으로", "로"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "은(는)": ("은", "는"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
}
"""What is written in a sentence, with the particle after a final consonant and the one after a vowel."""

_PLACE = re.compile("|".join(map(re.escape, _BOTH)))
_PASSED = re.compile(r"(?:\([^()]*\)|[\s'\"`)\]}>.…])+$")
"""What is not read out before a particle: something in brackets, quotation marks, a blank."""

_NOT_LATIN = re.compile(r"[^A-Za-z]+")
_READ = 200  # characters before a particle that are looked at

_FIRST, _LAST, _FINALS = "가", "힣", 28  # syllables stand in the order of their final consonant: none, ㄱ, ㄲ, …
_NONE, _L, _OTHER = 0, 8, 1  # ㄹ is the eighth

_DIGITS = {"0": _OTHER, "1": _L, "2": _NONE, "3": _OTHER, "4": _NONE}
_DIGITS |= {"5": _NONE, "6": _OTHER, "7": _L, "8": _L, "9": _NONE}  # 영 일 이 삼 사 오 육 칠 팔 구
_NAMES = {"l": _L, "r": _L, "m": _OTHER, "n": _OTHER}
"""Letters whose name ends with a consonant: 엘, 알, 엠, 엔."""
_SOUNDS = {"l": _L, "m": _OTHER, "n": _OTHER}
"""Letters that end a word with a consonant; 서버 and 로트 show why no others are."""
_SIGNS = {"%": _NONE, "℃": _NONE, "℉": _NONE, "°": _NONE, "²": _OTHER, "³": _OTHER, "~": _NONE}
"""퍼센트, 섭씨, 화씨, 도, 제곱, 세제곱, 물결."""


def with_particles(text: str) -> str:
    """Choose the particles of a sentence whose gaps are filled, each by the sound that stands before it.

    A number is read in Korean, an abbreviation by its letters, and a word in Latin letters by its last one. Where the
    sound is not known both particles stay.

    Args:
        text: A sentence in Korean.
    """
    chosen, at = [], 0
    for found in _PLACE.finditer(text):
        final = _final(text[max(0, found.start() - _READ) : found.start()])
        with_final, without = _BOTH[found[0]]
        takes_none = final == _NONE or (final == _L and without == "로")
        chosen += [text[at : found.start()], found[0] if final is None else without if takes_none else with_final]
        at = found.end()
    return "".join([*chosen, text[at:]])


def _final(text: str) -> int | None:
    """Return the final consonant of what is read before a particle, or None where that is not known."""
    said = _PASSED.sub("", text)
    last = said[-1:]
    if _FIRST <= last <= _LAST:
        return (ord(last) - ord(_FIRST)) % _FINALS
    if last.isascii() and last.isalpha():
        return _latin(_NOT_LATIN.split(said)[-1])
    return _DIGITS.get(last, _SIGNS.get(last))


def _latin(word: str) -> int:
    """Return the final consonant of an abbreviation, or of a word."""
    if word.isupper() or len(word) == 1:
        return _NAMES.get(word[-1].lower(), _NONE)
    return _OTHER if word.lower().endswith("ng") else _SOUNDS.get(word[-1].lower(), _NONE)
