"""A generated file says what its truth says: read back with readers of other people, cell by cell."""

import csv
import io
import math
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from flows.synthetic.answers import answers
from flows.synthetic.cells import Written, write_column
from flows.synthetic.columns import number, text, words
from flows.synthetic.cooperative import SIX, SyntheticFile, make_lots, write_cooperative, write_drawn
from flows.synthetic.damage import damage, repeat
from flows.synthetic.draw import draw_habits
from flows.synthetic.factories import FACTORIES
from flows.synthetic.files import header_texts, write_file
from flows.synthetic.habits import COLUMNS, FileHabits, Form, Mistakes
from flows.synthetic.truth import ColumnTruth, Truth, read_truth
from flows.synthetic.units import unit

DRAWN = 14


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[SyntheticFile, ...]:
    """The six factories' files, and some whose habits are drawn."""
    folder = tmp_path_factory.mktemp("files")
    drawn = (write_drawn(folder / f"drawn-{seed}", seed) for seed in range(DRAWN))
    return (*write_cooperative(folder, 6, 7), *drawn)


def lines_of(one: SyntheticFile) -> dict[int, list[object]]:
    """Each line of a file by its number, with its cells."""
    if one.truth.sheet:
        sheet = CalamineWorkbook.from_path(one.path).get_sheet_by_name(one.truth.sheet)
        rows = sheet.to_python(skip_empty_area=False)
        skipped = sheet.start[0] if sheet.start else 0
        return {skipped + index + 1: [*row] for index, row in enumerate(rows)}
    content = one.path.read_bytes().decode(one.truth.encoding)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=one.truth.delimiter)
    found: dict[int, list[object]] = {}
    begins = 1
    for row in reader:
        found[begins] = list(row)
        begins = reader.line_num + 1
    return found


def as_number(cell: object, column: ColumnTruth) -> float:
    """The number of a cell in the contract's unit, read with the truth at hand."""
    if isinstance(cell, float | int):
        value = float(cell)
    else:
        plain = str(cell).translate(str.maketrans("０１２３４５６７８９．", "0123456789."))
        plain = plain.removesuffix(column.unit or "")
        value = float(plain.replace(".", "").replace(",", ".") if column.decimal == "," else plain.replace(",", ""))
    if column.unit is None:
        return value
    found = unit(column.column, column.unit)
    return found.factor * value + found.offset


def test_every_file_says_that_it_is_synthetic(made: tuple[SyntheticFile, ...]) -> None:
    folder = made[0].path.parents[1]

    assert all("synthetic" in one.path.name and one.truth.synthetic for one in made)
    assert (folder / "README.txt").read_text(encoding="utf-8").startswith("SYNTHETIC DATA 합성 데이터")
    assert sorted(path.name for path in (folder / "truth").iterdir()) == [f"factory-{i}.json" for i in range(1, 7)]


def test_every_undamaged_number_stands_where_the_truth_says(made: tuple[SyntheticFile, ...]) -> None:
    checked = 0
    for one in made:
        found = lines_of(one)
        for column in one.truth.columns:
            if column.position is None or not any(isinstance(value, float) for value in column.values):
                continue
            spoilt = {damaged.line for damaged in column.damaged}
            for line, value in zip(one.truth.lines, column.values, strict=True):
                if line not in spoilt and isinstance(value, float):
                    cell = found[line][column.position - 1]
                    assert math.isclose(as_number(cell, column), value, rel_tol=1e-9, abs_tol=1e-9)
                    checked += 1

    assert checked > 100_000


def test_every_word_stands_where_the_truth_says(made: tuple[SyntheticFile, ...]) -> None:
    for one in made:
        found = lines_of(one)
        for column in one.truth.columns:
            if column.position is None or not column.words:
                continue
            meanings = dict(column.words)
            for line, value in zip(one.truth.lines, column.values, strict=True):
                cell = str(found[line][column.position - 1])
                assert cell in column.missing or (meanings[cell] if cell else None) == value


def test_the_header_stands_where_the_truth_says(made: tuple[SyntheticFile, ...]) -> None:
    for one in made:
        found = lines_of(one)
        first, last = one.truth.header
        for column in one.truth.columns:
            if column.position is not None and column.header is not None:
                below = " ".join(str(found[last][column.position - 1]).split())
                assert column.header.removesuffix(" (2)").endswith(below)
                assert first <= last


def test_lines_that_are_no_records_are_told_apart(made: tuple[SyntheticFile, ...]) -> None:
    for one in made:
        width = {len(row) for line, row in lines_of(one).items() if line in set(one.truth.lines)}
        records, aside = set(one.truth.lines), set(one.truth.aside) | set(one.truth.ragged)

        assert len(width) == 1
        assert not records & aside
        assert all(line > one.truth.header[1] for line in records)
        assert max(records | set(one.truth.ragged)) == one.truth.last
        assert not one.truth.sheet or not one.truth.ragged


def test_ragged_lines_have_another_number_of_cells(made: tuple[SyntheticFile, ...]) -> None:
    ragged = 0
    for one in made:
        found = lines_of(one)
        for line in one.truth.ragged:
            assert len(found[line]) != len(found[one.truth.lines[0]])
            ragged += 1

    assert ragged > 3


def test_a_repeated_record_is_an_earlier_one_again(made: tuple[SyntheticFile, ...]) -> None:
    for one in made:
        key = one.truth.column("lot_no").values
        again = [key[one.truth.lines.index(line)] for line in one.truth.repeated]

        assert len(set(key)) == len(key) - len(again)


