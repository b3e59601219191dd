"""A real Chromium, without a window: what a person would see of a page, and what the page asks the network for."""

import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PATIENCE = 120
"""Seconds for one page: 2 on an idle machine, far more beside other tests."""

_FLAGS = (
    "--headless",
    "--no-sandbox",  # the tests run as root in CI
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",  # a container's is often too small
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
)


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""


def dom(page: Path) -> str:
    """Return the document as the browser understood it, after any script of it would have run."""
    return _run(page, "--dump-dom").decode("utf-8")


def screenshot(page: Path, picture: Path, *, width: int, height: int) -> None:
    """Draw the page's first `height` pixels at that width of the window into a PNG."""
    _run(page, f"--window-size={width},{height}", f"--screenshot={picture}")


def print_pdf(page: Path, paper: Path) -> None:
    """Print the page into a PDF, on the paper it asks for."""
    _run(page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")


@dataclass
class Trap:
    """A web server on this machine that notes what is asked of it.

    Attributes:
        url: its address.
        asked: paths that were asked for.
    """

    url: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def trap() -> Iterator[Trap]:
    """Serve nothing, and note who asks for something."""

    class Note(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            noted.asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Note)
    noted = Trap(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield noted
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def pages_of(paper: Path) -> int:
    """Count the pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", paper.read_bytes()))


def _run(page: Path, *arguments: str) -> bytes:
    program = shutil.which("chromium")
    if program is None:
        raise NoBrowser("no chromium on this machine; install it with: make browser")
    with tempfile.TemporaryDirectory(prefix="chromium-") as profile:
        done = subprocess.run(
            [program, *_FLAGS, f"--user-data-dir={profile}", *arguments, page.resolve().as_uri()],
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    return done.stdout
