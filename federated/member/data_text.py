"""What the `data` commands say to the member, in Korean and in English."""

from collections.abc import Iterator, Sequence

from data_contracts.contract import Contract, Label, PrivacyClass
from data_contracts.particles import with_particles
from data_contracts.versions import DatasetVersion
from data_contracts.versions.backup import Backup
from data_contracts.versions.difference import Difference
from data_contracts.versions.places import BackupPlace
from federated.member.dataset import Added
from federated.member.home import MemberHome
from federated.member.next_step import NextStep
from federated.member.understanding import is_plain, understood, without_doubts
from federated.plain import plain_text

_KEPT = Label(
    "{rows}행을 버전 {version}(으)로 {place}에 저장했습니다.", "Kept {rows} rows as version {version} in {place}."
)
_ASIDE = Label(
    "격리된 행은 {file}에 있습니다. 원본 파일을 고친 뒤 다시 추가하십시오.",
    "Rows that failed are in {file}; correct your own file and add it again.",
)
_REFUSED = Label(
    "저장하지 않았습니다. 격리된 행은 이유와 줄 번호와 함께 {file}에 있습니다. 원본 파일을 고친 뒤 다시 추가하십시오.",
    "Nothing was kept. The rows that failed are in {file}, with reasons and line numbers; correct your own file and "
    "add it again.",
)
_CHANGES = Label("바꾼 셀은 모두 {file}에 적혀 있습니다.", "Every changed cell is listed in {file}.")
_MAPPING = Label(
    "열 매핑을 {file}에 저장했습니다. 같은 형식의 다음 파일에도 이 매핑을 씁니다.",
    "How the columns were understood is kept in {file}; the next file of this form is read by it.",
)
_HEAD = Label(
    "  버전          저장 시각(UTC)    행 수      계약 / 파일",
    "  version       saved (UTC)       rows       contract / file",
)
_NONE = Label("저장된 버전이 없습니다.", "No version is saved yet.")
_ROLLED = Label(
    "버전 {version}({rows}행, 저장 {saved})이 이제 현재 버전입니다. 지워진 것은 없습니다.",
    "Version {version} ({rows} rows, saved {saved}) is the current one now. Nothing was deleted.",
)
_DIFFERENCE = Label(
    "{before} -> {after}: 추가 {added}행, 삭제 {removed}행, 변경 {changed}행, 그대로 {same}행",
    "{before} -> {after}: {added} rows added, {removed} removed, {changed} changed, {same} the same",
)
_BY_ROW = Label("기록 번호가 없어 행 전체를 비교했습니다.", "There is no key to compare by: whole rows were compared.")
_COLUMN = Label(
    "  {column}: 바뀐 셀 {changed}개, 빈 값 {before} -> {after}",
    "  {column}: {changed} cells changed, missing {before} -> {after}",
)
_SHOWN = Label("내용 (이 화면에만 표시됩니다):", "Cells (on this screen only):")
_PLAN = Label(
    "{place}에 백업할 내용:\n"
    "  - 데이터셋 버전 {count}개({size}): 계약 검사를 통과한 행\n"
    "  - 버전 기록 versions.jsonl과 salt.bin(약속값을 증명하는 비밀 값)\n"
    "백업하지 않는 것: 키, 동의 기록, 나간 내용의 기록, 격리된 행, 열 매핑, 원본 파일.\n"
    "조합은 백업을 볼 수 없습니다. 이 위치를 읽을 수 있는 사람은 데이터를 읽을 수 있습니다.",
    "What goes to {place}:\n"
    "  - {count} dataset version(s) ({size}): the rows that passed the contract\n"
    "  - the record versions.jsonl, and salt.bin, the secret that proves your commitments\n"
    "Not copied: your key, consents, log of what left, quarantined rows, mappings, original files.\n"
    "The association sees nothing of it. Whoever can read that place can read your rows.",
)
_CLEAR = Label(
    "주의: {endpoint}은(는) 암호화되지 않은 연결(http)입니다.",
    "Beware: {endpoint} is not encrypted (http): your rows can be read on the way.",
)
_SAVED = Label(
    "버전 {versions}개가 {place}에 있습니다. 이번에 복사: {copied}개({size}).",
    "{versions} version(s) are in {place}; copied now: {copied} ({size}).",
)
_RESTORED = Label(
    "{place}의 버전 {versions}개 가운데 {copied}개({size})를 되돌렸습니다.",
    "Of {versions} version(s) in {place}, {copied} ({size}) were brought back.",
)
_LOST = Label(
    "버전 {versions}은(는) 손상되어 백업할 수도 되돌릴 수도 없습니다. 원본 파일을 다시 추가하십시오.",
    "Lost, for neither here nor there they are sound: {versions}. Add the original files again.",
)


