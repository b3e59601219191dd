"""Tables as factories keep them, written by hand for tests, and a small trade to read them as."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

import pandas as pd

from data_contracts.contract import Column, Contract, Kind, Label, Role
from data_contracts.intake.guesses import Guess
from data_contracts.intake.header_names import headers_of
from data_contracts.intake.table import SourceTable
from data_contracts.mapping.types import Proposal, Question

Cells = Mapping[str, Sequence[str | None]]
Word = TypeVar("Word", bound=str | None)


def factory_table(columns: Cells, *, guesses: tuple[Guess, ...] = ()) -> SourceTable:
    """Return a table with these headers; what stands in brackets behind a header is its unit."""
    headers = headers_of([(header, None) for header in columns])
    cells = {at: pd.Series(list(values), dtype="string") for at, values in enumerate(columns.values())}
    frame = pd.DataFrame(cells)
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return SourceTable("lots.csv", "0" * 64, headers, frame, guesses=guesses)


def ramp(low: float, high: float, rows: int = 40, digits: int = 2) -> list[str]:
    """Return numbers that rise evenly from the lowest to the highest."""
    return [f"{low + (high - low) * row / (rows - 1):.{digits}f}" for row in range(rows)]


def around(*words: Word, rows: int = 40) -> list[Word]:
    """Return words that come again and again, in turn."""
    return [words[row % len(words)] for row in range(rows)]


def days(rows: int = 40) -> list[str]:
    """Return the days of a month, in turn."""
    return [f"2026-03-{1 + row % 28:02d} 08:30" for row in range(rows)]


def numbered(prefix: str, rows: int = 40) -> list[str]:
    """Return a different text in each row."""
    return [f"{prefix}{1000 + row}" for row in range(rows)]


def read_from(proposal: Proposal) -> dict[str, str | None]:
    """Return which header each column is read from, of those that are beyond doubt in every respect."""
    asked = {question.column for question in proposal.questions}
    return {entry.column: entry.header for entry in proposal.mapping.columns if entry.column not in asked}


def names_in_turn(contract: Contract, *, every: int) -> Iterator[dict[str, str]]:
    """Yield one name for each column, until every so manieth name of the column with most names was used."""
    for turn in range(0, max(len(column.synonyms) for column in contract.columns), every):
        yield {column.name: column.synonyms[turn % len(column.synonyms)] for column in contract.columns}


def asked(proposal: Proposal, key: str) -> Question:
    """Return the question of that key."""
    return next(question for question in proposal.questions if question.key == key)


def _column(name: str, kind: Kind, role: Role, ko: str, en: str, **rest: object) -> Column:
    return Column(name, kind, role, Label(ko, en), **rest)  # type: ignore[arg-type]


SHOP = Contract(
    id="shop-defect",
    version="1.0.0",
    title=Label("사출 불량", "Moulding defects"),
    purpose=Label("불량 예측", "Predict defects"),
    sha256="0" * 64,
    source="",
    columns=(
        _column(
            "shot_no", Kind.TEXT, Role.ID, "샷 번호", "Shot number", synonyms=("샷 NO",), unique=True, required=True
        ),
        _column("moulded_at", Kind.TIMESTAMP, Role.TIME, "성형 일시", "Moulded at", synonyms=("작업 일자",)),
        _column(
            "melt_temperature",
            Kind.NUMBER,
            Role.FEATURE,
            "수지 온도",
            "Melt temperature",
            unit="°C",
            minimum=150,
            maximum=350,
            synonyms=("용융 온도",),
        ),
        _column(
            "hold_pressure",
            Kind.NUMBER,
            Role.FEATURE,
            "보압",
            "Hold pressure",
            unit="kPa",
            minimum=1_000,
            maximum=100_000,
            synonyms=("보압 압력",),
        ),
        _column(
            "cooling_time",
            Kind.NUMBER,
            Role.FEATURE,
            "냉각 시간",
            "Cooling time",
            unit="s",
            minimum=2,
            maximum=600,
        ),
        _column("ph", Kind.NUMBER, Role.FEATURE, "냉각수 pH", "Coolant pH", minimum=4, maximum=10, synonyms=("pH",)),
        _column(
            "shift",
            Kind.CATEGORY,
            Role.FEATURE,
            "근무조",
            "Shift",
            vocabulary=("day", "night"),
            words=(("day", ("주간",)), ("night", ("야간",))),
        ),
        _column(
            "result",
            Kind.CATEGORY,
            Role.TARGET,
            "판정",
            "Judgement",
            vocabulary=("good", "bad"),
            synonyms=("불량 여부", "합격 여부"),
            required=True,
        ),
        _column(
            "flaw",
            Kind.CATEGORY,
            Role.OUTCOME,
            "불량 유형",
            "Kind of flaw",
            vocabulary=("flash", "short", "other"),
            words=(("flash", ("버",)), ("short", ("미성형",)), ("other", ("기타",))),
        ),
    ),
    key=("shot_no",),
    defects=("bad",),
)
"""Injection moulding, in short."""


def shop_file(**changed: Sequence[str | None]) -> dict[str, Sequence[str | None]]:
    """Return a file of the moulding shop whose every column is plain; columns may be replaced or added."""
    return {
        "샷 번호": numbered("S"),
        "성형 일시": days(),
        "수지 온도(℃)": ramp(200, 240),
        "보압(kPa)": ramp(20_000, 60_000),
        "냉각 시간(초)": ramp(10, 40),
        "pH": ramp(6, 8),
        "근무조": around("주간", "야간"),
        "판정": around("양품", "양품", "불량"),
        "불량 유형": around(None, None, "버"),
        **changed,
    }
