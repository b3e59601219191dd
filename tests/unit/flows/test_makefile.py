"""The Makefile lists every target, and cleaning takes nobody's data away."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]


def make(*arguments: str, folder: Path = ROOT, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--no-print-directory", "-f", str(ROOT / "Makefile"), *arguments],  # noqa: S607 - whichever make the user has
        cwd=folder,
        input=answer,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_help_lists_every_target_in_two_straight_columns() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    lines = make("help").stdout.splitlines()

    assert phony is not None
    assert {line.split()[1] for line in lines} == set(phony[1].split())
    assert len({re.match(r"  make \S+ +", line).end() for line in lines}) == 1  # type: ignore[union-attr]


def test_clean_leaves_the_members_where_they_are(tmp_path: Path) -> None:
    (tmp_path / ".pumasi" / "members" / "factory-1" / "__pycache__").mkdir(parents=True)
    (tmp_path / ".mypy_cache").mkdir()

    done = make("clean", folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / ".pumasi" / "members" / "factory-1" / "__pycache__").exists()
    assert not (tmp_path / ".mypy_cache").exists()


def test_clean_demo_names_the_members_and_removes_them_only_after_a_yes(tmp_path: Path) -> None:
    (tmp_path / ".pumasi" / "members" / "a-real-member").mkdir(parents=True)

    asked = make("clean-demo", folder=tmp_path, answer="\n")
    kept = (tmp_path / ".pumasi").exists()
    done = make("clean-demo", folder=tmp_path, answer="yes\n")

    assert "a-real-member" in asked.stdout
    assert kept
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / ".pumasi").exists()
