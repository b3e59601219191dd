"""report.md: what an auditor reads about a run, from the record alone. A pure function, record in, text out.

GitHub-flavoured Markdown, because MLflow's pages show its tables in artifacts. Nothing is computed here that the record
does not hold, names appear only of members that opted in, and every figure says what it rests on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from models.run_record import CHAMPION, FEDERATED, FEWEST_UNNAMED, LOCAL, PERSONALISED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from models.intervals import Interval
    from models.run_record import RoundPoint, RunRecord

_VARIANTS = {
    FEDERATED: "the shared model, trained by all members (federated)",
    PERSONALISED: "what each member keeps: the shared model, its fine-tuned one, or the mean of both (personalised)",
    LOCAL: "a model of each member's own rows alone (local)",
    CHAMPION: "the champion so far, on the same hold-out rows",
}
_SHORT = {FEDERATED: "shared", PERSONALISED: "personalised", LOCAL: "alone", CHAMPION: "champion"}
_ROUNDS_SHOWN = 40
_FIGURES = (
    ("ROC-AUC", "roc_auc"),
    ("average precision", "average_precision"),
    ("log loss (nats)", "log_loss"),
    ("Brier score", "brier"),
    ("calibration error", "calibration_error"),
    ("accuracy", "accuracy"),
)
_PLAN_HASH = """\
python3 -c 'import hashlib, json, yaml
plan = json.dumps(yaml.safe_load(open("plan.yaml", encoding="utf-8")), sort_keys=True, separators=(",", ":"),
                  ensure_ascii=False)
print(hashlib.sha256(plan.encode()).hexdigest())'"""
_MARKUP = re.compile(r"([\\`*_\[\]<>|#])")


