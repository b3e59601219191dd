"""From the file a factory has to a version of its dataset, and nothing half, lost or shown on the way."""

import csv
import os
import resource
import signal
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from data_contracts.errors import DataContractsError, MappingMismatch, QuestionsOpen, VersionError
from data_contracts.versions import list_versions, read_version
from federated.member.dataset import Added, add_dataset, latest_dataset, roll_back
from federated.member.home import MemberHome
from federated.member.mappings import SUFFIX, Query
from federated.member.where import OtherProfile
from tests.cooperative import contract_file

HEADER = "번호,온도(℉),용지,등급,비고"


class Factory:
    """A member's folder, and files as its old computer exports them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.contract = str(contract_file(folder))
        self.home = MemberHome(folder / "anvil")

    def export(self, name: str, rows: list[str], *, header: str = HEADER, encoding: str = "cp949") -> Path:
        """Write an export: a title, the header in line 3, rows from line 4, a total."""
        commas = "," * header.count(",")
        lines = [f"3월 대장{commas}", commas, header, *rows, f"합계{commas}"]
        path = self.folder / name
        path.write_bytes("\r\n".join(lines).encode(encoding))
        return path

    def rows(self, first: int, count: int) -> list[str]:
        """Make rows: 50 °F and then hotter, of which every third is bad."""
        return [
            f"part-{n},{50 + n % 100},{'ab'[n % 2]},{'bad' if n % 3 == 0 else 'good'},"
            for n in range(first, first + count)
        ]

    def add(self, file: Path | Query, *, append: bool = False, mapping: Path | None = None) -> Added:
        """Add a file."""
        return add_dataset(
            self.home.folder,
            file,
            self.contract,
            member="anvil",
            shares_metrics=False,
            append=append,
            mapping=mapping,
        )

    @property
    def kept(self) -> pd.DataFrame:
        """The current rows."""
        return read_version(latest_dataset(self.home))

    @property
    def versions(self) -> list[int]:
        """Rows of every recorded version, each read and verified."""
        return [len(read_version(version)) for version in list_versions(self.home.data)]


@pytest.fixture
def factory(tmp_path: Path) -> Factory:
    return Factory(tmp_path)


def table(path: Path | None) -> list[list[str]]:
    """Read a CSV as Excel would."""
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_an_export_of_an_old_computer_becomes_a_version_and_its_units_are_converted(factory: Factory) -> None:
    added = factory.add(factory.export("march.csv", factory.rows(0, 40)))

    assert added.version is not None
    assert (added.version.rows, added.version.source, added.quarantined) == (40, "march.csv", None)
    assert factory.kept["heat"][1] == pytest.approx(10.0)  # 50 °F
    assert table(added.changes)[1][:3] == ["heat", "unit", "40"]
    assert table(added.changes)[1][-1] == "4-43"


def test_the_same_file_is_the_same_version_with_and_without_append(factory: Factory) -> None:
    file = factory.export("march.csv", factory.rows(0, 40))
    first = factory.add(file)

    again, appended = factory.add(file), factory.add(file, append=True)

    assert first.version == again.version == appended.version
    assert factory.versions == [40]
    assert appended.notes[0].startswith("40 row(s) are saved already")
    assert list(factory.home.mappings.iterdir()) == [first.mapping]
    assert (again.mapping, again.known) == (None, first.mapping)


def test_appended_rows_come_behind_the_saved_ones_and_overlaps_count_once(factory: Factory) -> None:
    factory.add(factory.export("march.csv", factory.rows(0, 40)))
    april = factory.export("april.csv", factory.rows(30, 40), encoding="utf-8")

    added = factory.add(april, append=True)

    assert factory.versions == [40, 70]
    assert list(factory.kept["part"]) == [f"part-{n}" for n in range(70)]
    assert "10 row(s) are saved already" in added.notes[0]
    assert factory.add(april, append=True).version == added.version
    assert factory.versions == [40, 70]


def test_a_row_that_contradicts_a_saved_one_is_set_aside_as_it_stands_in_the_file(factory: Factory) -> None:
    factory.add(factory.export("march.csv", factory.rows(0, 40)))
    rows = factory.rows(38, 10)
    rows[1] = "part-39,99.5,b,good,다시 측정"

    added = factory.add(factory.export("april.csv", rows), append=True)

    assert factory.versions == [40, 48]
    assert factory.kept.set_index("part").loc["part-39", "heat"] == pytest.approx((89 - 32) / 1.8)
    assert table(added.quarantined)[1:] == [["5", "duplicate_key:part", "part-39", "99.5", "b", "good", "다시 측정"]]
    assert "1 row(s) have the key of a saved record" in added.notes[1]


def test_rows_set_aside_stand_as_in_the_file_with_their_lines_and_no_formula(factory: Factory) -> None:
    rows = factory.rows(0, 60)
    rows[1] = "part-1,999.0,b,good,=cmd|'/c calc'!A1"
    rows[2] = "=1+1,broken"
    rows[4] = "part-4,측정불가,a,good,"

    added = factory.add(factory.export("march.csv", rows))

    assert table(added.quarantined) == [
        ["_line", "_reasons", *HEADER.split(",")],
        ["5", "out_of_range:heat", "part-1", "999.0", "b", "good", "'=cmd|'/c calc'!A1"],
        ["6", "unreadable_line", "'=1+1,broken", "", "", "", ""],
    ]
    assert ["heat", "missing_word", "1"] in [line[:3] for line in table(added.changes)]
    assert factory.versions == [58]


def test_a_clean_file_leaves_no_quarantine_of_an_earlier_one_behind(factory: Factory) -> None:
    rows = factory.rows(0, 60)
    rows[1] = "part-1,999.0,b,good,"
    first = factory.add(factory.export("march.csv", rows))
    assert first.quarantined is not None

    second = factory.add(factory.export("march.csv", factory.rows(0, 60)))

    assert second.quarantined is None
    assert not first.quarantined.exists()


def test_only_the_owner_can_read_what_is_kept(factory: Factory) -> None:
    rows = factory.rows(0, 60)
    rows[1] = "part-1,999.0,b,good,"
    factory.add(factory.export("march.csv", rows))

    for folder in (factory.home.quarantine, factory.home.mappings, factory.home.data):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in (*factory.home.quarantine.iterdir(), *factory.home.mappings.iterdir()):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_open_question_about_a_needed_column_keeps_nothing_and_shows_no_word(factory: Factory) -> None:
    rows = [row.replace("bad", "SECRETWORD") for row in factory.rows(0, 40)]

    with pytest.raises(QuestionsOpen, match=r"grade \(.*pumasi-member map .*march\.csv") as refused:
        factory.add(factory.export("march.csv", rows))

    assert "SECRETWORD" not in str(refused.value) + str(refused.value.questions)
    assert not factory.home.folder.exists()


def test_a_refused_file_keeps_only_the_rows_that_failed_for_their_owner_with_line_reason_and_no_formula(
    factory: Factory,
) -> None:
    rows = [*factory.rows(0, 40), *(row.replace("part-4", "part-1") for row in factory.rows(40, 10))]
    rows[0] = "part-0,999.0,a,bad,=1+1"

    added = factory.add(factory.export("march.csv", rows))

    assert added.version is None
    assert not added.verdict.accepted
    assert added.quarantined == factory.home.quarantine / "tiny.refused.csv"
    assert stat.S_IMODE(added.quarantined.stat().st_mode) == 0o600
    assert stat.S_IMODE(added.quarantined.parent.stat().st_mode) == 0o700
    failed = table(added.quarantined)[1:]
    assert failed[0] == ["4", "out_of_range:heat", "part-0", "999.0", "a", "bad", "'=1+1"]
    twice = [*range(14, 24), *range(44, 54)]
    assert [(line[0], line[1]) for line in failed[1:]] == [(str(n), "duplicate_key:part") for n in twice]
    assert not (factory.home.folder / "member.yaml").exists()
    assert not factory.home.data.exists()


def test_a_refused_file_leaves_the_quarantine_of_the_saved_records_until_one_is_accepted(factory: Factory) -> None:
    rows = factory.rows(0, 60)
    rows[1] = "part-1,999.0,b,good,"
    saved = factory.add(factory.export("march.csv", rows)).quarantined
    assert saved is not None
    before = table(saved)
    refused = factory.add(factory.export("april.csv", [*rows, *(["part-1,10,b,good,"] * 20)])).quarantined
    assert refused is not None

    assert table(saved) == before
    assert (len(before), len(table(refused))) == (2, 22)

    factory.add(factory.export("may.csv", factory.rows(0, 60)))
    assert list(factory.home.quarantine.iterdir()) == [factory.home.quarantine / "tiny.changes.csv"]


def test_a_file_refused_for_no_row_of_its_own_leaves_no_quarantine(factory: Factory) -> None:
    rows = [row.replace("bad", "good") for row in factory.rows(0, 40)]
    file = factory.export("march.csv", [row.rpartition(",")[0] for row in rows], header="번호,온도(℉),용지,등급")
    file.write_bytes(file.read_bytes().replace("등급".encode("cp949"), b"zzz"))
    mapping = factory.folder / "none.yaml"
    mapping.write_text(
        'contract: tiny@1.0.0\nheaders: ["번호", "온도(℉)", "용지", "zzz"]\ncolumns:\n  grade: {header: null}\n',
        encoding="utf-8",
    )

    added = factory.add(file, mapping=mapping)

    assert (added.version, added.quarantined) == (None, None)
    assert not factory.home.quarantine.exists()


def test_too_many_lines_that_cannot_be_read_refuse_the_file(factory: Factory) -> None:
    rows = [*factory.rows(0, 40), *("half,a,row" for _ in range(10))]

    added = factory.add(factory.export("march.csv", rows))

    assert added.version is None
    assert "too_many_quarantined" in {str(finding.code) for finding in added.verdict.findings}


def test_a_confirmed_mapping_beside_the_file_is_followed_and_kept(factory: Factory) -> None:
    file = factory.export("march.csv", factory.rows(0, 40))
    mapping = factory.add(file).mapping
    assert mapping is not None
    beside = file.with_name(f"{file.name}{SUFFIX}")
    text = mapping.read_text(encoding="utf-8")
    assert '    header: "용지"\n' in text
    said = text.replace('    header: "용지"\n', '    header: "용지"\n    words: {"a": "a", "b": "a"}\n')
    beside.write_text(said, encoding="utf-8")

    added = factory.add(file)

    assert added.known == beside
    assert set(factory.kept["paper"]) == {"a"}
    assert added.mapping == factory.home.mappings / "march~2.yaml"


def test_a_mapping_for_another_trade_is_refused(factory: Factory, tmp_path: Path) -> None:
    file = factory.export("march.csv", factory.rows(0, 40))
    mapping = factory.add(file).mapping
    assert mapping is not None
    other = tmp_path / "other.yaml"
    other.write_text(mapping.read_text(encoding="utf-8").replace("tiny@1.0.0", "other@1.0.0"), encoding="utf-8")

    with pytest.raises(MappingMismatch):
        factory.add(file, mapping=other)
    with pytest.raises(DataContractsError, match="there is no mapping file"):
        factory.add(file, mapping=tmp_path / "none.yaml")


def test_records_of_a_database_become_a_version_and_its_password_is_nowhere(factory: Factory, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "mes.db") as database:
        database.execute("create table lots (part text, heat real, paper text, grade text)")
        rows = [(f"p{n}", n, "ab"[n % 2], ("good", "bad")[n % 3 == 0]) for n in range(40)]
        database.executemany("insert into lots values (?, ?, ?, ?)", rows)
    database.close()
    query = Query(f"sqlite:///{tmp_path / 'mes.db'}", "select * from lots order by part")

    added = factory.add(query)

    assert added.version is not None
    assert (added.version.rows, added.version.source) == (40, "query")
    assert factory.add(query).version == added.version
    assert "mes.db" not in repr(query)


def test_an_older_version_becomes_current_for_training(factory: Factory) -> None:
    march = factory.add(factory.export("march.csv", factory.rows(0, 40))).version
    factory.add(factory.export("april.csv", factory.rows(40, 30)))
    assert march is not None

    roll_back(factory.home, march.short)

    assert latest_dataset(factory.home) == march
    assert factory.versions == [40, 30, 40]


def test_rows_of_two_contracts_are_not_mixed_and_no_way_leads_back_to_an_older_one(
    factory: Factory, tmp_path: Path
) -> None:
    file = factory.export("march.csv", factory.rows(0, 40))
    old = factory.add(file).version
    assert old is not None
    profile = factory.home.folder / "member.yaml"
    newer = str(contract_file(tmp_path, version="1.1.0"))
    profile.write_text(profile.read_text(encoding="utf-8").replace(factory.contract, newer), encoding="utf-8")
    factory.contract = newer

    with pytest.raises(OtherProfile, match="cannot be mixed"):
        factory.add(file, append=True)
    with pytest.raises(OtherProfile, match="could not train with it"):
        roll_back(factory.home, old.short)
    assert factory.versions == [40]


@contextmanager
def _no_file_above(size: int) -> Iterator[None]:
    """Let the system refuse files above a size, as a full disk does."""
    before, ignored = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("size", [0, 1500, 20_000])
def test_a_full_disk_leaves_the_old_version_and_the_next_add_works(factory: Factory, size: int) -> None:
    """Which file does not fit depends on the size: quarantine, mapping, rows, the files of DVC."""
    factory.add(factory.export("march.csv", factory.rows(0, 40)))
    rows = factory.rows(40, 60)
    rows[1] = "part-41,999.0,b,good,"
    april = factory.export("april.csv", rows, header=HEADER.replace("비고", "메모"))

    with _no_file_above(size), pytest.raises((OSError, VersionError)):
        factory.add(april)

    assert factory.versions == [40]
    assert not [path for path in factory.home.folder.rglob("*") if path.name.endswith(".partial")]
    factory.add(april)
    assert factory.versions == [40, 59]


def _killed_at(turn: int, factory: Factory, file: Path) -> bool:
    """Add a file in a child process that dies at its n-th step on the disk; say whether it got that far."""
    child = os.fork()
    if child == 0:
        signal.alarm(60)  # a child that hangs fails the test, and does not hang it
        left = turn

        def dying(name: str) -> None:
            original = getattr(os, name)

            def step(*arguments: object, **options: object) -> object:
                nonlocal left
                left -= 1
                if left < 0:
                    os._exit(9)  # as `kill -9` does: nothing is tidied up
                return original(*arguments, **options)

            setattr(os, name, step)

        for name in ("replace", "rename"):
            dying(name)
        try:
            factory.add(file)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_an_add_that_is_killed_at_any_step_leaves_nothing_half(factory: Factory) -> None:
    factory.add(factory.export("march.csv", factory.rows(0, 40)))
    rows = factory.rows(40, 60)
    rows[1] = "part-41,999.0,b,good,"
    april = factory.export("april.csv", rows)

    turn = 0
    while _killed_at(turn, factory, april):
        assert factory.versions in ([40], [40, 59])
        turn += 1

    assert turn > 3
    assert factory.versions == [40, 59]
    assert len(table(factory.home.quarantine / "tiny.csv")) == 2


def test_two_that_add_at_once_wait_for_one_another(factory: Factory) -> None:
    march, april = (
        factory.export(f"{name}.csv", factory.rows(first, 40)) for name, first in (("march", 0), ("april", 40))
    )
    factory.add(march)
    children = []
    for file in (april, march, april, march):
        child = os.fork()
        if child == 0:
            signal.alarm(60)  # a child that hangs fails the test, and does not hang it
            try:
                factory.add(file, append=True)
            except BaseException:  # noqa: BLE001  (told by the exit code)
                os._exit(1)
            os._exit(0)
        children.append(child)

    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert factory.versions == [40, 80]
