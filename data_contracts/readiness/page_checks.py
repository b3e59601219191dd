"""The page's second half: blanks and defects over time, repeats, changes, give-aways, personal data, the stage."""

from collections.abc import Iterator

from data_contracts.readiness.check_types import Leak, Stage
from data_contracts.readiness.column_types import ColumnReport
from data_contracts.readiness.columns import power_text
from data_contracts.readiness.drawing import share_bars, short_name
from data_contracts.readiness.markup import Element, element, foreign
from data_contracts.readiness.page_labels import UNITS
from data_contracts.readiness.page_top import place, section, table
from data_contracts.readiness.page_words import Voice
from data_contracts.readiness.personal import MASKS
from data_contracts.readiness.sentences import percent
from data_contracts.readiness.stage_words import MEANINGS, NAMES
from data_contracts.readiness.types import Readiness
from data_contracts.understanding_labels import rule_label

__all__ = ["check_sections"]


def check_sections(report: Readiness, voice: Voice) -> Iterator[Element]:
    """Yield the sections in their order."""
    yield _over_time(report, voice)
    yield _balance(report, voice)
    yield _habits(report, voice)
    yield _changes(report, voice)
    yield _leaks(report, voice)
    yield _personal(report, voice)
    yield _stage(report.stage, voice)


def _over_time(report: Readiness, voice: Voice) -> Element:
    periods = report.periods
    if not report.missing:
        return section(voice("over_time"), element("p", voice("none_missing"), class_="fine"))
    short = [short_name(name, periods.unit, at, len(periods.names)) for at, name in enumerate(periods.names)]
    allowed = {column.name: column for column in report.columns}
    lines = [
        element(
            "tr",
            element("th", voice.text(one.label), scope="row"),
            *(_cell(share, allowed[one.column]) for share in one.shares),
        )
        for one in report.missing
    ]
    return section(
        voice("over_time"),
        element("p", voice("over_time_text", unit=UNITS[periods.unit]), _position(report, voice), class_="fine"),
        element(
            "table",
            element("thead", element("tr", element("th"), *(element("th", name) for name in short))),
            element("tbody", *lines),
            class_="heat",
        ),
    )


def _position(report: Readiness, voice: Voice) -> str:
    periods = report.periods
    if periods.unit == "lines":
        first = periods.names[0].partition("–")[2]
        return " " + voice("by_position", count=len(periods.names), first=first)
    return " " + voice("undated", rows=periods.undated) if periods.undated else ""


def _cell(share: float | None, column: ColumnReport) -> Element:
    if share is None:
        return element("td", "·")
    shade = "" if not share else f"background: rgba(194, 65, 12, {0.08 + 0.5 * share:.2f})"
    text = percent(share).removesuffix(" %")
    return element("td", text, style=shade, class_="bad" if share > column.allowed_missing else "")


def _balance(report: Readiness, voice: Voice) -> Element:
    spread = report.balance
    if spread is None or not spread.labelled:
        return section(voice("balance"), element("p", voice("no_balance"), class_="fine"))
    share = percent(spread.defects / spread.labelled)
    periods = report.periods
    bars = [
        (
            short_name(name, periods.unit, at, len(periods.names)),
            bad / labelled if labelled else None,
            percent(bad / labelled) if labelled else "–",
        )
        for at, (name, (bad, labelled)) in enumerate(zip(periods.names, spread.over_time, strict=True))
    ]
    words = ", ".join(f"{word} {count:,}" for word, count in spread.words)
    return section(
        voice("balance"),
        element(
            "p", voice("balance_text", labelled=spread.labelled, defects=spread.defects, share=share), f" ({words})"
        ),
        *(
            [
                element("h3", voice("balance_time"), f" · {voice.text(UNITS[periods.unit])}"),
                share_bars(bars, voice("picture_shares")),
            ]
            if len(bars) > 1
            else []
        ),
    )


