"""Elements of a page. Every text goes through here and is escaped by the serialiser: there is no other way in.

Texts of a member's file are hostile until shown otherwise: whatever is not printable (control characters, marks that
turn the direction of writing around) is replaced, and the rest is data to the browser, never markup.
"""

import unicodedata
from xml.etree import ElementTree as ET

__all__ = ["Child", "Element", "element", "foreign", "plain", "to_html"]

Element = ET.Element
Child = Element | str | None

_LONGEST_FOREIGN = 60


def element(tag: str, *children: Child, **attributes: str | float) -> Element:
    """Make an element.

    Args:
        tag: its name.
        children: elements and texts, in order; None is left out.
        attributes: its attributes, empty ones left out; ``class_`` is ``class``, ``text_anchor`` is ``text-anchor``.
    """
    made = ET.Element(tag, {_attribute(name): _value(value) for name, value in attributes.items() if value != ""})
    for child in children:
        if child is None:
            continue
        if not isinstance(child, str):
            made.append(child)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + plain(child)
        else:
            made.text = (made.text or "") + plain(child)
    return made


def foreign(text: str) -> Element:
    """Return a text from a member's file, cut to length, that keeps its direction of writing to itself."""
    shown = text if len(text) <= _LONGEST_FOREIGN else f"{text[: _LONGEST_FOREIGN - 1]}…"
    return element("bdi", shown, class_="foreign")


def plain(text: str) -> str:
    """Return the text with every blank as a space and everything else that does not print as a small box."""
    return "".join(_plain(character) for character in text)


def to_html(page: Element) -> str:
    """Return the whole document as text."""
    return f"<!DOCTYPE html>\n{ET.tostring(page, encoding='unicode', method='html')}\n"


def _plain(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character in "\n\t" or unicodedata.category(character) == "Zs" else "▫"


def _attribute(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return plain(value) if isinstance(value, str) else f"{value:.6g}"
