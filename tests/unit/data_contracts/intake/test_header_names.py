import pytest

from data_contracts.intake.header_names import header_texts, headers_of, split_unit


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("온도(℃)", "온도", "℃"),
        ("온도 (℃)", "온도", "℃"),
        ("온도（℃）", "온도", "℃"),
        ("온도\uff3b℃\uff3d", "온도", "℃"),
        ("Press speed [rpm]", "Press speed", "rpm"),
        ("전압, V", "전압", "V"),
        ("Bath temp., deg C", "Bath temp.", "deg C"),
        ("탈지, 초", "탈지", "초"),
        ("temp_degC", "temp", "degC"),
        ("전류밀도 A/dm²", "전류밀도", "A/dm²"),
        ("전류밀도(A/(dm²))", "전류밀도", "A/(dm²)"),
        ("conc_g_L", "conc", "g/L"),
        ("농도 (단위: g/L)", "농도", "g/L"),
        ("도금조 (상) 온도(℃)", "도금조 (상) 온도", "℃"),
        ("온도(℃) 실측", "온도 실측", "℃"),
        ("온도℃", "온도", "℃"),
        ("판정(OK/NG)", "판정", "OK/NG"),
        ("plating_time_sec", "plating_time", "sec"),
    ],
)
def test_a_unit_is_taken_off_the_name(text: str, name: str, unit: str) -> None:
    assert split_unit(text) == (name, unit)


@pytest.mark.parametrize(
    "text", ["온도", "temp_min", "수세 시간", "Line A", "LOT No.", "(℃)", "[MES] 온도", "(", ")(", "", "A", "pH"]
)
def test_what_is_not_surely_a_unit_stays_in_the_name(text: str) -> None:
    assert split_unit(text) == (text, None)


def test_units_of_a_line_of_their_own_are_those_of_the_columns() -> None:
    texts = header_texts([("LOT", "온도", "전압", "pH"), (None, "(℃)", "V", "-")])

    assert [(header.text, header.name, header.unit) for header in headers_of(texts)] == [
        ("LOT", "LOT", None),
        ("온도 (℃)", "온도", "℃"),
        ("전압 V", "전압", "V"),
        ("pH", "pH", None),
    ]


def test_texts_of_headers_are_all_different() -> None:
    headers = headers_of([("a", None), ("a", None), ("", None), ("a (2)", None), ("(3)", None), ("a", None)])

    assert [header.text for header in headers] == ["a", "a (3)", "(3) (2)", "a (2)", "(3)", "a (4)"]
    assert [header.position for header in headers] == [1, 2, 3, 4, 5, 6]
