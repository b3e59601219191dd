"""Forms of Korean names and numbers. Every number here is made up; their checksums are worked out in the comments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_contracts.readiness.identifiers import (
    has_business,
    has_email,
    has_phone,
    is_name,
    residents,
    surname,
)


@pytest.mark.parametrize(
    "text",
    [
        "010-1234-5678",
        "01012345678",
        "010 1234 5678",
        "010.1234.5678",
        "+82-10-1234-5678",
        "+82 (0)10 1234 5678",
        "011-234-5678",
        "02-123-4567",
        "051-123-4567",
        "(051) 123-4567",
        "070-1234-5678",
        "담당 김 010-1234-5678 확인",
    ],
)
def test_phone_numbers_are_found(text: str) -> None:
    assert has_phone(text)


@pytest.mark.parametrize(
    "text",
    [
        "12.5",
        "0.01012345678",  # a fraction
        "2026-03-05 14:30:00",
        "L-20260305-0001",
        "110101234567",  # digits go on to the left
        "010-12-34",
        "0511234567",  # a number on a landline without hyphens could be any count
        "2026-010-1234",
        "20-30-40",
        "8801234567893",  # an article number
    ],
)
def test_other_numbers_are_no_phone_numbers(text: str) -> None:
    assert not has_phone(text)


# 2·9 + 3·0 + 4·0 + 5·1 + 6·0 + 7·1 + 8·1 + 9·2 + 2·3 + 3·4 + 4·5 + 5·6 = 124 = 11·11 + 3, and 11 - 3 = 8.
OLD = "900101-1234568"
# With a 5 for the foreigner in place of the 1 the sum is 156 = 14·11 + 2, and 11 - 2 + 2 = 11, whose last digit is 1.
FOREIGNER = "900101-5234561"


@pytest.mark.parametrize("text", [OLD, FOREIGNER, OLD.replace("-", ""), f"(주민번호 {OLD})"])
def test_a_right_checksum_proves_a_resident_number(text: str) -> None:
    assert residents(text) == (True, True)


def test_with_its_hyphen_a_resident_number_of_wrong_checksum_may_still_be_one_mistyped() -> None:
    assert residents("900101-1234567") == (True, False)


def test_without_a_hyphen_thirteen_digits_of_wrong_checksum_are_none() -> None:
    assert residents("9001011234567") == (False, False)


def test_who_was_born_after_the_checksum_was_given_up_is_proved_by_date_and_hyphen() -> None:
    assert residents("201006-3123456") == (True, True)
    assert residents("201001-3123456") == (True, False)  # four days before


@pytest.mark.parametrize(
    "text", ["901301-1234568", "900230-1234567", "900101-9234568", "900101-0234568", "20260305-1234567"]
)
def test_impossible_dates_and_centuries_are_no_resident_numbers(text: str) -> None:
    assert residents(text) == (False, False)


def test_a_business_number_needs_its_checksum() -> None:
    # 1·1 + 2·3 + 3·7 + 4·1 + 5·3 + 6·7 + 7·1 + 8·3 + 9·5 = 165, and 45 // 10 = 4: 169, and 10 - 9 = 1.
    assert has_business("사업자 123-45-67891")
    assert not has_business("123-45-67890")
    assert not has_business("2123-45-67891")


def test_an_address_of_electronic_mail_needs_a_domain() -> None:
    assert has_email("hong.gil-dong@plating.co.kr")
    assert not has_email("3@5")
    assert not has_email("A/dm² @ 20 ℃")


@pytest.mark.parametrize(
    "text",
    [
        "김철수",
        "김 철수",
        "남궁민수",
        "이영",
        "김철수 반장",
        "박민수(대리)",
        "김철수, 이영희",
        "Hong Gildong",
        "Kim C.S.",
    ],
)
def test_names_have_the_form_of_names(text: str) -> None:
    assert is_name(text)


@pytest.mark.parametrize(
    "text", ["", "W-07", "A조", "1호기", "김", "뷁철수", "OK", "day", "김철수가 확인하고 재도금", "가" * 100]
)
def test_codes_and_sentences_are_no_names(text: str) -> None:
    assert not is_name(text)


def test_only_three_hangul_syllables_after_a_common_surname_are_taken_for_a_name_anywhere() -> None:
    assert surname(" 김철수 ") == "김"
    assert surname("양품") is None
    assert surname("뷁철수") is None
    assert surname("Kim") is None


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert isinstance(has_phone(text) or has_email(text) or has_business(text) or is_name(text), bool)
    maybe, proved = residents(text)
    assert maybe or not proved


@pytest.mark.parametrize("character", ["a", " ", "1", "-", "a.", "김,"])
def test_long_texts_take_no_longer_than_they_are_long(character: str) -> None:
    text = f"{character * 200_000}@"

    assert not has_email(text)
    assert not has_phone(text)
    assert not is_name(text)
