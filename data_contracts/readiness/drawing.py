"""Small pictures as inline SVG: a histogram around the allowed range, bars per word, bars per period."""

from collections.abc import Sequence

from data_contracts.readiness.column_types import MomentPicture, NumberPicture, WordPicture
from data_contracts.readiness.markup import Child, Element, element
from data_contracts.readiness.sentences import number

__all__ = ["WIDTH", "moment_bars", "number_bars", "share_bars", "short_name", "stacked", "word_bars"]

WIDTH = 304
_BARS = 44
_AXIS = 14
_LINE = 17
_MOST_WORDS = 8
_NAMES = 104


def number_bars(shown: NumberPicture, unit: str, description: str) -> Element:
    """Draw a histogram: the allowed range shaded, values outside of it in another colour, the median marked."""
    step = WIDTH / len(shown.counts)
    left, right = shown.first * step, shown.last * step
    most = max(*shown.counts, 1)
    bars = [
        element(
            "rect",
            x=at * step + 0.5,
            y=_BARS - _height(count, most),
            width=step - 1,
            height=_height(count, most),
            class_="in" if shown.first <= at < shown.last else "out",
        )
        for at, count in enumerate(shown.counts)
        if count
    ]
    low = "" if shown.low is None else number(shown.low)
    high = "" if shown.high is None else f"{number(shown.high)}{unit and ' ' + unit}"
    children: list[Child] = [
        element("rect", x=left, y=0, width=right - left, height=_BARS, class_="allowed"),
        *bars,
        element("line", x1=0, y1=_BARS, x2=WIDTH, y2=_BARS, class_="axis"),
        *(element("line", x1=x, y1=0, x2=x, y2=_BARS + 3, class_="limit") for x in (left, right)),
        _text(low, left, _BARS + _AXIS - 2, "start" if left < 20 else "middle"),  # noqa: PLR2004
        _text(high, right, _BARS + _AXIS - 2, "middle"),
        *_middle(shown),
    ]
    return _svg(description, _BARS + _AXIS, children)


def _middle(shown: NumberPicture) -> list[Child]:
    """Mark the median, where it lies within the picture."""
    if not shown.middle:
        return []
    share = (shown.middle[1] - shown.start) / (shown.end - shown.start)
    if not 0 <= share <= 1:
        return []
    x = share * WIDTH
    return [element("path", d=f"M {x:.1f} {_BARS + 1} l -4 7 h 8 z", class_="median")]


def word_bars(shown: WordPicture, others: str, description: str) -> Element:
    """Draw one bar per word of the vocabulary, and one for all other words."""
    lines = [(word, count, "in") for word, count in shown.words[:_MOST_WORDS]]
    hidden = sum(count for _, count in shown.words[_MOST_WORDS:])
    lines += [("…", hidden, "in")] if len(shown.words) > _MOST_WORDS else []
    lines += [(others, shown.others, "out")] if shown.others else []
    most = max(*(count for _, count, _ in lines), 1)
    room = WIDTH - _NAMES - 52
    children: list[Child] = []
    for at, (word, count, style) in enumerate(lines):
        y = at * _LINE
        children += [
            _text(word, _NAMES - 8, y + 12, "end"),
            element(
                "rect", x=_NAMES, y=y + 3, width=max(room * count / most, 1 if count else 0), height=11, class_=style
            ),
            _text(f"{count:,}", _NAMES + room * count / most + 6, y + 12, "start"),
        ]
    return _svg(description, len(lines) * _LINE, children)


def moment_bars(shown: MomentPicture, description: str) -> Element:
    """Draw rows per period, the first and the last period named."""
    step = WIDTH / len(shown.periods)
    most = max(*(count for _, count in shown.periods), 1)
    bars: list[Child] = [
        element(
            "rect",
            x=at * step + 1,
            y=_BARS - _height(count, most),
            width=max(step - 2, 1),
            height=_height(count, most),
            class_="in",
        )
        for at, (_, count) in enumerate(shown.periods)
        if count
    ]
    bars += [
        element("line", x1=0, y1=_BARS, x2=WIDTH, y2=_BARS, class_="axis"),
        _text(shown.periods[0][0], 0, _BARS + _AXIS - 2, "start"),
    ]
    if len(shown.periods) > 1:
        bars.append(_text(shown.periods[-1][0], WIDTH, _BARS + _AXIS - 2, "end"))
    return _svg(description, _BARS + _AXIS, bars)


def share_bars(shares: Sequence[tuple[str, float | None, str]], description: str) -> Element:
    """Draw one bar per period, with its value above and its name below: (name, share of 0 to 1, value as text)."""
    width, height, head = 700, 84, 16
    step = width / len(shares)
    most = max([share for _, share, _ in shares if share is not None], default=0) or 1
    children: list[Child] = []
    for at, (name, share, value) in enumerate(shares):
        middle = (at + 0.5) * step
        tall = 0 if share is None else (height - head) * share / most
        bar = min(step * 0.6, 46)
        children += [
            element("rect", x=middle - bar / 2, y=height - tall, width=bar, height=tall, class_="bad"),
            _text(value, middle, height - tall - 4, "middle"),
            _text(name, middle, height + 13, "middle"),
        ]
    children.append(element("line", x1=0, y1=height, x2=width, y2=height, class_="axis"))
    return _svg(description, height + 18, children, width=width)


def stacked(parts: Sequence[tuple[int, str]], description: str) -> Element:
    """Draw one bar of several parts: (count, class)."""
    width, total, x = 700, max(sum(count for count, _ in parts), 1), 0.0
    children: list[Child] = []
    for count, style in parts:
        children.append(element("rect", x=x, y=0, width=width * count / total, height=12, class_=style))
        x += width * count / total
    return _svg(description, 12, children, width=width)


def short_name(name: str, unit: str, at: int, count: int) -> str:
    """Return a period's name short enough for a narrow column."""
    if unit == "lines":
        return f"{at + 1}/{count}"
    if unit == "hour":
        return f"{name[8:10]}. {name[11:13]}h"
    return {"day": name[5:], "week": f"{name[5:]}~", "month": name[2:], "quarter": name[2:]}.get(unit, name)


def _height(count: int, most: int) -> float:
    return max((_BARS - 4) * count / most, 1.5)  # a single value in a million is still to be seen


def _text(text: str, x: float, y: float, anchor: str) -> Element:
    return element("text", text, x=x, y=y, text_anchor=anchor)


def _svg(description: str, height: float, children: list[Child], *, width: float = WIDTH) -> Element:
    return element(
        "svg",
        element("title", description),
        *children,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        class_="wide" if width > WIDTH else "",
    )
