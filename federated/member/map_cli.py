"""`pumasi-member map`: which column of a file is which of the contract's; asks about the doubtful only."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from data_contracts.contract import Label
from data_contracts.errors import AnswerInvalid
from federated.errors import MemberHomeError
from federated.member.options import json_option, language_option, mapping_option, place_options, print_json
from federated.member.where import HOME, find_home, members_here

if TYPE_CHECKING:
    from data_contracts.contract import Contract
    from data_contracts.mapping.types import Question
    from federated.member.home import MemberHome
    from federated.member.map_session import MapSession
    from federated.member.mappings import Query

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
@click.option("--database", envvar="PUMASI_DATABASE", help="Instead of FILE: a database's address (SQLAlchemy URL).")
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

    source = _source(file, database, query)
    own = _home(home, member, needed=contract is None)
    rules = _contract(contract, own)
    named = mapping or (output if output is not None and output.exists() else None)
    session = MapSession(source, open_source(source, rules, own, named=named, sheet=sheet), rules)
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
        _echo(_ending(session, where, lang, yes=yes, after=_after(source, contract, member, home)))
    sys.exit(0 if yes or not left else OPEN)


def _source(file: Path | None, database: str | None, query: str | None) -> "Path | Query":
    from federated.member.mappings import Query  # noqa: PLC0415

    if file is not None and query is None:
        return file
    if file is None and database is not None and query is not None:
        return Query(database, query)
    raise click.UsageError("Name a FILE, or --database with --query. 파일 또는 --database와 --query를 적으십시오.")


def _home(home: Path | None, member: str | None, *, needed: bool) -> "MemberHome | None":
    """Return the member's folder, or None where none is needed: a mapping can be made before there is one.

    Raises:
        MemberHomeError: A folder is needed or was named, and it is not clear which one that is.
    """
    from federated.member.dataset import existing_home  # noqa: PLC0415

    named = home is not None or member is not None or HOME in os.environ
    try:
        return existing_home(find_home(home, member), member)
    except MemberHomeError:
        if named or (needed and members_here()):
            raise
        return None


def _contract(contract: str | None, home: "MemberHome | None") -> "Contract":
    from data_contracts.contract import load_contract  # noqa: PLC0415  (brings pydantic)

    if contract is not None:
        return load_contract(contract)
    if home is None:
        raise MemberHomeError("say which contract the file is to become: --contract plating-defect")
    return home.contract()


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise AnswerInvalid(f"--answer is KEY=VALUE, like column:voltage=전압(V); got {text[:40]!r} without an =")
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
        """
        numbered = said.isascii() and said.isdigit() and 1 <= int(said) <= len(question.options)
        value = question.options[int(said) - 1 if numbered else 0].value if numbered or not said else said
        try:
            self._session.answer({question.key: value})
        except AnswerInvalid as error:
            if not _at_keyboard():
                raise
            click.echo(str(error), err=True)


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

    left = session.open_questions()
    if left:
        yield from open_lines(left, lang, briefly=yes)
    if where is not None:
        path, written = where
        kept = Label("매핑 파일", "Mapping file") if written else Label("그대로인 매핑 파일", "Mapping file, as it was")
        yield f"{kept.text(lang)}: {path}"
    yield Label("다음", "Next").text(lang) + ": " + (after.format("map") if left else after.format("check"))


def _after(file: "Path | Query", contract: str | None, member: str | None, home: Path | None) -> str:
    """Return the command to type next, without its name."""
    named = f" {file}" if isinstance(file, Path) else " --database … --query …"
    options = (("--contract", contract), ("--member", member), ("--home", home))
    said = "".join(f" {option} {value}" for option, value in options if value is not None)
    return "pumasi-member {}" + f"{named}{said}".replace("{", "{{").replace("}", "}}")
