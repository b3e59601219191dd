import dataclasses
import string
import time
import traceback

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_contracts.contract import Contract, Kind, load_contract
from data_contracts.enforce import LINE, REASONS, Enforcement, Finding, Reason, enforce


def _found(result: Enforcement, code: Reason) -> Finding:
    (finding,) = [finding for finding in result.verdict.findings if finding.code is code]
    return finding


def _codes(result: Enforcement) -> list[str]:
    return [str(finding.code) for finding in result.verdict.findings]


def test_rows_that_keep_the_contract_come_back_typed_and_in_contract_order(parts: pd.DataFrame, tiny: Contract) -> None:
    result = enforce(parts[["grade", "paper", "passes", "heat", "part"]], tiny)

    assert result.verdict.accepted
    assert result.verdict.findings == ()
    assert list(result.accepted.columns) == ["part", "heat", "passes", "paper", "grade"]
    assert [str(dtype) for dtype in result.accepted.dtypes] == ["string", "float64", "Int64", "string", "string"]
    assert result.accepted.index.tolist() == [2, 3, 4, 5]
    assert result.accepted["heat"].tolist()[:3] == [10.0, 20.5, 30.0]
    assert result.accepted["passes"].tolist() == [1, 2, 3, 4]


def test_typed_cells_are_accepted_like_text(tiny: Contract) -> None:
    frame = pd.DataFrame(
        {
            "part": [1, 2],
            "heat": np.array([1, 2], dtype="int32"),
            "passes": [1.0, np.nan],
            "paper": pd.Categorical(["a", "b"]),
            "grade": np.array(["good", "bad"], dtype=object),
        }
    )
    result = enforce(frame, tiny)

    assert result.verdict.findings == ()
    assert result.accepted["part"].tolist() == ["1", "2"]
    assert result.accepted["passes"].tolist() == [1, pd.NA]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("heat", "hot", Reason.WRONG_TYPE),
        ("heat", "1,234", Reason.WRONG_TYPE),
        ("heat", "10 °C", Reason.WRONG_TYPE),
        ("heat", "inf", Reason.WRONG_TYPE),
        ("heat", "nan", Reason.WRONG_TYPE),
        ("heat", "True", Reason.WRONG_TYPE),
        ("heat", "64.01", Reason.OUT_OF_RANGE),
        ("heat", "-0.01", Reason.OUT_OF_RANGE),
        ("passes", "2.5", Reason.WRONG_TYPE),
        ("passes", "9", Reason.OUT_OF_RANGE),
        ("paper", "A", Reason.NOT_IN_VOCABULARY),
        ("grade", "", Reason.MISSING_VALUE),
        ("grade", "so-so", Reason.NOT_IN_VOCABULARY),
        ("part", " ", Reason.MISSING_VALUE),
    ],
)
def test_a_cell_at_fault_sets_its_row_aside_with_the_reason(
    parts: pd.DataFrame, tiny: Contract, column: str, cell: str, reason: Reason
) -> None:
    parts.loc[3, column] = cell
    result = enforce(parts, tiny)

    assert result.verdict.accepted
    assert result.accepted.index.tolist() == [2, 4, 5]
    assert result.quarantined[[LINE, REASONS]].to_numpy().tolist() == [[3, f"{reason}:{column}"]]
    assert result.quarantined[column].tolist() == [cell]
    assert (_found(result, reason).lines, _found(result, reason).rows) == ((3,), 1)


def test_a_row_lists_all_its_faults(parts: pd.DataFrame, tiny: Contract) -> None:
    parts.loc[3, ["heat", "paper", "grade"]] = ["hot", "z", None]
    result = enforce(parts, tiny)

    assert set(result.quarantined[REASONS].item().split("; ")) == {
        "wrong_type:heat",
        "not_in_vocabulary:paper",
        "missing_value:grade",
    }


def test_the_limits_themselves_are_allowed(parts: pd.DataFrame, tiny: Contract) -> None:
    parts.loc[[2, 3], "heat"] = ["0", "64"]

    assert enforce(parts, tiny).verdict.findings == ()


