"""One call from a file as read to judged records: sure of what it says, silent about nothing."""

from pathlib import Path

import pandas as pd
import pytest

from data_contracts.contract import Contract
from data_contracts.errors import MappingMismatch
from data_contracts.intake import read_source
from data_contracts.mapping.types import ColumnMapping, Mapping
from data_contracts.prepare import Prepared, needed_columns, prepare
from data_contracts.reasons import Reason


def _prepared(
    tmp_path: Path, contract: Contract, text: str, *, known: Mapping | None = None, labelled: bool = True
) -> Prepared:
    path = tmp_path / "parts.csv"
    path.write_text(text, encoding="utf-8")
    return prepare(read_source(path), contract, known=known, labelled=labelled)


def _csv(parts: pd.DataFrame, **headers: str) -> str:
    return parts.rename(columns=headers).to_csv(index=False)


def test_a_clean_file_with_the_contracts_own_headers_raises_no_question_and_changes_no_cell(
    tmp_path: Path, tiny: Contract, parts: pd.DataFrame
) -> None:
    done = _prepared(tmp_path, tiny, _csv(parts))

    assert done.proposal.questions == ()
    assert done.mapped.changes == ()
    assert done.checked.verdict.findings == ()
    assert list(done.checked.accepted.index) == [2, 3, 4, 5]
    assert list(done.checked.accepted["heat"][:3]) == [10, 20.5, 30]


def test_a_column_in_doubt_is_left_out_and_asked_about_and_nothing_is_raised(
    tmp_path: Path, tiny: Contract, parts: pd.DataFrame
) -> None:
    done = _prepared(tmp_path, tiny, _csv(parts, grade="what"))

    assert [question.column for question in done.open_questions()] == ["grade"]
    assert "grade" not in done.mapped.frame
    assert not done.checked.verdict.accepted
    assert (Reason.MISSING_COLUMN, "grade") in {(one.code, one.column) for one in done.checked.verdict.findings}


def test_what_is_known_answers_the_question(tmp_path: Path, tiny: Contract, parts: pd.DataFrame) -> None:
    text = _csv(parts, grade="what")
    doubtful = _prepared(tmp_path, tiny, text)
    answered = (*doubtful.proposal.mapping.columns, ColumnMapping("grade", "what"))
    known = Mapping(tiny.reference, doubtful.proposal.mapping.headers, answered, doubtful.table.settings)

    done = _prepared(tmp_path, tiny, text, known=known)

    assert done.open_questions() == ()
    assert list(done.checked.accepted["grade"]) == ["good", "bad", "bad", "good"]


def test_what_is_known_about_another_trade_cannot_be_used(tmp_path: Path, tiny: Contract, parts: pd.DataFrame) -> None:
    with pytest.raises(MappingMismatch):
        _prepared(tmp_path, tiny, _csv(parts), known=Mapping("other@1.0.0", (), ()))


def test_new_parts_need_no_label_and_nobody_asks_for_one(tmp_path: Path, tiny: Contract, parts: pd.DataFrame) -> None:
    done = _prepared(tmp_path, tiny, _csv(parts.drop(columns="grade")), labelled=False)

    assert done.open_questions(labelled=False) == ()
    assert "grade" not in done.checked.accepted
    assert len(done.checked.accepted) == 4


def test_the_needed_columns_are_features_target_key_and_what_is_required(tiny: Contract) -> None:
    assert needed_columns(tiny) == {"part", "heat", "passes", "paper", "grade"}
    assert needed_columns(tiny, labelled=False) == {"part", "heat", "passes", "paper"}


def test_lines_that_cannot_be_read_count_among_those_set_aside(
    tmp_path: Path, tiny: Contract, parts: pd.DataFrame
) -> None:
    """Half may be set aside: 8 copies beside 10 records and one broken line are 9 of 19, with three 11 of 21."""
    records = [f"P{n},{20 + n},1,a,{('good', 'bad')[n % 2]}\n" for n in range(10)]
    text = _csv(parts)[: len("part,heat,passes,paper,grade\n")] + "".join([*records, *records[:8]])
    broken = "P9,1,2,a,good,too,many\n"

    one, three = _prepared(tmp_path, tiny, text + broken), _prepared(tmp_path, tiny, text + broken * 3)

    assert one.checked.verdict.accepted
    assert not three.checked.verdict.accepted
    assert len(three.checked.accepted) == 0
    finding = three.checked.verdict.findings[0]
    assert (finding.code, finding.rows, finding.total) == (Reason.TOO_MANY_QUARANTINED, 11, 21)
    assert finding.lines == (20, 21, 22)
