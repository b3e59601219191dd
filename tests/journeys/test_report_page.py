"""The readiness report in a real browser: it draws, prints, fetches nothing, and what is hostile stays text."""

import re
import struct
import subprocess
from pathlib import Path

import pytest

from data_contracts.contract import load_contract
from data_contracts.readiness import Readiness, readiness
from data_contracts.readiness.page import render_page
from tests import browser
from tests.readiness_example import COLUMNS, month, prepared, source

TURNED = "\u202e"


def hostile(url: str) -> list[str]:
    """Return headers that would do harm if a page took them for markup."""
    return [
        f'<script src="{url}/script"></script><script>document.title="taken over"</script>',
        f'"><img src="{url}/image" onerror="document.title=\'taken over\'">',
        f"'><svg onload=\"fetch('{url}/onload')\">",
        f"</style><style>@import url({url}/style);</style>",
        f"{TURNED}gpj.exe \u2066 \x00\x07",
        "<meta http-equiv=refresh content='0;url=" + url + "/meta'>",
    ]


def hostile_report(url: str) -> Readiness:
    """Return the report on a month whose name, headers and cells are all hostile."""
    bad = hostile(url)
    cells = month()
    rows = len(cells["판정"])
    columns = {**COLUMNS, "voltage": bad[0], "line": bad[1], "bath_temperature": bad[3]}
    cells[bad[0]], cells[bad[1]], cells[bad[3]] = cells.pop("전압(V)"), cells.pop("라인"), cells.pop("욕온도(℃)")
    cells[bad[3]][3] = bad[0]
    cells[bad[2]] = [bad[at % 3] if judged == "ng" else None for at, judged in enumerate(cells["판정"])]
    cells[bad[4]] = [bad[at % len(bad)] for at in range(rows)]
    cells[bad[5]] = [f"{bad[5]} 010-1234-5678"] * rows
    return readiness(prepared(source(cells, name=f"{bad[0]}.csv"), columns, load_contract("plating-defect")))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the report on a clean month, in both languages."""
    folder = tmp_path_factory.mktemp("pages")
    report = readiness(prepared(source(month()), COLUMNS, load_contract("plating-defect")))
    for language in ("ko", "en"):
        (folder / f"{language}.html").write_text(render_page(report, language), encoding="utf-8")
    return {language: folder / f"{language}.html" for language in ("ko", "en")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "verdict", "label"),
    [("ko", "이 파일로 학습할 수 있습니다", "도금욕 온도"), ("en", "This file can train", "Bath temperature")],
)
def test_the_page_is_drawn_in_both_languages(
    pages: dict[str, Path], tmp_path: Path, language: str, verdict: str, label: str
) -> None:
    understood = browser.dom(pages[language])
    browser.screenshot(pages[language], tmp_path / "page.png", width=1000, height=1400)
    width, height = struct.unpack(">II", (tmp_path / "page.png").read_bytes()[16:24])

    assert f'<html lang="{language}">' in understood
    assert verdict in understood
    assert label in understood
    assert understood.count("<svg") > 15
    assert (width, height) == (1000, 1400)
    assert (tmp_path / "page.png").stat().st_size > 40_000  # an empty page of that size has 6,000 bytes


@pytest.mark.slow
def test_the_page_prints_on_a_handful_of_a4_sheets(pages: dict[str, Path], tmp_path: Path) -> None:
    browser.print_pdf(pages["ko"], tmp_path / "page.pdf")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", (tmp_path / "page.pdf").read_bytes())

    assert 3 <= browser.pages_of(tmp_path / "page.pdf") <= 7
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}  # points


@pytest.mark.slow
def test_a_hostile_file_stays_text_and_asks_the_network_for_nothing(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    with browser.trap() as trap:
        page.write_text(render_page(hostile_report(trap.url), "ko"), encoding="utf-8")
        understood = browser.dom(page)

    assert trap.asked == []
    assert "taken over" in understood  # as text
    assert "<title>데이터 준비 상태 보고서" in understood
    assert not re.search(r"<(script|img|iframe|link|object|embed|base)\b", understood)
    assert not re.search(r"<[^>]*\son\w+=", understood)
    assert not re.search(r"<meta http-equiv=.?refresh", understood)
    assert understood.count("<style") == 1
    assert TURNED not in understood
    assert "\u2066" not in understood
    assert "010-1234" not in understood


@pytest.mark.slow
def test_the_policy_alone_would_stop_what_got_through(tmp_path: Path) -> None:
    """The trap works: a page without the policy falls into it, the same page with it does not."""
    asked = {}
    for name, policy in (("without", ""), ("with", "<meta http-equiv='Content-Security-Policy' content=\"{}\">")):
        with browser.trap() as trap:
            page = tmp_path / f"{name}.html"
            body = f"<img src='{trap.url}/image'><script src='{trap.url}/script'></script>"
            page.write_text(f"<html><head>{policy.format(_policy())}</head><body>{body}</body></html>")
            browser.dom(page)
            asked[name] = sorted(path for path in trap.asked if path != "/favicon.ico")

    assert asked == {"without": ["/image", "/script"], "with": []}


@pytest.mark.parametrize(
    ("programs", "said"),
    [
        ({}, "this is not Debian"),
        ({"apt-get": "exit 9", "id": "echo 1000"}, "sudo apt-get install chromium fonts-noto-cjk"),
    ],
)
def test_where_no_browser_can_be_installed_it_says_what_to_install(
    tmp_path: Path, programs: dict[str, str], said: str
) -> None:
    for name, line in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    script = Path(__file__).parents[2] / "infra/install-debian.sh"
    words = ["/bin/sh", str(script), "chromium", "chromium", "fonts-noto-cjk"]
    done = subprocess.run(words, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert said in done.stderr


def _policy() -> str:
    report = readiness(prepared(source(month(rows=40)), COLUMNS, load_contract("plating-defect")))
    found = re.search(r'content="(default-src[^"]*)"', render_page(report, "en"))
    assert found is not None
    return found[1]
