"""Cases worked through by several processes, their results in the cases' order whoever is done first."""

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from rich.console import Console
from rich.progress import track

from flows.benchmark.case import Case
from flows.progress import tell

T = TypeVar("T")


def work_through(cases: Iterable[Case], work: Callable[[Case], T], *, total: int, jobs: int, label: str) -> Iterator[T]:
    """Yield the results of the cases in their order, and show how far the work is.

    Args:
        cases: The cases; no more of them are opened than processes have need of.
        work: What is to be done with each; with more than one process, a function of a module with its arguments.
        total: How many cases there are.
        jobs: How many processes; with 1 everything happens in this one.
        label: What a person reads beside the bar.
    """
    results = map(work, cases) if jobs == 1 else _in_processes(cases, work, jobs)
    if sys.stderr.isatty():
        yield from track(results, label, total=total, console=Console(stderr=True))
        return
    for number, result in enumerate(results, start=1):
        tell(f"{label}: {number} of {total} cases")
        yield result


def _in_processes(cases: Iterable[Case], work: Callable[[Case], T], jobs: int) -> Iterator[T]:
    """Keep two cases per process under way; a fresh process each time would load torch again."""
    waiting: deque[Future[T]] = deque()
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:  # torch does not survive a fork
        for case in cases:
            waiting.append(pool.submit(work, case))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
