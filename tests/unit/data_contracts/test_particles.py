"""The right particle for what stands before it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.particles import with_particles


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("쉼표(으)로", "쉼표로"),
        ("탭(으)로", "탭으로"),
        ("세로줄(으)로", "세로줄로"),
        ("세로줄을(를)", "세로줄을"),
        ("파일이(가) 계약을(를)", "파일이 계약을"),
        ("전압은(는) 온도와(과)", "전압은 온도와"),
        ("로트과(와)", "로트와"),
    ],
)
def test_a_word_in_hangul_is_taken_by_its_final_consonant(written: str, read: str) -> None:
    assert with_particles(written) == read


def test_a_number_is_read_in_korean() -> None:
    read = [with_particles(f"{digit}(으)로")[1:] for digit in range(10)]

    assert read == ["으로", "로", "로", "으로", "로", "로", "으로", "로", "로", "로"]  # 영 일 이 삼 사 오 육 칠 팔 구


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("DRM이(가)", "DRM이"),  # 디알엠
        ("CSV을(를)", "CSV를"),
        ("URL(으)로", "URL로"),
        ("V(으)로", "V로"),
        ("server이(가)", "server가"),
        ("journal은(는)", "journal은"),
        ("plating을(를)", "plating을"),
        ("3f2a91c04b7e(으)로", "3f2a91c04b7e로"),
        ("A/dm²이(가)", "A/dm²이"),
        ("℃이(가)", "℃가"),
        ("7 %을(를)", "7 %를"),
    ],
)
def test_letters_and_units_are_taken_by_how_they_are_read(written: str, read: str) -> None:
    assert with_particles(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("'전압'이(가)", "'전압'이"),
        ("온도(℃)을(를)", "온도(℃)를"),
        ("버전 2(공동 모델)(으)로", "버전 2(공동 모델)로"),
        ("factory-1 을(를)", "factory-1 을"),
    ],
)
def test_quotation_marks_blanks_and_what_stands_in_brackets_are_not_read(written: str, read: str) -> None:
    assert with_particles(written) == read


def test_where_the_sound_is_not_known_both_stay() -> None:
    assert with_particles("鍍金이(가)") == "鍍金이(가)"
    assert with_particles("(으)로") == "(으)로"


@given(st.text())
def test_a_text_without_particles_stays_as_it_is(text: str) -> None:
    assert with_particles(text.replace(")", "")) == text.replace(")", "")
