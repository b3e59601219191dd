"""A dataset version's rows, read when they are needed and kept open while there is room."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from data_contracts.contract import Contract
from data_contracts.enforce import enforce
from data_contracts.split import Split, split
from data_contracts.versions import DatasetVersion, read_version
from federated.in_memory import InMemory

MOST_OPEN = 64 * 2**20
"""Bytes of datasets that a process keeps open between two requests, of all members in it together."""


@dataclass(frozen=True)
class SavedRows:
    """The rows of a dataset version in their three parts, read when they are needed.

    What was read is kept in memory while there is room, for every member with the same bytes: they are the same as
    long as their digest is.

    Attributes:
        version: Which rows.
        contract: What they satisfy.
        run: The run that they are read for; what earlier runs read makes room.
    """

    version: DatasetVersion
    contract: Contract
    run: str

    @property
    def train(self) -> pd.DataFrame:
        """Rows that teach."""
        return self._parts.train

    @property
    def validation(self) -> pd.DataFrame:
        """Rows that choose between variants and fit the temperature."""
        return self._parts.validation

    @property
    def holdout(self) -> pd.DataFrame:
        """Rows used for nothing but the final comparison."""
        return self._parts.holdout

    @property
    def known(self) -> pd.DataFrame:
        """Training and validation rows together."""
        return self._parts.known

    def open(self, accepted: pd.DataFrame) -> None:
        """Keep rows that were read and accepted just now, so that the next question need not read them again."""
        _OPEN.put(self._key, split(accepted, self.contract), use=self.run)

    @cached_property  # a question about rows that do not fit reads them once, not once per part
    def _parts(self) -> Split:
        return _OPEN.get(self._key, self._read, use=self.run)

    def _read(self) -> Split:
        return split(enforce(read_version(self.version), self.contract).accepted, self.contract)

    @property
    def _key(self) -> tuple[str, str]:
        return self.version.sha256, self.contract.sha256


def _bytes(parts: Split) -> int:
    return sum(int(part.memory_usage(deep=True).sum()) for part in (parts.train, parts.validation, parts.holdout))


_OPEN: InMemory[Split] = InMemory(MOST_OPEN, _bytes)
