"""Figures over the seeds: means with intervals, the best local family, and who is better off together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from scipy.stats import t as student

from flows.benchmark.scores import ALL_F1, MEMBER_MEAN, OWN_F1, POOLED_ROC_AUC, ROC_AUC, Score

SYSTEMS = (
    "local-net",
    "local-forest",
    "local-boosting",
    "fedavg",
    "shared",
    "personalised",
    "boosted",
    "boosted-personalised",
    "pooled-net",
    "pooled-forest",
    "pooled-boosting",
)
"""In the order of tables; others come after them by name."""

LOCAL, POOLED = "local-", "pooled-"
TAKEN_HOME = "personalised"
"""The system that is held against the targets: what a member takes home. Settled before any test row was looked at."""

SHARED = "shared"
TREES_TAKEN_HOME, TREES = "boosted-personalised", "boosted"
"""The same of the other family, which entered when the network's figures on the rows that judge were known."""
LEVEL = 0.95
EQUAL = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A mean over seeds.

    Attributes:
        mean: The mean.
        half: Half the width of its interval, None with one seed.
        seeds: How many seeds.
    """

    mean: float
    half: float | None
    seeds: int


@dataclass(frozen=True)
class Deal:
    """All figures of one partition of one task.

    Attributes:
        task: The task.
        partition: How its rows were dealt.
        scores: The figures.
    """

    task: str
    partition: str
    scores: tuple[Score, ...]

    @property
    def metric(self) -> str:
        """The figure that members are compared by."""
        return OWN_F1 if any(one.metric == OWN_F1 for one in self.scores) else ROC_AUC

    @property
    def metrics(self) -> tuple[str, str]:
        """That figure, and the one about everybody's rows."""
        return (OWN_F1, ALL_F1) if self.metric == OWN_F1 else (ROC_AUC, POOLED_ROC_AUC)

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems, in the order of tables."""
        found = {one.system for one in self.scores}
        return (*(name for name in SYSTEMS if name in found), *sorted(found - set(SYSTEMS)))

    @property
    def members(self) -> tuple[str, ...]:
        """The members, sorted."""
        return tuple(sorted({one.member for one in self.scores} - {MEMBER_MEAN}))

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds, sorted."""
        return tuple(sorted({one.seed for one in self.scores}))

    def values(self, system: str, metric: str, member: str = MEMBER_MEAN) -> tuple[float, ...]:
        """Return a figure's values in the order of the seeds; none if the system has no such figure."""
        wanted = (system, metric, member)
        found = {one.seed: one.value for one in self.scores if (one.system, one.metric, one.member) == wanted}
        return tuple(found[seed] for seed in sorted(found))

    def figures(self, system: str) -> tuple[str, ...]:
        """Return which of the two metrics a system has: models of single members know nothing of everybody's rows."""
        return tuple(metric for metric in self.metrics if self.values(system, metric))

    def estimate(self, system: str, metric: str, member: str = MEMBER_MEAN) -> Estimate:
        """Return the mean over the seeds of a figure that the system has."""
        return estimate(self.values(system, metric, member))

    def best(self, prefix: str) -> str:
        """Return the family with the best mean on the rows that judge: a choice that favours it."""
        families = [name for name in self.systems if name.startswith(prefix)]
        return max(families, key=lambda name: fmean(self.values(name, self.metric)))

    def members_not_below(self, system: str, other: str) -> int:
        """Count the members whose mean over the seeds is not below another system's."""
        pairs = [
            (fmean(self.values(system, self.metric, member)), fmean(self.values(other, self.metric, member)))
            for member in self.members
        ]
        return sum(own >= theirs - EQUAL for own, theirs in pairs)

    def member_seeds_above(self, system: str, other: str) -> int:
        """Count the members and seeds, taken singly, in which a system is above another."""
        return sum(
            own > theirs + EQUAL
            for member in self.members
            for own, theirs in zip(
                self.values(system, self.metric, member), self.values(other, self.metric, member), strict=True
            )
        )


def deals(scores: Iterable[Score]) -> tuple[Deal, ...]:
    """Group figures by task and partition, in the order in which they come."""
    grouped: dict[tuple[str, str], list[Score]] = {}
    for one in scores:
        grouped.setdefault((one.task, one.partition), []).append(one)
    return tuple(Deal(task, partition, tuple(found)) for (task, partition), found in grouped.items())


def estimate(values: Sequence[float]) -> Estimate:
    """Return the mean with Student's t interval at 95 %: ``mean ± t(0.975, n - 1) s / sqrt(n)``.

    Example: 0.1, 0.2 and 0.3 have the mean 0.2, s = 0.1 and t = 4.303: 0.2 ± 0.248.
    """
    count = len(values)
    if count == 1:
        return Estimate(values[0], None, 1)
    quantile = float(student.ppf((1 + LEVEL) / 2, count - 1))
    return Estimate(fmean(values), quantile * stdev(values) / count**0.5, count)
