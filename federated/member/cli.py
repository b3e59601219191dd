"""`pumasi-member`: what a factory runs on its own machine. Nothing here dials out."""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from data_contracts.errors import DataContractsError
from federated.errors import FederatedError

HOME = "PUMASI_MEMBER_HOME"
ASSOCIATION_HOME = "PUMASI_HOME"
REFUSED = 1
WRONG_USE = 2

app = typer.Typer(
    name="pumasi-member",
    help="Take part with your own data, on your own machine. 자기 공장의 데이터로, 자기 컴퓨터에서 참여합니다.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Examples:\n\n"
        "  pumasi-member check parts.csv --contract print-defect\n\n"
        "  pumasi-member data add parts.csv --contract print-defect --member factory-1\n\n"
        "  pumasi-member score new-parts.csv --model print-defect -o scored.csv"
    ),
)
data = typer.Typer(help="Your dataset and its versions. 데이터셋과 그 버전.", no_args_is_help=True)
app.add_typer(data, name="data")

File = Annotated[Path, typer.Argument(help="A CSV file (UTF-8) or a Parquet file.", show_default=False)]
ContractOption = Annotated[str, typer.Option(help="Contract, like print-defect, or a path to a contract file.")]
Language = Annotated[str, typer.Option(help="Language of the findings: ko or en.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object for programs.")]
Member = Annotated[str | None, typer.Option(help="Your id, where several members live on one machine.")]
Home = Annotated[Path | None, typer.Option(help=f"Your folder; default {HOME}, else under {ASSOCIATION_HOME}.")]


@app.command(epilog="Example: pumasi-member check parts.csv --contract print-defect --lang ko")
def check(file: File, contract: ContractOption, lang: Language = "en", *, as_json: AsJson = False) -> None:
    """Check a file against a contract: what is wrong, where, what to do. 파일을 계약과 대조합니다."""
    from data_contracts.contract import load_contract  # noqa: PLC0415  (pandas is imported when it is needed)
    from data_contracts.enforce import enforce  # noqa: PLC0415
    from data_contracts.intake import read_table  # noqa: PLC0415

    verdict = enforce(read_table(file), load_contract(contract)).verdict
    if as_json:
        _print_json(verdict.to_plain())
    else:
        typer.echo(verdict.text(lang))
        if verdict.accepted:
            _next(f"pumasi-member data add {file} --contract {contract} --member YOUR-ID")
    raise typer.Exit(0 if verdict.accepted else REFUSED)


@data.command("add", epilog="Example: pumasi-member data add parts.csv --contract print-defect --member factory-1")
def add(
    file: File,
    contract: ContractOption,
    member: Member = None,
    home: Home = None,
    lang: Language = "en",
    *,
    share_metrics: Annotated[bool, typer.Option(help="Let your own figures be shown to the other members.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check a file and keep its accepted rows as a new version of your dataset. 데이터셋의 새 버전으로 저장합니다."""
    from federated.member.dataset import add_dataset  # noqa: PLC0415

    folder = _home(home, member, must_exist=False)
    added = add_dataset(folder, file, contract, member=member or folder.name, shares_metrics=share_metrics)
    if as_json:
        _print_json({"verdict": added.verdict.to_plain(), "sha256": added.version and added.version.sha256})
    else:
        typer.echo(added.verdict.text(lang))
        if added.version is not None:
            typer.echo(f"Kept {added.version.rows} rows as version {added.version.sha256[:12]} in {folder / 'data'}.")
        if added.quarantined is not None:
            typer.echo(f"Rows that failed are in {added.quarantined}; correct them in your own file and add it again.")
    raise typer.Exit(0 if added.version is not None else REFUSED)


@app.command(epilog="Example: pumasi-member score new-parts.csv --model print-defect -o scored.csv")
def score(
    file: File,
    model: Annotated[str, typer.Option(help="Name of a promoted model that you took home.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV file to write.")],
    member: Member = None,
    home: Home = None,
    lang: Language = "en",
    *,
    as_json: AsJson = False,
) -> None:
    """Score new parts with the promoted model, and say what drove the worst scores. 새 부품의 불량 확률을 계산합니다."""
    from federated.member.score import score_file  # noqa: PLC0415

    scored = score_file(file, _model_folder(model, home, member), output, lang=lang)
    if as_json:
        _print_json(scored.to_plain())
    else:
        typer.echo(scored.text(lang))
    raise typer.Exit(0 if scored.verdict.accepted else REFUSED)


def main() -> None:
    """Run the command line; errors made on purpose end in one sentence, without a traceback."""
    from models.errors import ModelsError  # noqa: PLC0415

    try:
        app()
    except (DataContractsError, FederatedError, ModelsError) as error:
        typer.echo(f"pumasi-member: {error}", err=True)
        sys.exit(WRONG_USE)


def _home(home: Path | None, member: str | None, *, must_exist: bool = True) -> Path:
    """Find the member's folder: as given, from the environment, or the only one under the association's home."""
    if home is not None:
        return home
    if HOME in os.environ:
        return Path(os.environ[HOME])
    members = Path(os.environ.get(ASSOCIATION_HOME) or ".pumasi") / "members"
    if member is not None:
        return members / member
    found = sorted(path.parent for path in members.glob("*/member.yaml"))
    if len(found) == 1:
        return found[0]
    if must_exist and found:
        return found[0]
    raise typer.BadParameter(
        f"{len(found)} members live under {members}; say which with --member ID or --home FOLDER, or set {HOME}"
    )


def _model_folder(model: str, home: Path | None, member: str | None) -> Path:
    """Return the variant to score with: the member's own, or the shared one where several members live here."""
    from federated.member.home import MemberHome  # noqa: PLC0415
    from federated.member.work import PERSONAL, SHARED  # noqa: PLC0415

    named = home is not None or member is not None or HOME in os.environ
    folder = MemberHome(_home(home, member)).model(model)
    siblings = list(folder.parents[2].glob("*/member.yaml"))
    if named or len(siblings) == 1:
        return folder / PERSONAL
    typer.echo("Several members live here: scoring with the shared model. --member ID takes its own variant.", err=True)
    return folder / SHARED


def _print_json(value: dict[str, Any]) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _next(command: str) -> None:
    typer.echo(f"Next: {command}")
