"""The page's first half: the verdict with what to correct, and where the lines of the file went."""

import re
import shlex
from collections.abc import Iterable, Sequence

from data_contracts.contract import Label
from data_contracts.intake.table import Aside
from data_contracts.readiness.drawing import stacked
from data_contracts.readiness.markup import Child, Element, element, foreign
from data_contracts.readiness.page_labels import REASONS, SETTINGS, VERDICTS
from data_contracts.readiness.page_words import Voice
from data_contracts.readiness.places import Where
from data_contracts.readiness.sentences import lines_text, percent, said
from data_contracts.readiness.types import Counts, Fix, Readiness, Verdict
from data_contracts.understanding_labels import ASIDES

__all__ = ["counts_section", "place", "section", "table", "verdict_section"]


def section(title: str, *children: Child) -> Element:
    """Return a section with its heading."""
    return element("section", element("h2", title), *children)


def table(heads: Sequence[str], lines: Iterable[Sequence[Child]], numeric: Sequence[int] = ()) -> Element:
    """Return a table; the columns at the positions `numeric` are aligned to the right."""

    def cell(tag: str, at: int, child: Child) -> Element:
        return element(tag, child, class_="number") if at in numeric else element(tag, child)

    return element(
        "table",
        element("thead", element("tr", *(cell("th", at, head) for at, head in enumerate(heads)))),
        element("tbody", *(element("tr", *(cell("td", at, c) for at, c in enumerate(line))) for line in lines)),
    )


def place(found: Where, voice: Voice) -> str:
    """Return the first lines as text."""
    return voice.text(lines_text(found.lines, found.rows))


def verdict_section(report: Readiness, voice: Voice) -> Element:
    """Return the verdict, why, what to correct in order, and what to type next."""
    blocking = [fix for fix in report.fixes if fix.blocking]
    others = [fix for fix in report.fixes if not fix.blocking]
    reasons = [
        element(
            "li", element("strong", voice.text(one.what)), " ", element("span", voice.text(one.step), class_="step")
        )
        for one in report.because
    ]
    return element(
        "section",
        element(
            "div",
            element("h2", voice.text(said(VERDICTS[report.verdict], count=len(blocking)))),
            element("ul", *reasons, class_="because") if reasons else element("p", _outlook(report, voice)),
            class_=f"verdict {report.verdict}",
        ),
        element("ol", *(_fix(fix, voice) for fix in blocking), class_="fixes") if blocking else None,
        *(
            [element("h3", voice("also")), element("ul", *(_fix(f, voice) for f in others), class_="fixes")]
            if others
            else []
        ),
        _next(report, voice),
    )


def _outlook(report: Readiness, voice: Voice) -> str:
    counts = report.counts
    if report.verdict is Verdict.READY or counts.accepted:
        return voice("ready_text", rows=counts.rows, accepted=counts.accepted)
    return voice("unused_now", rows=counts.rows)


def _fix(fix: Fix, voice: Voice) -> Element:
    lines = place(fix.where, voice)
    return element(
        "li",
        element("strong", voice.text(fix.what)),
        element("span", f" {lines}", class_="lines") if lines else None,
        element("div", voice.text(fix.step), class_="step"),
    )


def _next(report: Readiness, voice: Voice) -> Element:
    name, file = report.contract.partition("@")[0], element("bdi", _word(report.file))
    if report.ready:
        return element(
            "p",
            voice("ready_next"),
            " ",
            element("code", "pumasi-member data add ", file, f" --contract {name}"),
            class_="next",
        )
    command = element("code", "pumasi-member report ", file, f" --contract {name}")
    return element("p", voice("again_next"), " ", command, class_="next")


def _word(name: str) -> str:
    """Return a file name as one word of a command line; shlex would quote every name in Hangul."""
    return name if re.fullmatch(r"\w[\w.-]*", name) else shlex.quote(name)


def counts_section(report: Readiness, voice: Voice) -> Element:
    """Return how many records were read, used and set aside, which lines are none, and what was concluded."""
    counts = report.counts
    usable, aside = counts.rows - counts.set_aside, counts.set_aside + counts.unreadable.rows
    lost = sum(found.rows for _, found in counts.no_records)
    tiles = [
        ("read", counts.rows + counts.unreadable.rows, ""),
        ("accepted", counts.accepted, "good"),
        ("set_aside", aside, "aside"),
        ("no_records", lost, ""),
    ]
    return section(
        voice("counts"),
        element("div", *(_tile(voice(key), number, style) for key, number, style in tiles), class_="tiles"),
        stacked(((usable, "in"), (aside, "out")), voice("picture_counts")) if counts.rows else None,
        *_set_aside(counts, voice),
        *_no_records(counts, voice),
        *_guesses(report, voice),
    )


def _tile(name: str, number: int, style: str) -> Element:
    return element(
        "div",
        element("b", f"{number:,}"),
        element("span", name),
        class_=f"tile {style}" if style and number else "tile",
    )


def _set_aside(counts: Counts, voice: Voice) -> list[Child]:
    if not counts.reasons:
        return [element("p", voice("none_aside"), class_="fine")]
    share = percent(counts.set_aside / counts.rows) if counts.rows else "0 %"
    lines = [
        (
            voice.text(REASONS.get(one.code, Label(one.code, one.code))),
            one.column if one.label is None else voice.text(one.label),
            f"{one.where.rows:,}",
            place(one.where, voice),
        )
        for one in counts.reasons
    ]
    return [
        element("h3", voice("why_aside")),
        element("p", voice("ceiling", share=share, ceiling=percent(counts.ceiling)), class_="fine"),
        table([voice("because"), voice("column"), voice("rows"), voice("lines")], lines, numeric=(2,)),
    ]


def _no_records(counts: Counts, voice: Voice) -> list[Child]:
    kinds = [*((Aside(kind), at) for kind, at in counts.no_records), (Aside.UNREADABLE, counts.unreadable)]
    lines = [(voice.text(ASIDES[kind]), f"{at.rows:,}", place(at, voice)) for kind, at in kinds if at.rows]
    if not lines:
        return []
    heads = [voice("kind"), voice("rows"), voice("lines")]
    return [element("h3", voice("no_records")), table(heads, lines, numeric=(1,))]


def _guesses(report: Readiness, voice: Voice) -> list[Child]:
    if not report.guesses:
        return []
    names = {"\t": voice("tab")}
    lines = [
        (
            voice.text(SETTINGS.get(guess.setting, Label(guess.setting, guess.setting))),
            element(
                "span",
                element("code", foreign(names.get(guess.value, guess.value))),
                None if guess.certain else element("span", voice("uncertain"), class_="badge look"),
            ),
            voice.text(guess.reason),
            element("code", f"file.{guess.setting}"),
        )
        for guess in report.guesses
    ]
    heads = [voice("setting"), voice("concluded"), voice("reason"), voice("overrule")]
    return [element("h3", voice("how_read")), element("p", voice("how_read_text"), class_="fine"), table(heads, lines)]
