from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from data_contracts.contract import Contract, Label
from data_contracts.mapping.types import Option, Question, Topic
from data_contracts.readiness.check_types import LeakKind
from data_contracts.readiness.leakage import leaks, roc_auc
from tests.tiny_lots import lots, records_of

DEFECT = [at % 4 == 3 for at in range(80)]


def _suspects(contract: Contract, **columns: Sequence[str | None]) -> dict[str, LeakKind]:
    check = leaks(records_of(lots(80, **columns), contract), seed=0)
    return {leak.header: leak.kind for leak in check.suspects}


def test_the_area_under_the_curve_counts_ties_as_half() -> None:
    """The defect scores higher than one good row and ties with the other: (1 + 0.5) / 2."""
    assert roc_auc(np.array([1.0, 2.0, 2.0]), np.array([False, False, True])) == 0.75


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=2, max_size=40))
def test_the_area_under_the_curve_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, defect = np.array([score for score, _ in rows], float), np.array([bad for _, bad in rows])
    if 0 < defect.sum() < len(defect):
        assert roc_auc(scores, defect) == pytest.approx(roc_auc_score(defect, scores))


def test_good_columns_are_no_suspects(tiny: Contract) -> None:
    assert _suspects(tiny, extra=[str(at % 7) for at in range(80)], note=[f"n{at}" for at in range(80)]) == {}


def test_an_unknown_column_that_counts_the_defects_is_a_suspect(tiny: Contract) -> None:
    count = [str(1 + at % 3) if bad else "0" for at, bad in enumerate(DEFECT)]

    assert _suspects(tiny, 불량수량=count) == {"불량수량": LeakKind.SEPARATES}


def test_a_word_for_the_result_is_a_suspect_in_whatever_direction(tiny: Contract) -> None:
    words = [
        ("재도금" if at % 8 == 3 else "폐기") if bad else ("출하" if at % 2 else "입고")
        for at, bad in enumerate(DEFECT)
    ]

    assert _suspects(tiny, 처리=words) == {"처리": LeakKind.SEPARATES}


def test_a_column_that_only_defects_fill_is_a_suspect_even_if_half_of_them_do(tiny: Contract) -> None:
    remark = [f"확인 {at}" if bad and at % 8 == 3 else None for at, bad in enumerate(DEFECT)]

    assert _suspects(tiny, 비고=remark) == {"비고": LeakKind.ONLY_FOR_DEFECTS}


def test_a_feature_of_the_contract_can_be_a_suspect_too(tiny: Contract) -> None:
    heat = ["59" if bad else f"{45 + at % 10}" for at, bad in enumerate(DEFECT)]
    check = leaks(records_of(lots(80, heat=heat), tiny), seed=0)

    assert [(leak.column, leak.kind) for leak in check.suspects] == [("heat", LeakKind.SEPARATES)]
    assert check.suspects[0].strength == 1.0


def test_the_target_itself_its_outcome_and_its_keys_are_never_suspects(tiny: Contract) -> None:
    assert _suspects(tiny, lot=[f"{'NG' if bad else 'OK'}{at}" for at, bad in enumerate(DEFECT)]) == {}


def test_numbers_of_lots_that_are_all_different_gain_nothing_from_being_known_by_heart(tiny: Contract) -> None:
    assert _suspects(tiny, 바코드=[f"B{at * 37 % 80}" for at in range(80)]) == {}


def test_a_column_that_may_be_the_outcome_is_no_suspect_while_that_is_asked(tiny: Contract) -> None:
    kinds = ["pit" if bad else None for bad in DEFECT]
    question = Question("column:flaw", Topic.COLUMN, "flaw", "", Label("", ""), (Option("유형", Label("", "")),))
    cells = lots(80, 유형=kinds)
    del cells["flaw"]

    assert leaks(records_of(cells, tiny, questions=[question]), seed=0).suspects == ()
    assert [leak.header for leak in leaks(records_of(cells, tiny), seed=0).suspects] == ["유형"]


@pytest.mark.parametrize("defects", [0, 7])
def test_fewer_than_eight_defects_are_not_judged(tiny: Contract, defects: int) -> None:
    grade = ["ng" if at < defects else "ok" for at in range(80)]
    check = leaks(records_of(lots(80, grade=grade, copy=grade), tiny), seed=0)

    assert (check.suspects, check.looked_at, check.labelled) == ((), 0, 80)


def test_of_many_rows_twenty_thousand_of_a_kind_are_looked_at(tiny: Contract) -> None:
    rows = 30_000
    grade = ["ng" if at % 12 == 3 else "ok" for at in range(rows)]
    check = leaks(records_of(lots(rows, grade=grade, 판정2=grade), tiny), seed=0)

    assert (check.looked_at, check.labelled) == (22_500, 30_000)
    assert [leak.header for leak in check.suspects] == ["판정2"]
