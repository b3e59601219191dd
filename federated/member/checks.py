"""One line of the doctor: what was looked at, how it went, and for what fails the way to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from data_contracts.particles import with_particles
from federated.member.doctor_words import WORDS


class State(StrEnum):
    """How a check went."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"
    SKIP = "SKIP"


@dataclass(frozen=True)
class Check:
    """One line of the doctor.

    Attributes:
        name: What was looked at.
        state: How it went.
        finding: What was found: a key of `federated.member.doctor_words.WORDS`.
        values: What the sentences mention.
    """

    name: str
    state: State
    finding: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """Return what was found, in Korean for ``ko`` and English otherwise."""
        words = WORDS[self.finding]
        return with_particles((words.ko if language == "ko" else words.en).format_map(self.values))

    def fix(self, language: str) -> str:
        """Return what to do about it; empty where there is nothing to do."""
        words = WORDS[self.finding]
        return with_particles((words.fix_ko if language == "ko" else words.fix_en).format_map(self.values))

    def text(self, language: str) -> str:
        """Return the line, and below it the fix."""
        line = f"{self.state:<4}  {self.name:<11}  {self.said(language)}"
        return f"{line}\n      -> {self.fix(language)}" if self.fix(language) else line

    def to_plain(self) -> dict[str, str]:
        """Return the check for programs, in both languages."""
        return {
            "check": self.name,
            "state": str(self.state),
            "finding": self.finding,
            "said": self.said("en"),
            "said_ko": self.said("ko"),
            "fix": self.fix("en"),
            "fix_ko": self.fix("ko"),
        }


class Blocked(Exception):
    """A check failed, and nothing behind it can be looked at.

    Attributes:
        check: The line that says so.
    """

    def __init__(self, check: Check) -> None:
        super().__init__(check.said("en"))
        self.check = check


def ok(finding: str, **values: object) -> Check:
    """Nothing to do. The first word of the finding is the check's name, here and below."""
    return _check(State.OK, finding, values)


def warn(finding: str, **values: object) -> Check:
    """It works, and may not for long."""
    return _check(State.WARN, finding, values)


def fail(finding: str, **values: object) -> Check:
    """It cannot work like this."""
    return _check(State.FAIL, finding, values)


def skip(name: str, why: str) -> Check:
    """It could not be looked at, because of another check."""
    return Check(name, State.SKIP, "skipped", {"why": why})


def _check(state: State, finding: str, values: Mapping[str, object]) -> Check:
    return Check(finding.partition(" ")[0], state, finding, values)
