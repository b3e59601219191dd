"""A header considered as a column, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from data_contracts.cells.texts import folded
from data_contracts.contract import Column, Contract, Kind
from data_contracts.mapping.evidence import ENOUGH, Evidence, Verdict, evidence
from data_contracts.mapping.factory_words import known_words
from data_contracts.mapping.headings import Heading, best_match
from data_contracts.mapping.lexicon import MEASURED, SET
from data_contracts.mapping.matching import Level, Match, closeness
from data_contracts.mapping.names import ColumnNames, Names
from data_contracts.mapping.profile import TableProfile

__all__ = ["WORTH_FIRST", "Claim", "Comparison", "Decision", "Doubt"]

WORTH_FIRST = 0.5
"""Strength from which a doubtful claim is offered before "the file does not have it"."""


@dataclass(frozen=True)
class Claim:
    """One header, considered as one column.

    Attributes:
        column: the column.
        heading: the header.
        match: what its words say.
        unit: the unit it then has.
        evidence: what its cells say.
        strength: 0 to 1, to put doubtful claims into an order.
        told: words of its cells, and the contract's word for each, that the header or another column tells.
    """

    column: Column
    heading: Heading
    match: Match
    unit: str | None
    evidence: Evidence
    strength: float = 1.0
    told: tuple[tuple[str, str], ...] = ()

    @property
    def explained(self) -> bool:
        """Whether every word of the header is explained."""
        return self.match.level >= Level.COVERED

    @property
    def refuted(self) -> bool:
        """Whether the cells speak against it."""
        return self.evidence.verdict is Verdict.AGAINST

    @property
    def likely(self) -> bool:
        """Whether it is to be offered before "the file does not have it"."""
        if self.explained and self.refuted:
            return self.column.kind in {Kind.CATEGORY, Kind.TEXT} or self.evidence.share >= ENOUGH
        return self.explained or self.strength >= WORTH_FIRST


class Doubt(StrEnum):
    """Why a column is asked about."""

    NONE = ""
    RIVALS = "rivals"
    """Several headers are explained equally well."""
    SHARED = "shared"
    """The header is explained by another column as well."""
    REFUTED = "refuted"
    """The name fits, the cells do not."""
    UNEXPLAINED = "unexplained"
    """The name fits in part only, or the cells alone point to it."""


@dataclass(frozen=True)
class Decision:
    """What was found out about one column.

    Attributes:
        column: the column.
        certain: the claim that is beyond doubt, or None.
        doubt: why it is asked about; `Doubt.NONE` where it is certain or nothing was found.
        claims: what could be the column, the likeliest first.
    """

    column: Column
    certain: Claim | None = None
    doubt: Doubt = Doubt.NONE
    claims: tuple[Claim, ...] = field(default=())


class Comparison:
    """A file's headers and a contract's columns, compared pair by pair when it is asked for.

    Args:
        contract: the contract.
        names: the names of its columns.
        headings: the headers of the file.
        profile: its cells.
    """

    def __init__(self, contract: Contract, names: Names, headings: Sequence[Heading], profile: TableProfile) -> None:
        self.contract, self.names, self.headings, self.profile = contract, names, headings, profile
        self._matches: dict[tuple[str, int], tuple[Match, str | None]] = {}
        self._claims: dict[tuple[str, int], Claim] = {}
        self._closeness: dict[tuple[str, int], float] = {}

    def match(self, column: Column, heading: Heading) -> Match:
        """Say what the words of a header say about a column."""
        return self._matched(column, heading)[0]

    def claim(self, column: Column, heading: Heading) -> Claim:
        """Consider a header as a column: its words and its cells."""
        pair = (column.name, heading.header.position)
        if pair not in self._claims:
            found, unit = self._matched(column, heading)
            cells = self.profile.column(heading.header)
            said = evidence(column, cells, self.contract, unit=unit, strange=heading.strange)
            self._claims[pair] = Claim(column, heading, found, unit, said, told=self.legend(column, heading))
        return self._claims[pair]

    def legend(self, column: Column, heading: Heading) -> tuple[tuple[str, str], ...]:
        """Return the words below a header that it explains itself, and the contract's word for each.

        Where the meaning of one of them is not known, none is taken.
        """
        if column.kind is not Kind.CATEGORY or not heading.legend:
            return ()
        known = known_words(column, self.contract)
        meant = {folded(code): known.get(folded(word)) for code, word in heading.legend}
        words = (word for word, _ in self.profile.column(heading.header).words)
        told = tuple((word, value) for word in words if (value := meant.get(folded(word))) is not None)
        return told if None not in meant.values() else ()

    def closeness(self, column: Column, heading: Heading) -> float:
        """Say how close a header comes to a name of a column, 0 to 1."""
        pair = (column.name, heading.header.position)
        if pair not in self._closeness:
            self._closeness[pair] = closeness(heading.reading, self.names_of(column), self.names)
        return self._closeness[pair]

    def siblings(self, heading: Heading) -> tuple[Heading, ...]:
        """Return the headers that name the same quantity, set or measured, the header itself among them."""
        return self._families[_quantity(heading)]

    @cached_property
    def _families(self) -> dict[frozenset[str], tuple[Heading, ...]]:
        found: dict[frozenset[str], tuple[Heading, ...]] = {}
        for heading in self.headings:
            found[_quantity(heading)] = (*found.get(_quantity(heading), ()), heading)
        return found

    def same_cells(self, one: Heading, other: Heading) -> bool:
        """Tell whether below two headers stands the very same."""
        return self.profile.same(one.header, other.header)

    def _matched(self, column: Column, heading: Heading) -> tuple[Match, str | None]:
        pair = (column.name, heading.header.position)
        if pair not in self._matches:
            cells = self.profile.column(heading.header)
            self._matches[pair] = best_match(heading, self.names_of(column), self.names, lambda: cells.written_unit)
        return self._matches[pair]

    def names_of(self, column: Column) -> ColumnNames:
        """Return the names of a column."""
        return next(names for names in self.names.columns if names.column.name == column.name)


def _quantity(heading: Heading) -> frozenset[str]:
    return frozenset(heading.reading.words) - SET - MEASURED
