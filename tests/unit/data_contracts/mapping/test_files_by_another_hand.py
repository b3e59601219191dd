"""Files of invented factories by authors who knew neither the contracts' names nor the mapper."""

import pytest

from tests.stranger_files import StrangerResult, measure_strangers


@pytest.fixture(scope="module")
def results() -> tuple[StrangerResult, ...]:
    return tuple(measure_strangers())


def test_every_file_is_read_to_its_last_record(results: tuple[StrangerResult, ...]) -> None:
    assert len(results) == 147
    assert [one for one in results if one.failure or one.lines] == []


def test_nothing_is_mapped_wrongly_without_a_question(results: tuple[StrangerResult, ...]) -> None:
    wrong = [(one.file, name) for one in results for name, state in one.states.items() if state == "wrong"]

    assert wrong == []


def test_most_columns_need_no_question(results: tuple[StrangerResult, ...]) -> None:
    present = [state for one in results for state in one.states.values() if state in {"right", "asked", "overlooked"}]

    assert present.count("right") > 0.85 * len(present)
