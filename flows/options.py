"""What the association's commands share: ``--json``, the example in a help, printing for people or for programs."""

import json
from typing import Any

import click

ADMIT_FIRST = "pumasi members add factory-1.join-request.json --contract print-defect"
"""How the first member is let in: the next step where nobody is there yet."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")


def example(command: str, *, where: str = "") -> str:
    """Word the end of a command's help: one line that can be pasted, which click must not wrap at a hyphen.

    Args:
        command: The command, as typed.
        where: Where it is typed, when that is no shell.
    """
    return f"\b\nExample{where}: {command}"


def show(plain: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print a command's result.

    Args:
        plain: For programs.
        text: For people.
        as_json: For whom.
    """
    click.echo(json.dumps(plain, ensure_ascii=False, indent=1) if as_json else text)
