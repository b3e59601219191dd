"""Tables that stand on their side, and tables with a series of columns."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data_contracts.errors import BrokenTable
from data_contracts.intake import read_source
from data_contracts.intake.settings import FileSettings, Melt
from data_contracts.intake.table import Aside, SourceTable

Save = Callable[..., Path]
Rows = Callable[[SourceTable], list[tuple[str | None, ...]]]

TURNED = "도금 조건표,,,,\n\n항목,단위,1,2,3\n온도,℃,50,51,52\n전압,V,6,7,6\n판정,,OK,NG,OK\n작성 홍길동,,,,\n"
WIDE = "LOT,온도1(℃),온도2(℃),온도3(℃),판정\nL1,50,51,52,OK\nL2,60,,62,NG\n"


def _guess(table: SourceTable, setting: str) -> tuple[str, bool]:
    return next((guess.value, guess.certain) for guess in table.guesses if guess.setting == setting)


def test_a_table_on_its_side_is_set_upright(save: Save, rows: Rows) -> None:
    table = read_source(save(TURNED))

    assert [(header.name, header.unit) for header in table.headers] == [
        ("항목", None),
        ("온도", "℃"),
        ("전압", "V"),
        ("판정", None),
    ]
    assert rows(table) == [("1", "50", "6", "OK"), ("2", "51", "7", "NG"), ("3", "52", "6", "OK")]
    assert table.cells.index.tolist() == [3, 4, 5], "the columns in which the records stand"
    assert table.lines(Aside.TITLE).tolist() == [1]
    assert table.lines(Aside.FOOTER).tolist() == [7]
    assert _guess(table, "transposed") == ("true", True)
    assert read_source(save(TURNED), table.settings).cells.equals(table.cells)


def test_names_with_units_down_the_first_column_are_a_table_on_its_side(save: Save) -> None:
    table = read_source(save("LOT,L1,L2,L3,L4\n온도(℃),50,51,52,50\n전압(V),6,7,6,6\npH,4.1,4.2,4.0,4.1\n"))

    assert _guess(table, "transposed") == ("true", True)
    assert [header.name for header in table.headers] == ["LOT", "온도", "전압", "pH"]


def test_whether_a_table_is_transposed_can_be_said(save: Save, rows: Rows) -> None:
    said = FileSettings(transposed=True, header=(1, 1))
    turned = read_source(save("LOT,L1,L2\n라인,A,B\n"), said)

    assert [header.text for header in turned.headers] == ["LOT", "라인"]
    assert rows(turned) == [("L1", "A"), ("L2", "B")]
    assert len(read_source(save(TURNED), FileSettings(transposed=False)).headers) == 5


@pytest.mark.parametrize(
    "text",
    [
        "LOT,온도(℃),전압(V)\nL1,50,6\nL2,51,7\nL3,52,6\n",
        "항목,단위,측정값,판정\n온도,℃,50,OK\n전압,V,6,OK\n전류,A,5,NG\n",
        "품명,라인,판정\n볼트,가,양품\n너트,나,불량\n와셔,가,양품\n",
        "a,b,c\n1,2,3\n4,5,6\n7,8,9\n",
    ],
)
def test_an_upright_table_stays_as_it_is(save: Save, text: str) -> None:
    table = read_source(save(text))

    assert table.settings.transposed is False
    assert len(table.cells) == 3


def test_a_series_of_columns_is_proposed_to_be_made_long_but_never_made_so_unasked(save: Save) -> None:
    table = read_source(save(WIDE))

    assert len(table.headers) == 5
    value, certain = _guess(table, "melt")
    assert not certain
    assert FileSettings().changed("melt", value).melt == Melt(
        ("온도1(℃)", "온도2(℃)", "온도3(℃)"), names="온도 구분", values="온도"
    )


def test_a_series_is_made_long_when_the_settings_say_so(save: Save, rows: Rows) -> None:
    melt = Melt(("온도1(℃)", "온도2(℃)", "온도3(℃)"), names="위치", values="온도")
    table = read_source(save(WIDE), FileSettings(melt=melt))

    assert [(header.text, header.unit) for header in table.headers] == [
        ("LOT", None),
        ("판정", None),
        ("위치", None),
        ("온도", "℃"),
    ]
    assert rows(table) == [
        ("L1", "OK", "온도1(℃)", "50"),
        ("L1", "OK", "온도2(℃)", "51"),
        ("L1", "OK", "온도3(℃)", "52"),
        ("L2", "NG", "온도1(℃)", "60"),
        ("L2", "NG", "온도2(℃)", None),
        ("L2", "NG", "온도3(℃)", "62"),
    ]
    assert table.cells.index.tolist() == [2, 2, 2, 3, 3, 3]


def test_a_series_that_the_file_lacks_is_refused(save: Save) -> None:
    with pytest.raises(BrokenTable, match="'온도9', which the setting 'melt' names"):
        read_source(save(WIDE), FileSettings(melt=Melt(("온도9",), "a", "b")))


@pytest.mark.parametrize("header", ["LOT,1호기 온도,2호기 온도,3호기 온도", "LOT,1월,2월,3월", "LOT,T_01,T_02,T_03"])
def test_series_of_other_spellings_are_seen_too(save: Save, header: str) -> None:
    table = read_source(save(f"{header}\nL1,50,51,52\nL2,51,53,54\nL3,51,53,55\n"))

    assert [guess.certain for guess in table.guesses if guess.setting == "melt"] == [False]


def test_two_like_columns_are_no_series(save: Save) -> None:
    table = read_source(save("LOT,온도1,온도2,H2SO4,Ni2\nL1,50,51,52,1\nL2,51,53,54,2\n"))

    assert "melt" not in {guess.setting for guess in table.guesses}
