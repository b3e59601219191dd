"""Over many headers written by hand, none is taken for what it is not, and most need no question."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from data_contracts.contract import Contract, load_contract
from data_contracts.mapping.propose import propose
from tests.factory_tables import around, factory_table, read_from
from tests.header_variants import (
    PLATING,
    PLATING_OTHERS,
    PRINTING,
    PRINTING_OTHERS,
    plating_cells,
    printing_cells,
)

Cells = Sequence[str | None]
Shop = tuple[Contract, Mapping[str, str], Mapping[str, Cells], Callable[[str, str], Cells]]

_OTHERS_PER_FILE = 9


@pytest.fixture(scope="module", params=["plating", "printing"])
def shop(request: pytest.FixtureRequest) -> Shop:
    if request.param == "plating":
        return load_contract("plating-defect"), PLATING, PLATING_OTHERS, plating_cells
    return load_contract("print-defect"), PRINTING, PRINTING_OTHERS, printing_cells


def _files(shop: Shop, *, without: int = 0) -> Iterator[tuple[dict[str, Cells], dict[str, str]]]:
    """Yield files, and the column of each header that is one.

    The nth file has the nth name of every column, and other headers in turn; ``without`` leaves out every nth column.
    """
    _, columns, others, cells_of = shop
    names = {column: text.split("|") for column, text in columns.items()}
    for turn in range(0, max(map(len, names.values())), 2 if without else 1):
        chosen = {
            each[turn % len(each)]: column
            for at, (column, each) in enumerate(names.items())
            if not without or (at + turn) % without
        }
        beside = [list(others)[(turn * _OTHERS_PER_FILE + at) % len(others)] for at in range(_OTHERS_PER_FILE)]
        cells = {header: cells_of(column, header) for header, column in chosen.items()}
        yield cells | {header: others[header] for header in beside if header not in cells}, chosen


def test_no_header_is_taken_for_a_column_that_it_is_not_and_most_need_no_question(shop: Shop) -> None:
    wrong, found, there = [], 0, 0
    for cells, right in _files(shop):
        sure = read_from(propose(factory_table(cells), shop[0]))
        wrong += [(header, column) for column, header in sure.items() if right.get(str(header)) != column]
        found += sum(sure.get(column) == header for header, column in right.items())
        there += len(right)

    assert wrong == []
    assert found >= 0.95 * there


def test_where_columns_are_lacking_no_other_header_takes_their_place(shop: Shop) -> None:
    wrong = [
        (header, column)
        for cells, right in _files(shop, without=3)
        for column, header in read_from(propose(factory_table(cells), shop[0])).items()
        if right.get(str(header)) != column
    ]

    assert wrong == []


def test_other_headers_alone_are_never_certain(shop: Shop) -> None:
    contract, others = shop[0], shop[2]

    for header, cells in others.items():
        alone = factory_table({header: cells, "메모 ": around("", "재확인 요망")})
        assert read_from(propose(alone, contract)) == {}, header
