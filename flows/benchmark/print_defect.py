"""Print-defect: five-fold cross-validation of the demo's five members."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract, load_contract
from data_contracts.split import Split
from flows.benchmark.case import Case, CaseName
from flows.benchmark.enforced import enforced
from flows.sources import PRINT_DEFECT, fetch

TASK = "print-defect"
CONTRACT = "print-defect@1.0.0"
PARTITION = "press-speed"
FOLDS = 5
VALIDATES = 5
"""One in so many of the rows that do not judge chooses between models."""

MEMBER = "member"
"""Column that says whose a row is."""

_ROWS = "runs.parquet"


def prepare(downloads: Path, folder: Path) -> None:
    """Fetch the published file, deal it as the demo does, check it against the contract and keep it.

    Args:
        downloads: Where fetched files are kept.
        folder: Where ``runs.parquet`` goes: the contract's columns, and whose each row is.

    Raises:
        SourceUnavailable: The file could not be fetched, or is not what was recorded.
    """
    from flows.demo import deal  # noqa: PLC0415  (a second's imports that dealing windows and folds can do without)

    contract = load_contract(CONTRACT)
    source = fetch(PRINT_DEFECT, downloads)
    with tempfile.TemporaryDirectory() as members:
        files = deal(source, contract, Path(members))
        rows = pd.concat(
            [pd.read_csv(file).assign(**{MEMBER: file.parents[1].name}) for file in files], ignore_index=True
        )
    folder.mkdir(parents=True, exist_ok=True)
    enforced(rows, contract).join(rows[MEMBER]).to_parquet(folder / _ROWS, index=False)


def cases(folder: Path, seeds: Sequence[int]) -> Iterator[Case]:
    """Yield one case per seed and fold; over a seed's folds, every row judges once.

    Args:
        folder: What `prepare` was given.
        seeds: They decide which rows judge together, and which choose.
    """
    rows = pd.read_parquet(folder / _ROWS)
    for seed in seeds:
        for fold in range(FOLDS):
            yield case(rows, seed, fold)


def case(rows: pd.DataFrame, seed: int, fold: int) -> Case:
    """Divide each member's rows.

    Args:
        rows: The contract's columns and `MEMBER`.
        seed: Decides the folds and the validation rows.
        fold: Which fold judges, from 0 to `FOLDS` - 1.
    """
    contract = load_contract(CONTRACT)
    columns = [column.name for column in contract.columns]
    members = {
        str(member): _divide(own[columns], contract, np.random.default_rng([seed, position]), fold)
        for position, (member, own) in enumerate(rows.groupby(MEMBER, sort=True))
    }
    test = pd.concat([parts.holdout for parts in members.values()])
    return Case(CaseName(TASK, PARTITION, seed, fold), members, test)


def _divide(own: pd.DataFrame, contract: Contract, generator: np.random.Generator, fold: int) -> Split:
    labels = own[contract.target.name]
    judges = stratified(labels, FOLDS, generator) == fold
    # One stream per fold: validation rows must not depend on how many folds came before.
    chooses = stratified(labels[~judges], VALIDATES, np.random.default_rng(generator.integers(2**63, size=FOLDS)[fold]))
    known = own[~judges]
    return Split(known[chooses != 0], known[chooses == 0], own[judges])


def stratified(labels: "pd.Series[str]", parts: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Divide rows into parts of equal size, of which each has the same share of every class, as far as it goes.

    The rows are put in order by class, at random within, and dealt in turn like cards.

    Args:
        labels: Class of each row `(rows,)`.
        parts: How many parts.
        generator: Decides the order.

    Returns:
        The part of each row `(rows,)`, from 0.
    """
    order = generator.permutation(len(labels))
    order = order[np.argsort(labels.to_numpy(dtype=str)[order], kind="stable")]
    part = np.empty(len(labels), dtype=np.int64)
    part[order] = (np.arange(len(labels)) + generator.integers(parts)) % parts
    return part
