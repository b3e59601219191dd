"""Where agreements stand, in a list and one by one; in Korean and English."""

from datetime import UTC, datetime

from data_contracts.contract import Label
from data_contracts.particles import with_particles
from federated.member.consent import Standing
from federated.member.decisions import Decision, Stored, Term
from federated.plain import plain_text

SHOWN_DIGITS = 12
"""Digits of a hash that are shown and typed."""

STANDINGS = {
    Standing.PENDING: Label("결정을 기다림", "waiting for you"),
    Standing.APPROVED: Label("승인함", "approved"),
    Standing.REFUSED: Label("거절함", "refused"),
}

TERMS = {
    Term.ONCE: Label("실행 한 번", "for one run"),
    Term.ALWAYS: Label("거둘 때까지 계속", "until you withdraw it"),
}

_SHOWN = 120


def list_text(agreements: list[tuple[Stored, Standing, bool]], language: str, *, where: str = "") -> str:
    """List agreements, those to be decided about first.

    Args:
        agreements: Agreement, where it stands, and whether it is expired.
        language: ``ko`` or ``en``.
        where: As in `review_text`.
    """
    if not agreements:
        return Label(
            "받은 협약이 없습니다. 조합이 학습을 제안하면 여기에 나타납니다.",
            "No agreement has arrived. When the association proposes a training, it appears here.",
        ).text(language)
    order = {Standing.PENDING: 0, Standing.APPROVED: 1, Standing.REFUSED: 2}
    lines = []
    for stored, standing, expired in sorted(agreements, key=lambda one: (one[2], order[one[1]])):
        agreement = stored.agreement
        state = Label("기한 지남", "expired").text(language) if expired else STANDINGS[standing].text(language)
        purpose = plain_text(Label(agreement.purpose_ko, agreement.purpose_en).text(language))
        rounds = Label(f"{agreement.rounds}라운드", f"{agreement.rounds} rounds").text(language)
        until = Label(f"{_date(agreement.expires)}까지", f"until {_date(agreement.expires)}").text(language)
        lines.append(f"{stored.sha256[:SHOWN_DIGITS]}  {state}  {agreement.contract}, {rounds}, {until}")
        lines.append(f"              {purpose[:_SHOWN]}")
    first = next((one.sha256 for one, state, expired in agreements if state is Standing.PENDING and not expired), None)
    shown = "HASH" if first is None else first[:SHOWN_DIGITS]
    lines.append(f"\n{Label('다음', 'Next').text(language)}: pumasi-member review {shown}{where}")
    return "\n".join(lines)


def decided_text(decision: Decision, standing: Standing, language: str) -> str:
    """Say what was decided, when, and what it is used for."""
    when = _date(decision.when)
    if not decision.approved:
        return Label(
            f"{when}에 거절했습니다. 조합에 전한 이유: {plain_text(decision.reason)}",
            f"You refused it on {when}. The association reads: {plain_text(decision.reason)}",
        ).text(language)
    if decision.by:
        by = decision.by[:SHOWN_DIGITS]
        if standing is Standing.PENDING:
            return Label(
                f"협약 {by}에 대한 '계속 승인'을 거두어서 다시 결정해야 합니다.",
                f'You withdrew the "always" of agreement {by}, so this one is to be decided again.',
            ).text(language)
        return Label(
            with_particles(f"비슷한 협약 {by}을(를) 계속 승인했기 때문에 {when}에 자동으로 승인되었습니다. ")
            + f"모두 거두려면: pumasi-member refuse {by} --reason ...",
            f'Approved on {when} without asking, because you approved agreement {by} for "always". '
            f"To end that: pumasi-member refuse {by} --reason ...",
        ).text(language)
    used = ", ".join(decision.runs)
    term = TERMS[decision.term or Term.ONCE].text(language)
    said = Label(f"{when}에 승인했습니다: {term}.", f"You approved it on {when}: {term}.").text(language)
    if used and decision.term is Term.ONCE:
        said += Label(f" 사용한 실행: {used}.", f" Used by run {used}.").text(language)
    if decision.waiting:
        said += Label(
            with_particles(f" 다른 실행 {decision.waiting}이(가) 승인을 기다립니다."),
            f" Another run waits: {decision.waiting}.",
        ).text(language)
    return said


def moment_text(text: str) -> str:
    """Return an ISO date and time to the minute, in UTC; a question mark where it is none."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except ValueError:
        return "?"


def _date(text: str) -> str:
    return moment_text(text)[: len("2026-01-01")]