def test_too_many_blanks_in_a_column_refuse_the_file(parts: pd.DataFrame, tiny: Contract) -> None:
    """Half may be missing: 2 of 4 pass, 3 of 4 do not. Pandera drops blanks before checks unless told otherwise."""
    parts.loc[[4, 5], "heat"] = None
    assert enforce(parts, tiny).verdict.accepted

    parts.loc[3, "heat"] = "  "
    result = enforce(parts, tiny)

    assert not result.verdict.accepted
    assert len(result.accepted) == 0
    assert (_found(result, Reason.MISSING_RATE).rows, _found(result, Reason.MISSING_RATE).total) == (3, 4)
    assert "50 %" in _found(result, Reason.MISSING_RATE).sentence("en")


def test_a_cell_of_a_wrong_type_does_not_count_as_blank(parts: pd.DataFrame, tiny: Contract) -> None:
    """Line 5 is blank and half may be; with lines 2 and 3 counted as blank it would be three quarters."""
    parts.loc[[2, 3], "heat"] = "hot"
    result = enforce(parts, tiny)

    assert _codes(result) == ["wrong_type"]


def test_a_wholly_blank_feature_refuses_the_file_even_if_the_contract_sets_no_ceiling(
    parts: pd.DataFrame, tiny: Contract
) -> None:
    parts["paper"] = None
    result = enforce(parts, tiny)

    assert tiny.column("paper").max_missing == 1.0
    assert _codes(result) == ["wholly_missing_column"]
    assert not result.verdict.accepted


def test_a_missing_column_refuses_the_file(parts: pd.DataFrame, tiny: Contract) -> None:
    result = enforce(parts.drop(columns=["heat", "part"]), tiny)

    assert not result.verdict.accepted
    assert [finding.column for finding in result.verdict.findings] == ["part", "heat"]
    assert "'heat' (가열 온도)" in result.verdict.findings[1].sentence("ko")


def test_a_column_that_stands_twice_refuses_the_file(parts: pd.DataFrame, tiny: Contract) -> None:
    result = enforce(pd.concat([parts, parts[["heat"]]], axis=1), tiny)

    assert _codes(result) == ["duplicate_column"]
    assert not result.verdict.accepted


def test_a_file_without_rows_is_refused(parts: pd.DataFrame, tiny: Contract) -> None:
    result = enforce(parts[:0], tiny)

    assert _codes(result) == ["empty_file"]
    assert not result.verdict.accepted


def test_rows_that_share_a_key_but_differ_are_all_set_aside(parts: pd.DataFrame, tiny: Contract) -> None:
    parts.loc[4, "part"] = "P2"
    result = enforce(parts, tiny)

    assert result.quarantined[LINE].tolist() == [3, 4]
    assert _found(result, Reason.DUPLICATE_KEY).lines == (3, 4)


def test_a_copy_of_a_row_is_set_aside_and_the_first_stays(parts: pd.DataFrame, tiny: Contract) -> None:
    """Two lines that differ only in how a number is written are copies, too."""
    parts.loc[3, "heat"] = "20.50"
    parts.loc[6] = parts.loc[3]
    parts.loc[6, "heat"] = " 20.5"
    result = enforce(parts, tiny)

    assert result.quarantined[LINE].tolist() == [6]
    assert result.accepted.index.tolist() == [2, 3, 4, 5]


def test_too_many_rows_set_aside_refuse_the_file_but_still_show_them(parts: pd.DataFrame, tiny: Contract) -> None:
    """Half may be set aside: 2 of 4 pass, 3 of 4 do not."""
    parts.loc[[2, 3], "heat"] = "hot"
    assert enforce(parts, tiny).verdict.accepted

    parts.loc[4, "heat"] = "99"
    result = enforce(parts, tiny)

    assert not result.verdict.accepted
    assert (result.verdict.accepted_rows, result.verdict.quarantined_rows, len(result.accepted)) == (0, 3, 0)
    assert result.quarantined[LINE].tolist() == [2, 3, 4]
    assert _codes(result)[0] == "too_many_quarantined"


def test_one_class_only_is_a_warning(parts: pd.DataFrame, tiny: Contract) -> None:
    parts["grade"] = "good"
    result = enforce(parts, tiny)

    assert result.verdict.accepted
    assert _found(result, Reason.ONE_CLASS).severity == "warning"


