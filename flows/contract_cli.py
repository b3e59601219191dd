"""`pumasi contract`: what is shipped, whether a contract is sound, what changed in it, and its page for factories."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from data_contracts.contract import Contract, Label, load_contract, shipped_contracts
from data_contracts.errors import ContractInvalid
from federated.disk import naming, whole_file
from federated.member.options import language_option
from flows.options import example, json_option, show

if TYPE_CHECKING:
    from data_contracts.evolution import Evolution

_SHOWN_DIGITS = 12

_HEADINGS = (
    Label("호환되지 않는 변경", "Breaking"),
    Label("호환되는 변경", "Compatible"),
    Label("글만 바뀜", "Texts"),
)


@click.group()
def contract() -> None:
    """Write a trade's data contract: check it, compare it, explain it to factories."""


@contract.command("list", epilog=example("pumasi contract list --json"))
@json_option
def list_(*, as_json: bool) -> None:
    """List the contracts that come with Pumasi."""
    contracts = [load_contract(reference) for reference in shipped_contracts()]
    text = "\n".join(
        f"{one.reference}  {one.title.ko} ({one.title.en}), {len(one.columns)} columns, {len(one.features)} features"
        for one in contracts
    )
    show({"contracts": [_plain(one) for one in contracts]}, text, as_json=as_json)


@contract.command(epilog=example("pumasi contract lint our-trade-1.0.0.odcs.yaml"))
@click.argument("reference", metavar="CONTRACT")
@json_option
def lint(reference: str, *, as_json: bool) -> None:
    """Check a contract, and name everything that is wrong with it. Ends with 1 when something is.

    CONTRACT is a file, or the name of a shipped contract.
    """
    try:
        found = load_contract(reference)
    except ContractInvalid as error:
        lines = "\n".join(f"  - {problem}" for problem in error.problems)
        text = f"{reference}: {len(error.problems)} problem(s)\n{lines}\nCorrect the file and check it again."
        show({"contract": None, "problems": list(error.problems)}, text, as_json=as_json)
        raise SystemExit(1) from None
    text = f"{found.reference} is sound: {len(found.columns)} columns, SHA-256 {found.sha256[:_SHOWN_DIGITS]}"
    show({"contract": _plain(found), "problems": []}, text, as_json=as_json)


@contract.command(epilog=example("pumasi contract diff plating-defect@1.0.0 plating-defect-1.1.0.odcs.yaml"))
@click.argument("old")
@click.argument("new")
@language_option
@json_option
def diff(old: str, new: str, lang: str, *, as_json: bool) -> None:
    """Say what changed between two contracts, and whether a file that kept OLD still keeps NEW.

    Ends with 1 when the version number does not say what happened: members hold on to numbers.
    """
    from data_contracts.evolution import compare  # noqa: PLC0415

    found = compare(load_contract(old), load_contract(new))
    show(found.to_plain(), _evolution_text(found, lang), as_json=as_json)
    if not found.numbered_well:
        raise SystemExit(1)


@contract.command(epilog=example("pumasi contract docs plating-defect -o docs/"))
@click.argument("reference", metavar="CONTRACT")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to."
)
@json_option
def docs(reference: str, output: Path, *, as_json: bool) -> None:
    """Write a page that explains a contract to factories, and an Excel template to fill in."""
    from data_contracts.handbook_page import render_handbook  # noqa: PLC0415
    from data_contracts.handbook_template import template_bytes, template_name  # noqa: PLC0415  (openpyxl: 0.2 s)

    found = load_contract(reference)
    files = {
        output / f"{found.id}-{found.version}.html": render_handbook(found).encode(),
        output / template_name(found): template_bytes(found),
    }
    with naming(output):
        output.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        with whole_file(path) as partial:
            partial.write_bytes(data)
    page, template = files
    plain = {"contract": found.reference, "page": str(page), "template": str(template)}
    show(plain, f"page      {page}\ntemplate  {template}", as_json=as_json)


def _plain(one: Contract) -> dict[str, object]:
    return {
        "reference": one.reference,
        "title": {"ko": one.title.ko, "en": one.title.en},
        "columns": len(one.columns),
        "features": [column.name for column in one.features],
        "target": one.target.name,
        "sha256": one.sha256,
    }


def _evolution_text(found: Evolution, language: str) -> str:
    lines = [f"{found.old} → {found.new}", found.verdict().text(language)]
    for weight, heading in enumerate(_HEADINGS):
        some = [difference for difference in found.differences if difference.weight == weight]
        lines += ["", heading.text(language)] if some else []
        lines += [f"  {difference.sentence(language)}" for difference in some]
    return "\n".join(lines)
