"""`pumasi-member`: what a factory runs on its own machine. `run` and `doctor` dial out; nothing ever listens."""

import os
import sys
from pathlib import Path
from typing import NoReturn

import click

from data_contracts.errors import DataContractsError
from federated.disk import os_sentence
from federated.errors import FederatedError, MemberHomeError
from federated.member.consent_cli import approve, egress, refuse, review
from federated.member.joining_cli import doctor, init, join, status
from federated.member.node_cli import run
from federated.member.options import json_option, language_option, place_options, print_json
from federated.member.where import HOME, find_home, members_here
from models.errors import ModelsError

REFUSED = 1
WRONG_USE = 2
INTERRUPTED = 130

EXAMPLES = """\b
Examples 예:
  pumasi-member init --member factory-1                  keys and a join request 키와 가입 신청서
  pumasi-member join factory-1.kit.json                  with the association's answer 조합의 답으로 가입
  pumasi-member check parts.csv --contract print-defect --lang ko
  pumasi-member data add parts.csv                       keep it as a version 데이터셋으로 저장
  pumasi-member run                                      stay connected 연결 유지
  pumasi-member review --lang ko                         what is asked 무엇을 부탁하는가
  pumasi-member approve HASH --once                      decide 동의
  pumasi-member egress                                   what left 밖으로 나간 것
  pumasi-member score new-parts.csv --model print-defect -o scored.csv"""

file_argument = click.argument("file", type=click.Path(path_type=Path))
contract_option = click.option("--contract", required=True, help="Contract like print-defect, or a contract file.")


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pumasi")
def app() -> None:
    """Take part with your own data, on your own machine.

    자기 공장의 데이터로, 자기 컴퓨터에서 참여합니다.
    """


@app.group()
def data() -> None:
    """Your dataset and its versions. 데이터셋과 그 버전."""


@app.command(epilog="Example: pumasi-member check parts.csv --contract print-defect --lang ko")
@file_argument
@contract_option
@language_option
@json_option
def check(file: Path, contract: str, lang: str, *, as_json: bool) -> None:
    """Check a file against a contract: what is wrong, where, what to do.

    FILE is a CSV (UTF-8) or Parquet file. 파일을 데이터 계약과 대조하여 무엇이, 어디가 잘못되었는지 알려 줍니다.
    """
    from data_contracts.contract import load_contract  # noqa: PLC0415  (pandas is imported when it is needed)
    from data_contracts.enforce import enforce  # noqa: PLC0415
    from data_contracts.intake import read_table  # noqa: PLC0415

    verdict = enforce(read_table(file), load_contract(contract)).verdict
    if as_json:
        print_json(verdict.to_plain())
    else:
        click.echo(verdict.text(lang))
        if verdict.accepted:
            click.echo(f"Next 다음: pumasi-member data add {file} --contract {contract} --member YOUR-ID")
    sys.exit(0 if verdict.accepted else REFUSED)


@data.command(epilog="Example: pumasi-member data add parts.csv")
@file_argument
@click.option("--contract", help="Contract like print-defect, or a contract file. Default: the one you follow already.")
@place_options
@click.option("--share-metrics", is_flag=True, help="Let your own figures be shown to the other members.")
@language_option
@json_option
def add(
    file: Path,
    contract: str | None,
    member: str | None,
    home: Path | None,
    *,
    share_metrics: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Check a file and keep its accepted rows as a new version.

    검사를 통과한 행을 데이터셋의 새 버전으로 저장합니다.
    """
    from federated.member.dataset import add_dataset  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415

    folder = find_home(home, member)
    rules = contract or MemberHome(folder).profile().contract
    added = add_dataset(folder, file, rules, member=member, shares_metrics=share_metrics)
    for note in added.notes:
        click.echo(note, err=True)
    if as_json:
        digest = None if added.version is None else added.version.sha256
        print_json({"verdict": added.verdict.to_plain(), "sha256": digest, "notes": added.notes})
    else:
        click.echo(added.verdict.text(lang))
        if added.version is not None:
            kept, place = added.version, MemberHome(folder).data
            click.echo(f"Kept {kept.rows} rows as version {kept.sha256[:12]} in {place}.")
        if added.quarantined is not None:
            click.echo(f"Rows that failed are in {added.quarantined}; correct your own file and add it again.")
    sys.exit(0 if added.version is not None else REFUSED)


@app.command(epilog="Example: pumasi-member score new-parts.csv --model print-defect -o scored.csv")
@file_argument
@click.option("--model", required=True, help="Name of a promoted model that you took home.")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="CSV file to write.")
@place_options
@language_option
@json_option
def score(
    file: Path,
    model: str,
    output: Path,
    member: str | None,
    home: Path | None,
    *,
    lang: str,
    as_json: bool,
) -> None:
    """Score new parts; say what drove the worst scores.

    FILE is a CSV (UTF-8) or Parquet file; it needs no label. 새 부품의 불량 확률과 그 이유를 계산합니다.
    """
    from federated.member.score import score_file  # noqa: PLC0415

    scored = score_file(file, _model_folder(model, home, member), output, lang=lang)
    if as_json:
        print_json(scored.to_plain())
    else:
        click.echo(scored.text(lang))
    sys.exit(0 if scored.output is not None else REFUSED)


for command in (init, join, status, doctor, run, review, approve, refuse, egress):
    app.add_command(command)


def main() -> None:
    """Run the command line; what was foreseen ends in one sentence, without a traceback."""
    try:
        sys.exit(app.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):  # click turns Ctrl-C into Abort
        _fail("stopped.", INTERRUPTED)
    except (DataContractsError, FederatedError, ModelsError) as error:
        _fail(str(error), WRONG_USE)
    except OSError as error:
        _fail(os_sentence(error), WRONG_USE)


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"pumasi-member: {message}", err=True)
    sys.exit(code)


def _model_folder(model: str, home: Path | None, member: str | None) -> Path:
    """Return the package to score with: the member's own variant, or the shared model where several members live.

    Raises:
        MemberHomeError: The folder is another member's, or the model's name cannot be one.
    """
    from federated.member.dataset import existing_home  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415
    from federated.member.work import PERSONAL, SHARED  # noqa: PLC0415

    here = members_here()
    unsaid = home is None and member is None and not os.environ.get(HOME)
    try:
        if unsaid and len(here) > 1:
            click.echo(
                "Several members live here: the shared model is used. --member ID takes its own variant.", err=True
            )
            return MemberHome(here[0]).model(model) / SHARED
        folder = find_home(home, member)
        return (existing_home(folder, member) or MemberHome(folder)).model(model) / PERSONAL
    except ValueError as error:
        raise MemberHomeError(f"--model: {error}") from error


if __name__ == "__main__":
    main()
