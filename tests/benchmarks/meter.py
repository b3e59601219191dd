"""What a whole tree of processes costs: CPU, memory, bytes over the loopback, sampled while it runs.

The meter's own process adopts orphans (Linux: sub-reaper), so that servers which detach themselves stay in the tree.
CPU seconds are those of every process alive plus those of the children each has already waited for, so that processes
which come and go, like one interpreter per message, are counted too.
"""

import ctypes
import os
import re
import resource
import signal
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_SECONDS = 0.2
MEMORY_EVERY = 10
"""Memory is read in each tenth sample: the kernel walks every page for it."""
OTHER = "other"
_MAPPING = re.compile(r"^([0-9a-f]+-[0-9a-f]+ .*)\n((?:[A-Z]\w+:.*\n?)+)", re.MULTILINE)
_SIZE = re.compile(r"^(\w+): +(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Process:
    """One line of /proc: who, whose child, CPU seconds with those of waited-for children, and whether it lives."""

    pid: int
    parent: int
    cpu: float
    alive: bool


@dataclass(frozen=True)
class Sample:
    """What was seen at one time.

    Attributes:
        time: seconds since the epoch.
        cpu: CPU seconds so far, by role.
        loopback: bytes the loopback has carried since the machine's start.
    """

    time: float
    cpu: Mapping[str, float]
    loopback: int


@dataclass
class Meter:
    """Samples all descendants of this process while it is entered.

    Attributes:
        roles: role -> words; a process whose command line holds one of them has the role, and so have its descendants
            unless they match another. The first match counts.
        memory_every: memory is read in each so-manieth sample; a run of a few seconds wants it more often.
        samples: everything seen, oldest first.
        peak: largest proportional set size seen, by role, in bytes.
    """

    roles: Mapping[str, tuple[str, ...]]
    memory_every: int = MEMORY_EVERY
    samples: list[Sample] = field(default_factory=list)
    peak: dict[str, int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _known: dict[int, str] = field(default_factory=dict)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin to sample."""
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "this kernel knows no sub-reapers")
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop sampling; the processes are their starter's to end."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def cpu_between(self, begin: float, end: float) -> dict[str, float]:
        """Return CPU seconds by role between two times, interpolated between samples."""
        first, last = self._at(begin), self._at(end)
        return {role: last[role] - first.get(role, 0.0) for role in last}

    def loopback_between(self, begin: float, end: float) -> int:
        """Return the bytes over the loopback between two times, to the nearest samples."""
        return self._near(end).loopback - self._near(begin).loopback

    def memory(self) -> dict[str, int]:
        """Return the proportional set size of all living processes now, in bytes by role."""
        found: dict[str, int] = {}
        for process in descendants():
            if process.alive:
                role = self._known.get(process.pid, OTHER)
                found[role] = found.get(role, 0) + pss(process.pid)
        return found

    def _run(self) -> None:
        number = 0
        while not self._stop.is_set():
            self.samples.append(self._sample())
            if number % self.memory_every == 0:
                now = self.memory()
                now["all"] = sum(now.values())
                for role, held in now.items():
                    self.peak[role] = max(held, self.peak.get(role, 0))
            number += 1
            self._stop.wait(SAMPLE_SECONDS)

    def _sample(self) -> Sample:
        reaped = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = {OTHER: reaped.ru_utime + reaped.ru_stime}
        for process in descendants():
            role = self._role(process)
            cpu[role] = cpu.get(role, 0.0) + process.cpu
        return Sample(time.time(), cpu, loopback_bytes())

    def _role(self, process: Process) -> str:
        if process.pid not in self._known or self._known[process.pid] == OTHER:
            line = command_line(process.pid)
            matched = (role for role, words in self.roles.items() if any(word in line for word in words))
            self._known[process.pid] = next(matched, self._known.get(process.parent, OTHER))
        return self._known[process.pid]

    def _near(self, when: float) -> Sample:
        return min(self.samples, key=lambda sample: abs(sample.time - when))

    def _at(self, when: float) -> dict[str, float]:
        times = [sample.time for sample in self.samples]
        index = min(max(bisect_left(times, when), 1), len(times) - 1)
        low, high = self.samples[index - 1], self.samples[index]
        share = min(max((when - low.time) / (high.time - low.time), 0.0), 1.0)
        return {role: low.cpu.get(role, 0.0) + share * (cpu - low.cpu.get(role, 0.0)) for role, cpu in high.cpu.items()}


def processes() -> Iterator[Process]:
    """Yield every process of the machine that can be read."""
    tick = os.sysconf("SC_CLK_TCK")
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2].split()
            times = [int(number) for number in fields[11:15]]
            yield Process(int(folder.name), int(fields[1]), sum(times) / tick, fields[0] not in "ZX")


def descendants() -> Iterator[Process]:
    """Yield what this process has started and adopted, directly or not, parents before children."""
    children: dict[int, list[Process]] = {}
    for process in processes():
        children.setdefault(process.parent, []).append(process)
    waiting = [os.getpid()]
    while waiting:
        for process in children.get(waiting.pop(), ()):
            waiting.append(process.pid)
            yield process


def command_line(pid: int) -> str:
    """Return a process's command line, its words parted by spaces; empty when it has ended."""
    with suppress(OSError):
        return (Path("/proc") / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def pss(pid: int) -> int:
    """Return a process's proportional set size in bytes: shared pages are divided among their holders."""
    with suppress(OSError):
        for line in (Path("/proc") / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def memory_alone(pids: Sequence[int]) -> int:
    """Return the bytes that processes of one family would hold if nobody else shared their files.

    Anonymous memory is shared among forks only: its proportional size is right already. Of a file's pages each counts
    once: the most that one of the family has of them.
    """
    files: dict[tuple[str, str], int] = {}
    anonymous = 0
    for pid in pids:
        with suppress(OSError):  # it has ended meanwhile
            anonymous += _kilobytes((Path("/proc") / str(pid) / "smaps_rollup").read_text(encoding="ascii"))["Pss_Anon"]
            for name, sizes in _mappings(pid):
                files[name] = max(files.get(name, 0), sizes["Rss"] - sizes["Anonymous"])
    return 1024 * (anonymous + sum(files.values()))


def _mappings(pid: int) -> Iterator[tuple[tuple[str, str], dict[str, int]]]:
    """Yield file and offset of each mapping, and its sizes in kB."""
    text = (Path("/proc") / str(pid) / "smaps").read_text(encoding="utf-8", errors="replace")
    for head, body in _MAPPING.findall(text):
        fields = head.split(maxsplit=5)
        if len(fields) > 5 and fields[5].startswith("/"):
            yield (fields[5], fields[2]), _kilobytes(body)


def _kilobytes(text: str) -> dict[str, int]:
    return {name: int(size) for name, size in _SIZE.findall(text)}


def loopback_bytes() -> int:
    """Return the bytes that the loopback has carried since the machine's start."""
    for line in Path("/proc/net/dev").read_text(encoding="ascii").splitlines():
        if line.strip().startswith("lo:"):
            return int(line.split()[9])
    return 0


def end_descendants(patience: float = 10.0) -> int:
    """End whatever this process has started, directly or not, and has not ended: by its id, first politely.

    Returns:
        How many had to be ended.
    """
    ended: set[int] = set()
    deadline = time.time() + patience
    while left := _alive():
        number = signal.SIGTERM if time.time() < deadline - patience / 2 else signal.SIGKILL
        for pid in left:
            ended.add(pid)
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        if time.time() > deadline:
            break
        time.sleep(0.5)
    return len(ended)


def _alive() -> list[int]:
    """Return what still runs of what this process has started, and forget what has ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return [process.pid for process in descendants() if process.alive]