def added_text(added: Added, home: MemberHome, step: NextStep, language: str) -> Iterator[str]:
    """Say what came of a file, and what to type next."""
    prepared = added.prepared
    if prepared is not None and not is_plain(prepared):
        yield from understood(prepared, step, language, known=added.known)
    yield (added.verdict if prepared is None else without_doubts(prepared)).text(language)
    if added.version is not None:
        kept = added.version
        yield with_particles(_KEPT.text(language).format(rows=kept.rows, version=kept.short, place=home.data))
    aside = _REFUSED if added.version is None else _ASIDE
    for label, path in ((aside, added.quarantined), (_CHANGES, added.changes), (_MAPPING, added.mapping)):
        if path is not None:
            yield label.text(language).format(file=path)


def list_text(versions: Sequence[DatasetVersion], current: DatasetVersion | None, language: str) -> Iterator[str]:
    """Say which versions there are, oldest first; the current one is marked."""
    if not versions:
        yield _NONE.text(language)
        return
    yield _HEAD.text(language)
    for version in versions:
        mark = "*" if version == current else " "
        origin = f"{version.contract}  {plain_text(version.source)}".rstrip()
        yield f"{mark} {version.short}  {version.saved_at[:16].replace('T', ' ')}  {version.rows:<9,}  {origin}"


def rolled_text(version: DatasetVersion, language: str) -> str:
    """Say which version is current now."""
    return _ROLLED.text(language).format(version=version.short, rows=version.rows, saved=version.saved_at[:16])


def difference_text(found: Difference, contract: Contract, language: str, show: int) -> Iterator[str]:
    """Say what changed between two versions; cells only if some are to be shown, and never personal ones."""
    yield _DIFFERENCE.text(language).format(
        before=found.before.short,
        after=found.after.short,
        added=found.added,
        removed=found.removed,
        changed=found.changed,
        same=found.same,
    )
    if not found.key:
        yield _BY_ROW.text(language)
    for column in found.columns:
        if column.changed or column.missing_before != column.missing_after:
            yield _COLUMN.text(language).format(
                column=column.column,
                changed=column.changed,
                before=_share(column.missing_before),
                after=_share(column.missing_after),
            )
    if show:
        yield _SHOWN.text(language)
        yield from _cells(found, contract, show)


def plan_text(place: BackupPlace, held: tuple[int, int], endpoint: str | None, language: str) -> Iterator[str]:
    """Say what a backup holds, before the first."""
    yield _PLAN.text(language).format(place=place.text, count=held[0], size=_size(held[1]))
    if endpoint is not None and endpoint.startswith("http://"):
        yield with_particles(_CLEAR.text(language).format(endpoint=endpoint))


def backup_text(done: Backup, language: str, *, restored: bool = False) -> Iterator[str]:
    """Say what came of a backup, or of its way back."""
    yield (
        (_RESTORED if restored else _SAVED)
        .text(language)
        .format(versions=done.versions, place=done.place.text, copied=done.copied, size=_size(done.size))
    )
    if done.lost:
        yield with_particles(_LOST.text(language).format(versions=", ".join(one.short for one in done.lost)))


def backup_plain(done: Backup) -> dict[str, object]:
    """Return the same for programs."""
    return {
        "place": done.place.url,
        "endpoint": done.place.endpoint,
        "versions": done.versions,
        "copied": done.copied,
        "bytes": done.size,
        "lost": [version.sha256 for version in done.lost],
    }


def _cells(found: Difference, contract: Contract, most: int) -> Iterator[str]:
    personal = {column.name for column in contract.columns if column.privacy is PrivacyClass.PERSONAL}
    if personal & set(found.key) or (not found.key and personal):
        return
    yield from (f"  + {plain_text(record)}" for record in found.added_records(most))
    yield from (f"  - {plain_text(record)}" for record in found.removed_records(most))
    for cell in found.changed_cells(most, without=frozenset(personal)):
        yield f"  ~ {plain_text(cell.record)}  {cell.column}: {plain_text(cell.before)} -> {plain_text(cell.after)}"


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1e5 else f"{count / 1e3:,.1f} kB"  # noqa: PLR2004  (0.1 MB)