def write_report(record: RunRecord) -> str:
    """Word the record for an auditor: English, with a short Korean summary at the top.

    Args:
        record: What the association may know of the run.

    Returns:
        The text of report.md.
    """
    sections = (
        f"# Training run {_text(record.run_id)}",
        _korean_summary(record),
        _asked(record),
        _who(record),
        _rounds(record),
        _results(record),
        _fairness(record),
        _gates(record),
        _simulated(record),
        _verify(record),
        _software(record),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def describe_version(record: RunRecord) -> str:
    """Description of a model version: Markdown without tables, which MLflow's registry page does not show."""
    card = record.scorecards.get(FEDERATED)
    area = "not evaluated" if card is None else f"{_number(card.roc_auc())} on {card.rows:,} hold-out rows"
    closing = (
        "The whole story is in *report.md* of the source run. This page can be edited; report.md says under *How to "
        "verify* which hashes to compare with which files."
    )
    lines = [
        f"**{_text(record.purpose.ko)}**",
        f"**{_text(record.purpose.en)}**",
        "",
        f"- Trained by {record.member_count} members in {len(record.rounds)} rounds; no row left a member.",
        f"- Contract: `{record.contract}`",
        f"- ROC-AUC of the shared model: {area} (50-bin histograms summed over members)",
        f"- Gates: {_verdict_word(record)}",
        f"- Weights SHA-256: `{record.weights_sha256}`",
        f"- Plan SHA-256: `{record.plan_sha256}`",
        f"- Simulated: {_text(record.simulated) or 'nothing'}",
        "",
        closing,
    ]
    return "\n".join(lines)


def _korean_summary(record: RunRecord) -> str:
    """Five plain sentences for the reader who reads nothing else."""
    lines = [
        f"- 목적: {_text(record.purpose.ko)}",
        f"- 참여: 조합원사 {record.member_count}곳이 {len(record.rounds)}라운드에 걸쳐 함께 학습했습니다.",
        "- 데이터: 원본은 어느 공장에서도 나가지 않았고, 모델 변경값과 합계만 모았습니다.",
        f"- 결과: {_korean_result(record)}",
        f"- 승격 심사: {_korean_verdict(record)}",
        f"- 거절된 모델 변경값: {record.refused_total}건, 건수가 적어 공개하지 않은 조합원사: {record.withheld}곳",
    ]
    if record.simulated:
        lines.append("- 이 실행에는 모의(시뮬레이션) 요소가 있습니다. 아래 *What is simulated* 항목을 확인하세요.")
    return "## 요약 (한국어)\n\n" + "\n".join(lines)


def _korean_result(record: RunRecord) -> str:
    if FEDERATED not in record.scorecards:
        return "평가 전에 실행이 끝나 결과가 없습니다."
    alone, shared, tuned = (_number(record.scorecards[name].roc_auc()) for name in (LOCAL, FEDERATED, PERSONALISED))
    rows = record.scorecards[FEDERATED].rows
    return (
        f"학습에 쓰지 않은 {rows:,}건으로 평가한 ROC-AUC는 공장별 단독 모델 {alone}, 공동 모델 {shared}, "
        f"공장별로 미세 조정한 공동 모델 {tuned}입니다."
    )


def _korean_verdict(record: RunRecord) -> str:
    if record.verdict is None:
        return "아직 심사하지 않았습니다."
    if record.verdict.promoted:
        return "모든 기준을 통과했습니다."
    return f"통과하지 못했습니다 (미달 기준: {', '.join(record.verdict.refused_by)})."


def _asked(record: RunRecord) -> str:
    rows = (
        ("Purpose", _text(record.purpose.en)),
        ("Data contract", f"`{record.contract}`"),
        ("Contract SHA-256", f"`{record.contract_sha256}`"),
        ("Plan SHA-256", f"`{record.plan_sha256}` (the plan is `plan.yaml` beside this report)"),
        ("Model", _text(record.model_name)),
        ("Seed", str(record.seed)),
        ("Calibration temperature", f"{record.temperature:.3f} (divides the logits; 1 changes nothing)"),
    )
    return "## What was asked\n\n" + _table(("", ""), rows)


def _who(record: RunRecord) -> str:
    intro = (
        f"{record.member_count} members took part; figures are published only as sums over at least {record.minimum} "
        f"members. Agreed to be named: {len(record.members)}. The others are numbered by their sorted commitments, so "
        "the number says nothing about who they are."
    )
    rows = [(_text(c.member_label), f"`{c.value}`", _count(c.rows)) for c in record.commitments]
    if not rows:
        return f"## Who took part\n\n{intro}\n\nNo commitment was recorded."
    note = (
        "A commitment is a salted hash of the data version a member trained on. Only the member holds the salt; it can "
        "show both to prove which data it was. Nobody can read the data out of it."
    )
    table = _table(("member", "commitment", "rows"), rows)
    return f"## Who took part\n\n{intro}\n\n{table}\n\n{note}\n\n{_declined(record)}"


def _declined(record: RunRecord) -> str:
    """Who did not take part in a phase, without names: those stand in the association's run folder."""
    if not record.declined:
        return "Nobody dropped out of a phase."
    lines = (f"- {_text(phase)}: {count} x {_text(reason)}" for phase, reason, count in record.declined)
    return "Dropped out of a phase:\n\n" + "\n".join(lines)


def _rounds(record: RunRecord) -> str:
    title = "## What each round did"
    if not record.rounds:
        return f"{title}\n\nThe run ended before its first round was finished."
    shown = _sampled(record.rounds)
    head = ("round", "asked", "replied", "accepted", "refused", "loss", "val. loss", "change")
    note = (
        "*Loss*: mean training loss (nats); *val.*: log loss on the members' validation rows; *change*: "
        "Euclidean norm of the shared model's move."
    )
    if left_out := len(record.rounds) - len(shown):
        note += f" Uneventful rounds left out here: {left_out}; all of them are in the run's metrics."
    table = _table(head, [_round_row(point) for point in shown])
    parts = (title, table, note, _trees(record), _refusals(record))
    return "\n\n".join(part for part in parts if part)


def _trees(record: RunRecord) -> str:
    """How many of the grown trees the shared model has; nothing of a network."""
    if record.trees is None:
        return ""
    return (
        f"Trees kept: {record.trees.kept:,} of the {record.trees.grown:,} that were grown, from the first on; the "
        "members' validation rows decide how many."
    )


def _refusals(record: RunRecord) -> str:
    """Which updates were refused, and why."""
    lines = [
        f"- Round {point.round}: {count} x {_text(reason)}"
        for point in record.rounds
        for reason, count in point.refused
    ]
    return "\n".join([f"Updates refused in all: {record.refused_total}.", *([""] if lines else []), *lines])


def _sampled(points: Sequence[RoundPoint]) -> list[RoundPoint]:
    """All rounds if they are few; else every n-th, the last, and each in which somebody was refused or silent."""
    step = -(-len(points) // _ROUNDS_SHOWN)
    return [
        point
        for place, point in enumerate(points)
        if place % step == 0 or point is points[-1] or point.accepted < point.asked
    ]


def _round_row(point: RoundPoint) -> tuple[str, ...]:
    counts = (point.round, point.asked, point.answered, point.accepted, point.refused_count)
    figures = (point.train_loss, point.validation_log_loss, point.update_norm)
    return (*(str(count) for count in counts), *(_number(figure) for figure in figures))


def _results(record: RunRecord) -> str:
    if not record.scorecards:
        return "## Results\n\nThe run ended before evaluation; there are no results."
    cards = record.scorecards
    basis = (
        "On hold-out rows that no training saw, summed over the members. ROC-AUC, average precision and calibration "
        "error are **computed from 50-bin histograms summed over members** (rows in one bin count as ties); log loss, "
        "Brier score and accuracy are exact."
    )
    named = [name for name in _VARIANTS if name in cards]
    figures = {name: cards[name].metrics() for name in named}
    rows = [("rows", *(f"{cards[name].rows:,}" for name in named))]
    rows += [(title, *(_number(figures[name].get(key)) for name in named)) for title, key in _FIGURES]
    legend = "\n".join(f"- *{_SHORT[name]}*: {_VARIANTS[name]}" for name in named)
    table = _table(("", *(_SHORT[name] for name in named)), rows)
    return f"## Results\n\n{basis}\n\n{table}\n\n{legend}\n\n{_class_counts(record)}"


def _class_counts(record: RunRecord) -> str:
    counts = record.scorecards[FEDERATED].class_counts
    names = record.classes or tuple(f"class {index}" for index in range(len(counts)))
    listed = ", ".join(f"{_text(name)} {int(count):,}" for name, count in zip(names, counts, strict=True))
    return f"Hold-out rows per class: {listed}."


def _fairness(record: RunRecord) -> str:
    """Who gains, who does not, and what is not told."""
    parts = ["## How the members fare", _spread(record), _worst(record), _named(record)]
    why = ", because their counts lie below a minimum" if record.withheld else ""
    parts.append(f"Members whose figures were withheld: {record.withheld}{why}.")
    return "\n\n".join(part for part in parts if part)


def _spread(record: RunRecord) -> str:
    told = record.member_count - record.withheld
    if not record.spread_allowed:
        return (
            f"The spread over the members and the member that gains least are **withheld**: "
            f"{told - len(record.members)} of the {told} members that gave figures are not named, and figures over "
            f"fewer than {FEWEST_UNNAMED} of them could give one away."
        )
    if not record.spread:
        return "There is no spread over the members: nothing was evaluated, or no member told its figures."
    rows = [
        (_SHORT[name], _number(spread.minimum), _number(spread.mean), _number(spread.maximum))
        for name, spread in record.spread.items()
    ]
    return "ROC-AUC over all members, unweighted:\n\n" + _table(("model", "smallest", "mean", "largest"), rows)


def _worst(record: RunRecord) -> str:
    worst = record.worst
    if worst is None:
        told = "There is no member that gains least: nothing was evaluated, or no difference could be computed."
        return told if record.spread_allowed else ""
    areas = ", ".join(
        f"{name} {_number(value)}"
        for name, value in (
            (_SHORT[LOCAL], worst.roc_auc_local),
            (_SHORT[FEDERATED], worst.roc_auc_federated),
            (_SHORT[PERSONALISED], worst.roc_auc_personalised),
        )
    )
    return (
        f"**The member that gains least** (not named): ROC-AUC {areas}; difference to its own model "
        f"{_interval(worst.difference)}{f', {_level(record)}' if worst.difference else ''}."
    )


def _level(record: RunRecord) -> str:
    """What the differences' intervals promise."""
    if record.joint_level is None:
        return "with a 95 % interval"
    return f"with intervals at a joint level of {100 * record.joint_level:g} % over the members"


def _named(record: RunRecord) -> str:
    members = record.members
    if not members:
        return ""
    head = ("member", "rows", "hold-out", "alone", "shared", "tuned", "difference", "takes")
    rows = [
        (
            _text(m.name),
            f"{m.rows:,}",
            " / ".join(str(count) for count in m.holdout_counts),
            _number(m.roc_auc_local),
            _number(m.roc_auc_federated),
            _number(m.roc_auc_personalised),
            _interval(m.difference),
            _text(m.variant),
        )
        for m in members
    ]
    note = (
        "Members that opted in. *Rows*: for training and validation. *Hold-out*: rows per class. *Difference*: ROC-AUC "
        f"of what the member takes minus its own model's on the same rows, {_level(record)}."
    )
    return f"{_table(head, rows)}\n\n{note}"


def _gates(record: RunRecord) -> str:
    if record.verdict is None:
        return "## Gates and verdict\n\nThe gates were not asked."
    lines = [
        f"- {'passed' if outcome.passed else '**refused**'}, *{_text(outcome.gate)}*: {_text(outcome.reason)}"
        for outcome in record.verdict.outcomes
    ]
    return "\n".join(["## Gates and verdict", "", f"Verdict: **{_verdict_word(record)}**.", "", *lines])


def _verdict_word(record: RunRecord) -> str:
    if record.verdict is None:
        return "not asked"
    if record.verdict.promoted:
        return "all gates passed"
    return f"refused by {', '.join(record.verdict.refused_by)}"


def _simulated(record: RunRecord) -> str:
    return f"## What is simulated\n\n{_text(record.simulated) or 'Nothing: members, data and network are real.'}"


def _verify(record: RunRecord) -> str:
    """What to compare with what, and how."""
    weights = f"`{record.weights_sha256}`" if record.weights_sha256 else "none: the run ended without a model"
    rows = (
        (
            "model weights",
            weights,
            "`weights_sha256` in model.json of the model package, and the tag of that name of the model version",
        ),
        ("training plan", f"`{record.plan_sha256}`", "what the command below prints beside plan.yaml"),
        ("data contract", f"`{record.contract_sha256}`", "`sha256sum contract.odcs.yaml` in the model package"),
        (
            "commitments",
            f"{len(record.commitments)}, listed above",
            "what `data_contracts.commitments.commitment` returns for a member's salt and data version",
        ),
    )
    plan = (
        "Whoever scores with the model package (`pumasi-member score`) has its weights and its contract compared with "
        "model.json each time. The plan's hash is that of its JSON with sorted keys and no spaces:"
    )
    note = (
        "MLflow's pages can be edited by their owner, so they are a view and not evidence: a difference between this "
        "page and the files means that something was changed. Keep a copy of this report where that owner cannot "
        "write."
    )
    table = _table(("what", "SHA-256", "compare with"), rows)
    return f"## How to verify\n\n{table}\n\n{plan}\n\n```sh\n{_PLAN_HASH}\n```\n\n{note}"


def _software(record: RunRecord) -> str:
    versions = ", ".join(f"{_text(name)} {_text(version)}" for name, version in sorted(record.versions.items()))
    phases = ", ".join(f"{_text(phase)} {seconds:.1f} s" for phase, seconds in record.phase_seconds.items())
    return f"## Software and time\n\n- Versions: {versions or 'not recorded'}\n- Time: {phases or 'not recorded'}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _text(value: str) -> str:
    """Words from outside as plain text: no markup, no table cell, no line of their own."""
    return _MARKUP.sub(r"\\\1", " ".join(value.split()))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _count(value: int | None) -> str:
    return "not told" if value is None else f"{value:,}"


def _interval(interval: Interval | None) -> str:
    if interval is None:
        return "not computed"
    return f"{interval.mean:+.3f} ({interval.low:+.3f} to {interval.high:+.3f})"
