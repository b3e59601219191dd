"""`pumasi-member data ...`: the member's dataset and its versions."""

import sys
from pathlib import Path

import click

from federated.member.next_step import DATABASE, NextStep
from federated.member.options import (
    json_option,
    language_option,
    mapping_option,
    named_source,
    place_options,
    print_json,
)
from federated.member.where import contract_named, existing_home, find_home

REFUSED = 1


@click.group()
def data() -> None:
    """Your dataset and its versions. 데이터셋과 그 버전."""


@data.command(epilog="Example: pumasi-member data add parts.csv")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--contract", help="Contract like print-defect, or a contract file. Default: the one you follow already.")
@mapping_option
@click.option("--append", is_flag=True, help="Put the rows behind those that are saved, instead of in their place.")
@click.option("--database", envvar=DATABASE, help="Instead of FILE: a database's address (SQLAlchemy URL).")
@click.option("--query", help="With --database: the one query that reads the records.")
@place_options
@click.option("--share-metrics", is_flag=True, help="Let your own figures be shown to the other members.")
@language_option
@json_option
def add(
    file: Path | None,
    contract: str | None,
    mapping: Path | None,
    database: str | None,
    query: str | None,
    *,
    member: str | None,
    home: Path | None,
    append: bool,
    share_metrics: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Check a file and keep its accepted rows as a new version.

    FILE is what you have: CSV, Excel or Parquet, in any encoding. 검사를 통과한 행을 데이터셋의 새 버전으로 저장합니다.
    """
    from federated.member.data_text import added_text  # noqa: PLC0415
    from federated.member.dataset import add_dataset  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415
    from federated.member.understanding import to_plain  # noqa: PLC0415

    source = named_source(file, database, query)
    folder = find_home(home, member)
    rules = contract_named(contract, existing_home(folder, member))
    added = add_dataset(
        folder, source, rules, member=member, shares_metrics=share_metrics, mapping=mapping, append=append
    )
    for note in added.notes:
        click.echo(note, err=True)
    if as_json:
        files = {"quarantined": added.quarantined, "changes": added.changes, "mapping": added.mapping}
        print_json(
            {
                "verdict": added.verdict.to_plain(),
                "sha256": None if added.version is None else added.version.sha256,
                "rows": None if added.version is None else added.version.rows,
                "notes": added.notes,
                **{name: None if path is None else str(path) for name, path in files.items()},
                "understood": None if added.prepared is None else to_plain(added.prepared),
            }
        )
    else:
        step = NextStep(source, contract, mapping, member, home)
        for line in added_text(added, MemberHome(folder), step, lang):
            click.echo(line)
    sys.exit(0 if added.version is not None else REFUSED)


@data.command("list", epilog="Example: pumasi-member data list --lang ko")
@place_options
@language_option
@json_option
def list_(member: str | None, home: Path | None, lang: str, *, as_json: bool) -> None:
    """List the versions of your dataset; training uses the current one.

    데이터셋의 버전을 보여 줍니다. 학습에는 현재 버전(*)을 씁니다.
    """
    from data_contracts.versions import list_versions  # noqa: PLC0415
    from federated.member.data_text import list_text  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415

    own = MemberHome(find_home(home, member))
    recorded, trade = list_versions(own.data), own.contract().id
    versions = tuple(dict.fromkeys(recorded))  # one that became current again is recorded again
    current = next((version for version in reversed(recorded) if version.path.stem == trade), None)
    if as_json:
        print_json(
            [
                {
                    "sha256": version.sha256,
                    "short": version.short,
                    "saved_at": version.saved_at,
                    "rows": version.rows,
                    "contract": version.contract,
                    "source": version.source,
                    "current": version == current,
                }
                for version in versions
            ]
        )
        return
    for line in list_text(versions, current, lang):
        click.echo(line)


@data.command(epilog="Example: pumasi-member data diff 3f2a91c04b7e")
@click.argument("before")
@click.argument("after", required=False)
@click.option(
    "--show", type=click.IntRange(0, 1000), default=0, help="Also show so many cells of each kind, here only."
)
@place_options
@language_option
@json_option
def diff(
    before: str,
    after: str | None,
    show: int,
    member: str | None,
    home: Path | None,
    *,
    lang: str,
    as_json: bool,
) -> None:
    """Say what changed from version BEFORE to AFTER (the current one).

    두 버전 사이에 추가·삭제·변경된 행과 열별 변화를 보여 줍니다.
    """
    from data_contracts.versions import find_version, latest_version  # noqa: PLC0415
    from data_contracts.versions.difference import compare_versions  # noqa: PLC0415
    from federated.member.data_text import difference_text  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415

    own = MemberHome(find_home(home, member))
    rules = own.contract()
    old = find_version(own.data, rules.id, before)
    new = latest_version(own.data, rules.id) if after is None else find_version(own.data, rules.id, after)
    found = compare_versions(old, new, rules.key)
    if as_json:
        print_json(found.to_plain())
        return
    for line in difference_text(found, rules, lang, show):
        click.echo(line)


@data.command(epilog="Example: pumasi-member data rollback 3f2a91c04b7e")
@click.argument("version")
@click.option("--yes", is_flag=True, help="Do not ask.")
@place_options
@language_option
@json_option
def rollback(version: str, member: str | None, home: Path | None, lang: str, *, yes: bool, as_json: bool) -> None:
    """Make an older version the current one; nothing is deleted.

    예전 버전을 현재 버전으로 되돌립니다. 지워지는 것은 없습니다.
    """
    from data_contracts.versions import find_version  # noqa: PLC0415
    from federated.member.data_text import rolled_text  # noqa: PLC0415
    from federated.member.dataset import roll_back  # noqa: PLC0415
    from federated.member.home import MemberHome  # noqa: PLC0415

    own = MemberHome(find_home(home, member))
    found = find_version(own.data, own.contract().id, version)
    if not yes:
        click.confirm(
            f"Train with version {found.short} ({found.rows} rows, {found.source or found.saved_at[:10]}) from now on? "
            "이 버전으로 되돌릴까요?",
            abort=True,
            err=as_json,
        )
    current = roll_back(own, found.sha256)
    if as_json:
        print_json({"sha256": current.sha256, "rows": current.rows, "saved_at": current.saved_at})
    else:
        click.echo(rolled_text(current, lang))
