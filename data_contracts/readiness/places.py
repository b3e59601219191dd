"""How many rows something concerns, and where they are."""

from dataclasses import dataclass

__all__ = ["NOWHERE", "Where"]


@dataclass(frozen=True, slots=True)
class Where:
    """How many rows something concerns, and the first of their lines in the file."""

    rows: int
    lines: tuple[int, ...] = ()


NOWHERE = Where(0)
