"""The page's table of the contract's columns, each with its picture."""

from collections import Counter
from collections.abc import Iterator

from data_contracts.contract import Kind
from data_contracts.readiness.column_types import ColumnReport, MomentPicture, NumberPicture, State, WordPicture
from data_contracts.readiness.drawing import moment_bars, number_bars, word_bars
from data_contracts.readiness.markup import Child, Element, element, foreign
from data_contracts.readiness.page_labels import STATES
from data_contracts.readiness.page_top import place, section
from data_contracts.readiness.page_words import Voice
from data_contracts.readiness.sentences import number, percent
from data_contracts.readiness.types import Readiness

__all__ = ["columns_section"]


def columns_section(report: Readiness, voice: Voice) -> Element:
    """Return every column of the contract: where it comes from, how it stands, what it looks like."""
    states = Counter(column.state for column in report.columns)
    chips = [
        element("span", voice.text(STATES[state]), " ", element("b", str(states[state])), class_=f"badge {state}")
        for state in State
        if states[state]
    ]
    heads = [voice("column"), voice("distribution"), voice("facts")]
    return section(
        voice("columns"),
        element("p", *chips, class_="chips"),
        element("p", voice("columns_text"), class_="fine"),
        element(
            "table",
            element("thead", element("tr", *(element("th", head) for head in heads))),
            element("tbody", *(_line(column, voice) for column in report.columns)),
            class_="columns",
        ),
        *_unused(report, voice),
    )


def _line(column: ColumnReport, voice: Voice) -> Element:
    return element(
        "tr",
        element("td", *_name(column, voice)),
        element("td", _picture(column, voice), class_="picture"),
        element("td", element("ul", *(element("li", fact, class_=style) for fact, style in _facts(column, voice)))),
    )


def _name(column: ColumnReport, voice: Voice) -> Iterator[Child]:
    unit = f" ({column.unit})" if column.unit else ""
    lacking = column.needed and column.state is State.NOT_IN_FILE
    yield element("span", voice.text(STATES[column.state]), class_=f"badge {'fix' if lacking else column.state}")
    yield element("b", f" {voice.text(column.label)}{unit}")
    yield None if column.needed else element("span", f" {voice('optional')}", class_="fine")
    yield element("div", element("code", column.name), class_="fine")
    if column.header is not None:
        yield element("div", "← ", foreign(column.header), class_="header")
    if column.conversion is not None:
        yield element("div", f"{voice('converted')}: {voice.text(column.conversion)}", class_="conversion")
    if column.reason is not None and column.header is not None:
        yield element("div", voice.text(column.reason), class_="fine")


def _picture(column: ColumnReport, voice: Voice) -> Child:
    shown = column.picture
    if isinstance(shown, NumberPicture):
        return number_bars(shown, column.unit or "", voice("picture_numbers"))
    if isinstance(shown, WordPicture):
        return word_bars(shown, voice("other_words"), voice("picture_words"))
    if isinstance(shown, MomentPicture):
        return moment_bars(shown, voice("picture_moments"))
    read_as_text = column.kind is Kind.TEXT and column.missing is not None
    return element("span", voice("no_picture"), class_="fine") if read_as_text else None


def _facts(column: ColumnReport, voice: Voice) -> Iterator[tuple[str, str]]:
    """Yield what is to be known about a column, each with its style."""
    if column.state is State.NOT_IN_FILE:
        yield voice("no_header"), "bad" if column.needed else "fine"
    if column.missing is not None:
        allowed = column.allowed_missing
        key = "missing_free" if allowed >= 1 else "missing_of"
        said = voice(key, share=percent(column.missing), allowed=percent(allowed))
        yield said, "bad" if column.missing > allowed else ""
    if isinstance(column.picture, NumberPicture) and column.picture.middle:
        low, middle, high = (number(value, digits=3) for value in column.picture.middle)
        yield voice("typical", low=low, high=high, middle=middle), ""
    for key, found in (("below", column.below), ("above", column.above), ("unread", column.unread)):
        if found.rows:
            yield f"{voice(key, rows=found.rows)} ({place(found, voice)})", "bad"
    for note in column.notes:
        yield voice.text(note), "warn"


def _unused(report: Readiness, voice: Voice) -> list[Child]:
    if not report.unused:
        return []
    shown = [element("li", foreign(header)) for header in report.unused[:_MOST_UNUSED]]
    more = len(report.unused) - len(shown)
    rest = [element("li", f"… +{more:,}")] if more > 0 else []
    return [
        element("h3", voice("unused")),
        element("p", voice("unused_text", count=len(report.unused)), class_="fine"),
        element("ul", *shown, *rest, class_="unused"),
    ]


_MOST_UNUSED = 60
