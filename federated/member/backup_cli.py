"""`pumasi-member data backup | restore`: the member's versions in a place of its own, and back."""

import sys
from pathlib import Path

import click

from federated.member.options import json_option, language_option, place_options, print_json
from federated.member.where import find_home

LOST = 1

endpoint_option = click.option("--endpoint", help="Address of the bucket's S3 service, where it is not Amazon's.")
profile_option = click.option("--profile", help="AWS profile with the bucket's credentials; else the AWS variables.")


@click.command(epilog="Example: pumasi-member data backup --to /mnt/nas/pumasi-factory-1")
@click.option("--to", help="A folder (also of a NAS) or s3://bucket/prefix. Default: the place of the last backup.")
@endpoint_option
@profile_option
@click.option("--yes", is_flag=True, help="Do not ask before the first backup to a place.")
@place_options
@language_option
@json_option
def backup(
    to: str | None,
    endpoint: str | None,
    profile: str | None,
    member: str | None,
    home: Path | None,
    *,
    lang: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Copy your dataset versions to a place of your own, never the association's.

    데이터셋 버전을 자기 공장의 저장소에 백업합니다. 조합의 서버에는 백업하지 않습니다.
    """
    from data_contracts.versions.places import BackupPlace, endpoint_of  # noqa: PLC0415
    from federated.member.backup import back_up, check_own, held, remembered  # noqa: PLC0415
    from federated.member.data_text import backup_plain, backup_text, plan_text  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415

    own = MemberHome(find_home(home, member))
    own.profile()  # refuses what is no member's folder
    before = remembered(own)
    place = before if to is None else BackupPlace.parse(to, endpoint=endpoint, profile=profile)
    if place is None:
        raise click.UsageError(
            "say where to: --to FOLDER, or --to s3://bucket/prefix. 백업할 곳을 --to로 지정하십시오."
        )
    check_own(own, place)
    if place != before and not yes:
        for line in plan_text(place, held(own), endpoint_of(place), lang):
            click.echo(line, err=as_json)
        click.confirm("Back up? 백업할까요?", abort=True, err=as_json)
    done = back_up(own, place)
    if as_json:
        print_json(backup_plain(done))
    else:
        for line in backup_text(done, lang):
            click.echo(line)
    sys.exit(LOST if done.lost else 0)


@click.command(epilog="Example: pumasi-member data restore --from /mnt/nas/pumasi-factory-1")
@click.option("--from", "origin", help="Where the backup lies. Default: the place of the last backup.")
@endpoint_option
@profile_option
@place_options
@language_option
@json_option
def restore(
    origin: str | None,
    endpoint: str | None,
    profile: str | None,
    member: str | None,
    home: Path | None,
    *,
    lang: str,
    as_json: bool,
) -> None:
    """Bring dataset versions back from your backup; what is sound stays as it is.

    백업에서 데이터셋 버전을 되돌립니다. 온전한 것은 그대로 둡니다.
    """
    from data_contracts.versions.places import BackupPlace  # noqa: PLC0415
    from federated.member import backup as backups  # noqa: PLC0415
    from federated.member.data_text import backup_plain, backup_text  # noqa: PLC0415
    from federated.member.home import PROFILE, MemberHome  # noqa: PLC0415

    own = MemberHome(find_home(home, member))
    place = backups.remembered(own) if origin is None else BackupPlace.parse(origin, endpoint=endpoint, profile=profile)
    if place is None:
        raise click.UsageError(
            "say where from: --from FOLDER, or --from s3://bucket/prefix. 백업이 있는 곳을 --from으로 지정하십시오."
        )
    done = backups.restore(own, place)
    if as_json:
        print_json(backup_plain(done))
    else:
        for line in backup_text(done, lang, restored=True):
            click.echo(line)
        if not (own.folder / PROFILE).exists():
            click.echo("Next 다음: pumasi-member join KIT, or 또는: pumasi-member data add FILE --contract CONTRACT")
    sys.exit(LOST if done.lost else 0)