def test_a_truth_survives_its_file(made: tuple[SyntheticFile, ...], tmp_path: Path) -> None:
    for one in made[:8]:
        assert read_truth(one.truth.save(tmp_path / "truth.json")) == one.truth


def test_a_workbooks_formulas_carry_their_results(made: tuple[SyntheticFile, ...]) -> None:
    path = made[4].path
    column = made[4].truth.column("current_density")
    assert column.position is not None
    formulas, results = (
        load_workbook(path, data_only=only)[made[4].truth.sheet].cell(made[4].truth.lines[0], column.position).value
        for only in (False, True)
    )

    assert str(formulas).startswith("=ROUND(")
    assert results == pytest.approx(column.values[0])


def test_a_workbook_is_labelled_and_hides_columns(made: tuple[SyntheticFile, ...]) -> None:
    book = load_workbook(made[4].path)

    assert "SYNTHETIC" in str(book.properties.title)
    assert book.sheetnames == ["표지", "2026 실적", "기준정보"]
    assert book["2026 실적"].column_dimensions["A"].hidden


def plain_file(tmp_path: Path, **changes: object) -> tuple[FileHabits, Truth, str]:
    """A small file of one factory with nothing special, but for what is named."""
    columns = (text("lot_no", "LOT"), number("ph", "pH"), words("judgement", "판정", {"ok": "O", "ng": "X"}))
    habits = FileHabits(**{"name": "synthetic-a.csv", "form": Form.TEXT, "columns": columns, **changes})  # type: ignore[arg-type]
    lots = make_lots(FACTORIES[4], np.random.default_rng(1)).head(20)
    truth = write_file(habits, lots, tmp_path, np.random.default_rng(1), seed=1, factory="a")
    return habits, truth, (tmp_path / habits.name).read_text(encoding="utf-8")


def test_titles_repeated_headers_and_a_footer_take_lines_of_their_own(tmp_path: Path) -> None:
    _, truth, written = plain_file(
        tmp_path, titles=(("a title",), ()), repeat_header=8, footer=True, mistakes=Mistakes(0, 0, 0)
    )
    lines = written.splitlines()

    assert truth.header == (3, 3)
    assert truth.lines[:9] == (4, 5, 6, 7, 8, 9, 10, 11, 13)
    assert truth.aside == (1, 12, 21, 26)
    assert lines[11] == lines[2] == "LOT,pH,판정"
    assert lines[25].startswith("합계")


def test_equal_headers_are_numbered() -> None:
    columns = (text("customer", "이름"), text("operator", "이름"), number("ph", ("액\n분석", "pH")))

    assert header_texts(FileHabits("a", Form.TEXT, columns)) == ("이름", "이름 (2)", "액 분석 pH")


def test_damage_is_marked_and_changes_the_cell() -> None:
    lots = make_lots(FACTORIES[4], np.random.default_rng(1))
    columns = [write_column(number("ph", "pH"), lots, Form.TEXT, np.random.default_rng(1))]
    before = list(columns[0].cells)

    marks = damage(columns, lots, Mistakes(0.2, 0.1, 0), Form.TEXT, np.random.default_rng(2))
    changed = {row for row, (old, new) in enumerate(zip(before, columns[0].cells, strict=True)) if old != new}

    assert changed <= {row for _, row in marks}
    assert len(changed) > 0.95 * len(marks) > 50
    assert set(marks.values()) == {"slip", "impossible"}


def test_a_stray_date_is_no_damage_but_says_less() -> None:
    lots = make_lots(FACTORIES[5], np.random.default_rng(1)).head(400)
    habit = SIX[5][1].columns[1]
    column: Written = write_column(habit, lots, Form.TEXT, np.random.default_rng(1))

    marks = damage([number_column(lots), column], lots, Mistakes(0, 0, 0, 0, 0.5), Form.TEXT, np.random.default_rng(2))

    assert not marks
    days = [value for cell, value in zip(column.cells, column.meant, strict=True) if len(str(cell)) == 10]
    assert days
    assert all(str(value).endswith("00:00:00") for value in days)


def number_column(lots: object) -> Written:
    """A column of numbers, for what needs one."""
    return write_column(number("ph", "pH"), lots, Form.TEXT, np.random.default_rng(1))  # type: ignore[arg-type]


def test_a_repeated_record_stands_soon_after_the_first() -> None:
    order = repeat(100, 0.1, np.random.default_rng(1))

    assert len(order) > 100
    assert sorted(set(order)) == list(range(100))
    first = {record: order.index(record) for record in order}
    assert all(index - first[record] < 12 for index, record in enumerate(order))


def test_drawn_habits_always_have_key_label_and_time() -> None:
    for seed in range(40):
        habits = draw_habits(np.random.default_rng(seed))
        sources = [column.source for column in habits.columns]

        assert {"lot_no", "plated_at", "judgement"} <= set(sources)
        assert len(set(sources)) == len(sources)
        assert sum(source in COLUMNS for source in sources) >= 12
        assert "synthetic" in habits.name


def test_typed_moments_of_a_workbook_are_moments(made: tuple[SyntheticFile, ...]) -> None:
    one = made[0]
    column = one.truth.column("plated_at")
    assert column.position is not None

    cell = lines_of(one)[one.truth.lines[0]][column.position - 1]

    assert isinstance(cell, datetime)
    assert cell.strftime("%Y-%m-%d %H:%M:%S") == column.values[0]


def test_the_truth_knows_no_answer_that_the_owner_would_not() -> None:
    assert answers((), Truth("a", 1, "a", "", "", "", (1, 1), 2, (), ()), None) == {}  # type: ignore[arg-type]
