"""Does a text hold a person's name, phone, resident number, e-mail, or a firm's registration number? Korean forms.

Sources: the resident registration number is the birth date, a digit for century and sex (5 to 8: foreigners), and six
more, the last of which was a checksum until October 2020 (Enforcement Rules of the Resident Registration Act, art. 2);
numbers given since then are random in those six. The last digit of a business registration number is a checksum
(National Tax Service). Numbers for mobile phones begin with 010, before 2021 also with 011 and 016 to 019.
"""

import datetime as dt
import re

__all__ = [
    "MAYBE_BUSINESS",
    "MAYBE_EMAIL",
    "MAYBE_PHONE",
    "MAYBE_RESIDENT",
    "has_business",
    "has_email",
    "has_phone",
    "is_name",
    "residents",
    "surname",
]

# What a text must hold to be worth a closer look: patterns without look-around, as Arrow wants them.
MAYBE_EMAIL = "@"
MAYBE_PHONE = (
    r"(?:^|[^0-9.])\(?01[016789]|82[-. ]?\(?0?\)?1[016789]"
    r"|(?:^|[^0-9.-])\(?0[2-8][0-9]{0,2}\)?[-) ]{1,2}[0-9]{3,4}-[0-9]{4}"
)
MAYBE_BUSINESS = r"(?:^|[^0-9-])[0-9]{3}-[0-9]{2}-[0-9]{5}(?:$|[^0-9-])"
MAYBE_RESIDENT = r"(?:^|[^0-9])[0-9]{6}[- ]?[1-8][0-9]{6}(?:$|[^0-9])"

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,}")  # bounded: no long search
_MOBILE = re.compile(r"(?<![\d.])(\+?82[-. ]?\(?0?\)?1[016789]|\(?01[016789]\)?)[-. ]?\d{3,4}[-. ]?\d{4}(?!\d)")
_LANDLINE = re.compile(r"(?<![\d.-])\(?0(2|[3-6][1-5]|70|80|50\d)\)?[-) ]{1,2}\d{3,4}-\d{4}(?![\d-])")
_BUSINESS = re.compile(r"(?<![\d-])(\d{3})-(\d{2})-(\d{5})(?![\d-])")
_RESIDENT = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})([- ]?)([1-8])(\d{6})(?!\d)")

_RESIDENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
_BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_RANDOM_SINCE = dt.date(2020, 10, 5)
_THIS_CENTURY = {"3", "4", "7", "8"}

# From the commonest down; the first fifty are borne by more than nine in ten people.
_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추"
    "도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용"
)
_LONG_SURNAMES = ("남궁", "황보", "제갈", "선우", "독고")
_COMMON = _SURNAMES[:50]
_NAME = re.compile(
    rf"(?:(?:{'|'.join(_LONG_SURNAMES)})[가-힣]{{1,2}}|[{_SURNAMES}]\s?[가-힣]{{1,3}})"
    r"\s?(?:님|씨|\(?(?:사원|주임|대리|과장|차장|부장|반장|조장|직장|기사|기장|팀장|소장|실장)\)?)?"
)
_LATIN = re.compile(r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+){1,2}|[A-Z][a-z]+,? (?:[A-Z]\.){1,2}|(?:[A-Z]\. ?){1,2}[A-Z][a-z]+")
_BETWEEN = re.compile(r"\s*[,/·&+]\s*")
_THREE = 3
_LONGEST_NAMES = 60


def has_email(text: str) -> bool:
    """Whether an e-mail address stands in the text."""
    return _EMAIL.search(text) is not None


def has_phone(text: str) -> bool:
    """Whether a Korean phone number stands in the text: a mobile one in any form, another one with its hyphens."""
    return _MOBILE.search(text) is not None or _LANDLINE.search(text) is not None


def has_business(text: str) -> bool:
    """Whether a business registration number, ``123-45-67890`` with a right checksum, stands in the text."""
    return any(_business_checks("".join(match.groups())) for match in _BUSINESS.finditer(text))


def residents(text: str) -> tuple[bool, bool]:
    """Say whether a resident registration number may stand in the text, and whether it is proved by its checksum.

    One that is written without a hyphen counts only with a right checksum: lot numbers look like that too. So does one
    of a person born after the checksum was given up, if it is written with the hyphen.
    """
    maybe, proved = False, False
    for match in _RESIDENT.finditer(text):
        year, month, day, hyphen, century, rest = match.groups()
        born = _date(2000 * (century in _THIS_CENTURY) + 1900 * (century not in _THIS_CENTURY), year, month, day)
        if born is None:
            continue
        checks = _resident_checks(year + month + day + century + rest)
        proved |= checks or (bool(hyphen) and born >= _RANDOM_SINCE)
        maybe |= checks or bool(hyphen)
    return maybe, proved


def is_name(text: str) -> bool:
    """Whether a text, or each of several with commas between them, has the form of a Korean or a Latin full name."""
    if len(text) > _LONGEST_NAMES:
        return False
    pieces = [piece for piece in _BETWEEN.split(text.strip()) if piece]
    return bool(pieces) and all(_NAME.fullmatch(piece) or _LATIN.fullmatch(piece) for piece in pieces)


def surname(text: str) -> str | None:
    """Return the surname if the text is three Hangul syllables that begin with one of the fifty commonest, or None."""
    stripped = text.strip()
    hangul = len(stripped) == _THREE and all("가" <= syllable <= "힣" for syllable in stripped)
    return stripped[0] if hangul and stripped[0] in _COMMON else None


def _date(century: int, year: str, month: str, day: str) -> dt.date | None:
    try:
        return dt.date(century + int(year), int(month), int(day))
    except ValueError:
        return None


def _resident_checks(digits: str) -> bool:
    """Checksum: 11 minus (weighted sum mod 11), mod 10; for foreigners (fifth to eighth series) 2 more."""
    total = sum(weight * int(digit) for weight, digit in zip(_RESIDENT_WEIGHTS, digits, strict=False))
    foreigner = 2 if digits[6] in "5678" else 0
    return ((11 - total % 11) % 10 + foreigner) % 10 == int(digits[12])


def _business_checks(digits: str) -> bool:
    """Checksum: 10 minus ((weighted sum + tens of five times the ninth digit) mod 10), mod 10."""
    total = sum(weight * int(digit) for weight, digit in zip(_BUSINESS_WEIGHTS, digits, strict=False))
    return (10 - (total + 5 * int(digits[8]) // 10) % 10) % 10 == int(digits[9])
