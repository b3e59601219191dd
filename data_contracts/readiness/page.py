"""A readiness report as one page of HTML: no scripts, nothing fetched, every text escaped; it prints on A4."""

from importlib import resources

from data_contracts.readiness.markup import Element, element, foreign, to_html
from data_contracts.readiness.page_checks import check_sections
from data_contracts.readiness.page_columns import columns_section
from data_contracts.readiness.page_top import counts_section, verdict_section
from data_contracts.readiness.page_words import Voice
from data_contracts.readiness.types import Readiness

__all__ = ["POLICY", "render_page"]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the browser is told to load: nothing but the page's own style."""

_SHOWN_DIGITS = 12


def render_page(readiness: Readiness, language: str) -> str:
    """Write the report as a page.

    Args:
        readiness: the report.
        language: ``ko`` for Korean, anything else for English.

    Returns:
        A whole HTML document; the same report gives the same text.
    """
    voice = Voice("ko" if language == "ko" else "en")
    body = element(
        "body",
        _head(readiness, voice),
        verdict_section(readiness, voice),
        counts_section(readiness, voice),
        columns_section(readiness, voice),
        *check_sections(readiness, voice),
        element("footer", voice("private")),
    )
    return to_html(element("html", _meta(readiness, voice), body, lang=voice.language))


def _meta(readiness: Readiness, voice: Voice) -> Element:
    style = element("style")
    style.text = resources.files("data_contracts.readiness").joinpath("page.css").read_text(encoding="utf-8")
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": POLICY}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", f"{voice('title')} – {readiness.file}"),
        style,
    )


def _head(readiness: Readiness, voice: Voice) -> Element:
    facts = [
        (voice("file"), foreign(readiness.file)),
        (voice("contract"), element("span", f"{voice.text(readiness.title)} ({readiness.contract})")),
        (voice("fingerprint"), element("code", readiness.sha256[:_SHOWN_DIGITS])),
    ]
    pairs = [element("div", element("dt", name), element("dd", said)) for name, said in facts]
    return element("header", element("h1", voice("title")), element("dl", *pairs))
