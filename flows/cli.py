"""`pumasi`: the association's command line."""

import os
import sys
from typing import NoReturn

import click

from data_contracts.errors import DataContractsError
from federated.disk import os_sentence
from federated.errors import FederatedError
from flows import interrupts, standing
from flows.contract_cli import contract
from flows.errors import FlowError, PortTaken
from flows.federation_cli import federation
from flows.federation_state import FederationState
from flows.installed import ASSOCIATION, missing
from flows.members_cli import members
from flows.options import example, json_option, show
from flows.runtime_name import RuntimeName
from flows.sandbox_cli import sandbox
from flows.settings import UI_PORT, Settings
from models.errors import ModelsError

WRONG_USE = 2

EXAMPLES = """\b
Examples:
  pumasi demo                       five factories, real data, one shared model
  pumasi train print-defect --json  the same plan on the members under PUMASI_HOME
  pumasi train my-plan.yaml --rounds 60 --seed 7
  pumasi ui                         browse runs, reports and models in MLflow
  pumasi sandbox up                 a cooperative with nodes, TLS and consent, on this machine
  pumasi federation up --address federation.example.org:8443
  pumasi members admit factory-1.join-request.json --contract print-defect
  pumasi propose print-defect       ask the members for their agreement
  pumasi contract docs plating-defect -o docs/
  pumasi train print-defect --runtime federation

State lives under PUMASI_HOME (default ./.pumasi)."""

rounds_option = click.option("--rounds", type=click.IntRange(min=1), help="Training rounds instead of the plan's.")
runtime_option = click.option(
    "--runtime",
    type=click.Choice([str(name) for name in RuntimeName]),
    help="Where to run instead of where the plan says.",
)
seed_option = click.option("--seed", type=click.IntRange(min=0), help="Seed instead of the plan's.")


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pumasi")
def app() -> None:
    """Train one shared model with the members of a cooperative, without pooling a row of their data."""


@app.command(epilog=example("pumasi train print-defect --rounds 60 --seed 7 --json"))
@click.argument("plan")
@rounds_option
@seed_option
@runtime_option
@json_option
def train(plan: str, rounds: int | None, seed: int | None, runtime: str | None, *, as_json: bool) -> None:
    """Train a shared model with the members: folders under PUMASI_HOME, or the nodes of the federation.

    PLAN is a shipped plan's name or a YAML file. The model is registered, held against the plan's gates, and handed to
    the members if it passes.
    """
    settings = Settings.from_environment().ready()
    if runtime == RuntimeName.FEDERATION:  # fails early, before the heavy imports
        FederationState.load(settings.federation)
    elif runtime == RuntimeName.IN_PROCESS:
        settings.member_homes()
    from flows.session import run_training  # noqa: PLC0415
    from flows.summary import as_json as plain  # noqa: PLC0415
    from flows.summary import as_text  # noqa: PLC0415

    report = run_training(settings, plan, rounds=rounds, seed=seed, runtime=runtime)
    show(plain(report), as_text(report), as_json=as_json)


@app.command(epilog=example("pumasi demo --json"))
@rounds_option
@seed_option
@json_option
def demo(rounds: int | None, seed: int | None, *, as_json: bool) -> None:
    """Do the main job on real data: five factories, one shared model.

    Public rotogravure data are dealt to five member folders on this machine; each is checked against its contract, and
    the five train one print-defect model together.
    """
    settings = Settings.from_environment().ready()
    from flows.session import Session  # noqa: PLC0415

    with Session(settings) as session:
        from flows.demo import run_demo  # noqa: PLC0415  (imports pandas: while the session's servers start)

        done = run_demo(settings, session, rounds=rounds, seed=seed)
    from flows.summary import as_json as plain  # noqa: PLC0415
    from flows.summary import as_text  # noqa: PLC0415

    text = f"{as_text(done.report, done.pooled)}\n{done.closing}"
    show(plain(done.report, done.pooled), text, as_json=as_json)


@app.command(epilog=example("pumasi propose print-defect"))
@click.argument("plan")
@json_option
def propose(plan: str, *, as_json: bool) -> None:
    """Show a plan to every member that is online, and hear who agrees.

    Each member's owner reads it with `pumasi-member review` and approves or refuses it; until then its node answers no
    request of the plan.
    """
    settings = Settings.from_environment().ready()
    FederationState.load(settings.federation)
    from flows.plan import load_plan  # noqa: PLC0415
    from flows.propose_plan import as_json as plain  # noqa: PLC0415
    from flows.propose_plan import as_text, propose_plan  # noqa: PLC0415

    with interrupts.deferred_interrupts():
        proposed = propose_plan(settings, load_plan(plan).with_overrides(runtime=RuntimeName.FEDERATION))
    show(plain(proposed), as_text(proposed, plan), as_json=as_json)


@app.command(epilog=example("pumasi ui --port 5001"))
@click.option("--port", type=click.IntRange(1, 65535), default=UI_PORT, show_default=True, help="Port on this machine.")
def ui(port: int) -> None:
    """Open MLflow on the runs and models, on this machine only. Ctrl-C ends it."""
    settings = Settings.from_environment().ready()
    from flows.federation_parts import answers  # noqa: PLC0415
    from flows.installed import require_association  # noqa: PLC0415
    from models.registry import ui_command, ui_environment, ui_page  # noqa: PLC0415

    require_association()
    if answers("127.0.0.1", port):
        raise PortTaken(
            f"port {port} of this machine is taken: by an earlier `pumasi ui`, then look at {ui_page(port)}, or by "
            f"another program. Choose another port, like: pumasi ui --port {port % 65535 + 1}"
        )
    command = ui_command(settings.home, port)
    click.echo(f"MLflow serves {settings.home} in a moment on {ui_page(port)} (Ctrl-C ends it)", err=True)
    os.execve(command[0], command, ui_environment())  # noqa: S606  (our own interpreter, no shell)


app.add_command(contract)
app.add_command(federation)
app.add_command(members)
app.add_command(sandbox)


def main() -> None:
    """Run the command line; what was foreseen ends in one sentence, without a traceback."""
    try:
        sys.exit(app.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):  # click turns Ctrl-C into Abort
        _fail(f"stopped. {standing.current().sentence()}", interrupts.exit_code())
    except (FlowError, FederatedError, DataContractsError, ModelsError) as error:
        _fail(str(error), WRONG_USE)
    except OSError as error:
        _fail(os_sentence(error, Settings.from_environment().home), WRONG_USE)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package not in ASSOCIATION:
            raise
        _fail(missing(package), WRONG_USE)
    except Exception as error:
        from models.registry import RegistryError  # noqa: PLC0415  (0.1 s that `pumasi --help` does without)

        if not isinstance(error, RegistryError):
            raise
        _fail(str(error), WRONG_USE)


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"pumasi: {message}", err=True)
    sys.exit(code)


if __name__ == "__main__":  # how `pumasi federation up` starts the supervisor in the background
    main()
