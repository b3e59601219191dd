"""The options that the member's commands have in common, and how an answer for programs is printed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from federated.member.where import ASSOCIATION_HOME, HOME

Command = TypeVar("Command", bound=Callable[..., Any])

member_option = click.option("--member", help="Your id, where several members live on one machine.")
home_option = click.option(
    "--home",
    type=click.Path(path_type=Path),
    help=f"Your folder. Default: {HOME}, else members/ID under {ASSOCIATION_HOME}.",
)
language_option = click.option(
    "--lang", type=click.Choice(["ko", "en"]), default="en", show_default=True, help="Language of the answer."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")


def place_options(command: Command) -> Command:
    """Add the options that say whose folder it is."""
    return member_option(home_option(command))


def print_json(value: object) -> None:
    """Print an answer for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
