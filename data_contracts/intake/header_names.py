"""The lines of a header -> one text, name and unit per column."""

import re
from collections.abc import Iterable, Sequence

from data_contracts.cells.unit_spellings import canonical_unit
from data_contracts.intake.grid import Merge, Row
from data_contracts.intake.header_lines import filled_right, is_units_line
from data_contracts.intake.table import Header

__all__ = ["header_texts", "headers_of", "split_unit"]

_LONGEST = 200  # characters of a header that anybody can read
_OPENING, _CLOSING = "([{<", ")]}>"
_BRACKETS = str.maketrans("（）［］｛｝〔〕【】", "()[]{}()[]")  # noqa: RUF001  # the brackets of a Korean keyboard
_SAID = re.compile(r"(?:단위|unit)\s*[:：]?\s*", re.IGNORECASE)
_LAST = re.compile(r"(?P<name>.*[^\s,_])(?P<between>\s*,\s*|\s+|_)(?P<unit>[^\s,_]+)")
_OVER = re.compile(r"(?P<name>.*[^\s_])[\s_](?P<top>[^\s_]+)_(?:per_)?(?P<bottom>[^\s_]+)")
_SIGN = re.compile(r"(?P<name>.*[^\s])(?P<unit>℃|℉|°\s?[CF]|%)")
_UNSURE = frozenset({"min", "in", "ph", "ea", "pc", "pcs", "mil", "mic", "mol", "day", "days", "second", "bar", "gr"})
_WHITE = re.compile(r"[\s\ufeff]+")


def header_texts(rows: Sequence[Row], merges: Sequence[Merge] = ()) -> tuple[tuple[str, str | None], ...]:
    """Join the lines of a header.

    Args:
        rows: the cells of the header's lines, from top to bottom.
        merges: merged cells among them, their rows counted as `rows` is.

    Returns:
        Per column its text, empty if it has none, and its unit if that stands in a line of its own.
    """
    lines = [list(row) for row in rows]
    for merge in merges:
        for at in range(merge.top, min(merge.bottom, len(lines) - 1) + 1):
            for column in range(merge.left, min(merge.right, len(lines[at]) - 1) + 1):
                lines[at][column] = lines[merge.top][merge.left]
    units = len(lines) > 1 and is_units_line(tuple(lines[-1]))
    named = lines[:-1] if units else lines
    for at in range(len(named) - 1) if not merges else ():
        named[at] = list(filled_right(tuple(named[at]), tuple(_first_below(named, at))))
    pairs = []
    for column in range(len(lines[0]) if lines else 0):
        parts = _distinct(line[column] for line in named)
        unit = _plain(lines[-1][column]) if units else ""
        if unit.casefold() in {"단위", "unit"} or not (_is_unit(unit) or any(map(str.isalnum, unit))):
            unit = ""  # the line's own name, or a sign for none
        pairs.append(
            (
                " ".join(filter(None, (*parts, unit))),
                unit.translate(_BRACKETS).strip("()[] ") if _is_unit(unit) else None,
            )
        )
    return tuple(pairs)


def headers_of(texts: Sequence[tuple[str, str | None]]) -> tuple[Header, ...]:
    """Make the headers of a table: a text for each column, different from all others.

    Args:
        texts: per column its text, empty if it has none, and its unit if that is known already. A column without a
            text is called ``(3)`` by its position; the second of the same text gets `` (2)``.
    """
    taken = {text for text, _ in texts}
    seen: set[str] = set()
    headers = []
    for position, (given, known) in enumerate(texts, start=1):
        text = given or f"({position})"
        name, unit = (_without(text, known), known) if known else split_unit(text) if given else (text, None)
        if text in seen or (not given and text in taken):
            number = next(n for n in range(2, len(texts) + 2) if f"{text} ({n})" not in taken | seen)
            text, name = f"{text} ({number})", f"{name} ({number})"
        seen.add(text)
        headers.append(Header(position, text, name, unit))
    return tuple(headers)


def split_unit(text: str) -> tuple[str, str | None]:
    """Take the unit off a header's text.

    What stands in brackets at the end stands where a unit does, and is returned as one whether or not we know it;
    elsewhere only what is surely a unit is: ``전압, V``, ``temp_degC``, but not ``temp_min``, which may be a minimum.
    """
    if len(text) > _LONGEST:
        return text, None
    for start, stop in reversed(_bracket_groups(text)):
        unit = _SAID.sub("", text[start + 1 : stop - 1]).strip()
        name = " ".join(f"{text[:start]} {text[stop:]}".split())
        if unit and name and (canonical_unit(unit) is not None or not text[stop:].strip()):
            return name, unit
    return _last_piece(text)


def _bracket_groups(text: str) -> list[tuple[int, int]]:
    """Return start and stop of each outermost pair of brackets."""
    groups: list[tuple[int, int]] = []
    depth = start = 0
    for at, sign in enumerate(text.translate(_BRACKETS)):
        if sign in _OPENING:
            start = at if depth == 0 else start
            depth += 1
        elif sign in _CLOSING and depth:
            depth -= 1
            groups += [(start, at + 1)] if depth == 0 else []
    return groups


def _last_piece(text: str) -> tuple[str, str | None]:
    name, comma, unit = (piece.strip() for piece in text.rpartition(","))
    if comma and name and canonical_unit(unit) is not None:  # Bath temp., deg C
        return name, unit
    over = _OVER.fullmatch(text)
    if over and _surely(over["top"], 1) and _surely(over["bottom"], 1):  # conc_g_L
        return over["name"], f"{over['top']}/{over['bottom']}"
    found = _LAST.fullmatch(text)
    if found and _surely(found["unit"], 1 if "," in found["between"] else 2):
        return found["name"], found["unit"]
    sign = _SIGN.fullmatch(text)
    return (sign["name"], sign["unit"]) if sign else (text, None)


def _surely(piece: str, least: int) -> bool:
    hangul = any("가" <= sign <= "힣" for sign in piece)
    sign = any(not character.isalnum() for character in piece) or piece in {"℃", "℉"}
    if canonical_unit(piece) is None or hangul or piece.casefold() in _UNSURE:
        return False
    return sign or len(piece) >= least


def _without(text: str, unit: str) -> str:
    """Return a text without the unit at its end, if it stands there."""
    return text[: text.rfind(unit)].rstrip(" ([（［") if unit in text else text  # noqa: RUF001


def _is_unit(text: str) -> bool:
    return bool(text) and canonical_unit(text) is not None


def _first_below(lines: Sequence[Sequence[str | None]], at: int) -> list[str | None]:
    below = lines[at + 1 :]
    return [next((line[column] for line in below if line[column]), None) for column in range(len(lines[at]))]


def _distinct(cells: Iterable[str | None]) -> list[str]:
    """Return the texts from top to bottom; a cell merged over several lines counts once."""
    parts: list[str] = []
    for text in map(_plain, cells):
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return parts


def _plain(cell: str | None) -> str:
    return _WHITE.sub(" ", cell or "").strip()
