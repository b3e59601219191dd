"""A file laid beside a contract: everything that proposing and answering both look things up in."""

from dataclasses import dataclass, field

from data_contracts.contract import Column, Contract, Label, Role
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.claims import Claim, Comparison
from data_contracts.mapping.evidence import Evidence, Verdict
from data_contracts.mapping.headings import Heading, read_headings
from data_contracts.mapping.matching import Level, Match
from data_contracts.mapping.names import names_of
from data_contracts.mapping.profile import TableProfile

__all__ = ["Study"]

_KIND_AS_TARGET = Label(
    "불량 종류가 적힌 열: 빈칸이면 양품", "it holds the kind of defect: where it is blank there is none"
)


@dataclass(frozen=True)
class Study:
    """A file and a contract.

    Attributes:
        table: the file.
        contract: the contract.
        headings: its headers, read.
        profile: its cells, looked at when needed.
        comparison: the one laid beside the other.
    """

    table: SourceTable = field(repr=False)
    contract: Contract
    headings: tuple[Heading, ...] = field(repr=False)
    profile: TableProfile = field(repr=False)
    comparison: Comparison = field(repr=False)

    @classmethod
    def of(cls, table: SourceTable, contract: Contract) -> "Study":
        """Lay a file beside a contract."""
        names = names_of(contract)
        headings = read_headings(table.headers, names)
        profile = TableProfile(table)
        return cls(table, contract, headings, profile, Comparison(contract, names, headings, profile))

    def heading(self, text: str) -> Heading | None:
        """Return the header with exactly that text, or None."""
        return next((heading for heading in self.headings if heading.header.text == text), None)

    def kind_as_target(self, heading: Heading) -> Claim:
        """Consider the header of an outcome as the target."""
        said = Evidence(Verdict.FITS, _KIND_AS_TARGET)
        return Claim(self.contract.target, heading, Match(Level.PARTIAL), None, said)

    def can_share(self, column: Column, other: Column) -> bool:
        """Tell whether two columns may be read from one header: the target and an outcome, and no others."""
        return {column.role, other.role} == {Role.TARGET, Role.OUTCOME}
