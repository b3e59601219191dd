"""The two trees of errors are whole: whoever reads one knows every cause."""

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from federated import errors as federated_errors
from flows import errors as flow_errors

ROOT = Path(__file__).parents[3]


def causes(room: str, base: str) -> set[str]:
    """Every class of a room that descends from a base, by name."""
    parents: dict[str, set[str]] = {}
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                parents[node.name] = {parent.id for parent in node.bases if isinstance(parent, ast.Name)}
    found = {base}
    while more := {name for name, above in parents.items() if above & found} - found:
        found |= more
    return found - {base}


@pytest.mark.parametrize(
    ("room", "module", "base"),
    [("federated", federated_errors, "FederatedError"), ("flows", flow_errors, "FlowError")],
)
def test_the_tree_names_every_cause_and_no_other(room: str, module: ModuleType, base: str) -> None:
    tree = set(re.findall(r"^[├└│ ]+[├└]?── (\w+)|^[├└]── (\w+)", module.__doc__ or "", re.MULTILINE))

    named = {name for pair in tree for name in pair if name}
    assert len(causes(room, base)) > 5
    assert named == causes(room, base)
