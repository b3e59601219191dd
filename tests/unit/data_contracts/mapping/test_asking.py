"""What a header that is a question asks for."""

import pytest

from data_contracts.mapping.asking import Asked, asked_for
from data_contracts.mapping.headers import Lexicon

LEXICON = Lexicon.of(
    ["수지 온도", "전압", "샷 번호", "라인", "걸이", "성형 시작 시간", "불량 여부", "melt temperature"]
)


def _asked(header: str) -> Asked | None:
    return asked_for(header, lambda word: set(LEXICON.tokens(word)) <= LEXICON.known)


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("수지 온도는 몇 도인가요?", "수지 온도", "°C"),
        ("전압은 몇 V인가요?", "전압", "V"),
        ("전압 몇 V?", "전압", "V"),
        ("냉각 몇 초 했나요?", "냉각", "s"),
        ("몇 분 냉각했나요?", "냉각", "min"),
        ("How many minutes did you cool?", "cool", "min"),
        ("샷 번호를 적어주세요", "샷 번호", None),
        ("샷 번호를 입력해 주십시오.", "샷 번호", None),
        ("수지 온도는 얼마인가요?", "수지 온도", None),
        ("수지 온도는？", "수지 온도", None),
        ("어느 라인", "라인", None),
        ("몇 번 라인입니까?", "라인", None),
        ("걸이는 무엇인가요?", "걸이", None),
        ("What is the melt temperature?", "melt temperature", None),
    ],
)
def test_a_question_asks_for_a_name_and_sometimes_for_a_unit(header: str, name: str, unit: str | None) -> None:
    found = _asked(header)

    assert found is not None
    assert (found.name, found.unit) == (name, unit)


@pytest.mark.parametrize(
    ("header", "name", "more"),
    [
        ("불량인가요?", "불량", "여부"),
        ("불량이 있나요?", "불량", "여부"),
        ("불량이면 어떤 불량인가요?", "불량", "종류"),
        ("언제 성형했나요?", "성형", "일시"),
        ("성형 시작한 시간이 언제인가요?", "성형 시작 시간", "일시"),
        ("수지 온도는 몇 도인가요?", "수지 온도", None),
        ("샷 번호를 적어주세요", "샷 번호", None),
    ],
)
def test_the_kind_of_a_question_says_a_word_beside_the_name(header: str, name: str, more: str | None) -> None:
    found = _asked(header)

    assert found is not None
    assert (found.name, found.more) == (name, more)


@pytest.mark.parametrize(
    "header", ["수지 온도", "수지 온도(℃)", "banding?", "불량은", "걸이", "제한 온도", "IS_DEFECT", "What", "?", ""]
)
def test_a_name_is_no_question(header: str) -> None:
    assert _asked(header) is None


@pytest.mark.parametrize("header", ["금형 온도는 몇 도인가요?", "다음 샷 번호를 적어주세요", "냉각을 몇 분 쉬었나요?"])
def test_a_word_that_makes_another_thing_of_it_stays(header: str) -> None:
    found = _asked(header)

    assert found is not None
    assert {"금형", "다음", "쉬었"} & set(found.name.split())
