"""Short ways to say how a column is written."""

from flows.synthetic.date_styles import STYLES
from flows.synthetic.habits import ColumnHabit, NumberStyle
from flows.synthetic.units import DECIMALS, FileUnit
from flows.synthetic.units import unit as unit_of

Header = str | tuple[str, ...]

EXTRA_DECIMALS: dict[str, int] = {
    "thickness": 1, "amperes": 0, "ampere_hours": 1, "set_temperature": 0, "dryer_temperature": 0, "drying_time": 0,
    "rinse_ph": 1, "degreaser_temperature": 0, "acid_concentration": 1, "strike_time": 0, "copper_content": 0,
    "hall_temperature": 0, "humidity": 0, "filter_pressure": 1, "bath_level": 0, "cycle_time": 0, "parts": 0,
    "defect_parts": 0, "weight": 1, "yield_share": 1, "number": 0, "barrel_number": 0, "unit_price": 0,
}  # fmt: skip
"""Decimal places of the further number columns."""


def number(
    source: str,
    header: Header,
    unit: str | None = None,
    *,
    decimals: int | None = None,
    thousands: bool = False,
    decimal_comma: bool = False,
    suffix: str = "",
    full_width: float = 0.0,
    as_text: bool = False,
    blank: float = 0.0,
    missing: tuple[str, ...] = (),
    hidden: bool = False,
    formula: bool = False,
) -> ColumnHabit:
    """Return a column of numbers; see `NumberStyle` and `ColumnHabit` for the arguments."""
    chosen = None if unit is None else unit_of(source, unit)
    places = places_of(source, chosen) if decimals is None else decimals
    style = NumberStyle(places, thousands, decimal_comma, suffix, full_width, as_text)
    return ColumnHabit(
        source, _lines(header), chosen, number=style, blank=blank, missing=missing, hidden=hidden, formula=formula
    )


def words(
    source: str,
    header: Header,
    meanings: dict[str, str | tuple[str, ...]],
    *,
    empty: str | None = None,
    blank: float = 0.0,
    missing: tuple[str, ...] = (),
) -> ColumnHabit:
    """Return a column of the factory's words: the contract's word -> the factory's, the usual one first."""
    pairs = tuple((value, (one,) if isinstance(one, str) else one) for value, one in meanings.items())
    return ColumnHabit(source, _lines(header), words=pairs, empty=empty, blank=blank, missing=missing)


def moment(source: str, header: Header, style: str) -> ColumnHabit:
    """Return a column of moments; the style is one of `STYLES`."""
    return ColumnHabit(source, _lines(header), date=STYLES[style])


def text(source: str, header: Header, *, hidden: bool = False, blank: float = 0.0) -> ColumnHabit:
    """Return a column of plain text."""
    return ColumnHabit(source, _lines(header), hidden=hidden, blank=blank)


def places_of(source: str, unit: FileUnit | None) -> int:
    """Return how many decimals a factory writes: fewer in small units, more in large ones."""
    if source not in DECIMALS:
        return EXTRA_DECIMALS[source]
    shift = 0 if unit is None else round(_magnitude(unit.factor))
    return max(DECIMALS[source] + shift, 0)


def _magnitude(factor: float) -> float:
    steps = ((1000.0, 3), (20.0, 2), (5.0, 1), (0.3, 0), (0.05, -1), (0.005, -2), (0.0, -3))
    return next(places for least, places in steps if factor >= least)


def _lines(header: Header) -> tuple[str, ...]:
    return (header,) if isinstance(header, str) else header
