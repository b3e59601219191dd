"""Records of the tiny plating trade of the readiness tests, and their readiness."""

from collections.abc import Mapping, Sequence

from data_contracts.contract import Contract
from data_contracts.readiness import Readiness, readiness
from data_contracts.readiness.records import Records
from tests.readiness_example import prepared, source

TINY = {name: name for name in ("lot", "at", "heat", "paper", "grade", "flaw")}

Cells = Mapping[str, Sequence[str | None]]


def lots(rows: int = 40, /, **changed: Sequence[str | None]) -> dict[str, Sequence[str | None]]:
    """Return good records, every fourth of them a defect; columns may be replaced or added."""
    cells: dict[str, Sequence[str | None]] = {
        "lot": [f"L{number}" for number in range(rows)],
        "at": [
            f"2026-03-{1 + at // 24 % 28:02d} {at % 24:02d}:{7 * at % 60:02d}:{11 * at % 60:02d}" for at in range(rows)
        ],
        "heat": [f"{45 + at % 10}" for at in range(rows)],
        "paper": ["ab"[at % 2] for at in range(rows)],
        "grade": ["ng" if at % 4 == 3 else "ok" for at in range(rows)],
        "flaw": ["pit" if at % 4 == 3 else None for at in range(rows)],
    }
    return {**cells, **changed}


def records_of(cells: Cells, contract: Contract, **rest: object) -> Records:
    """Return the records; columns of the contract are read from the headers of their own names."""
    columns = {name: header for name, header in TINY.items() if header in cells}
    return Records(prepared(source(cells), columns, contract, **rest))  # type: ignore[arg-type]


def report_of(cells: Cells, contract: Contract, **rest: object) -> Readiness:
    """Return their readiness."""
    return readiness(records_of(cells, contract, **rest).prepared)
