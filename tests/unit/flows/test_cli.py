"""What the association's command line says when it cannot go on."""

import errno
import sys

import pytest

from flows import cli, standing
from flows.interrupts import deferred_interrupts
from flows.settings import Settings


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], raised: BaseException) -> tuple[int, str]:
    """Run `pumasi train` whose first step raises, and return the exit code and standard error."""

    def fail(_: Settings) -> Settings:
        raise raised

    standing.begin()
    with deferred_interrupts():
        pass  # forgets what an earlier test noted
    monkeypatch.setattr(Settings, "ready", fail)
    monkeypatch.setattr(sys, "argv", ["pumasi", "train", "print-defect"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0), capsys.readouterr().err


def test_ctrl_c_before_anything_began_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(monkeypatch, capsys, KeyboardInterrupt())

    assert code == 130
    assert said.strip() == "pumasi: stopped. No run had begun in MLflow; nothing was registered or promoted."


def test_a_full_disk_is_one_sentence_with_file_and_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(monkeypatch, capsys, OSError(errno.ENOSPC, "No space left on device", "/data/job.json"))

    assert code == 2
    assert said == (
        "pumasi: /data/job.json cannot be read or written: No space left on device. "
        "Correct that and run the command again. 파일을 읽거나 쓸 수 없습니다. 원인을 해결하고 다시 실행하십시오.\n"
    )


@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["train"], 2), (["no-such-command"], 2)])
def test_wrong_use_and_help_end_as_click_ends_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    monkeypatch.setattr(sys, "argv", ["pumasi", *arguments])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert (ended.value.code or 0) == code
    assert "Usage" in "".join(capsys.readouterr())
