"""One federation of the benchmark: who has which rows, and which rows judge."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from data_contracts.split import Split


@dataclass(frozen=True)
class CaseName:
    """Which of the benchmark's federations.

    Attributes:
        task: ``print-defect`` or ``process-fault``; also the name of the contract and of the shipped plan.
        partition: How the rows are dealt to the members: ``press-speed``, ``overlap``, ``dirichlet-0.1`` or
            ``dirichlet-1.0``.
        seed: Of the deal and of the training.
        fold: Which fifth of the rows judges, 0 to 4; 0 where the publisher set the test rows apart.
    """

    task: str
    partition: str
    seed: int
    fold: int


@dataclass(frozen=True)
class Case:
    """The rows of one federation.

    Attributes:
        name: Which one.
        members: Member id -> its rows; what its models are judged on is its hold-out. Where several members are judged
            on the same published rows, each has those of the classes that it trains on.
        test: All rows that judge, each once.
    """

    name: CaseName
    members: Mapping[str, Split]
    test: pd.DataFrame
