"""A contract as a page for factories: Korean, with English beside it. One file, no scripts, nothing fetched."""

from collections.abc import Iterator
from importlib import resources

from data_contracts.contract import Column, Contract, Label
from data_contracts.handbook_words import KINDS, PRIVACY, ROLES, TOPICS, allowed, blanks, key_names, named_value, needed
from data_contracts.readiness.markup import Element, element, to_html

__all__ = ["render_handbook"]

_NOTHING_FETCHED = "default-src 'none'; style-src 'unsafe-inline'"


def render_handbook(contract: Contract) -> str:
    """Render the page of a contract as HTML.

    Args:
        contract: the contract; its texts are escaped, whoever wrote them.
    """
    style = element("style")
    style.text = resources.files("data_contracts").joinpath("handbook.css").read_text(encoding="utf-8")
    title = f"{contract.title.ko} · {contract.reference}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_NOTHING_FETCHED),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        style,
    )
    main = element(
        "main",
        *_opening(contract),
        *_steps(contract),
        *_overview(contract),
        element("h2", *_pair(Label("열마다 자세히", "Column by column"))),
        *(_section(column) for column in contract.columns),
        element("footer", element("p", f"{contract.reference} · SHA-256 {contract.sha256}", class_="code")),
    )
    return to_html(element("html", head, element("body", main), lang="ko"))


def _pair(label: Label) -> tuple[Element, Element]:
    """Return both texts, the English one marked as such; a text that is the same in both is said once."""
    korean = element("span", label.ko, class_="ko")
    return korean, element("span", "" if label.en == label.ko else label.en, class_="en", lang="en")


def _opening(contract: Contract) -> Iterator[Element]:
    yield element("p", "데이터 계약 안내 · Data contract guide", class_="eyebrow")
    yield element("h1", *_pair(contract.title))
    yield element("p", *_pair(contract.purpose), class_="lead")
    facts = (
        (Label("계약", "Contract"), Label(contract.reference, contract.reference)),
        (Label("기록을 구별하는 열", "Records are told apart by"), key_names(contract)),
        (Label("불량으로 보는 값", "Counts as a defect"), _defects(contract)),
        (
            Label("격리 한도", "Rows that may be set aside"),
            Label(
                f"{100 * contract.quarantine_ceiling:g} %를 넘으면 파일 전체를 받지 않습니다",
                f"beyond {100 * contract.quarantine_ceiling:g} % the whole file is refused",
            ),
        ),
    )
    yield _facts(facts)


def _defects(contract: Contract) -> Label:
    target = contract.target
    named = [f"{target.label.ko} = {named_value(target, value)}" for value in contract.defects]
    return Label(", ".join(named), ", ".join(f"{target.label.en} = {value}" for value in contract.defects))


def _facts(rows: tuple[tuple[Label, Label], ...]) -> Element:
    terms = [part for name, said in rows for part in (element("dt", *_pair(name)), element("dd", *_pair(said)))]
    return element("dl", *terms)


def _steps(contract: Contract) -> Iterator[Element]:
    yield element("h2", *_pair(Label("어떻게 준비하나", "How to prepare a file")))
    steps = (
        Label(
            "지금 쓰는 엑셀이나 MES 파일을 그대로 쓸 수 있습니다. 머리글이 달라도 아래 이름이면 알아봅니다.",
            "The Excel sheet or MES export that you have will do; headers named below are understood.",
        ),
        Label(
            f"새로 적으려면 함께 받은 템플릿 {contract.id}-{contract.version}.xlsx를 채우십시오.",
            f"To start afresh, fill in the template {contract.id}-{contract.version}.xlsx that comes with this page.",
        ),
        Label(
            f"회사 컴퓨터에서 pumasi-member data add 파일 --contract {contract.id} 를 실행하십시오. 데이터는 밖으로 "
            "나가지 않습니다.",
            f"On your own computer run: pumasi-member data add FILE --contract {contract.id}. No row leaves it.",
        ),
    )
    yield element("ol", *(element("li", *_pair(step)) for step in steps))


def _overview(contract: Contract) -> Iterator[Element]:
    yield element("h2", *_pair(Label("한눈에 보기", "At a glance")))
    names = ("열|Column", "형식|Kind", "허용 범위|Allowed", "빈칸|Blanks", "쓰임|Use")
    head = element("tr", *(element("th", *_pair(Label(*name.split("|"))), scope="col") for name in names))
    rows = []
    for column in contract.columns:
        link = element("a", *_pair(column.label), href=f"#{column.name}")
        cells = (KINDS[column.kind], allowed(column), blanks(column), ROLES[column.role])
        rows.append(element("tr", element("th", link, scope="row"), *(element("td", *_pair(cell)) for cell in cells)))
    yield element("div", element("table", element("thead", head), element("tbody", *rows)), class_="wide")


def _section(column: Column) -> Element:
    none = Label("없음", "none")
    facts = (
        ("kind", KINDS[column.kind]),
        ("unit", Label(column.unit, column.unit) if column.unit else none),
        ("allowed", allowed(column)),
        ("blanks", blanks(column)),
        ("needed", needed(column)),
        ("use", ROLES[column.role]),
        ("privacy", PRIVACY[column.privacy]),
        ("name", Label(column.name, column.name)),
    )
    meaning = Label(column.description_ko, column.description)
    return element(
        "section",
        element("h3", *_pair(column.label)),
        element("p", *_pair(meaning), class_="said"),
        element("p", element("strong", *_pair(TOPICS["why"])), *_pair(column.why), class_="said")
        if column.why.ko
        else None,
        _facts(tuple((TOPICS[name], said) for name, said in facts)),
        *_words(column),
        *_synonyms(column),
        id=column.name,
    )


def _words(column: Column) -> Iterator[Element]:
    if not column.vocabulary:
        return
    words = dict(column.words)
    rows = [
        element(
            "tr",
            element("th", value, scope="row", class_="code"),
            element("td", *(element("span", word, class_="chip") for word in words.get(value, ()))),
        )
        for value in column.vocabulary
    ]
    yield element("h4", *_pair(TOPICS["words"]))
    yield element("table", element("tbody", *rows), class_="words")


def _synonyms(column: Column) -> Iterator[Element]:
    if column.synonyms:
        yield element("h4", *_pair(TOPICS["synonyms"]))
        yield element("p", *(element("span", word, class_="chip") for word in column.synonyms))
