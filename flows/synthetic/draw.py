"""Draw at random how a factory writes its file: headers, units, words, dates, layout, encoding, mistakes."""

from collections.abc import Iterator

import numpy as np

from flows.synthetic.columns import places_of
from flows.synthetic.date_styles import STYLES
from flows.synthetic.habits import COLUMNS, ColumnHabit, FileHabits, Form, Mistakes, NumberStyle
from flows.synthetic.header_styles import HeaderStyle, UnitPlace, draw_header_style
from flows.synthetic.other_names import OTHER
from flows.synthetic.units import UNITS, FileUnit
from flows.synthetic.word_lists import DEFECTS, JUDGEMENTS, MATERIALS, METHODS, MISSING, SHIFTS

_ALWAYS = {"lot_no", "plated_at", "judgement"}
_TIMES = ("finished_at", "received_at", "shipped_at")
_TEXTS = (
    "customer",
    "part_name",
    "part_number",
    "operator",
    "inspector",
    "supplier",
    "remark",
    "film_test",
    "lot_no",
    "line",
)
_YEAR_FIRST = [
    name for name, style in STYLES.items() if style.order == "ymd" and name not in ("serial", "typed", "typed-day")
]
_YEAR_LAST = [name for name, style in STYLES.items() if style.order != "ymd"]
_CODINGS = ("cp949", "utf-8-sig", "utf-8", "utf-16", "euc-kr")
_CONVERTED = 0.15  # share of columns in a unit that is not the contract's
_TELLING = ("bath_temperature", "current_density", "voltage", "nickel_sulfate", "nickel_chloride", "boric_acid",
            "degreasing_time", "pickling_time", "rinse_time")  # fmt: skip
"""Columns whose numbers in another unit are clearly none of a plating shop's: 131 for 55 °C, 2 for 120 s of degreasing.

An area of 50 may be dm² or in², 0.03 of iron mg/L or g/L: no reader could know, so such files name their unit.
"""


class _Draw:
    """One file's habits in the making."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.form = Form.WORKBOOK if self.chance(0.4) else Form.TEXT
        self.style: HeaderStyle = draw_header_style(rng)
        self.missing = tuple(MISSING[int(rng.integers(len(MISSING)))])
        self.blank = float(rng.uniform(0, 0.06)) if self.chance(0.6) else 0.0
        self.delimiter = str(rng.choice([",", ";", "\t", "|"], p=[0.6, 0.12, 0.2, 0.08]))
        self.decimal_comma = self.form is Form.TEXT and self.delimiter != "," and self.chance(0.12)
        self.thousands = self.chance(0.3)
        self.full_width = float(rng.uniform(0.03, 0.3)) if self.chance(0.06) else 0.0
        self.date = self._date_style()

    def chance(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def _date_style(self) -> str:
        if self.form is Form.WORKBOOK and self.chance(0.7):
            return str(self.rng.choice(["typed", "typed-day", "serial"], p=[0.6, 0.15, 0.25]))
        return str(self.rng.choice(_YEAR_LAST if self.chance(0.1) else _YEAR_FIRST))

    def columns(self) -> tuple[ColumnHabit, ...]:
        """Return the columns from left to right: mostly in a usual order, at times in any."""
        share = 1.0 if self.chance(0.5) else 0.9  # half of the factories record everything
        kept = [name for name in COLUMNS if name in _ALWAYS or self.chance(share)]
        others = [str(name) for name in self.rng.choice(list(OTHER), size=int(self.rng.integers(2, 11)), replace=False)]
        for name in others:
            kept.insert(int(self.rng.integers(len(kept) + 1)), name)
        if self.chance(0.2):
            kept = [str(name) for name in self.rng.permutation(kept)]
        made = [self._column(name) for name in kept]
        return self._grouped(made)

    def _grouped(self, made: list[ColumnHabit]) -> tuple[ColumnHabit, ...]:
        """Bring columns of one group together, where titles of groups stand above them."""
        if not self.style.groups:
            return tuple(made)
        first = {column.header[0]: index for index, column in reversed(list(enumerate(made)))}
        return tuple(sorted(made, key=lambda column: first[column.header[0]]))

    def _column(self, source: str) -> ColumnHabit:
        if source in _TEXTS:
            return ColumnHabit(source, self.style.header(source, None, self.rng))
        if source == "plated_at" or source in _TIMES:
            return ColumnHabit(source, self.style.header(source, None, self.rng), date=STYLES[self.date])
        if source in ("shift", "process", "base_material", "judgement", "defect_type"):
            return self._words(source)
        return self._number(source)

    def _words(self, source: str) -> ColumnHabit:
        name: str | None = None
        empty: str | None = None
        if source == "judgement":
            name, meanings = JUDGEMENTS[int(self.rng.integers(len(JUDGEMENTS)))]
        elif source == "defect_type":
            meanings, empty = DEFECTS[int(self.rng.integers(len(DEFECTS)))]
        else:
            lists = {"shift": SHIFTS, "process": METHODS, "base_material": MATERIALS}[source]
            meanings = lists[int(self.rng.integers(len(lists)))]
        pairs = tuple((value, (one,) if isinstance(one, str) else one) for value, one in meanings.items())
        blank = 0.0 if source in ("judgement", "defect_type") else self.blank / 3
        header = self.style.header(source, None, self.rng, name=name)
        return ColumnHabit(source, header, words=pairs, empty=empty, blank=blank, missing=self.missing)

    def _number(self, source: str) -> ColumnHabit:
        unit, place = self._unit(source), self.style.place
        in_cells = unit if place is UnitPlace.CELLS else None
        shown = unit if place in (UnitPlace.HEADER, UnitPlace.ROW) else None
        chosen = unit if source in UNITS else None
        style = NumberStyle(
            places_of(source, chosen),
            thousands=self.thousands,
            decimal_comma=self.decimal_comma,
            suffix="" if in_cells is None else in_cells.text,
            full_width=self.full_width if self.chance(0.3) else 0.0,
            as_text=self.form is Form.WORKBOOK and self.chance(0.08),
        )
        header = self.style.header(source, shown.text if shown and shown.text else None, self.rng)
        return ColumnHabit(
            source,
            header,
            chosen,
            shows_unit=place is not UnitPlace.NOWHERE,
            number=style,
            blank=self.blank if self.chance(0.5) else 0.0,
            missing=self.missing,
            hidden=self.form is Form.WORKBOOK and self.chance(0.03),
            formula=self.form is Form.WORKBOOK and self.chance(0.05),
        )

    def _unit(self, source: str) -> FileUnit | None:
        """Draw a unit; where the file does not name it, only one that the numbers themselves give away."""
        if source not in UNITS:
            return FileUnit(str(self.rng.choice(OTHER[source][2]))) if source in OTHER else None
        same = [one for one in UNITS[source] if one.same]
        other = [one for one in UNITS[source] if not one.same]
        if self.style.place is UnitPlace.NOWHERE:
            other = other if source in _TELLING else []
        choices = other if other and self.chance(_CONVERTED) else same
        return choices[int(self.rng.integers(len(choices)))]

    def titles(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows above the header."""
        if self.chance(0.5):
            yield (
                str(self.rng.choice(["니켈 도금 일지", "도금 작업 실적", "Plating log", "생산 실적표"]))
                + " (합성 SYNTHETIC)",
            )
            if self.chance(0.4):
                yield ("작성일 2026-03-02", "작성자 도금반")
            if self.chance(0.6):
                yield ()

    def mistakes(self) -> Mistakes:
        """Draw how much goes wrong; one file in five is flawless."""
        if self.chance(0.2):
            return Mistakes(0, 0, 0)
        return Mistakes(
            slips=float(self.rng.uniform(0, 0.012)),
            impossible=float(self.rng.uniform(0, 0.004)),
            repeated=float(self.rng.uniform(0, 0.01)),
            ragged=float(self.rng.uniform(0, 0.01)) if self.chance(0.3) else 0.0,
            stray_dates=float(self.rng.uniform(0, 0.03)) if self.chance(0.2) else 0.0,
        )


