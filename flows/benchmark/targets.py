"""What was asked of the shared model, and whether it was reached: computed, never typed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean

from flows.benchmark.scores import ALL_F1, OWN_F1, ROC_AUC
from flows.benchmark.summary import EQUAL, LOCAL, POOLED, SHARED, TAKEN_HOME, Deal

FOREST, LOCAL_NET, POOLED_NET = "local-forest", "local-net", "pooled-net"
OF_POOLED = 0.95
ALONE_BEATEN = Fraction(17, 18)
ALL_CLASSES = {"overlap": 0.75, "dirichlet-0.1": 0.70}
LEAST_ROC_AUC, STRETCH_ROC_AUC = 0.70, 0.72
MEMBERS_SERVED = Fraction(4, 5)


@dataclass(frozen=True)
class Target:
    """One target of one partition.

    Attributes:
        task: The task.
        partition: How its rows were dealt.
        asked: What was asked, a sentence without its number.
        reached: The figure.
        wanted: The least figure that meets it.
        stretch: The figure hoped for, None if there is none.
        count: Of how many, where the figure is a count.
    """

    task: str
    partition: str
    asked: str
    reached: float
    wanted: float
    stretch: float | None = None
    count: int | None = None

    @property
    def met(self) -> bool:
        """Whether the target was met."""
        return self.reached >= self.wanted - EQUAL

    @property
    def stretched(self) -> bool:
        """Whether what was hoped for was reached as well."""
        return self.stretch is not None and self.reached >= self.stretch - EQUAL


def targets(deals: Iterable[Deal], taken_home: str = TAKEN_HOME, shared: str = SHARED) -> tuple[Target, ...]:
    """Hold every partition's figures against its targets.

    Args:
        deals: The partitions.
        taken_home: The system of what members take home.
        shared: The system of the shared model it was made from.
    """
    return tuple(target for deal in deals for target in _of_one(deal, taken_home, shared))


def _of_one(deal: Deal, taken_home: str, shared: str) -> Iterator[Target]:
    return _faults(deal, taken_home, shared) if deal.metric == OWN_F1 else _defects(deal, taken_home)


def _faults(deal: Deal, taken_home: str, shared: str) -> Iterator[Target]:
    """Hold a deal against the same network pooled and alone, and against the best families, which is harder."""
    for pooled in dict.fromkeys((POOLED_NET, deal.best(POOLED))):
        share = fmean(deal.values(taken_home, OWN_F1)) / fmean(deal.values(pooled, OWN_F1))
        yield Target(deal.task, deal.partition, f"own-class F1 as a share of that of {pooled}", share, OF_POOLED, 1.0)
    pairs = len(deal.members) * len(deal.seeds)
    wanted = float(_up(ALONE_BEATEN * pairs))
    for local in dict.fromkeys((LOCAL_NET, deal.best(LOCAL))):
        above, asked = deal.member_seeds_above(taken_home, local), f"member-seeds above {local}"
        yield Target(deal.task, deal.partition, asked, above, wanted, float(pairs), pairs)
    if deal.partition in ALL_CLASSES:
        reached, wanted = fmean(deal.values(shared, ALL_F1)), ALL_CLASSES[deal.partition]
        yield Target(deal.task, deal.partition, "all-class F1 of the shared model", reached, wanted)


def _defects(deal: Deal, taken_home: str) -> Iterator[Target]:
    mean, count = fmean(deal.values(taken_home, ROC_AUC)), len(deal.members)
    yield Target(deal.task, deal.partition, "member-mean ROC-AUC", mean, LEAST_ROC_AUC, STRETCH_ROC_AUC)
    served = deal.members_not_below(taken_home, FOREST)
    asked = f"members not worse than {FOREST}"
    yield Target(deal.task, deal.partition, asked, served, float(_up(MEMBERS_SERVED * count)), float(count), count)


def _up(number: Fraction) -> int:
    return -(-number.numerator // number.denominator)
