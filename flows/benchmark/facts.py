"""What stands behind the figures besides themselves: versions, seeds, how many rows."""

from dataclasses import dataclass

METRICS, SCORES, FACTS, PLOTS = "metrics.json", "scores.csv", "facts.json", "plots"
"""What `flows.benchmark.compare` leaves behind: three files and a folder."""


@dataclass(frozen=True)
class Span:
    """The least and the most of something."""

    low: int
    high: int


@dataclass(frozen=True)
class Rows:
    """The rows of one partition, over all seeds and folds.

    Attributes:
        task: The task.
        partition: How its rows were dealt.
        members: How many members.
        train: Rows that teach, per member.
        validation: Rows that choose, per member.
        classes: Classes that a member trains on.
        judges: Rows that judge, over all folds of a seed.
    """

    task: str
    partition: str
    members: int
    train: Span
    validation: Span
    classes: Span
    judges: int


@dataclass(frozen=True)
class TaskFacts:
    """One task.

    Attributes:
        task: Its name.
        contract: Reference of its contract.
        simulated: Whether its data come from a simulation.
        plan_sha256: Digest of its plan.
        rounds: Rounds of the plan.
        strategy: How the plan merges.
        average_last: Over how many of the last rounds the weights are averaged.
    """

    task: str
    contract: str
    simulated: bool
    plan_sha256: str
    rounds: int
    strategy: str
    average_last: int


@dataclass(frozen=True)
class Facts:
    """All of it.

    Attributes:
        python: Its version.
        versions: Package -> version.
        seeds: The seeds.
        tasks: The tasks.
        rows: The partitions.
    """

    python: str
    versions: dict[str, str]
    seeds: tuple[int, ...]
    tasks: tuple[TaskFacts, ...]
    rows: tuple[Rows, ...]
