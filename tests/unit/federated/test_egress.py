"""The record of what left shows every change that is not a whole new record, and survives crashes."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from federated.errors import EgressLogBroken
from federated.member.egress import NOTHING, TORN, EgressLog, Entry, Fault
from federated.member.egress_text import egress_lines, verification_text


def write(log: EgressLog, count: int, *, run: str = "first") -> list[Entry]:
    return [
        log.append(
            flower_run=7,
            run=run,
            round=number,
            question="train",
            kind="RoundTrained",
            size=1000 + number,
            digest=f"{number:064x}",
            arrays=(("arrays.head", "float32", (2, 8)), ("무게", "int64", ())),
            scalars=("rows", "loss"),
        )
        for number in range(1, count + 1)
    ]


@pytest.fixture
def log(tmp_path: Path) -> EgressLog:
    return EgressLog(tmp_path / "egress")


@pytest.fixture
def five(log: EgressLog) -> EgressLog:
    write(log, 5)
    return log


def file_of(log: EgressLog) -> Path:
    return log.folder / "log.jsonl"


def lines_of(log: EgressLog) -> list[bytes]:
    return file_of(log).read_bytes().splitlines(keepends=True)


def rewrite(log: EgressLog, lines: list[bytes]) -> None:
    file_of(log).write_bytes(b"".join(lines))


def test_what_was_written_is_read_back_in_order_and_verified(log: EgressLog) -> None:
    written = [*write(log, 3), *write(log, 2, run="second")]

    verification = log.verify()

    assert list(log.entries()) == written
    assert list(log.entries("second")) == written[3:]
    assert [entry.number for entry in written] == [1, 2, 3, 4, 5]
    assert written[0].previous == NOTHING
    assert (verification.entries, verification.fault, verification.torn) == (5, None, False)


def test_an_empty_log_is_sound_and_reading_makes_nothing(log: EgressLog) -> None:
    assert log.verify().entries == 0
    assert list(log.entries()) == []
    assert not log.folder.exists()


def test_an_entry_is_on_the_disk_when_append_returns(log: EgressLog, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[bytes] = []
    write(log, 1)
    monkeypatch.setattr("federated.member.egress.os.fsync", lambda _: flushed.append(file_of(log).read_bytes()))

    write(log, 1)

    assert flushed == [file_of(log).read_bytes()]
    assert flushed[0].count(b"\n") == 2


def test_the_log_is_for_its_owner_alone(five: EgressLog) -> None:
    assert five.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in five.folder.iterdir()} == {0o600}


def edit(lines: list[bytes]) -> list[bytes]:
    return [line.replace(b'"size":1003', b'"size":1004') for line in lines]


def edit_last(lines: list[bytes]) -> list[bytes]:
    return [*lines[:-1], lines[-1].replace(b"1005", b"1006")]


def delete(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], *lines[3:]]


def delete_first(lines: list[bytes]) -> list[bytes]:
    return lines[1:]


def swap(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def repeat(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], lines[2], *lines[3:]]


def cut_whole_lines(lines: list[bytes]) -> list[bytes]:
    return lines[:3]


def cut_inside_a_line(lines: list[bytes]) -> list[bytes]:
    return [*lines[:3], lines[3][:40]]


def empty(_: list[bytes]) -> list[bytes]:
    return []


def insert_blank(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], b"\n", *lines[2:]]


def add_a_field(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"{", b'{"aside":1,', 1), *lines[3:]]


@pytest.mark.parametrize(
    ("damage", "at"),
    [
        (edit, 4),  # line 3 is well formed; the line after it no longer follows
        (edit_last, 5),
        (delete, 3),
        (delete_first, 1),
        (swap, 2),
        (repeat, 4),
        (cut_whole_lines, 4),
        (cut_inside_a_line, 4),
        (empty, 1),
        (insert_blank, 3),
        (add_a_field, 3),
    ],
)
def test_a_change_is_found_and_named_by_its_line(
    five: EgressLog, damage: Callable[[list[bytes]], list[bytes]], at: int
) -> None:
    rewrite(five, damage(lines_of(five)))

    verification = five.verify()

    assert verification.fault is not None
    assert verification.broken_at == at
    assert verification.entries == at - 1
    assert str(at) in verification_text(verification, "ko")
    assert str(at) in verification_text(verification, "en")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.data())
def test_any_other_byte_anywhere_is_found(five: EgressLog, data: st.DataObject) -> None:
    before = file_of(five).read_bytes()
    at = data.draw(st.integers(0, len(before) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != before[at]))
    file_of(five).write_bytes(before[:at] + bytes([byte]) + before[at + 1 :])
    try:
        assert five.verify().fault is not None
    finally:
        file_of(five).write_bytes(before)


@pytest.mark.parametrize("damage", [cut_whole_lines, cut_inside_a_line, empty])
def test_nothing_is_appended_to_a_log_that_was_cut_off(
    five: EgressLog, damage: Callable[[list[bytes]], list[bytes]]
) -> None:
    rewrite(five, damage(lines_of(five)))
    before = file_of(five).read_bytes()

    with pytest.raises(EgressLogBroken, match="Nothing leaves"):
        write(five, 1)

    assert file_of(five).read_bytes() == before


def test_a_log_without_its_head_or_a_head_without_its_log_is_broken(five: EgressLog) -> None:
    head = (five.folder / "head").read_bytes()
    (five.folder / "head").unlink()

    assert five.verify().fault is Fault.NO_HEAD
    with pytest.raises(EgressLogBroken):
        write(five, 1)

    (five.folder / "head").write_bytes(head)
    file_of(five).unlink()
    assert five.verify().fault is Fault.CUT_OFF
    with pytest.raises(EgressLogBroken):
        write(five, 1)


def test_a_line_that_a_crash_cut_off_is_set_aside_noted_and_followed(five: EgressLog) -> None:
    piece = b'{"arrays":[["secret'
    with file_of(five).open("ab") as file:
        file.write(piece)
    assert five.verify().torn
    assert five.verify().fault is None
    assert len(list(five.entries())) == 5

    write(five, 1)

    *_, note, after = five.entries()
    assert (note.number, note.kind, note.size) == (6, TORN, len(piece))
    assert (five.folder / "torn-6").read_bytes() == piece
    assert after.number == 7
    assert five.verify().fault is None
    assert not five.verify().torn


def test_a_crash_between_setting_aside_and_noting_loses_no_note(five: EgressLog) -> None:
    (five.folder / "torn-6").write_bytes(b"{")

    write(five, 1)
    write(five, 1)

    assert [entry.kind for entry in five.entries()][5:] == [TORN, "RoundTrained", "RoundTrained"]


def test_whole_lines_that_a_power_cut_kept_from_the_head_are_taken_in(five: EgressLog, tmp_path: Path) -> None:
    head = (five.folder / "head").read_bytes()
    write(five, 2)
    (five.folder / "head").write_bytes(head)
    assert five.verify().entries == 7

    write(five, 1)

    assert five.verify().entries == 8
    assert five.verify().fault is None
    assert tmp_path


def test_lines_added_by_somebody_else_are_not_taken_in(five: EgressLog) -> None:
    with file_of(five).open("ab") as file:
        file.write(lines_of(five)[2])

    assert five.verify().fault is Fault.OUT_OF_ORDER
    with pytest.raises(EgressLogBroken):
        write(five, 1)


def test_a_full_disk_leaves_no_half_line_and_the_log_goes_on(five: EgressLog, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file_of(five).read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("federated.member.egress.os.fsync", full)
        with pytest.raises(OSError, match="No space left") as failed:
            write(five, 1)

    assert failed.value.filename == str(file_of(five))
    assert file_of(five).read_bytes() == before
    write(five, 1)
    assert five.verify().entries == 6


def test_threads_and_processes_append_side_by_side(log: EgressLog) -> None:
    script = (
        "import sys, pathlib; from federated.member.egress import EgressLog\n"
        "log = EgressLog(pathlib.Path(sys.argv[1]))\n"
        "for _ in range(25): log.append(flower_run=1, run='other', question='q', kind='k', size=1, digest='0' * 64)\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", script, str(log.folder)]) for _ in range(2)]
    threads = [threading.Thread(target=write, args=(log, 25)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [other.wait(60) for other in others] == [0, 0]
    assert log.verify().entries == 125
    assert log.verify().fault is None


def test_appending_reads_nothing_of_what_was_written_before(five: EgressLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the log was read")

    monkeypatch.setattr(EgressLog, "_lines", refuse)
    monkeypatch.setattr(Entry, "read", refuse)

    assert write(five, 3)[-1].number == 8


def test_a_name_of_any_length_takes_a_line_of_bounded_length(log: EgressLog) -> None:
    entry = log.append(flower_run=1, run="r" * 100_000, question="q" * 100_000, kind="error", size=1, digest="0" * 64)

    assert len(entry.line()) < 1000


def test_the_table_counts_messages_and_bytes_per_run_and_prints_nothing_raw(log: EgressLog) -> None:
    write(log, 2)
    log.append(flower_run=1, run="\x1b[31m", question="a\nb", kind="error", size=5, digest="0" * 64)

    for language in ("ko", "en"):
        text = "\n".join(egress_lines(log, None, language))
        assert "\x1b" not in text
        assert "a?b" in text
        assert "2.0 kB" in text


def test_an_entry_names_the_layout_and_no_value(five: EgressLog) -> None:
    entry = json.loads(lines_of(five)[0])

    assert entry["arrays"] == [["arrays.head", "float32", [2, 8]], ["무게", "int64", []]]
    assert entry["scalars"] == ["rows", "loss"]
    assert entry["round"] == 1
