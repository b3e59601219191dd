"""The options that the member's commands have in common, and how an answer for programs is printed."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from federated.member.where import ASSOCIATION_HOME, HOME

if TYPE_CHECKING:
    from federated.member.mappings import Query

Command = TypeVar("Command", bound=Callable[..., Any])

member_option = click.option("--member", help="Your id, where several members live on one machine.")
home_option = click.option(
    "--home",
    type=click.Path(path_type=Path),
    help=f"Your folder. Default: {HOME}, else members/ID under {ASSOCIATION_HOME}.",
)
language_option = click.option(
    "--lang",
    type=click.Choice(["ko", "en"]),
    default=lambda: spoken_here(os.environ),
    show_default="that of this computer",
    help="Language of the answer.",
)
mapping_option = click.option(
    "--mapping",
    type=click.Path(path_type=Path),
    help="Mapping file that says which column is which. Default: the one that fits the file.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for programs.")


def spoken_here(environment: Mapping[str, str]) -> str:
    """Return the language that this computer is set to: ``ko`` where it says so, else ``en``."""
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "ko" if said.lower().startswith("ko") else "en"


def place_options(command: Command) -> Command:
    """Add the options that say whose folder it is."""
    return member_option(home_option(command))


def named_source(file: Path | None, database: str | None, query: str | None) -> "Path | Query":
    """Return the file or the query.

    Raises:
        click.UsageError: Neither or both were named.
    """
    from federated.member.mappings import Query  # noqa: PLC0415

    if file is not None and query is None:
        return file
    if file is None and database is not None and query is not None:
        return Query(database, query)
    raise click.UsageError(
        "name a FILE, or --database URL together with --query SQL. "
        "파일을 적거나, --database와 --query를 함께 적으십시오."
    )


def print_json(value: object) -> None:
    """Print an answer for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
