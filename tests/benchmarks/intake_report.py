"""What the intake benchmark found, as Markdown."""

import os
import platform
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from typing import Any

_MOST_LISTED = 60


def report(found: Mapping[str, Any]) -> str:
    """Return the results as Markdown; parts that were not measured are left out.

    Args:
        found: Results of the parts ``accuracy``, ``strangers``, ``csv`` and ``xlsx``, as they were kept; None for none.
    """
    lines = [
        "# From a factory's file to data: how well, how fast",
        "",
        "All files are SYNTHETIC and prove nothing about real factories. Most are invented by `flows.synthetic`, whose",
        "headers, words and habits were written from other lists than the contract's synonyms and the mapper's rules;",
        "some general rules of the mapper were found by reading which questions it asked about files of other seeds.",
        "Those by another hand (below) show how much more it asks about files of a stranger's making.",
        f"{_versions()}, {os.cpu_count()} cores. Made by `make benchmark-intake`.",
        "",
    ]
    if found.get("accuracy"):
        lines += _accuracy(found["accuracy"])
    if found.get("strangers"):
        lines += _strangers(found["strangers"])
    speeds = [(part, found[part]) for part in ("csv", "xlsx") if found.get(part)]
    if speeds:
        lines += ["## How fast", "", *_speeds(speeds)]
    return "\n".join([*lines, ""])


def _versions() -> str:
    packages = (f"{name} {version(name)}" for name in ("pandas", "pyarrow", "python-calamine"))
    return f"Python {platform.python_version()}, {', '.join(packages)}"


def _accuracy(files: list[dict[str, Any]]) -> Iterator[str]:
    read = [one for one in files if not one["failure"]]
    columns = [(one, column) for one in read for column in one["columns"]]
    states = Counter(column["state"] for _, column in columns if column["header"] is not None)
    present = sum(states.values())
    wrong = [(one, column) for one, column in columns if column["state"] == "wrong"]
    absent = Counter(column["state"] for _, column in columns if column["header"] is None)
    seeds = [one["seed"] for one in files]
    after = [sum(one["after"][part] for one in read) for part in (0, 1)]
    yield "## How well"
    yield ""
    yield f"{len(files)} files of 60 to 200 records, seeds {min(seeds)} to {max(seeds)}, with {present} columns of the"
    yield "contract. Right: mapped without a question, and every cell that is not damaged means what the truth says."
    yield ""
    yield "| measure | found | wanted |"
    yield "|---|---|---|"
    yield f"| columns right without a question | {_share(states['right'], present)} | ≥ 95 % |"
    yield f"| columns asked about | {_share(states['asked'], present)} | |"
    yield f"| columns overlooked (in the file, neither mapped nor asked about) | {states['overlooked']} | 0 |"
    yield f"| **wrong mappings that were not asked about** | **{len(wrong)}** | 0 |"
    yield f"| **cells changed and not listed** | **{sum(one['unlisted'] for one in read)}** | 0 |"
    yield f"| undamaged cells left unread (their rows are set aside) | {sum(c['unread'] for _, c in columns)} | |"
    yield f"| records lost or made up | {sum(one['lines'] for one in read)} | 0 |"
    yield f"| files that could not be read | {len(files) - len(read)} | 0 |"
    yield f"| columns right once the owner answered and named the overlooked | {_share(after[0], after[1])} | 100 % |"
    yield f"| files the contract accepts then | {_share(sum(one['accepted'] for one in read), len(read))} | |"
    yield f"| questions per file, median (most) | {_median(read, 'questions'):g} ({_most(read, 'questions'):g}) | |"
    yield f"| seconds per file, median (most) | {_median(read, 'seconds'):.2f} ({_most(read, 'seconds'):.2f}) | |"
    missing = ", ".join(str(absent[state]) for state in ("absent", "asked", "wrong"))
    yield f"| columns not in the file: left out, asked about, wrong | {missing} | |"
    yield ""
    yield from _listed("Wrong mappings", [_line(*pair) for pair in wrong])
    yield from _listed("Overlooked", [_line(*pair) for pair in columns if pair[1]["state"] == "overlooked"])
    yield from _listed(
        "Could not be read", [f"seed {one['seed']}: {one['failure']}" for one in files if one["failure"]]
    )
    yield from _listed(
        "Files with unlisted changes or lines off",
        [f"seed {one['seed']}{one['kind']}: {one['unlisted']} cells, {one['lines']} lines"
         for one in read if one["unlisted"] or one["lines"]],
    )  # fmt: skip
    yield from _by_column([column for _, column in columns if column["header"] is not None])