def test_a_missing_target_or_a_file_without_rows_is_not_called_one_class(parts: pd.DataFrame, tiny: Contract) -> None:
    twice = pd.concat([parts, parts[["grade"]]], axis=1)

    assert _codes(enforce(parts.drop(columns="grade"), tiny)) == ["missing_column"]
    assert _codes(enforce(twice, tiny)) == ["duplicate_column"]
    assert "one_class" not in _codes(enforce(parts[:0], tiny))


def test_columns_outside_of_the_contract_are_dropped_and_told_by_position(parts: pd.DataFrame, tiny: Contract) -> None:
    """Not by name: in a file without a header the names are data."""
    parts.insert(1, "SECRET operator", "SECRET name")
    result = enforce(parts, tiny)
    finding = _found(result, Reason.UNEXPECTED_COLUMN)

    assert result.verdict.accepted
    assert "SECRET operator" not in result.accepted.columns
    assert (finding.column, finding.lines, finding.severity) == (None, (2,), "warning")
    assert "SECRET" not in repr(result)


def test_new_parts_need_no_label_and_shares_only_warn(parts: pd.DataFrame, tiny: Contract) -> None:
    parts.loc[[2, 4], "heat"] = None
    parts.loc[3, "paper"] = "z"
    for frame in (parts, parts.drop(columns="grade")):
        result = enforce(frame, tiny, labelled=False)

        assert result.verdict.accepted
        assert list(result.accepted.columns) == ["part", "heat", "passes", "paper"]
        assert result.accepted.index.tolist() == [2, 4, 5]
        assert _found(result, Reason.MISSING_RATE).severity == "warning"


def test_one_new_part_with_a_blank_feature_can_be_scored(parts: pd.DataFrame, tiny: Contract) -> None:
    assert enforce(parts.loc[[5]], tiny, labelled=False).verdict.accepted


def test_new_parts_without_one_good_row_are_refused(parts: pd.DataFrame, tiny: Contract) -> None:
    parts["heat"] = "hot"

    assert not enforce(parts, tiny, labelled=False).verdict.accepted


def test_enforcing_what_was_accepted_changes_nothing(parts: pd.DataFrame, tiny: Contract) -> None:
    once = enforce(parts, tiny).accepted
    twice = enforce(once, tiny)

    assert twice.verdict.findings == ()
    pd.testing.assert_frame_equal(twice.accepted, once)


def test_whole_numbers_too_large_to_tell_apart_are_of_a_wrong_type(parts: pd.DataFrame, tiny: Contract) -> None:
    parts.loc[3, "passes"] = "9007199254740993"

    assert _codes(enforce(parts, tiny)) == ["wrong_type"]


def test_a_required_number_of_a_wrong_type_is_not_called_blank_as_well(parts: pd.DataFrame, tiny: Contract) -> None:
    part = dataclasses.replace(tiny.column("part"), kind=Kind.INTEGER)
    contract = dataclasses.replace(tiny, columns=(part, *tiny.columns[1:]))
    parts["part"] = ["1", "2", "x", ""]
    result = enforce(parts, contract)

    assert result.quarantined[REASONS].tolist() == ["wrong_type:part", "missing_value:part"]


def test_an_enforcement_does_not_print_its_rows(parts: pd.DataFrame, tiny: Contract) -> None:
    parts.loc[[2, 3], "part"] = ["SECRET1", "SECRET2"]
    parts.loc[3, "heat"] = "hot"
    result = enforce(parts, tiny)

    assert (len(result.accepted), len(result.quarantined)) == (3, 1)
    assert "SECRET" not in f"{result}{result!r}"


def test_the_given_frame_is_left_as_it_was(parts: pd.DataFrame, tiny: Contract) -> None:
    before = parts.copy(deep=True)
    enforce(parts, tiny)

    pd.testing.assert_frame_equal(parts, before)


