"""Sentences with gaps, filled in both languages at once."""

from data_contracts.contract import Column, Label

__all__ = ["allowed_range", "join", "lines_text", "named", "number", "percent", "said"]

_SHOWN = 5


def said(template: Label, **gaps: Label | str | int) -> Label:
    """Fill the gaps of a sentence.

    Args:
        template: the sentence. A gap of a whole number may name what is counted, once and more than once:
            ``{rows:row is|rows are}`` becomes ``1 row is`` or ``1,200 rows are``.
        gaps: what to fill in; a Label fills each language with its own text.
    """
    return Label(
        template.ko.format(**{name: _in(value, "ko") for name, value in gaps.items()}),
        template.en.format(**{name: _in(value, "en") for name, value in gaps.items()}),
    )


def named(column: Column) -> Label:
    """Return a column's name for people, in quotation marks."""
    return Label(f"'{column.label.ko}'", f"'{column.label.en}'")


def join(labels: list[Label]) -> Label:
    """Join names by commas."""
    return Label(", ".join(label.ko for label in labels), ", ".join(label.en for label in labels))


def lines_text(lines: tuple[int, ...], rows: int) -> Label:
    """Return the first lines as text, such as ``줄 12, 15 외`` and ``lines 12, 15, …``; empty where none is known."""
    shown = ", ".join(str(line) for line in lines[:_SHOWN])
    if not shown:
        return Label("", "")
    more = rows > len(lines[:_SHOWN])
    plural = "lines" if len(lines) > 1 else "line"
    return Label(f"{shown}번째 줄{' 등' if more else ''}", f"{plural} {shown}{', …' if more else ''}")


def number(value: float, digits: int = 4) -> str:
    """Write a number with so many significant digits, all of those before the point, and separators: 12,345; 0.4567."""
    return f"{value:,.0f}" if abs(value) >= 10 ** (digits - 1) else f"{value:.{digits}g}"


def percent(share: float) -> str:
    """Write a share of 0 to 1: one decimal below 10 % and above 99 %; a bit is never shown as nothing, or as all."""
    if share and share < 0.001:  # noqa: PLR2004
        return "<0.1 %"
    if 0.999 < share < 1:  # noqa: PLR2004
        return ">99.9 %"
    digits = 1 if share < 0.1 or share > 0.99 else 0  # noqa: PLR2004
    return f"{100 * share:.{digits}f}".removesuffix(".0") + " %"


def allowed_range(column: Column) -> Label:
    """Say which numbers the contract allows, with the unit."""
    unit = f" {column.unit}" if column.unit else ""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return Label(f"{low:g} ~ {high:g}{unit}", f"{low:g} to {high:g}{unit}")
    if low is not None:
        return Label(f"{low:g}{unit} 이상", f"at least {low:g}{unit}")
    if high is not None:
        return Label(f"{high:g}{unit} 이하", f"at most {high:g}{unit}")
    return Label("제한 없음", "any")


def _in(value: Label | str | int, language: str) -> "str | _Count":
    if isinstance(value, Label):
        return value.text(language)
    return _Count(value) if isinstance(value, int) else value


class _Count(int):
    """A whole number that knows how to be counted with."""

    def __format__(self, words: str) -> str:
        shown = int.__format__(self, ",")
        one, _, more = words.partition("|")
        return f"{shown} {one if self == 1 else more}" if words else shown
