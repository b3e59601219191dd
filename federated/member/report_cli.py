"""`pumasi-member report`: one page that says whether a file can train, what to correct, and what else to know."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data_contracts.contract import Label
from federated.disk import whole_file
from federated.member.next_step import NextStep
from federated.member.options import json_option, mapping_option, place_options, print_json
from federated.member.where import contract_of, home_if_any

if TYPE_CHECKING:
    from data_contracts.contract import Contract
    from data_contracts.readiness import Readiness
    from federated.member.home import MemberHome

_NOT_READY = 1
_PAGES = {".html", ".htm"}


@click.command(epilog="Example: pumasi-member report parts.xlsx --contract plating-defect")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--contract", help="Contract like plating-defect, or a contract file. Default: the one you follow already."
)
@mapping_option
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Page to write. Default: FILE's name.report.html."
)
@place_options
@click.option(
    "--lang", type=click.Choice(["ko", "en"]), default="ko", show_default=True, help="Language of the answer."
)
@json_option
def report(
    file: Path,
    contract: str | None,
    mapping: Path | None,
    member: str | None,
    home: Path | None,
    *,
    output: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Write a page on whether a file can train: what to correct, and what it looks like.

    Nothing is kept and nothing leaves this computer. Ends with 0 if the file can train as it is, otherwise with 1.
    파일로 학습할 수 있는지, 무엇을 고칠지 보여 주는 보고서를 만듭니다.
    """
    page = _page(file, output)
    own = home_if_any(home, member)
    made, note = _readiness(file, contract_of(contract, own), own, mapping)
    if note:
        click.echo(note, err=True)
    from data_contracts.readiness.page import render_page  # noqa: PLC0415

    with whole_file(page) as partial:
        partial.write_text(render_page(made, lang), encoding="utf-8")
    if as_json:
        print_json({"report": str(page), **made.to_plain()})
    else:
        click.echo(as_text(made, lang))
        click.echo(f"{Label('보고서', 'Report').text(lang)}: {page}")
        if after := _after(made, NextStep(file, contract, mapping, member, home), found=own is not None):
            click.echo(f"{Label('다음', 'Next').text(lang)}: {after}")
    sys.exit(0 if made.ready else _NOT_READY)


def as_text(made: "Readiness", language: str) -> str:
    """Say the verdict, why, and what to correct, in the page's order."""
    from data_contracts.readiness.page_labels import VERDICTS  # noqa: PLC0415
    from data_contracts.readiness.sentences import lines_text, said  # noqa: PLC0415
    from federated.member.understanding import count_text  # noqa: PLC0415

    blocking = [fix for fix in made.fixes if fix.blocking]
    lines = [said(VERDICTS[made.verdict], count=len(blocking)).text(language)]
    for one in made.because:
        lines += [f"  - {one.what.text(language)}", f"    → {one.step.text(language)}"]
    for number, fix in enumerate(blocking, start=1):
        where = lines_text(fix.where.lines, fix.where.rows).text(language)
        lines += [f"  {number}. {fix.what.text(language)} {where}".rstrip(), f"     → {fix.step.text(language)}"]
    if made.open_questions.asked:
        lines.append(count_text(made.open_questions, language))
    return "\n".join(lines)


def _after(made: "Readiness", step: NextStep, *, found: bool) -> str | None:
    """Return the command to type next, or None where the file itself is to be corrected first."""
    if made.open_questions.asked:
        return step.command("map")
    return step.for_dataset(known=found) if made.ready else None


def _page(file: Path, output: Path | None) -> Path:
    """Return where the page is written: as said, else beside the file, else here where that folder is closed to us.

    Raises:
        click.BadParameter: The page would take the place of something that is no page.
    """
    if output is not None:
        if output.suffix.lower() not in _PAGES:
            raise click.BadParameter(
                f"{output} is no page; its name must end with .html. 보고서 이름은 .html로 끝나야 합니다.",
                param_hint="--output",
            )
        return output
    name = f"{file.stem}.report.html"
    return file.parent / name if os.access(file.parent, os.W_OK) else Path(name)


def _readiness(
    file: Path, contract: "Contract", home: "MemberHome | None", mapping: Path | None
) -> "tuple[Readiness, str]":
    """Return the report, and what there is to say about the mapping beside the file."""
    from data_contracts.prepare import prepare  # noqa: PLC0415  (brings pandas)
    from data_contracts.readiness import readiness  # noqa: PLC0415
    from federated.member.mappings import read_with_mapping  # noqa: PLC0415

    source = read_with_mapping(file, contract, home, named=mapping)
    return readiness(prepare(source.table, contract, known=source.known)), source.note
