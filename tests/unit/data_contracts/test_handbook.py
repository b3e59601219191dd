"""The page and the template that explain a contract to factories."""

import dataclasses
import io
import re
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from data_contracts.contract import Contract, Label, load_contract, parse_contract, shipped_contracts
from data_contracts.handbook_page import render_handbook
from data_contracts.handbook_template import template_bytes, template_name
from tests.unit.data_contracts.conftest import to_text


class Reader(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note what can be read."""
        self.text += f" {data}"


@pytest.fixture(scope="module")
def plating() -> Contract:
    return load_contract("plating-defect@1.0.0")


@pytest.fixture
def hostile(document: dict[str, Any]) -> Contract:
    """A contract whose author wants more than to be read."""
    document["name"] = "<script>alert(1)</script>"
    heat = document["schema"][0]["properties"][1]
    heat["businessName"] = "=HYPERLINK(1)"
    heat["description"] = "</p><img src=x onerror=alert(1)>\n\tbell \x07 \u202e turned"
    heat["customProperties"][1]["value"] = "=1+1"
    heat["synonyms"] = [{"synonym": "\"><iframe src='//example.org'>"}]
    paper = document["schema"][0]["properties"][3]
    paper["enum"] = [{"value": "=cmd|calc"}, {"value": 'a "quoted", listed word'}]
    return parse_contract(to_text(document))


def workbook(contract: Contract) -> tuple[Worksheet, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(template_bytes(contract)))
    data, guide = book.worksheets[:2]
    assert book.active is data
    return data, guide


def rules(data: Worksheet) -> dict[str, DataValidation]:
    """Return the rule of each column that has one, by its header."""
    found = {}
    for rule in data.data_validations.dataValidation:
        (area,) = rule.sqref.ranges
        assert (area.min_row, area.max_row, area.min_col) == (2, 1_048_576, area.max_col)
        found[str(data.cell(1, area.min_col).value)] = rule
    return found


@pytest.mark.parametrize("reference", shipped_contracts())
def test_the_page_says_everything_about_every_column(reference: str) -> None:
    contract = load_contract(reference)
    text = " ".join(Reader(render_handbook(contract)).text.split())

    assert contract.reference in text
    assert contract.sha256 in text
    for column in contract.columns:
        for said in (column.label.ko, column.label.en, column.description_ko, column.description, column.why.ko):
            assert " ".join(said.split()) in text, column.name
        for word in (*column.synonyms, *column.vocabulary, *(word for _, words in column.words for word in words)):
            assert word in text, word
        if column.minimum is not None and column.maximum is not None:
            unit = f" {column.unit}" if column.unit else ""
            assert f"{column.minimum:g} – {column.maximum:g}{unit}" in text, column.name


def test_the_page_runs_nothing_and_fetches_nothing(plating: Contract) -> None:
    page = render_handbook(plating)
    seen = Reader(page)

    assert {"script", "img", "iframe", "link", "object", "form", "base"}.isdisjoint(seen.tags)
    assert not [name for name, _ in seen.attributes if name.startswith("on") or name in {"src", "srcset", "style"}]
    assert all((value or "").startswith("#") for name, value in seen.attributes if name == "href")
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_shows_a_contracts_markup_and_runs_none_of_it(hostile: Contract) -> None:
    page = render_handbook(hostile)
    seen = Reader(page)

    assert {"script", "img", "iframe"}.isdisjoint(seen.tags)
    assert "<script>alert(1)</script>" in seen.text
    assert "<img src=x onerror=alert(1)>" in seen.text
    assert not set(page) & {"\x07", "\u202e"}


def test_every_link_of_the_page_leads_to_a_column(plating: Contract) -> None:
    seen = Reader(render_handbook(plating))
    targets = {value for name, value in seen.attributes if name == "id"}

    assert [value for name, value in seen.attributes if name == "href"] == [f"#{one.name}" for one in plating.columns]
    assert targets == {one.name for one in plating.columns}


def test_the_template_is_a_header_with_units_and_nothing_below_it(plating: Contract) -> None:
    data, _ = workbook(plating)
    header = [str(cell.value) for cell in data[1]]

    assert template_name(plating) == "plating-defect-1.0.0.xlsx"
    assert header[0] == "로트 번호"
    assert header[6:9] == ["도금욕 온도(°C)", "도금욕 pH", "전류 밀도(A/dm²)"]
    assert len(header) == len(set(header)) == len(plating.columns)
    assert data.max_row == 1
    assert data.freeze_panes == "A2"


def test_the_second_sheet_explains_every_column(plating: Contract) -> None:
    _, guide = workbook(plating)
    rows = [[str(cell.value or "") for cell in row] for row in guide.iter_rows(min_row=4)]

    assert [name for name, _ in rows] == [f"{column.label.ko}\n{column.label.en}" for column in plating.columns]
    for (_, said), column in zip(rows, plating.columns, strict=True):
        for text in (column.description_ko, column.why.ko, column.description, column.why.en, column.unit or ""):
            assert text in said, column.name


def test_cells_offer_the_words_and_warn_at_the_limits(plating: Contract) -> None:
    data, _ = workbook(plating)
    found = rules(data)

    assert (found["검사 판정"].type, found["검사 판정"].formula1) == ("list", '"양품,불량"')
    assert found["검사 판정"].errorStyle == "stop"
    heat = found["도금욕 온도(°C)"]
    assert (heat.type, heat.operator, heat.formula1, heat.formula2) == ("decimal", "between", "20", "80")
    assert heat.errorStyle == "warning"
    assert found["도금 시작 일시"].type == "date"
    assert "로트 번호" not in found


def test_columns_have_the_format_of_what_goes_into_them(plating: Contract) -> None:
    data, _ = workbook(plating)

    assert data.column_dimensions["A"].number_format == "@"
    assert data.column_dimensions["B"].number_format == "yyyy-mm-dd hh:mm"
    assert data.column_dimensions["G"].number_format == "General"


def test_whole_numbers_and_half_open_ranges_have_rules_of_their_own(tiny: Contract) -> None:
    passes = tiny.column("passes")
    count = dataclasses.replace(passes, name="count", label=Label("개수", "Count"), minimum=1.0, maximum=None)
    least = dataclasses.replace(count, name="least", label=Label("최소", "Least"), minimum=None, maximum=9.0)
    data, _ = workbook(dataclasses.replace(tiny, columns=(passes, count, least, tiny.target)))
    found = rules(data)

    assert (found["횟수"].type, found["횟수"].operator, found["횟수"].formula2) == ("whole", "between", "8")
    assert (found["개수"].operator, found["개수"].formula1, found["개수"].formula2) == ("greaterThanOrEqual", "1", None)
    assert (found["최소"].operator, found["최소"].formula1) == ("lessThanOrEqual", "9")


def test_a_list_that_is_too_long_for_a_rule_stands_on_a_sheet_of_its_own(tiny: Contract) -> None:
    values = tuple(f"value number {number}" for number in range(40))
    paper = dataclasses.replace(tiny.column("paper"), vocabulary=values)
    written = template_bytes(dataclasses.replace(tiny, columns=(paper, tiny.target)))
    book = openpyxl.load_workbook(io.BytesIO(written))
    data, _, lists = book.worksheets

    assert rules(data)["용지"].formula1 == "=목록!$A$1:$A$40"
    assert (lists.title, lists.sheet_state) == ("목록", "hidden")
    assert [cell.value for cell in lists["A"]] == list(values)


def test_no_text_of_a_contract_runs_as_a_formula(hostile: Contract) -> None:
    written = template_bytes(hostile)
    book = openpyxl.load_workbook(io.BytesIO(written))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]

    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert not [cell.value for cell in cells if re.match(r"[=+\-@]\w", str(cell.value or ""))]
    assert str(book.worksheets[0]["B1"].value).startswith("'=1+1")
    assert rules(book.worksheets[0])["용지"].formula1 == "=목록!$A$1:$A$2"


def test_a_filled_template_is_understood_without_a_question(plating: Contract, tmp_path: Any) -> None:
    from data_contracts.intake import read_source  # noqa: PLC0415
    from data_contracts.mapping.propose import propose  # noqa: PLC0415
    from data_contracts.prepare import prepare  # noqa: PLC0415

    book = openpyxl.load_workbook(io.BytesIO(template_bytes(plating)))
    for row in filled(40):
        book.worksheets[0].append(row)
    path = tmp_path / template_name(plating)
    book.save(path)
    table = read_source(path)
    proposal = propose(table, plating)

    assert [question.key for question in proposal.questions] == []
    assert [guess.setting for guess in table.guesses if not guess.certain] == []
    assert [entry.column for entry in proposal.mapping.columns if entry.header] == [one.name for one in plating.columns]
    verdict = prepare(table, plating).checked.verdict
    assert (verdict.accepted_rows, verdict.findings) == (40, ())


def filled(rows: int) -> list[list[object]]:
    """Rows as a factory would type them: Korean words, dates with a time, blanks where a lot was good."""
    from datetime import datetime, timedelta  # noqa: PLC0415

    begun = datetime(2026, 3, 5, 8, 0)  # noqa: DTZ001  (the clock on the wall)
    made: list[list[object]] = []
    for number in range(rows):
        bad = number % 5 == 0
        made.append(
            [
                *(f"L{number:04d}", begun + timedelta(minutes=47 * number), f"{number % 2 + 1}호기"),
                *(("주간", "오후조", "야간")[number % 3], ("래크", "바렐")[number % 2], ("철", "황동")[number % 2]),
                *(52.5 + number % 7, 4.2, 3.5 if number % 2 else 0.8, 6.5, 255, 48.5, 41, 0.6, 12 + number % 9),
                *(180, 20, 25 + number % 3, 30, 1.25, "불량" if bad else "양품", "피트" if bad else None),
            ]
        )
    return made
