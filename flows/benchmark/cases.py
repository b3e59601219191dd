"""The benchmark's federations, by task: where their rows come from and who has which.

Who deals rows to members can also pool them; that is why a pooled reference can be given here, and nowhere else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flows.benchmark import print_defect, process_fault
from flows.benchmark.case import Case


@dataclass(frozen=True)
class Task:
    """A task of the benchmark.

    Attributes:
        contract: What a row of it means.
        simulated: Whether its data come from a simulation.
        partitions: In how many ways, and by which names, its rows are dealt to members.
        prepare: Fetches the data into a folder.
        cases: Deals them, once per partition, seed and fold.
    """

    contract: str
    simulated: bool
    partitions: tuple[str, ...]
    prepare: Callable[[Path, Path], None]
    cases: Callable[[Path, Sequence[int]], Iterator[Case]]


TASKS: Mapping[str, Task] = {
    print_defect.TASK: Task(
        contract=print_defect.CONTRACT,
        simulated=False,
        partitions=(print_defect.PARTITION,),
        prepare=print_defect.prepare,
        cases=print_defect.cases,
    ),
    process_fault.TASK: Task(
        contract=process_fault.CONTRACT,
        simulated=True,
        partitions=tuple(process_fault.PARTITIONS),
        prepare=process_fault.prepare,
        cases=process_fault.cases,
    ),
}
"""The tasks by name."""


def prepare(task: str, downloads: Path, folder: Path) -> None:
    """Fetch a task's data, check them and keep them.

    Args:
        task: One of `TASKS`.
        downloads: Where fetched files are kept.
        folder: Where the rows go, as one Parquet file.

    Raises:
        KeyError: There is no such task.
        SourceUnavailable: A file could not be fetched, or is not what was recorded.
    """
    TASKS[task].prepare(downloads, folder)


def cases(task: str, folder: Path, seeds: Sequence[int]) -> Iterator[Case]:
    """Yield a task's cases, the same ones for the same seeds.

    Args:
        task: One of `TASKS`.
        folder: What `prepare` was given.
        seeds: They decide who gets which rows, and which rows judge.

    Raises:
        KeyError: There is no such task.
        RowsLeak: Rows that judge are among those that teach, or rows are at two places.
    """
    return TASKS[task].cases(folder, seeds)
