"""OpenFL's task runner: an aggregator and one collaborator process per member, gRPC on the loopback without TLS.

Run by ``side_by_side.py`` with the interpreter of OpenFL's own environment; nothing is tuned: an aggregator without
work for a collaborator tells it to sleep for ten seconds, and no setting changes that.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
PATIENCE = 600.0


def main() -> None:
    """Make the workspace, start everybody, wait for the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    os.environ.update(HOME=str(folder), PYTHONPATH=str(HERE), PATH=f"{BIN}:{os.environ['PATH']}")
    make_workspace(folder, asked.rounds, asked.members)
    running: list[subprocess.Popen[bytes]] = []
    try:
        fx(folder, "plan", "initialize")
        running.append(spawn(folder, "aggregator", sys.executable, str(HERE / "openfl_aggregator.py")))
        for member in range(1, asked.members + 1):
            name = f"member-{member}"
            running.append(spawn(folder, name, str(BIN / "fx"), "collaborator", "start", "-n", name))
        for process in running:
            process.wait(PATIENCE)
    finally:
        for process in running:
            if process.poll() is None:
                process.terminate()
                process.wait(15)


def make_workspace(folder: Path, rounds: int, members: int) -> None:
    """Lay out what `fx workspace create` would, with our plan and sources."""
    import openfl  # noqa: PLC0415

    shutil.rmtree(folder, ignore_errors=True)
    stock = Path(openfl.__file__).parents[1] / "openfl-workspace" / "workspace"
    shutil.copytree(stock, folder)
    shutil.copytree(HERE / "openfl_workspace", folder, dirs_exist_ok=True)
    for name in ("save", "logs", "data", "cert", "local_state"):
        (folder / name).mkdir(exist_ok=True)
    (folder / ".workspace").write_text("current_plan_name: default\n", encoding="utf-8")
    names = [f"member-{member}" for member in range(1, members + 1)]
    (folder / "plan" / "cols.yaml").write_text(yaml.safe_dump({"collaborators": names}), encoding="utf-8")
    lines = [f"{name},{number}\n" for number, name in enumerate(names, start=1)]
    (folder / "plan" / "data.yaml").write_text("".join(lines), encoding="utf-8")
    plan = yaml.safe_load((folder / "plan" / "plan.yaml").read_text(encoding="utf-8"))
    plan["aggregator"]["settings"]["rounds_to_train"] = rounds
    plan["network"]["settings"]["agg_port"] = free_port()
    (folder / "plan" / "plan.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")


def fx(folder: Path, *arguments: str) -> None:
    """Run one of OpenFL's commands in the workspace."""
    subprocess.run([str(BIN / "fx"), *arguments], cwd=folder, stdin=subprocess.DEVNULL, check=True)


def spawn(folder: Path, name: str, *command: str) -> subprocess.Popen[bytes]:
    """Start a process in the workspace with a log of its own."""
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
