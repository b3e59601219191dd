"""Prepared files built by hand for the tests of the readiness report: what the reader and the mapper would hand on."""

from collections.abc import Mapping as Dict
from collections.abc import Sequence

import numpy as np
import pandas as pd

from data_contracts.cells.changes import Change, Rule
from data_contracts.contract import Contract, Kind, Label, load_contract
from data_contracts.enforce import enforce
from data_contracts.intake.guesses import Guess
from data_contracts.intake.table import Aside, Header, SetAside, SourceTable
from data_contracts.mapping.types import ColumnMapping, Mapped, Mapping, Proposal, Question
from data_contracts.prepare import Prepared

FIRST_LINE = 2


def source(cells: Dict[str, Sequence[str | None]], **rest: object) -> SourceTable:
    """Return a table whose first record stands in line 2."""
    headers = tuple(Header(at, text, text) for at, text in enumerate(cells, start=1))
    rows = len(next(iter(cells.values()))) if cells else 0
    index = pd.RangeIndex(FIRST_LINE, FIRST_LINE + rows)
    columns = {at: pd.Series(list(values), index=index, dtype="string") for at, values in enumerate(cells.values())}
    defaults = {"name": "parts.csv", "sha256": "0" * 64}
    return SourceTable(headers=headers, cells=pd.DataFrame(columns, index=index), **{**defaults, **rest})  # type: ignore[arg-type]


def aside(why: Aside, *lines: int) -> SetAside:
    return SetAside(why, np.array(lines, dtype=np.int64))


def change(column: str, rule: str, *lines: int, detail: str = "") -> Change:
    return Change(column, Rule(rule), np.array(lines, dtype=np.int64), Label(detail, detail))


def prepared(
    table: SourceTable,
    columns: Dict[str, str | None],
    contract: Contract,
    *,
    questions: Sequence[Question] = (),
    changes: Sequence[Change] = (),
    guesses: Sequence[Guess] = (),
    words: Dict[str, Dict[str, str]] | None = None,
    unread: Dict[str, Sequence[int]] | None = None,
) -> Prepared:
    """Map columns of the contract to headers, and judge the records.

    Args:
        table: the file.
        columns: header for each column of the contract, None where the file does not have it.
        contract: the contract.
        questions: what is still asked; such columns are left out of the records.
        changes: what was changed.
        guesses: what was concluded about the columns.
        words: the contract's word for each word of the factory's, per column.
        unread: lines per column whose cell could not be read.
    """
    replaced = words or {}
    entries = tuple(
        ColumnMapping(c.name, columns[c.name], words=tuple(replaced.get(c.name, {}).items()))
        for c in contract.columns
        if c.name in columns
    )
    asked = {question.column for question in questions}
    frame: dict[str, pd.Series] = {}
    for entry in entries:
        if entry.header is None or entry.column in asked:
            continue
        header = table.header(entry.header)
        assert header is not None, f"no header {entry.header!r}"
        cells = table.column(header).replace(replaced.get(entry.column, {}))
        frame[entry.column] = _typed(cells, contract.column(entry.column).kind)
    mapped = Mapped(
        pd.DataFrame(frame, index=table.cells.index),
        tuple(changes),
        {name: np.array(lines, dtype=np.int64) for name, lines in (unread or {}).items()},
    )
    mapping = Mapping(contract.reference, tuple(header.text for header in table.headers), entries)
    return Prepared(
        contract, table, Proposal(mapping, tuple(questions), tuple(guesses)), mapped, enforce(mapped.frame, contract)
    )


def _typed(cells: pd.Series, kind: Kind) -> pd.Series:
    """Make numbers and moments of cells that all are, and leave the others as text."""
    try:
        if kind in {Kind.NUMBER, Kind.INTEGER}:
            return pd.Series(pd.to_numeric(cells.to_numpy(dtype=object, na_value=np.nan)), index=cells.index)
        if kind is Kind.TIMESTAMP:
            return pd.to_datetime(cells, format="ISO8601").astype("datetime64[us]")
    except (ValueError, TypeError):
        pass
    return cells


# A month in a plating shop. Every number is drawn from one seed; every fault is put in by hand.

ROWS = 240
COLUMNS = {
    "lot_no": "LOT NO",
    "plated_at": "도금일시",
    "line": "라인",
    "shift": "근무조",
    "process": "도금방식",
    "base_material": "소재",
    "bath_temperature": "욕온도(℃)",
    "ph": "pH",
    "current_density": "전류밀도(A/d㎡)",
    "voltage": "전압(V)",
    "nickel_sulfate": "황산니켈(g/L)",
    "nickel_chloride": "염화니켈(g/L)",
    "boric_acid": "붕산(g/L)",
    "brightener": "광택제(mL/L)",
    "iron_content": "철분(mg/L)",
    "degreasing_time": "탈지(초)",
    "pickling_time": "산세(초)",
    "plating_time": "도금시간(분)",
    "rinse_time": "수세(초)",
    "part_area": "면적(d㎡)",
    "judgement": "판정",
    "defect_type": "불량유형",
}


def month(contract: Contract | None = None, rows: int = ROWS, seed: int = 7) -> dict[str, list[str | None]]:
    """Return a month's records under the headers of `COLUMNS`, without a fault."""
    rules = contract or load_contract("plating-defect")
    rng = np.random.default_rng(seed)
    bad = rng.random(rows) < 0.15
    start = np.datetime64("2026-03-02T08:07:31")
    moments = start + np.cumsum(rng.integers(4000, 14000, rows)).astype("timedelta64[s]")
    cells: dict[str, list[str | None]] = {}
    for name, header in COLUMNS.items():
        column = rules.column(name)
        if name == "lot_no":
            cells[header] = [f"N{number:05d}" for number in range(1, rows + 1)]
        elif name == "plated_at":
            cells[header] = [str(moment).replace("T", " ") for moment in moments]
        elif name == "line":
            cells[header] = [str(word) for word in rng.choice(["1호기", "2호기"], rows)]
        elif name == "judgement":
            cells[header] = ["ng" if flag else "ok" for flag in bad]
        elif name == "defect_type":
            kinds = rng.choice(column.vocabulary[:4], rows)
            cells[header] = [str(kind) if flag else None for kind, flag in zip(kinds, bad, strict=True)]
        elif column.kind is Kind.CATEGORY:
            cells[header] = [str(word) for word in rng.choice(column.vocabulary, rows)]
        else:
            low, high = column.bounds
            values = low + (high - low) * rng.beta(6, 7, rows) + np.where(bad, 0.05 * (high - low), 0.0)
            cells[header] = [f"{value:.4g}" for value in values]
    return cells
