"""YAML without its surprises, for what comes from outside or is written by hand: contracts, mappings, plans.

Plain YAML keeps the last of two equal keys, lets
aliases multiply a small text, and (composed by the C library) ends the process on a text of many brackets.
`read_mapping` refuses all of these with a line number.
"""

from collections.abc import Hashable
from typing import Any

import yaml

from data_contracts.errors import ContractUnreadable

__all__ = ["read_mapping"]

_MAX_DEPTH = 32


def read_mapping(text: str, *, what: str = "contract") -> dict[Hashable, Any]:
    """Read a YAML document whose outermost value is a mapping.

    Args:
        text: the document.
        what: what the document is, for the messages.

    Raises:
        ContractUnreadable: if the text is not YAML, not one mapping, repeats a key, is nested more than 32 levels deep,
            or uses anchors, aliases or tags. The text names a line, never its content.
    """
    try:
        _check_events(text, what)
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506  # a subclass of the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _invalid(what, "" if mark is None else f" (line {mark.line + 1}, column {mark.column + 1})") from None
    except (yaml.YAMLError, ValueError, OverflowError):  # an impossible date, a number of 10,000 digits
        raise _invalid(what, "") from None
    if not isinstance(raw, dict):
        raise ContractUnreadable(f"a {what} is a YAML mapping (field: value), got {type(raw).__name__}")
    return raw


class _Loader(yaml.CSafeLoader):
    """A safe loader that refuses a key written twice, where YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(keys) != len(set(keys)):
            line = node.start_mark.line + 1
            raise ContractUnreadable(f"line {line}: a key is written twice in the mapping that starts here")
        return super().construct_mapping(node, deep=deep)


def _check_events(text: str, what: str) -> None:
    """Walk the flat stream of YAML events first: composing a deeply nested text would exhaust the C stack."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        where = "line ?" if event.start_mark is None else f"line {event.start_mark.line + 1}"
        if depth > _MAX_DEPTH:
            raise ContractUnreadable(f"{where}: nested more than {_MAX_DEPTH} levels deep")
        if documents > 1:
            raise ContractUnreadable(f"{where}: a second document starts here; a file holds one {what}")
        if getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise ContractUnreadable(f"{where}: YAML anchors, aliases and tags are not read; write the value out")


def _invalid(what: str, where: str) -> ContractUnreadable:
    return ContractUnreadable(f"the {what} is not valid YAML{where}; correct the line or save the file again")
