"""What a factory reads of an error is in English and in Korean."""

import re

import pytest

from data_contracts import errors
from federated.member.error_words import in_both_languages

KOREAN = re.compile(r"(?:니다|시오)\.")
READ_BY_FACTORIES = (errors.IntakeError, errors.MappingError, errors.VersionError, errors.ContractError)


def _below(kind: type[Exception]) -> list[type[Exception]]:
    below = [one for kind in kind.__subclasses__() for one in (kind, *_below(kind))]
    return [one for one in below if one is not errors.QuestionsOpen]  # it says so itself, with the count


@pytest.mark.parametrize("kind", [one for kind in READ_BY_FACTORIES for one in _below(kind)])
def test_every_error_about_files_mappings_versions_and_contracts_has_a_sentence_in_korean(
    kind: type[Exception],
) -> None:
    error = kind.__new__(kind)
    error.args = ("3월.csv is damaged; save it again",)

    said = in_both_languages(error)

    assert KOREAN.search(said), kind
    assert said.startswith("3월.csv is damaged; save it again")


def test_a_text_that_is_in_korean_already_is_left_as_it_is() -> None:
    error = errors.AnswerInvalid("no such answer. 그런 답은 없습니다.")

    assert in_both_languages(error) == "no such answer. 그런 답은 없습니다."


def test_the_sentence_is_that_of_the_cause_and_not_of_its_family() -> None:
    assert "시트가 없습니다" in in_both_languages(errors.SheetNotFound("a.xlsx has no sheet 'b'"))
    assert in_both_languages(errors.TableEmpty("no header")).startswith("no header. 파일에 머리글")
