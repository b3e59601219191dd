"""Process-fault: windows of the simulated Tennessee Eastman process, dealt to six members in three ways.

The publisher's training files are cut into blocks of 40 rows, a block into windows of 20. Blocks are dealt, so no two
members have a row in common, nor have training and validation. The publisher's test files judge, from the row on at
which the fault begins; that of normal operation from the same row, so that every class has as many test windows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.contract import Contract, load_contract
from data_contracts.split import Split
from flows.benchmark.case import Case, CaseName
from flows.benchmark.deals import MEMBERS, Numbers, chosen_to_validate, dirichlet, overlap
from flows.benchmark.enforced import enforced
from flows.benchmark.leakage import BLOCK_ROWS, FILE, FIRST_ROW, TEST_FROM, WINDOW_ROWS, Sides, is_test, refuse_leaks
from flows.benchmark.process_fault_contract import KEY, TARGET, fault_class
from flows.benchmark.process_fault_variables import USUAL, VARIABLES
from flows.errors import SourceUnavailable
from flows.sources import PROCESS_FAULT, fetch_all

TASK = "process-fault"
CONTRACT = "process-fault@1.0.0"
SAMPLES_PER_HOUR = 20
STEP = 5
"""Training windows begin so many rows apart within a block, so they overlap; no window crosses blocks."""

Deal = Callable[[Numbers, np.random.Generator], Numbers]

PARTITIONS: Mapping[str, Deal] = {
    "overlap": overlap,
    "dirichlet-0.1": partial(dirichlet, concentration=0.1),
    "dirichlet-1.0": partial(dirichlet, concentration=1.0),
}
"""How the blocks are dealt, by name."""

_ROWS = "windows.parquet"


def prepare(downloads: Path, folder: Path) -> None:
    """Fetch the published files, cut them into windows, check these against the contract and keep them.

    Args:
        downloads: Where fetched files are kept.
        folder: Where ``windows.parquet`` goes: the contract's columns, and where each window lies.

    Raises:
        SourceUnavailable: A file could not be fetched, or is not what was recorded.
    """
    contract = load_contract(CONTRACT)
    files = fetch_all(PROCESS_FAULT, downloads)
    check_usual(read_samples(files[0]))
    windows = pd.concat([windows_of(path, contract) for path in files], ignore_index=True)
    folder.mkdir(parents=True, exist_ok=True)
    kept = enforced(windows, contract)
    kept.join(windows[[FILE, FIRST_ROW]]).to_parquet(folder / _ROWS, index=False)


def cases(folder: Path, seeds: Sequence[int]) -> Iterator[Case]:
    """Yield one case per partition and seed.

    Args:
        folder: What `prepare` was given.
        seeds: They decide who gets which blocks.
    """
    windows = pd.read_parquet(folder / _ROWS)
    for partition in PARTITIONS:
        for seed in seeds:
            yield case(windows, partition, seed)


def case(windows: pd.DataFrame, partition: str, seed: int) -> Case:
    """Deal the windows.

    Args:
        windows: The contract's columns, `FILE` and `FIRST_ROW`.
        partition: One of `PARTITIONS`.
        seed: Decides the deal.

    Raises:
        RowsLeak: The deal is unsound.
    """
    contract = load_contract(CONTRACT)
    judges = is_test(windows[FILE])
    sides = _deal(windows[~judges], contract, partition, seed)
    test = windows[judges]
    refuse_leaks(sides, test)
    columns = [column.name for column in contract.columns]
    members = {
        member: Split(
            side.train[columns],
            side.validation[columns],
            test.loc[test[TARGET].isin(side.train[TARGET]), columns],
        )
        for member, side in sides.items()
    }
    return Case(CaseName(TASK, partition, seed, 0), members, test[columns])


def windows_of(path: Path, contract: Contract) -> pd.DataFrame:
    """Cut one published file into windows.

    Args:
        path: Such as ``d01.dat`` or ``d01_te.dat``: a line per sample, a column per variable; or the other way round.
        contract: The contract `process-fault`.

    Returns:
        One row per window: the contract's columns, `FILE` and `FIRST_ROW`.

    Raises:
        SourceUnavailable: The file does not have 52 columns.
    """
    samples = read_samples(path)
    starts = _starts(len(samples), judges=path.stem.endswith("_te"))
    values = np.stack([features(samples[start : start + WINDOW_ROWS]) for start in starts])  # (windows, 208)
    limits = np.array([column.bounds for column in contract.numbers])  # (208, 2)
    table = pd.DataFrame(np.clip(values, limits[:, 0], limits[:, 1]), columns=[c.name for c in contract.numbers])
    keys = [f"{path.stem}-{start:04d}" for start in starts]
    told = {KEY: keys, TARGET: fault_class(int(path.stem[1:3])), FILE: path.name, FIRST_ROW: starts}
    return pd.concat([pd.DataFrame(told), table], axis=1)


def _starts(rows: int, *, judges: bool) -> Numbers:
    """Return the first rows of a file's windows: apart in a test file, overlapping within blocks in a training file."""
    if judges:
        return np.arange(TEST_FROM, rows - WINDOW_ROWS + 1, WINDOW_ROWS)
    starts = np.arange(0, rows - WINDOW_ROWS + 1, STEP)
    inside: Numbers = starts[starts // BLOCK_ROWS == (starts + WINDOW_ROWS - 1) // BLOCK_ROWS]
    return inside


def read_samples(path: Path) -> NDArray[np.float64]:
    """Read a published file as samples `(rows, 52)`; one of them, ``d00.dat``, lies on its side.

    Raises:
        SourceUnavailable: It has another number of variables.
    """
    samples = np.loadtxt(path, dtype=np.float64, ndmin=2)
    if samples.shape[1] != len(VARIABLES):
        samples = samples.T
    if samples.shape[1] != len(VARIABLES):
        raise SourceUnavailable(f"{path.name} does not have the {len(VARIABLES)} variables that were recorded")
    return samples


def check_usual(samples: NDArray[np.float64]) -> None:
    """Check that the contract's limits follow from these samples of normal operation `(rows, 52)`.

    Raises:
        SourceUnavailable: They move otherwise than `USUAL` says.
    """
    found = samples.mean(axis=0), samples.std(axis=0), np.abs(np.diff(samples, axis=0)).mean(axis=0)
    recorded = np.array([USUAL[variable.name] for variable in VARIABLES])  # (52, 3)
    if not np.allclose(np.stack(found, axis=1), recorded, rtol=1e-3):
        raise SourceUnavailable(f"normal operation is not the one that the limits of {CONTRACT} were taken from")


def features(window: NDArray[np.float64]) -> NDArray[np.float64]:
    """Describe one window `(20, 52)` by 208 numbers in the contract's order: four per variable, statistic by statistic.

    Mean; log of the standard deviation; log of the mean absolute difference of neighbouring samples; slope of the
    least-squares line per hour. A variable that does not move has logarithms of minus infinity.
    """
    hours = np.arange(len(window)) / SAMPLES_PER_HOUR
    hours -= hours.mean()
    with np.errstate(divide="ignore"):
        moves = np.log(window.std(axis=0)), np.log(np.abs(np.diff(window, axis=0)).mean(axis=0))
    return np.concatenate([window.mean(axis=0), *moves, hours @ (window - window.mean(axis=0)) / (hours @ hours)])


def _deal(windows: pd.DataFrame, contract: Contract, partition: str, seed: int) -> dict[str, Sides]:
    generator = np.random.default_rng([seed, list(PARTITIONS).index(partition)])
    block = (windows[FILE] + (windows[FIRST_ROW] // BLOCK_ROWS).astype(str).str.zfill(3)).to_numpy()
    blocks, first, of = np.unique(block.astype(str), return_index=True, return_inverse=True)
    classes = pd.Index(contract.classes).get_indexer(pd.Index(windows[TARGET].iloc[first])).astype(np.int64)
    owner = PARTITIONS[partition](classes, generator)
    validates = np.zeros(len(blocks), dtype=np.bool_)
    for member in range(MEMBERS):
        own = np.flatnonzero(owner == member)
        validates[own] = chosen_to_validate(classes[own], generator)
    return {
        f"factory-{member + 1}": Sides(
            windows[(owner[of] == member) & ~validates[of]], windows[(owner[of] == member) & validates[of]]
        )
        for member in range(MEMBERS)
    }
