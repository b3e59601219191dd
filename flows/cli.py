"""`pumasi`: the association's command line."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

from data_contracts.errors import DataContractsError
from federated.errors import FederatedError
from flows.errors import FlowError
from flows.settings import Settings
from models.errors import ModelsError
from models.registry import RegistryError

WRONG_USE = 2
INTERRUPTED = 130
UI_PORT = 5000

app = typer.Typer(
    name="pumasi",
    help="Train one shared model with the members of a cooperative, without pooling a row of their data.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Examples:\n\n"
        "  pumasi demo                                   five factories, real data, one shared model\n\n"
        "  pumasi train print-defect --json              the same plan on the members under PUMASI_HOME\n\n"
        "  pumasi train my-plan.yaml --rounds 60 --seed 7\n\n"
        "  pumasi ui                                     browse runs, reports and models in MLflow\n\n"
        "State lives under PUMASI_HOME (default ./.pumasi)."
    ),
)

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs; progress goes to stderr.")]
Rounds = Annotated[int | None, typer.Option(min=1, help="Training rounds instead of the plan's.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed instead of the plan's.")]


@app.command(epilog="Example: pumasi train print-defect --rounds 60 --seed 7 --json")
def train(
    plan: Annotated[str, typer.Argument(help="A shipped plan's name or a YAML file.", show_default=False)],
    rounds: Rounds = None,
    seed: Seed = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Train a shared model with the members, register it, judge it, and hand it to them if it passes."""
    settings = Settings.from_environment().ready()
    settings.member_homes()  # fails early, before the heavy imports
    from flows.session import run_training  # noqa: PLC0415

    with _interruptible():
        report = run_training(settings, plan, rounds=rounds, seed=seed)
    from flows.summary import as_json as plain  # noqa: PLC0415
    from flows.summary import as_text  # noqa: PLC0415

    _tell(plain(report), as_text(report), as_json=as_json)


@app.command(epilog="Example: pumasi demo --json")
def demo(rounds: Rounds = None, seed: Seed = None, *, as_json: AsJson = False) -> None:
    """Do the main job on real data: five member factories train one print-defect model on this machine."""
    settings = Settings.from_environment().ready()
    from flows.session import Session  # noqa: PLC0415

    with _interruptible(), Session(settings) as session:
        from flows.demo import run_demo  # noqa: PLC0415  (imports torch: while the session's servers start)

        done = run_demo(settings, session, rounds=rounds, seed=seed)
    from flows.summary import as_json as plain  # noqa: PLC0415
    from flows.summary import as_text  # noqa: PLC0415

    text = f"{as_text(done.report, done.pooled)}\n{done.closing}"
    _tell(plain(done.report, done.pooled), text, as_json=as_json)


@app.command(epilog="Example: pumasi ui --port 5001")
def ui(port: Annotated[int, typer.Option(min=1, max=65535, help="Port on this machine.")] = UI_PORT) -> None:
    """Open MLflow on the association's runs and models, on this machine only. Ctrl-C ends it."""
    settings = Settings.from_environment().ready()
    from models.registry import ui_command, ui_environment  # noqa: PLC0415

    command = ui_command(settings.home, port)
    typer.echo(f"MLflow serves {settings.home} on http://127.0.0.1:{port} in a moment. Ctrl-C ends it.", err=True)
    os.execve(command[0], command, ui_environment())  # noqa: S606  (our own interpreter, no shell)


def main() -> None:
    """Run the command line; errors made on purpose end in one sentence, without a traceback."""
    try:
        app()
    except (FlowError, FederatedError, DataContractsError, ModelsError, RegistryError) as error:
        _fail(str(error), WRONG_USE)


@contextmanager
def _interruptible() -> Iterator[None]:
    """Turn Ctrl-C into one sentence that says what state things are in."""
    try:
        yield
    except KeyboardInterrupt:
        _fail("stopped. The run is marked KILLED in MLflow; it promoted nothing.", INTERRUPTED)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"pumasi: {message}", err=True)
    sys.exit(code)


def _tell(plain: dict[str, Any], text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(plain, ensure_ascii=False, indent=1) if as_json else text)
