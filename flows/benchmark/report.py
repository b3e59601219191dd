"""The section `accuracy` of RESULTS.md, from what `compare` left behind; no number in it is typed by hand."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from federated.job import load
from flows.benchmark.facts import FACTS, PLOTS, SCORES, Facts, Rows, Span, TaskFacts
from flows.benchmark.figures import WORDS
from flows.benchmark.scores import load_scores
from flows.benchmark.sections import put_section
from flows.benchmark.summary import LOCAL, POOLED, TAKEN_HOME, TREES, TREES_TAKEN_HOME, Deal, Estimate, deals
from flows.benchmark.targets import Target, targets

SECTION = "accuracy"
INTRODUCTION = """\
How good the shared model is, beside each member alone and beside everybody's rows in one place. `make
benchmark-accuracy` (`dvc repro`) makes every number here: metrics in `accuracy/metrics.json`, each figure by seed and
member in `accuracy/scores.csv`. Python {python}, {versions}. Seeds {seeds}: a seed decides who gets which rows, the
start of every network and all other chance."""
SYSTEMS = """\
- **shared**: the model of all members, through Flower's messages, screening, rounds and calibration in one process.
- **personalised**: what a member takes home: it fine-tunes the shared model and keeps of shared, mean of both and tuned
  the least changed one that its validation rows do not clearly call worse. This one is held against the targets.
- **fedavg**: the same rounds with plain federated averaging, the last round's weights.
- **boosted**: federated boosted trees, the other family that a plan can name: one tree per member and round on the
  agreed bins, each leaf a mean over at least the plan's minimum of rows; validation rows say when to stop, and they
  choose what a member keeps (**boosted-personalised**). By the plans `print-defect-trees` and `process-fault-trees`.
- **local-...**: every member alone. The network has the plan's budget and averaging, and its preprocessing is made of
  the member's own rows with nothing withheld; the trees choose their size out of bag or on validation rows, then learn
  from these too. *Best local family*: the one with the best mean **on the rows that judge**, which favours it.
- **pooled-...**: the same on all members' rows, which no association has.

± is half a 95 % interval by Student's t over the seeds. It tells what another deal and another start would change. It
does not tell what other rows would: all seeds are judged on the same rows, so it is too narrow for that."""
THE_SAME_OF_TREES = "### The same, asked of the trees"
LATER = """\
The trees entered when the network's figures on these rows were known, and a trial of theirs had been judged on them. So
this table is no choice between the two: another plant tries both and chooses by its own validation rows."""
REAL = """\
**Real rows, made-up members**: one printing plant's rows, dealt to members by press speed. Five-fold cross-validation:
each row is judged by the model that has not seen it, and ROC-AUC is taken over the five folds together."""
SIMULATED = """\
**Simulated**: the Tennessee Eastman process is a simulation, and so are its faults; faults 3, 9 and 15, which hardly
show, are left out. A row is one hour. Members get blocks of the publisher's training files; its test files judge. Own
classes: a member is judged on the test rows of the classes that it trains on, and every system chooses among these
only; it cannot know the others alone, so figures over all classes are given for models of everybody's rows only."""


def write_report(reported: Path, results: Path) -> None:
    """Put the section into RESULTS.md.

    Args:
        reported: The folder that `compare` wrote to.
        results: The report of all benchmarks.
    """
    put_section(results, SECTION, section(reported))


def section(reported: Path) -> str:
    """Return the section.

    Args:
        reported: The folder that `compare` wrote to.
    """
    facts = load(Facts, reported / FACTS)
    found = deals(load_scores(reported / SCORES))
    versions = ", ".join(f"{name} {number}" for name, number in sorted(facts.versions.items()))
    seeds = ", ".join(map(str, facts.seeds))
    parts = [
        "## Accuracy",
        "",
        INTRODUCTION.format(python=facts.python, versions=versions, seeds=seeds),
        "",
        SYSTEMS,
        "",
    ]
    parts += _targets("### Asked and reached", targets(found))
    if all(TREES_TAKEN_HOME in deal.systems for deal in found):
        parts += [*_targets(THE_SAME_OF_TREES, targets(found, TREES_TAKEN_HOME, TREES)), LATER, ""]
    for task in facts.tasks:
        own = [deal for deal in found if deal.task == task.task]
        parts += _task(task, [rows for rows in facts.rows if rows.task == task.task], own)
    return "\n".join(parts)


def _targets(heading: str, found: Sequence[Target]) -> list[str]:
    met = sum(one.met for one in found)
    lines = [
        heading,
        "",
        f"{met} of {len(found)} targets were met.",
        "",
        *_table(("task", "partition", "asked", "at least", "reached", "", "hoped for"), map(_target, found)),
        "",
    ]
    missed = [one for one in found if not one.met]
    return lines if missed else [*lines[:2], f"All {met} targets were met.", *lines[3:]]


def _target(one: Target) -> tuple[str, ...]:
    def told(value: float) -> str:
        return f"{value:.3f}" if one.count is None else f"{value:.0f} of {one.count}"

    hoped = "" if one.stretch is None else f"{told(one.stretch)}: {'reached' if one.stretched else 'not reached'}"
    state = "met" if one.met else "**missed**"
    return (one.task, one.partition, one.asked, told(one.wanted), told(one.reached), state, hoped)


def _task(task: TaskFacts, rows: Sequence[Rows], own: Sequence[Deal]) -> list[str]:
    plan = f"{task.rounds} rounds of {task.strategy}, weights averaged over the last {task.average_last}"
    return [
        f"### {task.task}",
        "",
        SIMULATED if task.simulated else REAL,
        "",
        f"Contract {task.contract}; plan `{task.task}` (SHA-256 {task.plan_sha256[:16]}): {plan}.",
        "",
        *_table(
            ("partition", "members", "rows that teach, per member", "that choose", "classes", "rows that judge"),
            map(_rows, rows),
        ),
        "",
        f"![{task.task}](accuracy/{PLOTS}/{task.task}.png)",
        "",
        *(line for deal in own for line in _deal(deal)),
    ]


def _rows(rows: Rows) -> tuple[str, ...]:
    spans = (_span(rows.train), _span(rows.validation), _span(rows.classes))
    return (rows.partition, str(rows.members), *spans, str(rows.judges))


def _deal(deal: Deal) -> Iterator[str]:
    yield f"**{deal.partition}**"
    yield ""
    heads = [WORDS[metric] for metric in deal.metrics]
    yield from _table(("system", *heads, *deal.members), (_system(deal, system) for system in deal.systems))
    yield ""
    yield from _sentences(deal)
    yield ""


def _system(deal: Deal, system: str) -> tuple[str, ...]:
    figures = deal.figures(system)
    means = [_estimate(deal.estimate(system, one)) if one in figures else "" for one in deal.metrics]
    members = [f"{deal.estimate(system, deal.metric, member).mean:.3f}" for member in deal.members]
    return (f"**{system}**" if system == TAKEN_HOME else system, *means, *members)


def _sentences(deal: Deal) -> Iterator[str]:
    pairs, members = len(deal.members) * len(deal.seeds), len(deal.members)
    for words, other in (
        ("the best local family", deal.best(LOCAL)),
        ("the local network", "local-net"),
        ("the best pooled family", deal.best(POOLED)),
    ):
        above = deal.member_seeds_above(TAKEN_HOME, other)
        served = deal.members_not_below(TAKEN_HOME, other)
        yield (
            f"- Against {words} ({other}): {served} of {members} members are not worse off in the mean over the seeds; "
            f"in {above} of {pairs} member-seeds the personalised model is better.{_worse(deal, other)}"
        )


def _worse(deal: Deal, other: str) -> str:
    """Name the members that lose, with how much."""
    gaps = {
        member: deal.estimate(TAKEN_HOME, deal.metric, member).mean - deal.estimate(other, deal.metric, member).mean
        for member in deal.members
    }
    lost = [f"{member} ({gap:+.3f})" for member, gap in gaps.items() if gap < 0]
    return f" Worse off: {', '.join(lost)}." if lost else ""


def _estimate(one: Estimate) -> str:
    return f"{one.mean:.3f}" if one.half is None else f"{one.mean:.3f} ± {one.half:.3f}"


def _span(span: Span) -> str:
    return str(span.low) if span.low == span.high else f"{span.low} to {span.high}"


def _table(heads: Sequence[str], rows: Iterable[tuple[str, ...]]) -> list[str]:
    return [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *(f"| {' | '.join(row)} |" for row in rows)]
