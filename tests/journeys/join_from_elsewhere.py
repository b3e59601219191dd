"""Two hosts that know each other by address only: an association, and factories that follow the README's member page.

Run as ``unshare --net --mount python join_from_elsewhere.py README FOLDER`` (with ``--user --map-root-user`` where one
is not root), with a synthetic cooperative's files and their truth in FOLDER, as ``pumasi sandbox files`` writes them.
This namespace is the association's host; another, joined to it by a virtual cable, is the factories'. The commands are
those of the README, word for word but for the names of files; what is done by hand (sending a file, reading a number
over the telephone, answering what the mapper asks about the factory's own file, choosing the agreement that is shown)
is done here. Prints what happened as JSON.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from data_contracts.contract import Contract, load_contract
from federated.member.map_session import MapSession, open_source
from flows.synthetic.answers import answers
from flows.synthetic.truth import Truth, read_truth

BIN = Path(sys.executable).parent
HERE, THERE, SUBNET = "10.213.0.1", "10.213.0.2", 24
NAME = "federation.example.org"
FACTORIES = tuple(f"factory-{number}" for number in range(1, 7))
FACTORY = "factory"


def shell(command: str) -> None:
    """Run a command of the system."""
    subprocess.run(shlex.split(command), check=True, capture_output=True)


def lay_cable(hosts: Path) -> None:
    """Make the factories' host, a cable between it and this one, and a name for this one."""
    Path("/run/netns").mkdir(parents=True, exist_ok=True)
    shell("mount -t tmpfs none /run/netns")
    shell(f"ip netns add {FACTORY}")
    shell("ip link set lo up")
    shell(f"ip link add cable type veth peer name end netns {FACTORY}")
    shell(f"ip address add {HERE}/{SUBNET} dev cable")
    shell("ip link set cable up")
    shell(f"ip -n {FACTORY} address add {THERE}/{SUBNET} dev end")
    shell(f"ip -n {FACTORY} link set end up")
    shell(f"ip -n {FACTORY} link set lo up")
    hosts.write_text(f"127.0.0.1 localhost\n{HERE} {NAME}\n", encoding="utf-8")
    shell(f"mount --bind {hosts} /etc/hosts")


def commands(readme: str, program: str, *, since: str, until: str) -> list[str]:
    """Return the commands that a part of the README shows."""
    part = readme[readme.index(since) : readme.index(until)]
    found = re.findall(rf"^ +\.venv/bin/({program} [^#\n]+)", part, re.MULTILINE)
    return [command.strip() for command in found]


class Host:
    """A person at a terminal: a folder, and commands typed there.

    Args:
        folder: Where the person works.
        inside: Whether it is the factories' host.
    """

    def __init__(self, folder: Path, *, inside: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.typed: list[str] = []
        self._before = ["ip", "netns", "exec", FACTORY] if inside else []

    def words(self, command: str) -> list[str]:
        """Return a command as the system takes it."""
        self.typed.append(command)
        program, *arguments = shlex.split(command)
        return [*self._before, str(BIN / program), *arguments]

    def type(self, command: str, *, answer: str = "") -> str:
        """Run a command to its end and return what it printed."""
        done = subprocess.run(
            self.words(command), cwd=self.folder, input=answer, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    @contextmanager
    def leave_running(self, command: str) -> Iterator[None]:
        """Run a command until the end of the block."""
        with (self.folder / "left-running.log").open("wb") as log:
            process = subprocess.Popen(self.words(command), cwd=self.folder, stdout=log, stderr=log)
            try:
                yield
            finally:
                process.terminate()
                process.wait(60)


def until(true: str, path: Path, seconds: float = 120) -> None:
    """Wait until a text stands in a file."""
    end = time.monotonic() + seconds
    while not (path.exists() and true in path.read_text(encoding="utf-8")):
        if time.monotonic() > end:
            raise SystemExit(f"{true!r} does not appear in {path}: {path.read_text() if path.exists() else ''}")
        time.sleep(0.1)


def owners_answers(file: Path, truth: Truth, contract: Contract) -> list[str]:
    """Return what the owner of a file types when the mapper asks: one line per question, the number of an option."""
    session = MapSession(file, open_source(file, contract, None), contract)
    typed = []
    while questions := session.open_questions():
        question = questions[0]
        answer = answers([question], truth, session.table)
        values = [option.value for option in question.options]
        value = answer[question.key]
        typed.append(str(values.index(value) + 1) if value in values else value)
        session.answer(answer)
    return typed


def main() -> None:
    """Follow the page."""
    readme, folder = Path(sys.argv[1]).read_text(encoding="utf-8"), Path(sys.argv[2])
    lay_cable(folder / "hosts")
    os.environ.pop("PUMASI_HOME", None)
    association = Host(folder / "association", inside=False)
    factories = {name: Host(folder / name, inside=True) for name in FACTORIES}
    up, admit, propose, train, _ = commands(
        readme, "pumasi", since="at the association (", until="| what could go wrong"
    )
    page = commands(readme, "pumasi-member", since="### For a member factory", until="Up to the first accepted round")
    init, join, understand, judge, add, doctor, run, review, approve, egress = page
    report: dict[str, Any] = {"page": page, "association": [up, admit, propose, train], "asked": {}, "added": {}}
    contract = load_contract("plating-defect")
    with ExitStack() as running:
        association.type(up)
        running.callback(association.type, "pumasi federation down")
        began = time.monotonic()
        for name, factory in factories.items():
            mine = [command.replace("factory-1", name) for command in (init, join, doctor, run)]
            (original,) = (folder / "files" / name).iterdir()
            parts = original.rename(factory.folder / f"parts{original.suffix}")
            factory.type(mine[0])
            sent = f"{name}.join-request.json"
            (factory.folder / sent).rename(association.folder / sent)
            association.type(admit.replace("factory-1", name))
            kit = association.folder / ".pumasi" / "federation" / "kits" / f"{name}.kit.json"
            kit.rename(factory.folder / kit.name)
            factory.type(mine[1], answer="y\n")
            typed = owners_answers(parts, read_truth(folder / "files" / "truth" / f"{name}.json"), contract)
            factory.type(understand.replace("parts.xlsx", parts.name), answer="".join(f"{line}\n" for line in typed))
            report["asked"][name] = len(typed)
            factory.type(judge.replace("parts.xlsx", parts.name))
            report[f"page {name}"] = (factory.folder / "parts.report.html").read_text(encoding="utf-8")
            report["added"][name] = json.loads(factory.type(f"{add.replace('parts.xlsx', parts.name)} --json"))
            report[f"doctor {name}"] = factory.type(mine[2])
            running.enter_context(factory.leave_running(mine[3]))
        for factory in factories.values():
            until("connected", factory.folder / "left-running.log")
        association.type(propose)
        for factory in factories.values():
            shown = factory.type(review)
            digits = re.findall(r"\b[0-9a-f]{12}\b", shown)
            report["review"] = shown
            factory.type(approve.replace("HASH", digits[0]))
        report["trained"] = json.loads(association.type(f"{train} --json"))
        report["seconds"] = round(time.monotonic() - began, 1)
        report["egress"] = factories["factory-1"].type(egress)
    visits = (association.folder / ".pumasi" / "federation" / "logs" / "visits.log").read_text(encoding="utf-8")
    report["visitors"] = sorted({line.split()[1] for line in visits.splitlines()})
    sys.stdout.write(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