def _habits(report: Readiness, voice: Voice) -> Element:
    none = voice("copies_none")
    repeats = report.repeats
    copies = _found(voice("copies_text", rows=repeats.copies.rows), place(repeats.copies, voice), repeats.copies.rows)
    key = ", ".join(voice.text(c.label) for c in report.columns if c.name in repeats.key)
    same = _found(
        voice("key_text", key=key, rows=repeats.same_key.rows), place(repeats.same_key, voice), repeats.same_key.rows
    )
    constants = ", ".join(
        voice("constant_text", column=one.label, share=percent(one.share)) for one in report.constants
    )
    tens = "; ".join(
        voice(
            "tens_whole" if ten.whole else "tens_rows",
            column=ten.label,
            power=power_text(ten.power),
            rows=ten.where.rows,
        )
        for ten in report.tens
    )
    lines = [("copies", copies), ("key", same), ("constants", constants), ("tens", tens)]
    return section(
        voice("habits"),
        element(
            "dl", *(child for key, said in lines for child in (element("dt", voice(key)), element("dd", said or none)))
        ),
    )


def _found(said: str, lines: str, rows: int) -> str:
    return f"{said} ({lines})" if rows else ""


def _changes(report: Readiness, voice: Voice) -> Element:
    if not report.changes:
        return section(voice("changes"), element("p", voice("none_changed"), class_="fine"))
    lines = [
        (
            voice.text(change.label),
            f"{voice.text(rule_label(change.rule))} {voice.text(change.detail)}".rstrip(),
            f"{change.where.rows:,}",
            place(change.where, voice),
        )
        for change in report.changes
    ]
    heads = [voice("column"), voice("change"), voice("cells"), voice("lines")]
    return section(
        voice("changes"), element("p", voice("changes_text"), class_="fine"), table(heads, lines, numeric=(2,))
    )


def _leaks(report: Readiness, voice: Voice) -> Element:
    check = report.leaks
    if not check.labelled:
        return section(voice("leaks"), element("p", voice("no_balance"), class_="fine"))
    key = "leaks_few" if not check.looked_at else "leaks_all" if check.looked_at == check.labelled else "leaks_sample"
    looked = voice(key, labelled=check.labelled, looked_at=check.looked_at)
    text = element("p", voice("leaks_text"), " ", looked, class_="fine")
    if not check.suspects:
        return section(voice("leaks"), text, element("p", voice("leaks_none")) if check.looked_at else None)
    lines = [
        (
            foreign(leak.header),
            voice(f"leak_{leak.kind}", strength=f"{leak.strength:.2f}"),
            _leak_advice(leak, voice),
        )
        for leak in check.suspects
    ]
    return section(voice("leaks"), text, table([voice("from_header"), voice("finding"), voice("advice")], lines))


def _leak_advice(leak: Leak, voice: Voice) -> str:
    return voice("leak_unknown") if leak.label is None else voice("leak_known", column=leak.label)


def _personal(report: Readiness, voice: Voice) -> Element:
    text = element("p", voice("personal_text"), class_="fine")
    if not report.personal:
        return section(voice("personal"), text, element("p", voice("personal_none")))
    lines = [
        (
            foreign(find.header),
            element("span", voice(f"personal_{find.kind}"), " ", element("code", MASKS[find.kind])),
            f"{find.where.rows:,}",
            place(find.where, voice),
        )
        for find in report.personal
    ]
    heads = [voice("from_header"), voice("finding"), voice("cells"), voice("lines")]
    advice = element("p", voice("personal_advice"), class_="advice")
    return section(voice("personal"), text, table(heads, lines, numeric=(2,)), advice)


def _stage(stage: Stage, voice: Voice) -> Element:
    steps = [
        element(
            "li",
            element("b", f"{level} {voice.text(name)}"),
            element("span", voice.text(meaning)),
            class_="here" if level == stage.level else "",
        )
        for level, (name, meaning) in enumerate(zip(NAMES, MEANINGS, strict=True), start=1)
    ]
    name = voice.text(NAMES[stage.level - 1])
    signs = [element("li", voice.text(sign.text), class_="yes" if sign.good else "no") for sign in stage.signs]
    return section(
        voice("stage"),
        element("ol", *steps, class_="stages"),
        element("p", voice("stage_text", level=stage.level, name=name)),
        element("ul", *signs, class_="signs"),
        element("div", element("b", voice("stage_next")), element("p", voice.text(stage.step)), class_="advice"),
    )
