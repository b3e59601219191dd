"""`pumasi-member init | join | status | doctor`: from an invitation to a member that can take part."""

import os
import sys
from pathlib import Path

import click

from federated.member.options import home_option, json_option, language_option, place_options, print_json
from federated.member.where import HOME, find_home, members_folder

MOST_KIT_BYTES = 6_000_000
FAILED = 1


@click.command(epilog="Example: pumasi-member init --member factory-1")
@click.option("--member", required=True, help="The id you want: letters, digits and hyphens, like factory-1.")
@home_option
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Where to write the join request.")
@click.option("--replace-key", is_flag=True, help="Make a new key; the old one is lost.")
@json_option
def init(member: str, home: Path | None, output: Path | None, *, replace_key: bool, as_json: bool) -> None:
    """Make your key, which never leaves this machine, and a join request.

    이 컴퓨터를 떠나지 않는 키와 가입 신청서를 만듭니다.
    """
    from federated.keys import spoken  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415
    from federated.member.join import prepare  # noqa: PLC0415

    folder = find_home(home, member)
    done = prepare(folder, member, output or Path(f"{member}.join-request.json"), replace_key=replace_key)
    digits = spoken(done.request.fingerprint)
    if as_json:
        print_json({"member": member, "home": str(folder), "request": str(done.file), "fingerprint": digits})
        return
    made = "made 새로 만들었습니다" if done.new_key else "kept as it was 있던 것을 그대로 씁니다"
    click.echo(
        f"Key 키: {MemberHome(folder).keys} ({made}). It never leaves this machine. 이 컴퓨터를 떠나지 않습니다.\n"
        f"Join request 가입 신청서: {done.file} (nothing in it is secret 비밀이 없습니다)\n"
        f"Fingerprint 지문: {digits}\n"
        "Next 다음: send the file to the association and read the fingerprint to it by telephone.\n"
        "           파일을 조합에 보내고, 전화로 지문을 읽어 주십시오."
    )


@click.command(epilog="Example: pumasi-member join factory-1.kit.json")
@click.argument("kit_file", metavar="KIT", type=click.Path(path_type=Path))
@place_options
@click.option("--fingerprint", "heard", help="The association's fingerprint as read to you, instead of a question.")
@json_option
def join(kit_file: Path, member: str | None, home: Path | None, heard: str | None, *, as_json: bool) -> None:
    """Take the association's kit into your folder, after a look at who made it.

    조합이 보낸 키트를 확인하고 저장합니다.
    """
    from federated.keys import same_spoken, spoken  # noqa: PLC0415
    from federated.kit import Kit, read_kit  # noqa: PLC0415
    from federated.member.join import join as keep_kit  # noqa: PLC0415

    def trusted(kit: Kit) -> bool:
        if heard is not None:
            return same_spoken(heard, kit.fingerprint)
        click.echo(
            f"Federation 연합: {kit.name}   {kit.address}\n"
            f"Its fingerprint 조합의 지문: {spoken(kit.fingerprint)}\n"
            "Call the association and compare. 조합에 전화하여 비교하십시오.",
            err=as_json,
        )
        return click.confirm("Is it the same? 같습니까?", err=as_json)

    if not kit_file.is_file():
        raise click.BadParameter(
            f"there is no file {kit_file}; name the kit that the association sent you, like factory-1.kit.json. "
            "그런 파일이 없습니다. 조합이 보낸 키트 파일을 지정하십시오.",
            param_hint="KIT",
        )
    with kit_file.open("rb") as file:
        text = file.read(MOST_KIT_BYTES).decode("utf-8", "replace")
    folder = _folder(home, member, read_kit(text).member)
    joined = keep_kit(folder, text, trusted=trusted)
    kit = joined.kit
    if as_json:
        print_json({"member": kit.member, "home": str(folder), "federation": kit.federation, "expires": kit.expires})
        return
    what = "Renewed 갱신했습니다" if joined.renewed else "Joined 가입했습니다"
    click.echo(f"{what}: {kit.member}, {kit.name}, until 기한 {kit.expires[:10]}")
    if joined.contract_changed:
        click.echo(
            "The contract is another one than before: check your file and add it again. "
            "데이터 계약이 바뀌었습니다. 파일을 다시 검사하고 추가하십시오."
        )
    click.echo("Next 다음: pumasi-member doctor --lang ko, pumasi-member run")


@click.command(epilog="Example: pumasi-member status --json")
@place_options
@json_option
def status(member: str | None, home: Path | None, *, as_json: bool) -> None:
    """Show where you stand: membership, software, node, dataset, decisions to make.

    회원 기한, 소프트웨어, 노드, 데이터셋, 결정할 일을 보여 줍니다.
    """
    from federated.member.status import read_status  # noqa: PLC0415
    from federated.member.status_text import as_text  # noqa: PLC0415

    found = read_status(find_home(home, member))
    if as_json:
        print_json(found.to_plain())
    else:
        click.echo(as_text(found))


@click.command(epilog="Example: pumasi-member doctor --lang ko")
@place_options
@language_option
@json_option
def doctor(member: str | None, home: Path | None, lang: str, *, as_json: bool) -> None:
    """Check everything that can keep you from taking part, and say how to mend it.

    참여를 막을 수 있는 것을 모두 확인하고 고치는 방법을 알려 줍니다.
    """
    from federated.member.checks import State  # noqa: PLC0415
    from federated.member.doctor import examine  # noqa: PLC0415

    checks = examine(find_home(home, member))
    failed = sum(check.state is State.FAIL for check in checks)
    if as_json:
        print_json({"failed": failed, "checks": [check.to_plain() for check in checks]})
    else:
        for check in checks:
            click.echo(check.text(lang))
        click.echo(_verdict(failed, lang))
    sys.exit(FAILED if failed else 0)


def _verdict(failed: int, lang: str) -> str:
    if lang == "ko":
        return f"{failed}가지를 고쳐야 합니다." if failed else "모두 정상입니다. 다음: pumasi-member run"
    return f"{failed} to mend." if failed else "All is well. Next: pumasi-member run"


def _folder(home: Path | None, member: str | None, kits: str) -> Path:
    """Find the folder that a kit is for: the kit names the member where nobody says."""
    named = members_folder() / kits
    unsaid = home is None and member is None and not os.environ.get(HOME)
    return named if unsaid and named.exists() else find_home(home, member)