def _strangers(files: list[dict[str, Any]]) -> Iterator[str]:
    yield "## Files by another hand"
    yield ""
    yield f"{len(files)} files of invented factories (`tests/strangers/`), by two authors who knew what the columns of"
    yield "the contracts mean and had seen neither their names, nor the mapper, nor the generator. The first one's were"
    yield "dealt into two parts by chance; questions about part A were read for mending rules; B was measured only."
    yield "The second one's (C) are full of traps. Their first measurement was blind: 76.0 % (plating) and 74.7 %"
    yield "(printing) right without a question, none wrong. Then their questions were read, too."
    yield ""
    yield "| part | contract | files | right without a question | asked | overlooked | **wrong** | questions per file |"
    yield "|---|---|---|---|---|---|---|---|"
    for part, contract in sorted({(one["part"], one["contract"]) for one in files}):
        here = [one for one in files if (one["part"], one["contract"]) == (part, contract)]
        states = Counter(state for one in here for state in one["states"].values())
        wrong = states["wrong"]
        present = wrong + sum(states[state] for state in ("right", "asked", "overlooked"))
        yield (
            f"| {part} | {contract} | {len(here)} | {_share(states['right'], present)} | {states['asked']} | "
            f"{states['overlooked']} | **{wrong}** | {_median(here, 'questions'):g} ({_most(here, 'questions'):g}) |"
        )
    yield ""
    yield "Questions per file: median (most). A mapping of a column that the file does not have is wrong, too."
    yield ""
    failed = [f"{one['file']}: {one['failure'] or 'records lost or made up'}" for one in files]
    bad = [line for line, one in zip(failed, files, strict=True) if one["failure"] or one["lines"]]
    yield from _listed("Could not be read whole", bad)
    wrongs = [f"{one['file']}: {name}" for one in files for name, state in one["states"].items() if state == "wrong"]
    yield from _listed("Wrong mappings", wrongs)


def _by_column(columns: list[dict[str, Any]]) -> Iterator[str]:
    yield "| column | in files | right | asked about | wrong | overlooked | asked mostly because of |"
    yield "|---|---|---|---|---|---|---|"
    for name in dict.fromkeys(column["column"] for column in columns):
        here = [column for column in columns if column["column"] == name]
        states = Counter(column["state"] for column in here)
        why = Counter(column["detail"] for column in here if column["state"] == "asked").most_common(2)
        reasons = ", ".join(f"{detail} ({count})" for detail, count in why)
        yield (
            f"| {name} | {len(here)} | {100 * states['right'] / len(here):.0f} % | {states['asked']} | "
            f"{states['wrong']} | {states['overlooked']} | {reasons} |"
        )
    yield ""


def _listed(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{title}:"
        yield ""
        yield from (f"- {line}" for line in lines[:_MOST_LISTED])
        if len(lines) > _MOST_LISTED:
            yield f"- and {len(lines) - _MOST_LISTED} more"
        yield ""


def _line(one: dict[str, Any], column: dict[str, Any]) -> str:
    return f"seed {one['seed']}{one['kind']}, {column['column']}: `{column['header']}` {column['detail']}"


def _speeds(speeds: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    wanted = {"csv": "60 s, 2 GB", "xlsx": "60 s"}
    yield "One process per file, from its start to the finished page; peak memory is that of the process."
    yield ""
    yield "| file | MB | rows × columns | imports | intake | mapping, contract | report | all, s | peak MiB | wanted |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for part, one in speeds:
        if "failure" in one:
            yield f"| {part} | failed: {one['failure']} | | | | | | | | {wanted[part]} |"
            continue
        steps = " | ".join(f"{seconds:.1f}" for seconds in one["steps"].values())
        yield (
            f"| {part} | {one['file_mb']:.0f} | {one['rows']:,} × {one['columns']} | {steps} | {one['seconds']:.1f} "
            f"| {one['peak_mb']:.0f} | {wanted[part]} |"
        )
    yield ""
    for part, one in speeds:
        if "failure" not in one:
            yield (
                f"{part}: {one['mapped']} columns mapped, {one['questions']} questions, {one['quarantined']:,} rows "
                f"set aside, accepted: {one['accepted']}; the page has {one['page_kb']:.0f} kB."
            )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part} of {whole})" if whole else "none"


def _median(files: list[dict[str, Any]], name: str) -> float:
    return statistics.median(one[name] for one in files) if files else 0.0


def _most(files: list[dict[str, Any]], name: str) -> float:
    return max((one[name] for one in files), default=0.0)