def draw_habits(rng: np.random.Generator) -> FileHabits:
    """Draw a factory's way of writing.

    Args:
        rng: Source of chance.
    """
    draw = _Draw(rng)
    columns = draw.columns()
    of_text = draw.form is Form.TEXT
    ending = str(
        rng.choice({",": [".csv"], ";": [".csv"], "\t": [".tsv", ".txt", ".xls"]}.get(draw.delimiter, [".txt"]))
    )
    titles = tuple(draw.titles())
    return FileHabits(
        name=f"synthetic-plating{ending if of_text else '.xlsx'}",
        form=draw.form,
        columns=columns,
        encoding=_encodable(str(rng.choice(_CODINGS, p=[0.35, 0.25, 0.2, 0.12, 0.08])), columns, titles),
        delimiter=draw.delimiter,
        titles=titles,
        padded=draw.chance(0.5),
        repeat_header=int(rng.integers(20, 50)) if draw.chance(0.12) else 0,
        footer=draw.chance(0.2),
        sign_off=(("이상", "SYNTHETIC"),) if draw.chance(0.08) else (),
        sheet=str(rng.choice(["Sheet1", "도금일지", "실적", "DATA"])),
        other_sheets=(("표지", True),) if draw.chance(0.15) else (("작성요령", False),) if draw.chance(0.2) else (),
        mistakes=draw.mistakes(),
    )


def _encodable(encoding: str, columns: tuple[ColumnHabit, ...], titles: tuple[tuple[str, ...], ...]) -> str:
    """Return the encoding, or UTF-8 with a mark where it lacks a sign that the file needs."""
    texts = [text for column in columns for text in (*column.header, *column.missing, column.empty or "")]
    texts += [word for column in columns for _, words in column.words for word in words]
    texts += [column.number.suffix for column in columns if column.number] + [text for row in titles for text in row]
    try:
        "".join(texts).encode(encoding)
    except UnicodeEncodeError:
        return "utf-8-sig"
    return encoding
