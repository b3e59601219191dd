"""What left, as a table with totals per run, and what the chain shows; in Korean and English."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from data_contracts.contract import Label
from federated.member.egress import TORN, EgressLog, Entry, Fault, Verification
from federated.member.review_words import size_text
from federated.plain import plain_text

_SHOWN_DIGITS = 12

_FAULTS = {
    Fault.CHANGED: Label("나중에 고쳐졌습니다", "was changed after it was written"),
    Fault.OUT_OF_ORDER: Label(
        "앞줄과 이어지지 않습니다: 줄이 빠졌거나 끼워졌거나 순서가 바뀌었습니다",
        "does not follow from the line before: a line is missing, added or moved",
    ),
    Fault.CUT_OFF: Label("부터 없어졌습니다", "and all after it are gone"),
    Fault.NO_HEAD: Label("의 기준이 되는 head 파일이 없습니다", "cannot be trusted: the file `head` is gone"),
}


@dataclass
class RunTotal:
    """What one run took, added up line by line.

    Attributes:
        messages: Messages.
        size: Their bytes.
    """

    messages: int = 0
    size: int = 0


def egress_lines(log: EgressLog, run: str | None, language: str) -> Iterator[str]:
    """Yield the table line by line, then the totals per run.

    Args:
        log: The member's log.
        run: Only this run, or None for all.
        language: ``ko`` or ``en``.
    """
    yield Label(
        "번호  때(UTC)              실행  질문  종류  크기  지문",
        "no.  when (UTC)           run  question  kind  size  digest",
    ).text(language)
    totals: dict[str, RunTotal] = {}
    for entry in log.entries(run):
        yield _line(entry, language)
        if entry.kind != TORN:
            total = totals.setdefault(entry.run, RunTotal())
            total.messages += 1
            total.size += entry.size
    if not totals:
        yield Label("나간 것이 없습니다.", "Nothing left.").text(language)
    for name, total in totals.items():
        shown = plain_text(name) or "-"
        yield Label(
            f"실행 {shown}: {total.messages}건, 합계 {size_text(total.size, language)}",
            f"run {shown}: {total.messages} messages, {size_text(total.size, language)} in all",
        ).text(language)


def verification_text(verification: Verification, language: str) -> str:
    """Say whether the log is as it was written."""
    if verification.fault is None:
        said = Label(
            f"기록 확인: {verification.entries}줄이 처음부터 끝까지 이어집니다. 마지막 줄의 지문: {verification.last}",
            f"Verified: all {verification.entries} lines follow from one another. Digest of the last: "
            f"{verification.last}",
        ).text(language)
        return said + _torn(verification, language)
    fault = _FAULTS[verification.fault]
    return Label(
        f"기록이 손상되었습니다: {verification.broken_at}번째 줄{_particle(verification.fault)} {fault.ko}. 그 앞의 "
        f"{verification.entries}줄은 온전합니다. 까닭을 알 때까지 이 폴더를 그대로 보관하십시오.",
        f"The log is broken: line {verification.broken_at} {fault.en}. The {verification.entries} lines before it are "
        "sound. Keep this folder as it is until you know why.",
    ).text(language)


def verification_plain(verification: Verification) -> dict[str, Any]:
    """Return what reading the log showed, ready for JSON."""
    return {**asdict(verification), "sound": verification.fault is None}


def _line(entry: Entry, language: str) -> str:
    when = entry.when[: len("2026-01-01T00:00:00")].replace("T", " ")
    if entry.kind == TORN:
        said = Label(
            "고장으로 쓰다 만 줄을 따로 보관함(보내지 않은 것)", "a line cut off by a crash, set aside; it was not sent"
        ).text(language)
        return f"{entry.number}  {when}  {said}"
    place = "" if entry.round is None else f"#{entry.round}"
    names = "  ".join(plain_text(name) for name in (f"{entry.run or '-'}{place}", entry.question, entry.kind))
    return f"{entry.number}  {when}  {names}  {size_text(entry.size, language)}  {entry.digest[:_SHOWN_DIGITS]}"


def _torn(verification: Verification, language: str) -> str:
    if not verification.torn:
        return ""
    return Label(
        " 끝에 고장으로 쓰다 만 줄이 있습니다. 그 내용은 나가지 않았고, 다음 기록 때 따로 보관됩니다.",
        " It ends in a line that a crash cut off; that message was not sent, and the next entry sets the piece aside.",
    ).text(language)


def _particle(fault: Fault) -> str:
    return "" if fault in (Fault.CUT_OFF, Fault.NO_HEAD) else "이"
