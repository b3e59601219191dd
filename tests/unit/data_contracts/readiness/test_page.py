"""The page without a browser: what stands in it, in both languages, and that nothing in it can be markup of a file."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.cells.changes import Rule
from data_contracts.contract import Contract, Label, load_contract
from data_contracts.intake.guesses import Guess
from data_contracts.intake.table import Aside
from data_contracts.mapping.types import Topic
from data_contracts.readiness import Readiness, readiness
from data_contracts.readiness.check_types import LeakKind, PersonalKind
from data_contracts.readiness.markup import element, plain, to_html
from data_contracts.readiness.page import POLICY, render_page
from data_contracts.readiness.page_labels import UNITS
from data_contracts.readiness.page_words import TEXTS
from data_contracts.readiness.personal import MASKS
from data_contracts.understanding_labels import ASIDES, RULES, TOPICS
from tests.readiness_example import COLUMNS, change, month, prepared, source
from tests.tiny_lots import TINY, lots, report_of

HANGUL = re.compile("[가-힣]")
ORDER = (
    "학습할 수 있습니다",
    "기록 수",
    "계약의 열과 파일의 열",
    "시기별 결측",
    "양품과 불량",
    "바꾼 것",
    "정답이 새는 열",
    "개인정보",
    "스마트공장 단계",
)


class _Tags(HTMLParser):
    """Notes every element with its attributes, and the texts between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def clean() -> Readiness:
    return readiness(prepared(source(month(rows=60)), COLUMNS, load_contract("plating-defect")))


def test_the_sections_come_in_the_order_of_what_matters(clean: Readiness) -> None:
    page = render_page(clean, "ko")
    places = [page.index(text) for text in ORDER]

    assert places == sorted(places)


def test_the_page_forbids_everything_but_its_own_style_and_fetches_nothing(clean: Readiness) -> None:
    tags = _Tags(render_page(clean, "ko")).tags

    assert POLICY.startswith("default-src 'none'")
    assert [attrs["content"] for tag, attrs in tags if attrs.get("http-equiv") == "Content-Security-Policy"] == [POLICY]
    assert not {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "base", "form", "a"}
    assert not {name for _, attrs in tags for name in attrs} & {"src", "href", "action", "srcset", "onload", "onclick"}


def test_the_english_page_has_korean_only_where_the_file_has(clean: Readiness) -> None:
    page = _Tags(render_page(clean, "en")).text
    for header in COLUMNS.values():
        page = page.replace(header, "")

    assert not HANGUL.search(page.replace("Noto Sans", "")), HANGUL.search(page)


def test_every_text_is_said_in_both_languages() -> None:
    for key, label in TEXTS.items():
        gaps = [sorted(re.findall(r"\{(\w+)", text)) for text in (label.ko, label.en)]
        assert label.ko, key
        assert label.en, key
        assert not HANGUL.search(label.en), key
        assert set(gaps[0]) == set(gaps[1]), key


def test_everything_that_can_be_found_has_its_words() -> None:
    assert set(RULES) == set(Rule)
    assert set(ASIDES) == set(Aside)
    assert set(TOPICS) == set(Topic)
    assert set(MASKS) == set(PersonalKind)
    assert {f"personal_{kind}" for kind in PersonalKind} | {f"leak_{kind}" for kind in LeakKind} <= set(TEXTS)
    assert set(UNITS) == {"hour", "day", "week", "month", "quarter", "year", "lines"}


def test_the_same_report_gives_the_same_page(clean: Readiness) -> None:
    assert render_page(clean, "ko") == render_page(clean, "ko")


def test_guesses_are_shown_with_their_reason_and_the_key_that_overrules_them(tiny: Contract) -> None:
    guess = Guess("encoding", "cp949", Label("CP949로만 읽힙니다.", "Only CP949 fits."), certain=False)
    page = _Tags(render_page(readiness(prepared(source(lots(), guesses=(guess,)), TINY, tiny)), "ko")).text

    for text in ("글자 인코딩", "cp949", "CP949로만 읽힙니다.", "file.encoding", "불확실"):
        assert text in page


def test_changes_are_all_shown_and_the_factorys_words_are_not(tiny: Contract) -> None:
    units = [change("heat", "unit", 3, 4, detail="°F → °C"), change("heat", "unit", 7, detail="K → °C")]
    changes = [*units, change("grade", "word", 5, detail="비밀 → ok")]
    page = _Tags(render_page(report_of(lots(), tiny, changes=changes), "ko")).text

    assert "단위 환산 °F → °C" in page
    assert "단위 환산: °F → °C, K → °C" in page
    assert "3, 4번째 줄" in page
    assert "계약의 용어로 바꿈" in page
    assert "비밀" not in page


def test_no_cell_of_an_unknown_column_is_shown(tiny: Contract) -> None:
    cells = lots(비고=["비밀이야기"] * 40, 수량=["987654"] * 40)
    page = render_page(report_of(cells, tiny), "ko")

    assert "비고" in page
    assert "비밀" not in page
    assert "987654" not in page


def test_no_word_outside_the_vocabulary_is_shown(tiny: Contract) -> None:
    page = render_page(report_of(lots(paper=["비밀종이"] * 3 + ["a"] * 37), tiny), "ko")

    assert "비밀" not in page
    assert "그 밖의 말" in page


@settings(max_examples=20, deadline=None)
@given(header=st.text(max_size=90), name=st.text(max_size=30))
def test_whatever_a_header_or_a_file_name_is_it_stays_text(clean: Readiness, header: str, name: str) -> None:
    usual = [tag for tag, _ in _Tags(render_page(replace(clean, columns=(), unused=("x",), file="x"), "ko")).tags]
    page = render_page(replace(clean, columns=(), unused=(f"<b onclick=x>{header}",), file=f"{name}</title>.csv"), "ko")

    assert [tag for tag, _ in _Tags(page).tags] == usual
    assert all(character.isprintable() or character == "\n" for character in page)
    page.encode("utf-8")


def test_marks_that_turn_writing_around_and_control_characters_become_boxes() -> None:
    assert plain("a\u202eb\u2066c\x00d\x1be\ud800f") == "a▫b▫c▫d▫e▫f"
    assert plain("a\u00a0b\u3000c\td\ne") == "a b c d e"


def test_texts_and_attributes_are_escaped() -> None:
    made = element("p", 'a<b> & "c"', element("i", "x"), "<tail>", title='"><script>')

    assert to_html(made).splitlines()[1] == (
        '<p title="&quot;&gt;<script&gt;">a&lt;b&gt; &amp; "c"<i>x</i>&lt;tail&gt;</p>'
    )


def test_the_command_to_type_next_holds_the_file_name_as_one_word(tiny: Contract) -> None:
    page = _Tags(render_page(readiness(prepared(source(lots(), name="3월 도금; rm -rf.xlsx"), TINY, tiny)), "ko")).text

    assert "pumasi-member data add '3월 도금; rm -rf.xlsx' --contract tiny-plating" in page
