"""A column of texts -> moments, with a note of everything that was done to read them. No time zones: the clock's time.

What days and times look like is written in `data_contracts.cells.day_text` and `data_contracts.cells.time_text`.
Where they leave the order of day, month and year open, the column decides if it can: an order fits if it reads at least
95 % of the distinct days that any order reads (so that one misspelt day does not turn all others round), and an order
under which the column spreads over more than ten years gives way to one under which it does not. What is then still
open is for the member to say.

A number such as ``46086`` or ``46086.604`` is a spreadsheet's day number (days since 1899-12-30, to the millisecond)
where every number of the column lies between 1990 and 2060.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data_contracts.cells.changes import Rule
from data_contracts.cells.day_text import ORDERS
from data_contracts.cells.moment_texts import NOT_A_TIME, SPLIT, MomentTexts, SplitMoments, in_order, orders_of
from data_contracts.cells.texts import Distinct, Mask, arrow_texts, folded, matching, rows_of

__all__ = ["ORDERS", "Moments", "read_moments"]

_CANONICAL = r"^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?$"
_HOUR_ONLY = r"^.{13}$"  # Arrow reads ``2026-03-05 14`` as 14:00; nobody knows whether it is an hour


@dataclass(frozen=True)
class Moments:
    """A column of moments; every array has shape (rows,).

    Attributes:
        values: the moments, ``datetime64[us]``; not a time where blank or unread.
        blank: where there is no value.
        unread: where there is a text that is no moment.
        changed: where which rule was applied; only rules that were.
        orders: all orders of day, month and year that fit, the likeliest first; one if that is certain or does not
            matter, none if the column mixes them. `values` are read in the order asked for, otherwise in the first of
            these, otherwise as far as the order does not matter.
    """

    values: NDArray[np.datetime64] = field(repr=False)
    blank: Mask = field(repr=False)
    unread: Mask = field(repr=False)
    changed: dict[Rule, Mask] = field(repr=False)
    orders: tuple[str, ...]


def read_moments(cells: pd.Series, *, order: str | None = None, missing: tuple[str, ...] = ()) -> Moments:
    """Read a column of texts as moments.

    Args:
        cells: texts; missing where blank.
        order: one of `ORDERS`, where the member said it; None to find it out.
        missing: words that count as missing, besides those that always do.

    Raises:
        ValueError: if `order` is none of `ORDERS`.
    """
    if order is not None and order not in ORDERS:
        raise ValueError(f"order {order!r} is none of {', '.join(ORDERS)}")
    texts = arrow_texts(cells)
    plain, values = _plain(texts, missing)
    halved = ~plain & matching(texts, SPLIT) if not missing and not plain.all() else np.zeros_like(plain)
    split = SplitMoments.of(rows_of(texts, halved))
    rest = Distinct.of(texts, ~plain & ~halved)
    spoken = MomentTexts.of(rest.texts, frozenset(map(folded, missing)))
    orders = orders_of(np.concatenate([split.days, spoken.moments], axis=1))
    chosen = order or next(iter(orders), None)
    values[halved] = split.in_order(chosen)
    values[rest.at] = rest.spread(in_order(spoken.moments, chosen), NOT_A_TIME, np.int64)
    blank = rest.mask(spoken.blank, missing=True)
    read = values != NOT_A_TIME
    return Moments(
        values=values.view("datetime64[us]"),
        blank=blank,
        unread=~blank & ~read,
        changed=_changed(read, ~plain | ~matching(texts, _CANONICAL), rest, spoken),
        orders=orders,
    )


def _plain(texts: Any, missing: tuple[str, ...]) -> tuple[Mask, NDArray[np.int64]]:
    """Read what is written as programs write moments: where, and the values (`NOT_A_TIME` elsewhere)."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    if missing or matching(texts, _HOUR_ONLY).any() or (values := _cast(texts)) is None:
        mask = pa.array(matching(texts, _CANONICAL, besides=missing))
        values = _cast(pc.if_else(mask, texts, None))
    if values is None:
        values = np.full(len(texts), NOT_A_TIME, dtype=np.int64)
    return values != NOT_A_TIME, values


def _cast(texts: Any) -> NDArray[np.int64] | None:
    """Read a column in which every cell is a moment in ISO's form; None where one is not."""
    import pyarrow as pa  # noqa: PLC0415

    try:
        moments = texts.cast(pa.timestamp("us"))
    except pa.ArrowInvalid:
        return None
    return np.array(moments.to_numpy(zero_copy_only=False).astype("datetime64[us]").view(np.int64))


def _changed(read: Mask, odd: Mask, rest: Distinct, spoken: MomentTexts) -> dict[Rule, Mask]:
    """Return what was done, given which cells were read and which are not written as programs write moments."""
    padded = np.array([core != text for core, text in zip(spoken.texts, rest.texts, strict=True)], dtype=np.bool_)
    named = spoken.blank & np.array([bool(core) for core in spoken.texts], dtype=np.bool_)
    serial, blank = rest.mask(spoken.serial), rest.mask(spoken.blank)
    masks = {
        Rule.BLANKS: rest.mask(padded) & (read | blank),
        Rule.MISSING_WORD: rest.mask(named),
        Rule.DATE: read & odd & ~serial,
        Rule.EXCEL_SERIAL: read & serial,
    }
    return {rule: mask for rule, mask in masks.items() if mask.any()}
