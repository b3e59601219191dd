"""What the association's commands share: the option ``--json``, and printing for people or for programs."""

import json
from typing import Any

import click

ADMIT_FIRST = "pumasi members add factory-1.join-request.json --contract print-defect"
"""How the first member is let in: the next step where nobody is there yet."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")


def show(plain: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print a command's result.

    Args:
        plain: For programs.
        text: For people.
        as_json: For whom.
    """
    click.echo(json.dumps(plain, ensure_ascii=False, indent=1) if as_json else text)
