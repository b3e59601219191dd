"""From a factory's file to judged records in one call: read, understand, convert, enforce."""

from dataclasses import dataclass, field

from data_contracts.contract import Contract
from data_contracts.enforce import Enforcement
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.types import Mapped, Proposal

__all__ = ["Prepared"]


@dataclass(frozen=True)
class Prepared:
    """Everything that was found out about a file on its way to the contract.

    Attributes:
        contract: the contract.
        table: the file as read.
        proposal: how its columns were understood, and what is still to be asked.
        mapped: the records in the contract's columns, as far as they are understood.
        checked: what the contract says about them.
    """

    contract: Contract
    table: SourceTable = field(repr=False)
    proposal: Proposal
    mapped: Mapped = field(repr=False)
    checked: Enforcement
