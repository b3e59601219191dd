"""`pumasi-member`: what a factory runs on its own machine. `run` and `doctor` dial out; nothing ever listens."""

import sys
from pathlib import Path
from typing import NoReturn

import click

from data_contracts.errors import DataContractsError
from federated.disk import os_sentence
from federated.errors import FederatedError, MemberHomeError
from federated.member.backup_cli import backup, restore
from federated.member.consent_cli import approve, egress, refuse, review
from federated.member.data_cli import data
from federated.member.error_words import in_both_languages
from federated.member.joining_cli import doctor, init, join, status
from federated.member.map_cli import map_
from federated.member.next_step import NextStep
from federated.member.node_cli import run
from federated.member.options import json_option, language_option, mapping_option, place_options, print_json
from federated.member.report_cli import report
from federated.member.where import contract_of, existing_home, find_home, home_if_any, members_here, nobody_said
from models.errors import ModelsError

REFUSED = 1
WRONG_USE = 2
INTERRUPTED = 130

EXAMPLES = """\b
Examples 예:
  pumasi-member init --member factory-1                  keys and a join request 키와 가입 신청서
  pumasi-member join factory-1.kit.json                  with the association's answer 조합의 답으로 가입
  pumasi-member check parts.csv --contract print-defect --lang ko
  pumasi-member map parts.xlsx --contract plating-defect      which column is which 어느 열이 무엇인가
  pumasi-member report parts.xlsx --contract plating-defect   can it train? 학습할 수 있는가
  pumasi-member data add parts.csv                       keep it as a version 데이터셋으로 저장
  pumasi-member run                                      stay connected 연결 유지
  pumasi-member review --lang ko                         what is asked 무엇을 부탁하는가
  pumasi-member approve HASH --once                      decide 동의
  pumasi-member egress                                   what left 밖으로 나간 것
  pumasi-member score new-parts.csv --model print-defect -o scored.csv"""

file_argument = click.argument("file", type=click.Path(path_type=Path))


@click.group(epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pumasi")
def app() -> None:
    """Take part with your own data, on your own machine.

    자기 공장의 데이터로, 자기 컴퓨터에서 참여합니다.
    """


@app.command(epilog="Example: pumasi-member check parts.csv --contract print-defect --lang ko")
@file_argument
@click.option("--contract", help="Contract like print-defect, or a contract file. Default: the one you follow already.")
@mapping_option
@place_options
@language_option
@json_option
def check(
    file: Path,
    contract: str | None,
    mapping: Path | None,
    member: str | None,
    home: Path | None,
    *,
    lang: str,
    as_json: bool,
) -> None:
    """Check a file against a contract: how it is understood, what is wrong, where, what to do.

    FILE is what you have: CSV, Excel or Parquet. 파일을 데이터 계약과 대조하여 무엇이, 어디가 잘못되었는지 알려 줍니다.
    """
    from data_contracts.prepare import prepare  # noqa: PLC0415  (pandas is imported when it is needed)
    from federated.member.mappings import read_with_mapping  # noqa: PLC0415
    from federated.member.understanding import is_plain, to_plain, understood, without_doubts  # noqa: PLC0415

    own = home_if_any(home, member)
    rules = contract_of(contract, own)
    source = read_with_mapping(file, rules, own, named=mapping)
    if source.note:
        click.echo(source.note, err=True)
    prepared = prepare(source.table, rules, known=source.known)
    verdict, asked = prepared.checked.verdict, prepared.open_questions()
    step = NextStep(file, contract, mapping, member, home)
    if as_json:
        print_json({**verdict.to_plain(), "understood": to_plain(prepared)})
    else:
        if not is_plain(prepared):
            click.echo("\n".join(understood(prepared, step, lang, known=source.found)))
        click.echo(without_doubts(prepared).text(lang))
        if verdict.accepted and not asked:
            click.echo(f"Next 다음: {step.for_dataset(known=own is not None)}")
    sys.exit(0 if verdict.accepted and not asked else REFUSED)


@app.command(epilog="Example: pumasi-member score new-parts.csv --model print-defect -o scored.csv")
@file_argument
@click.option("--model", required=True, help="Name of a promoted model that you took home.")
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), help="CSV file to write.")
@mapping_option
@place_options
@language_option
@json_option
def score(
    file: Path,
    model: str,
    output: Path,
    mapping: Path | None,
    member: str | None,
    *,
    home: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Score new parts; say what drove the worst scores.

    FILE is what you have: CSV, Excel or Parquet; it needs no label. 새 부품의 불량 확률과 그 이유를 계산합니다.
    """
    from federated.member.score import score_file  # noqa: PLC0415

    package, own = _model_folder(model, home, member), home_if_any(home, member)
    scored = score_file(file, package, output, lang=lang, home=own, mapping=mapping)
    if scored.note:
        click.echo(scored.note, err=True)
    if as_json:
        print_json(scored.to_plain())
    else:
        click.echo(scored.text(lang))
    sys.exit(0 if scored.output is not None else REFUSED)


for command in (map_, report, data, init, join, status, doctor, run, review, approve, refuse, egress):
    app.add_command(command)
for command in (backup, restore):
    data.add_command(command)


def main() -> None:
    """Run the command line; what was foreseen ends in one sentence, without a traceback."""
    try:
        sys.exit(app.main(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):  # click turns Ctrl-C into Abort
        _fail("stopped. 중단했습니다.", INTERRUPTED)
    except (DataContractsError, FederatedError, ModelsError) as error:
        _fail(in_both_languages(error), WRONG_USE)
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
    from federated.member.home import MemberHome  # noqa: PLC0415
    from federated.member.work import PERSONAL, SHARED  # noqa: PLC0415

    here = members_here()
    try:
        if nobody_said(home, member) and len(here) > 1:
            click.echo(
                "Several members live here: the shared model is used. --member ID takes its own variant. "
                "이 컴퓨터에 회원이 여럿이므로 공동 모델을 씁니다. --member로 지정하면 그 회원의 모델을 씁니다.",
                err=True,
            )
            return MemberHome(here[0]).model(model) / SHARED
        folder = find_home(home, member)
        return (existing_home(folder, member) or MemberHome(folder)).model(model) / PERSONAL
    except ValueError as error:
        raise MemberHomeError(f"--model: {error}. 모델 이름을 바르게 적으십시오.") from error


if __name__ == "__main__":
    main()
