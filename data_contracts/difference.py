"""One change between two versions of a contract, and how much it weighs."""

from dataclasses import dataclass
from enum import IntEnum

from data_contracts.contract import Label

__all__ = ["Difference", "Weight", "breaking", "compatible", "shown", "text_only"]


class Weight(IntEnum):
    """How much a change weighs, the heaviest first."""

    BREAKING = 0
    """A file that kept the old contract may break the new one, or mean something else."""
    COMPATIBLE = 1
    """It may not."""
    TEXT = 2
    """Only people will notice."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One change.

    Attributes:
        column: the column it concerns, None for the contract as a whole.
        weight: how much it weighs.
        what: what changed.
        why: why it weighs that much.
    """

    column: str | None
    weight: Weight
    what: Label
    why: Label

    def sentence(self, language: str) -> str:
        """Say where, what and why in one line."""
        where = f"{self.column}: " if self.column else ""
        return f"{where}{self.what.text(language)} ({self.why.text(language)})"

    def to_plain(self) -> dict[str, object]:
        """Return the change for programs, ready for JSON."""
        return {
            "column": self.column,
            "weight": self.weight.name.lower(),
            "what": {"ko": self.what.ko, "en": self.what.en},
            "why": {"ko": self.why.ko, "en": self.why.en},
        }


def breaking(column: str | None, what: Label, why: Label) -> Difference:
    """Make a breaking change."""
    return Difference(column, Weight.BREAKING, what, why)


def compatible(column: str | None, what: Label, why: Label) -> Difference:
    """Make a compatible change."""
    return Difference(column, Weight.COMPATIBLE, what, why)


def text_only(column: str | None, parts: str) -> Difference:
    """Make a change that only people will notice."""
    return Difference(
        column,
        Weight.TEXT,
        Label(f"설명 글이 바뀜: {parts}", f"texts changed: {parts}"),
        Label("사람만 읽는 글입니다", "only people read them"),
    )


def shown(number: float | None) -> str:
    """Write a limit as it stands in a contract, ``-`` where there is none."""
    return "-" if number is None else f"{number:.10g}"
