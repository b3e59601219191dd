"""`pumasi-member review|approve|refuse|egress`: the owner decides, and reads what left."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from federated.member.options import json_option, language_option, place_options, print_json
from federated.member.where import find_home

if TYPE_CHECKING:
    from federated.member.consent import Consent
    from federated.member.decisions import Stored
    from federated.member.home import MemberHome

BROKEN = 1

_hash = click.argument("agreement", metavar="HASH")
_yes = click.option("--yes", "-y", is_flag=True, help="Do not ask again.")


@click.command(epilog="Example: pumasi-member review 1a2b3c4d --lang ko")
@click.argument("agreement", metavar="[HASH]", required=False)
@place_options
@language_option
@json_option
def review(agreement: str | None, member: str | None, home: Path | None, lang: str, *, as_json: bool) -> None:
    """Show what the association asks for, and what would leave.

    HASH is the beginning of an agreement's hash; without it all are listed. 조합이 부탁한 협약과, 승인하면 공장 밖으로
    나가는 것을 보여 줍니다.
    """
    consent, where = _consent(home, member), _where(home, member)
    if agreement is not None:
        _show(consent, consent.resolve(agreement), lang, where, as_json=as_json)
        return
    from federated.member.decision_text import list_text  # noqa: PLC0415
    from federated.member.review import summary  # noqa: PLC0415  (numpy is imported when it is needed)

    now = consent.now()
    found = [(one, consent.standing(one), one.agreement.expired(now)) for one in consent.store.all()]
    if as_json:
        print_json({"agreements": [summary(one, standing, expired=expired) for one, standing, expired in found]})
    else:
        click.echo(list_text(found, lang, where=where))


@click.command(epilog="Example: pumasi-member approve 1a2b3c4d --once")
@_hash
@click.option("--once", "term", flag_value="once", help="For the next run that uses it.")
@click.option("--always", "term", flag_value="always", help="For this and like agreements, until you withdraw it.")
@_yes
@place_options
@language_option
@json_option
def approve(
    agreement: str, term: str | None, member: str | None, home: Path | None, lang: str, *, yes: bool, as_json: bool
) -> None:
    """Approve an agreement; one of --once and --always is needed.

    협약을 승인합니다. 한 번(--once) 또는 거둘 때까지(--always) 가운데 하나를 고릅니다.
    """
    from federated.member.decisions import Term  # noqa: PLC0415

    if term is None:
        raise click.UsageError(
            "Say how far it goes: --once or --always. 한 번(--once) 또는 계속(--always)을 고르십시오."
        )
    consent, where = _consent(home, member), _where(home, member)
    stored = consent.resolve(agreement)
    if not yes and _asks():
        _show(consent, stored, lang, where, as_json=False, to_error=as_json)
        question = {"ko": f"승인하시겠습니까(--{term})?", "en": f"Approve it (--{term})?"}[lang]
        click.confirm(question, abort=True, err=True)
    decision = consent.approve(stored.sha256, Term(term))
    said = {
        "ko": f"승인했습니다. 거두려면: pumasi-member refuse {stored.sha256[:12]} --reason 이유{where}",
        "en": f"Approved. To withdraw it: pumasi-member refuse {stored.sha256[:12]} --reason WHY{where}",
    }
    _done(stored.sha256, asdict(decision), said[lang], as_json=as_json)


@click.command(epilog='Example: pumasi-member refuse 1a2b3c4d --reason "our records are being corrected"')
@_hash
@click.option("--reason", required=True, help="Why, in one line of at most 200 characters; the association reads it.")
@place_options
@language_option
@json_option
def refuse(agreement: str, reason: str, member: str | None, home: Path | None, lang: str, *, as_json: bool) -> None:
    """Refuse an agreement, or withdraw an approval at once, with a reason the association reads.

    협약을 거절하거나, 승인을 그 자리에서 거둡니다. 이유는 조합이 읽습니다.
    """
    consent = _consent(home, member)
    stored = consent.resolve(agreement)
    decision = consent.refuse(stored.sha256, reason)
    said = {
        "ko": "거절했습니다. 이 협약에 대한 요청에는 이제부터 이 이유로만 답합니다.",
        "en": "Refused. From now on requests under this agreement are answered with this reason only.",
    }
    _done(stored.sha256, asdict(decision), said[lang], as_json=as_json)


@click.command(epilog="Example: pumasi-member egress --run spring-2026 --lang ko")
@click.option("--run", help="Only this run, as the association named it.")
@place_options
@language_option
@json_option
def egress(run: str | None, member: str | None, home: Path | None, lang: str, *, as_json: bool) -> None:
    """List what left this computer, and verify that the record is whole. Ends with 1 if it is not.

    이 컴퓨터에서 나간 것을 모두 보여 주고, 기록이 온전한지 확인합니다.
    """
    from federated.member.egress import EgressLog  # noqa: PLC0415
    from federated.member.egress_text import egress_lines, verification_plain, verification_text  # noqa: PLC0415

    log = EgressLog(_member_home(home, member).egress)
    verification = log.verify()
    if as_json:
        entries = [asdict(entry) for entry in log.entries(run)]
        print_json({"verification": verification_plain(verification), "entries": entries})
    else:
        for line in egress_lines(log, run, lang):
            click.echo(line)
        click.echo(verification_text(verification, lang))
    sys.exit(0 if verification.fault is None else BROKEN)


def _consent(home: Path | None, member: str | None) -> "Consent":
    from federated.member.consent import Consent  # noqa: PLC0415

    return Consent(_member_home(home, member))


def _member_home(home: Path | None, member: str | None) -> "MemberHome":
    from federated.member.home import MemberHome  # noqa: PLC0415

    found = MemberHome(find_home(home, member))
    found.profile()  # a folder that is no member's is said so, and not that nothing waits in it
    return found


def _asks() -> bool:
    """Tell whether somebody sits at the keyboard."""
    return sys.stdin.isatty()


def _where(home: Path | None, member: str | None) -> str:
    """Return the options that name the member's folder, to be repeated in the commands that are suggested."""
    return "".join([f" --member {member}" if member else "", f" --home {home}" if home else ""])


def _show(
    consent: "Consent", stored: "Stored", lang: str, where: str, *, as_json: bool, to_error: bool = False
) -> None:
    from federated.member.review import review as facts  # noqa: PLC0415
    from federated.member.review_text import review_text  # noqa: PLC0415

    found = facts(consent, stored)
    if as_json:
        print_json(found.to_plain())
    else:
        click.echo(review_text(found, lang, where=where), err=to_error)


def _done(sha256: str, decision: dict[str, Any], said: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"sha256": sha256, "decision": decision})
    else:
        click.echo(said)
