"""Score new parts on the member's machine, with the model it took home. No MLflow, no Prefect, no network."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from data_contracts.defuse import defused
from data_contracts.findings import MAX_LINES, ContractVerdict
from data_contracts.intake.table import Aside
from data_contracts.particles import with_particles
from data_contracts.prepare import prepare
from federated.disk import whole_file
from federated.errors import FederatedError, MemberHomeError
from federated.member.home import MemberHome
from federated.member.mappings import read_with_mapping
from federated.member.next_step import NextStep
from federated.member.understanding import require_answers
from models.package import MODEL_FILE, ModelPackage
from models.scoring import score_frame

SHOWN = 3
_OTHER_NAME = "결과를 쓸 다른 파일 이름을 -o로 적으십시오."


class OutputRefused(FederatedError):
    """The scores cannot be written to the file that was named."""


@dataclass(frozen=True)
class Scored:
    """What came of scoring a file.

    Attributes:
        package: The model that was used.
        verdict: The contract's verdict on the file.
        output: The file that was written; None when the file was refused.
        table: One row per scored part: line, score, predicted, defect, reasons.
        language: Language of the text.
        unreadable: Lines of the file that could not be read, and have no score.
        note: Why the mapping beside the file is not followed as it stands; empty where it is, or where there is none.
    """

    package: ModelPackage
    verdict: ContractVerdict
    output: Path | None
    table: pd.DataFrame
    language: str
    unreadable: tuple[int, ...] = ()
    note: str = ""

    def to_plain(self) -> dict[str, Any]:
        """Return counts and file names for programs."""
        return {
            "model": self.package.name,
            "version": self.package.version,
            "variant": str(self.package.variant),
            "rows": self.verdict.rows,
            "scored": len(self.table),
            "quarantined": self.verdict.quarantined_rows,
            "unreadable": len(self.unreadable),
            "defects": int(self.table["defect"].sum()) if len(self.table) else 0,
            "output": None if self.output is None else str(self.output),
        }

    def text(self, language: str | None = None) -> str:
        """Say what was found, the worst parts first."""
        language = language or self.language
        lines = list(self.verdict.sentences(language))
        if self.unreadable:
            shown = ", ".join(map(str, self.unreadable[:MAX_LINES]))
            lines.append(_UNREADABLE[language].format(count=len(self.unreadable), lines=shown))
        if self.output is None:
            return "\n".join(lines)
        defects = int(self.table["defect"].sum())
        summary = _SUMMARY[language].format(
            scored=len(self.table),
            defects=defects,
            threshold=self.package.threshold,
            name=self.package.name,
            version=self.package.version,
            variant=_VARIANTS[language][str(self.package.variant)],
        )
        worst = self.table.sort_values("score", ascending=False, kind="stable").head(SHOWN)
        lines += [with_particles(summary)]
        lines += [
            _WORST[language].format(line=row.line, score=row.score, reasons=row.reasons) for row in worst.itertuples()
        ]
        return "\n".join([*lines, _WRITTEN[language].format(output=self.output)])


_SUMMARY = {
    "en": (
        "{scored} parts scored with {name} version {version} ({variant}): "
        "{defects} reach the threshold {threshold:.2f}."
    ),
    "ko": (
        "부품 {scored}개를 {name} 버전 {version}({variant})(으)로 계산했습니다: "
        "{defects}개가 기준값 {threshold:.2f} 이상입니다."
    ),
}
_VARIANTS = {
    "en": {"shared": "the shared model", "fine-tuned": "your own fine-tuned variant", "mean": "the mean of both"},
    "ko": {"shared": "공동 모델", "fine-tuned": "자기 공장에 맞춘 모델", "mean": "두 모델의 평균"},
}
_WORST = {
    "en": "  line {line}: {score:.0%}  {reasons}",
    "ko": "  {line}번째 줄: {score:.0%}  {reasons}",
}
_UNREADABLE = {
    "en": "{count} line(s) could not be read and have no score (line {lines}).",
    "ko": "읽을 수 없어 계산하지 못한 줄이 {count}개 있습니다({lines}번째 줄).",
}
_WRITTEN = {
    "en": "All scores are in {output}, by line of your file.",
    "ko": "모든 결과는 {output}에 파일의 줄 번호 순서로 있습니다.",
}


def score_file(
    file: Path,
    model: Path,
    output: Path,
    *,
    lang: str,
    home: MemberHome | None = None,
    mapping: Path | None = None,
) -> Scored:
    """Check a file of new parts against the model's contract, score the rows that pass, and write the scores.

    Args:
        file: A table in any form that a factory has; the label is not needed.
        model: Folder of the model package.
        output: CSV file to write: the line in the file, the score and the reasons.
        lang: Language of the reasons, ``ko`` or ``en``.
        home: The member's folder, whose mappings say how its files are understood.
        mapping: A mapping file that somebody named.

    Raises:
        IntakeError: The file cannot be read.
        QuestionsOpen: Something about columns that the model needs is doubtful.
        MemberHomeError: There is no such model here.
        OutputRefused: The output is the input, a folder, or in a folder that does not exist.
        OSError: The output could not be written, for its disk is full for example; no half of it is left.
    """
    _check_output(output, file)
    if not (model / MODEL_FILE).exists():
        raise MemberHomeError(
            f"there is no model {model.parent.name} in {model.parent.parent}: models come home when the association "
            "promotes one. Ask it, or look at the folder for the names you have. "
            "그 이름의 모델이 없습니다. 조합에 묻거나 폴더에서 이름을 확인하십시오."
        )
    package = ModelPackage.load(model)
    source = read_with_mapping(file, package.contract, home, named=mapping)
    prepared = prepare(source.table, package.contract, known=source.known, labelled=False)
    reference = package.contract.reference if home is None else None  # the member's folder says which
    step = NextStep(file, reference, mapping, home=None if home is None else home.folder)
    require_answers(prepared, step, labelled=False)
    checked, unreadable = prepared.checked, tuple(map(int, source.table.lines(Aside.UNREADABLE)))
    if not checked.verdict.accepted:
        return Scored(package, checked.verdict, None, pd.DataFrame(), lang, unreadable, source.note)
    scores = score_frame(package, checked.accepted, language=lang)
    table = scores.rename_axis("line").reset_index()
    _write(table, output)
    return Scored(package, checked.verdict, output, table, lang, unreadable, source.note)


def _check_output(output: Path, file: Path) -> None:
    """Refuse an output that could not be written, or that would take the member's own file away, before any work."""
    if output.is_dir():
        raise OutputRefused(f"-o {output} is a folder: name a file in it, like {output / 'scored.csv'}. {_OTHER_NAME}")
    if output.exists() and not output.is_file():
        raise OutputRefused(f"-o {output} is a device, not a file: name a file, like scored.csv. {_OTHER_NAME}")
    if not output.parent.is_dir():
        raise OutputRefused(
            f"-o {output}: there is no folder {output.parent}; make it, or name a file elsewhere. 그런 폴더가 없습니다."
        )
    if output.exists() and file.exists() and output.samefile(file):
        raise OutputRefused(
            f"-o {output} is the file with your parts: it would be lost; name another, like scored.csv. {_OTHER_NAME}"
        )


def _write(table: pd.DataFrame, output: Path) -> None:
    """Write a CSV that a spreadsheet opens safely: text that looks like a formula is quoted."""
    safe = table.assign(
        predicted=[defused(text) for text in table["predicted"]], reasons=[defused(text) for text in table["reasons"]]
    )
    with whole_file(output) as partial:
        safe.to_csv(partial, index=False, encoding="utf-8-sig", quoting=csv.QUOTE_MINIMAL, float_format="%.6f")
