"""What was confirmed once is not asked again; what changed since then is."""

from dataclasses import replace

import pytest

from data_contracts.contract import Label
from data_contracts.errors import MappingMismatch
from data_contracts.intake.guesses import Guess
from data_contracts.intake.settings import FileSettings
from data_contracts.mapping.propose import propose, settled
from data_contracts.mapping.types import ColumnMapping, Mapping, Topic
from tests.factory_tables import SHOP, around, asked, days, factory_table, ramp, read_from, shop_file

SURE = propose(factory_table(shop_file()), SHOP).mapping


def _known(*entries: ColumnMapping) -> Mapping:
    """Return the plain file's mapping, with entries replaced."""
    said = {entry.column: entry for entry in entries}
    return replace(SURE, columns=tuple(said.get(entry.column, entry) for entry in SURE.columns))


def test_the_same_file_is_taken_over_without_a_question_or_a_guess() -> None:
    again = propose(factory_table(shop_file()), SHOP, known=SURE)

    assert again.mapping == SURE
    assert again.questions == ()
    assert again.guesses == ()


def test_what_a_person_decided_stays_however_odd_it_looks() -> None:
    known = _known(ColumnMapping("melt_temperature", "비고"), ColumnMapping("shift", None))
    table = factory_table(shop_file(비고=around("a", "b")))

    again = propose(table, SHOP, known=replace(known, headers=tuple(header.text for header in table.headers)))

    assert again.mapping.column("melt_temperature") == ColumnMapping("melt_temperature", "비고")
    assert again.mapping.column("shift") == ColumnMapping("shift", None)
    assert again.questions == ()


def test_a_renamed_header_is_found_again_among_the_new_ones() -> None:
    cells = {name: cells for name, cells in shop_file().items() if name != "수지 온도(℃)"}

    again = propose(factory_table({**cells, "용융온도(℃)": ramp(200, 240)}), SHOP, known=SURE)

    assert read_from(again)["melt_temperature"] == "용융온도(℃)"
    assert [guess.setting for guess in again.guesses] == ["columns.melt_temperature"]


def test_a_header_that_was_left_aside_before_is_not_tried_for_a_lost_column_while_another_is_new() -> None:
    cells = {name: cells for name, cells in shop_file().items() if name != "수지 온도(℃)"}
    known = replace(SURE, headers=(*SURE.headers, "수지온도"))

    table = factory_table({**cells, "수지온도": ramp(200, 240), "메모": around("x1", "x2")})
    again = propose(table, SHOP, known=known)

    assert again.mapping.column("melt_temperature") is None


def test_a_column_said_to_be_missing_is_looked_for_once_a_new_header_is_explained_by_it() -> None:
    known = _known(ColumnMapping("ph", None))
    cells = {name: cells for name, cells in shop_file().items() if name != "pH"}
    known = replace(known, headers=tuple(name for name in SURE.headers if name != "pH"))

    assert propose(factory_table(cells), SHOP, known=known).mapping.column("ph") == ColumnMapping("ph", None)
    assert read_from(propose(factory_table({**cells, "pH": ramp(6, 8)}), SHOP, known=known))["ph"] == "pH"


def test_a_new_word_is_asked_about_and_the_old_ones_keep_their_meaning() -> None:
    known = _known(ColumnMapping("shift", "근무조", words=(("A", "night"), ("주간", "day"))))

    again = propose(factory_table(shop_file(근무조=around("A", "주간", "C"))), SHOP, known=known)

    assert [question.subject for question in again.questions] == ["C"]
    entry = again.mapping.column("shift")
    assert entry is not None
    assert dict(entry.words) == {"A": "night", "주간": "day"}


def test_a_word_whose_meaning_the_contract_lost_is_asked_about_again() -> None:
    known = _known(ColumnMapping("shift", "근무조", words=(("심야", "evening"),)))

    again = propose(factory_table(shop_file(근무조=around("심야", "주간"))), SHOP, known=known)

    assert [question.subject for question in again.questions] == ["심야"]


def test_dates_whose_order_was_never_in_doubt_are_asked_about_when_it_is() -> None:
    cells = shop_file(**{"성형 일시": [f"0{1 + row % 9}/0{1 + row // 9}/26" for row in range(40)]})

    doubtful = propose(factory_table(cells), SHOP, known=SURE)
    said = propose(factory_table(cells), SHOP, known=_known(ColumnMapping("moulded_at", "성형 일시", dates="dmy")))

    assert [question.topic for question in doubtful.questions] == [Topic.DATES]
    assert said.questions == ()


def test_another_version_of_the_contract_keeps_the_columns_it_still_has() -> None:
    newer = replace(SHOP, version="2.0.0", columns=tuple(one for one in SHOP.columns if one.name != "ph"))

    again = propose(factory_table(shop_file()), newer, known=SURE)

    assert again.mapping.contract == "shop-defect@2.0.0"
    assert again.questions == ()
    assert len(again.mapping.columns) == len(SHOP.columns) - 1


def test_a_mapping_for_another_trade_is_refused() -> None:
    with pytest.raises(MappingMismatch, match=r"print-defect@1\.0\.0"):
        propose(factory_table(shop_file()), SHOP, known=replace(SURE, contract="print-defect@1.0.0"))


def test_what_the_reader_is_not_sure_of_is_asked_and_not_kept_until_somebody_says_so() -> None:
    guess = Guess("header", "[2, 3]", Label("두 줄", "two lines"), certain=False)
    table = replace(factory_table(shop_file(), guesses=(guess,)), settings=FileSettings("cp949", header=(2, 3)))

    open_one = propose(table, SHOP)
    confirmed = propose(table, SHOP, known=replace(SURE, file=FileSettings(header=(2, 3))))

    assert asked(open_one, "file:header").options[0].value == "[2, 3]"
    assert open_one.mapping.file == FileSettings("cp949")
    assert confirmed.questions == ()


def test_a_table_is_made_long_only_if_somebody_says_so_and_is_asked_once() -> None:
    melt = Guess("melt", '{"series": ["a1", "a2"], "names": "n", "values": "v"}', Label("가", "b"), certain=False)
    table = factory_table(shop_file(), guesses=(melt,))

    assert asked(propose(table, SHOP), "file:melt").options[0].value == "null"
    assert propose(table, SHOP, known=SURE).questions == ()


def test_a_column_whose_unit_or_dates_are_open_is_not_kept_as_if_it_were_confirmed() -> None:
    cells = {name: cells for name, cells in shop_file().items() if name not in {"냉각 시간(초)", "성형 일시"}}
    cells |= {"냉각 시간": ramp(0.3, 1.2), "성형 일시": [f"0{1 + row % 9}/0{1 + row // 9}/26" for row in range(40)]}
    proposal = propose(factory_table(cells), SHOP)

    kept = settled(proposal)

    assert {"cooling_time", "moulded_at"} <= {entry.column for entry in proposal.mapping.columns}
    assert {"cooling_time", "moulded_at"}.isdisjoint(entry.column for entry in kept.columns)
    assert propose(factory_table(cells), SHOP, known=kept).questions == proposal.questions


def test_words_that_are_open_are_asked_about_again() -> None:
    table = factory_table(shop_file(판정=around("O", "X"), **{"성형 일시": days()}))
    proposal = propose(table, SHOP)

    assert propose(table, SHOP, known=settled(proposal)).questions == proposal.questions