def test_sentences_say_what_where_and_what_to_do(parts: pd.DataFrame, tiny: Contract) -> None:
    frame = pd.concat([parts] * 3, ignore_index=True).assign(part=[f"P{i}" for i in range(12)], paper="z")
    finding = _found(enforce(frame, tiny), Reason.NOT_IN_VOCABULARY)

    assert finding.sentence("en") == (
        "The column 'paper' (Paper) holds a value that is not allowed in 12 row(s) (line 0, 1, 2, 3, 4 and 7 more). "
        "Use only: a, b, c."
    )
    assert finding.sentence("ko") == (
        "'paper' (용지) 열에 허용되지 않은 값이 있는 행이 12개입니다(0, 1, 2, 3, 4번째 줄 외 7개 행). "
        "다음 값만 쓰십시오: a, b, c."
    )


@pytest.mark.parametrize("code", list(Reason))
def test_every_reason_has_a_sentence_without_open_fields(code: Reason) -> None:
    finding = Finding(code, "heat", 7, (1, 2, 3, 4, 5), "error", total=9)

    for language in ("ko", "en"):
        assert "{" not in finding.sentence(language)
        assert finding.sentence(language).endswith((".", "시오."))


SECRET = "Zq7secret"  # noqa: S105  # stands for a value of a member
CELLS = st.one_of(
    st.just(SECRET),
    st.text(max_size=5).map(lambda text: SECRET + text),
    st.floats(allow_nan=True).map(lambda number: number),
    st.integers(),
    st.booleans(),
    st.none(),
    st.sampled_from(["a", "good", "bad", "1", "", " 2 ", "\ud800", b"\xff", pd.NaT, pd.Timestamp("2026-01-01")]),
    st.lists(st.just(SECRET), max_size=2),
)


@given(data=st.data())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_value_shows_in_a_verdict_whatever_the_cells(tiny: Contract, data: st.DataObject) -> None:
    names = [column.name for column in tiny.columns]
    headers = data.draw(st.lists(st.sampled_from([*names, SECRET, f"{SECRET}2"]), max_size=8))
    headers = headers if data.draw(st.booleans()) else names
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(headers), max_size=len(headers)), max_size=6))
    frame = pd.DataFrame(rows, columns=pd.Index(headers, dtype=object), dtype=object)

    try:
        result = enforce(frame, tiny, labelled=data.draw(st.booleans()))
    except Exception:  # noqa: BLE001  # whatever happens, its text must not show a cell
        pytest.fail(f"enforce raised: {SECRET in traceback.format_exc()}")
    shown = [repr(result), repr(result.verdict), str(result.verdict.to_plain())]
    shown += [result.verdict.text(language) for language in ("ko", "en")]
    assert not [text for text in shown if SECRET in text]
    assert result.verdict.rows == len(rows)
    assert result.verdict.quarantined_rows == len(result.quarantined)
    assert len(result.accepted) == result.verdict.accepted_rows


@given(st.lists(st.text(alphabet=string.printable, max_size=12), min_size=4, max_size=10))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_numeric_cell_is_a_number_in_range_or_its_row_is_set_aside(tiny: Contract, cells: list[str]) -> None:
    parts = [str(at) for at in range(len(cells) + 1)]
    frame = pd.DataFrame({"part": parts, "heat": ["1", *cells], "passes": "1", "paper": "a", "grade": "good"})
    result = enforce(frame, tiny)

    heat = result.accepted["heat"][1:]
    for line, kept in zip(heat.index, heat, strict=True):
        cell = frame["heat"][line]
        assert (np.isnan(kept) and not cell.strip()) or kept == float(cell)


def test_findings_stay_few_and_fast_for_100_000_rows_at_fault() -> None:
    contract = load_contract("print-defect")
    rng = np.random.default_rng(5)
    cells = rng.uniform(-9e9, 9e9, 100_000).astype(str)
    frame = pd.DataFrame({column.name: rng.permutation(cells) for column in contract.columns}, dtype="string")
    enforce(frame[:10], contract)
    started = time.process_time()
    verdict = enforce(frame, contract).verdict

    assert time.process_time() - started < 6  # about 1.5 s on an idle machine
    assert len(verdict.findings) <= 2 * len(contract.columns)
    assert all(len(finding.lines) <= 5 for finding in verdict.findings)
    assert len(str(verdict.to_plain())) < 30_000
