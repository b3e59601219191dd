"""`pumasi-member map`: which column of a file is which of the contract's; asks about the doubtful only."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data_contracts.contract import Label
from data_contracts.errors import AnswerInvalid, IntakeError
from federated.member.error_words import in_both_languages
from federated.member.next_step import DATABASE, NextStep
from federated.member.options import (
    json_option,
    language_option,
    mapping_option,
    named_source,
    place_options,
    print_json,
)
from federated.member.where import contract_of, home_if_any

if TYPE_CHECKING:
    from data_contracts.mapping.types import Question
    from federated.member.map_session import MapSession

OPEN = 1
LATER = "?"
"""Typed instead of an answer: the question stays open."""


@click.command("map", epilog="Example: pumasi-member map parts.xlsx --contract plating-defect --lang ko")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--contract", help="Contract like plating-defect, or a contract file. Default: the one you follow already."
)
@mapping_option
@click.option("--sheet", help="Of a workbook: the sheet that holds the records.")
@click.option("--database", envvar=DATABASE, help="Instead of FILE: a database's address (SQLAlchemy URL).")
@click.option("--query", help="With --database: the one query that reads the records.")
@click.option("--yes", "-y", is_flag=True, help="Ask nothing: keep what is certain, leave the rest undecided.")
@click.option("--answer", "answers", multiple=True, metavar="KEY=VALUE", help="Answer a question, or overrule a guess.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Mapping file to write.")
@place_options
@language_option
@json_option
def map_(
    file: Path | None,
    contract: str | None,
    mapping: Path | None,
    sheet: str | None,
    database: str | None,
    *,
    query: str | None,
    answers: tuple[str, ...],
    output: Path | None,
    yes: bool,
    member: str | None,
    home: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Find out which column of your file is which, ask about the doubtful, and keep it as a mapping file.

    FILE is what you have: CSV, Excel or Parquet. Enter takes the first answer, a number another one, ? leaves it open.
    Ends with 0 if nothing is open, or with --yes.
    파일의 어느 열이 계약의 어느 열인지 알아보고, 확실하지 않은 것만 묻습니다.
    """
    from federated.member.map_session import MapSession, open_source  # noqa: PLC0415  (pandas, when it is needed)
    from federated.member.map_text import to_plain, understood_lines  # noqa: PLC0415

    source = named_source(file, database, query)
    own = home_if_any(home, member)
    rules = contract_of(contract, own)
    named = mapping or (output if output is not None and output.exists() else None)
    found = open_source(source, rules, own, named=named, sheet=sheet)
    if found.note:
        click.echo(found.note, err=True)
    session = MapSession(source, found, rules)
    session.answer(dict(map(_pair, answers)))
    asking = _Asking(session, lang, quiet=as_json)
    heard = not yes and asking.ask()
    left = session.open_questions()
    where = session.keep(own, output) if yes or heard or answers or not left else None
    if as_json:
        print_json({**to_plain(session), "written": None if where is None else str(where[0])})
    else:
        if heard or not asking.shown:
            _echo(understood_lines(session, lang))
        step = NextStep(source, contract, mapping, member, home, sheet, output)
        _echo(_ending(session, where, lang, yes=yes, after=_after(step, session, where, found=own is not None)))
    sys.exit(0 if yes or not left else OPEN)


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or text.encode(errors="ignore").decode() != text:  # bytes that are no text arrive as surrogates
        raise AnswerInvalid(
            f"--answer is KEY=VALUE, like column:voltage=전압(V); got {text[:40]!a}. "
            "--answer는 키=값 형식으로 적으십시오."
        )
    return key.strip(), value.strip()


class _Asking:
    """Asks what is open, at the keyboard or of whoever pipes one line per question.

    Attributes:
        shown: Whether it was said what is understood before the first question.
    """

    def __init__(self, session: "MapSession", lang: str, *, quiet: bool) -> None:
        self.shown = False
        self._session, self._lang, self._quiet = session, lang, quiet

    def ask(self) -> bool:
        """Ask until nothing is open, or nobody answers.

        Returns:
            Whether anybody answered anything.
        """
        from federated.member.map_text import understood_lines  # noqa: PLC0415

        later: frozenset[str] = frozenset()
        number = 0
        while questions := self._session.open_questions(later):
            if number == 0 and _at_keyboard():
                _echo(understood_lines(self._session, self._lang), err=self._quiet)
                self.shown = True
            said = self._hear(questions[0], number + 1)
            if said is None:
                break
            number += 1
            if said == LATER:
                later |= {questions[0].key}
            else:
                self._take(questions[0], said)
        return number > 0

    def _hear(self, question: "Question", number: int) -> str | None:
        """Return the line that was typed, or None where nobody answers."""
        from federated.member.map_text import question_lines  # noqa: PLC0415

        if _at_keyboard():
            _echo(question_lines(question, self._lang, f"[{number}] "), err=self._quiet)
            prompt = Label("번호 (Enter=1, ?=나중에): ", "Number (Enter=1, ?=later): ")
            click.echo(prompt.text(self._lang), nl=False, err=self._quiet)
        try:
            line = sys.stdin.readline()
        except (OSError, ValueError, AttributeError):  # closed, or there is none
            return None
        return line.strip() if line else None

    def _take(self, question: "Question", said: str) -> None:
        """Take an answer: an option's number, nothing for the first, or the answer itself.

        Raises:
            AnswerInvalid: It is none, and nobody sits at the keyboard to be asked again.
            IntakeError: The file cannot be read as it says, and nobody sits there.
        """
        numbered = said.isascii() and said.isdigit() and 1 <= int(said) <= len(question.options)
        value = question.options[int(said) - 1 if numbered else 0].value if numbered or not said else said
        try:
            self._session.answer({question.key: value})
        except (AnswerInvalid, IntakeError) as error:  # nothing was taken, and what was answered before stays
            if not _at_keyboard():
                raise
            click.echo(in_both_languages(error), err=True)


def _at_keyboard() -> bool:
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def _echo(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def _ending(
    session: "MapSession", where: tuple[Path, bool] | None, lang: str, *, yes: bool, after: str
) -> Iterator[str]:
    """Say what is open, where the mapping is, and what to type next."""
    from federated.member.map_text import open_lines  # noqa: PLC0415

    if session.open_questions():
        yield from open_lines(session.counted(), lang, briefly=yes)
    if where is not None:
        path, written = where
        kept = Label("매핑 파일", "Mapping file") if written else Label("그대로인 매핑 파일", "Mapping file, as it was")
        yield f"{kept.text(lang)}: {path}"
    yield f"{Label('다음', 'Next').text(lang)}: {after}"


def _after(step: NextStep, session: "MapSession", where: tuple[Path, bool] | None, *, found: bool) -> str:
    """Return the command to type next: this one again while something is open, then the one that uses the mapping.

    Args:
        step: What was said to this command.
        session: The file.
        where: Where the mapping lies, if it was kept.
        found: Whether the member's folder is known, where later commands look for the mapping.
    """
    query = not isinstance(session.file, Path)
    if where is not None:  # beside its file, and in the member's folder, it is found by itself; it knows the sheet
        unfound = step.output is not None or (query and not found)
        step = replace(step, mapping=where[0] if unfound else None, sheet=None)
    if session.open_questions():
        return step.command("map")
    return step.for_dataset(known=found) if query else step.command("check")
