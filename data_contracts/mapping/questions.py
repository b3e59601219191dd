"""How the doubtful is asked, in Korean and English: what, why it is doubtful, and what each answer means."""

from collections.abc import Sequence
from dataclasses import replace

from data_contracts.contract import Column, Label
from data_contracts.intake.guesses import Guess
from data_contracts.mapping.claims import Claim, Decision, Doubt
from data_contracts.mapping.types import NOT_IN_FILE, Option, Question, Topic
from data_contracts.mapping.units import conversion

__all__ = [
    "column_question",
    "dates_question",
    "decimal_question",
    "file_question",
    "key_of",
    "mark_question",
    "unit_question",
    "word_question",
]

_WHY = {
    Doubt.RIVALS: Label("똑같이 맞아 보이는 열이 여럿입니다", "several columns fit it equally well"),
    Doubt.SHARED: Label("같은 열이 다른 항목에도 맞습니다", "the same column fits another item as well"),
    Doubt.REFUTED: Label("이름은 맞지만 내용이 맞지 않습니다", "the name fits, the cells do not"),
    Doubt.UNEXPLAINED: Label("이름만으로는 확실하지 않습니다", "the name alone does not tell"),
    Doubt.NONE: Label("정해지지 않았습니다", "it was not decided"),
}
_NOT_HERE = Label("파일에 없음", "the file does not have it")
_AS_IT_IS = Option("null", Label("아니요, 표를 그대로 둠", "no, leave the table as it is"))
_LONG = Label("예, 한 열로 모음", "yes, make one long column of them")
_OPPOSITES = {"true": "false", "false": "true"}
_MISSING = Label("값 없음으로 처리", "counts as missing")
_ZERO = Label("0으로 처리 (없음, 검출되지 않음)", "counts as 0 (none, not detected)")
_PARTS = {"y": Label("연", "year"), "m": Label("월", "month"), "d": Label("일", "day")}


def key_of(topic: Topic, column: str, subject: str = "") -> str:
    """Return the key of a question, such as ``word:judgement:X``."""
    return f"{topic}:{column}:{subject}" if topic is Topic.WORD else f"{topic}:{column}"


def column_question(decision: Decision) -> Question:
    """Ask which header a column is."""
    column, why = decision.column, _WHY[decision.doubt]
    likely = [_claim_option(claim) for claim in decision.claims if claim.likely]
    unlikely = [_claim_option(claim) for claim in decision.claims if not claim.likely]
    what = _what(column)
    return Question(
        key_of(Topic.COLUMN, column.name),
        Topic.COLUMN,
        column.name,
        "",
        Label(f"{what.ko}: 파일의 어느 열입니까? ({why.ko})", f"{what.en}: which column of the file is it? ({why.en})"),
        (*likely, Option(NOT_IN_FILE, _NOT_HERE), *unlikely),
    )


def unit_question(claim: Claim) -> Question:
    """Ask for the unit of a column's numbers."""
    column, header = claim.column, claim.heading.header.text
    why = claim.evidence.reason
    return Question(
        key_of(Topic.UNIT, column.name),
        Topic.UNIT,
        column.name,
        "",
        Label(
            f"'{header}' → {column.label.ko}: 파일의 단위는 무엇입니까? ({why.ko})",
            f"'{header}' → {column.label.en}: what is the file's unit? ({why.en})",
        ),
        tuple(_unit_option(unit, column) for unit in claim.evidence.units),
    )


def word_question(column: Column, header: str, word: str, values: Sequence[str], rows: int) -> Question:
    """Ask what a word of the factory's means; an empty text stands for blank cells."""
    what = (
        Label(f"'{word}'({rows}행)", f"'{word}' ({rows} rows)")
        if word
        else Label(f"빈칸({rows}행)", f"a blank cell ({rows} rows)")
    )
    return Question(
        key_of(Topic.WORD, column.name, word),
        Topic.WORD,
        column.name,
        word,
        Label(
            f"'{header}' → {column.label.ko}: {what.ko}의 뜻은 무엇입니까?",
            f"'{header}' → {column.label.en}: what does {what.en} mean?",
        ),
        (*(Option(value, _value_text(column, value)) for value in values), Option("", _MISSING)),
    )


def mark_question(column: Column, header: str, word: str, rows: int) -> Question:
    """Ask what a word means that stands several times among numbers."""
    asked = word_question(column, header, word, (), rows)
    return replace(asked, options=(*asked.options, Option("0", _ZERO)))


def dates_question(column: Column, header: str, orders: Sequence[str]) -> Question:
    """Ask for the order of day, month and year."""
    return Question(
        key_of(Topic.DATES, column.name),
        Topic.DATES,
        column.name,
        "",
        Label(
            f"'{header}' → {column.label.ko}: 날짜를 어떤 순서로 적었습니까?",
            f"'{header}' → {column.label.en}: in which order are its dates written?",
        ),
        tuple(Option(order, _order_text(order)) for order in orders),
    )


def decimal_question(column: Column, header: str, marks: Sequence[str]) -> Question:
    """Ask what the comma in ``1,234`` is."""
    texts = {
        ".": Label("1,234는 천이백삼십사", "1,234 is one thousand two hundred and thirty-four"),
        ",": Label("1,234는 일 점 이삼사", "1,234 is one point two three four"),
    }
    return Question(
        key_of(Topic.DECIMAL, column.name),
        Topic.DECIMAL,
        column.name,
        "",
        Label(
            f"'{header}' → {column.label.ko}: 쉼표는 천 단위 구분입니까, 소수점입니까?",
            f"'{header}' → {column.label.en}: does a comma stand between thousands or before decimals?",
        ),
        tuple(Option(mark, texts[mark]) for mark in marks),
    )


def file_question(guess: Guess) -> Question:
    """Ask about a setting of the file that is not certain; a table is made long only if somebody says so."""
    said = Option(guess.value, Label(f"예: {guess.value}", f"yes: {guess.value}"))
    if guess.setting == "melt":
        options: tuple[Option, ...] = (_AS_IT_IS, Option(guess.value, _LONG))
    elif guess.value in _OPPOSITES:
        other = _OPPOSITES[guess.value]
        options = (said, Option(other, Label(f"아니요: {other}", f"no: {other}")))
    else:
        options = (said,)
    where = Label(f"파일 읽기({guess.setting})", f"Reading the file ({guess.setting})")
    return Question(
        key_of(Topic.FILE, guess.setting),
        Topic.FILE,
        guess.setting,
        "",
        Label(f"{where.ko}: {guess.reason.ko}", f"{where.en}: {guess.reason.en}"),
        options,
    )


def _what(column: Column) -> Label:
    low, high = (None if bound is None else f"{bound:g}" for bound in (column.minimum, column.maximum))
    span = f" {low} ~ {high}" if low is not None and high is not None else ""
    about = f"({column.unit or ''}{span})".replace("( ", "(") if column.unit or span else ""
    return Label(f"{column.label.ko}{about}", f"{column.label.en} {about}".strip())


def _claim_option(claim: Claim) -> Option:
    text = claim.heading.header.text
    left = ", ".join(f"'{word}'" for word in claim.match.left_over)
    said = claim.evidence.reason
    over = (
        Label(f"; 설명되지 않는 말: {left}", f"; not explained: {left}")
        if left and not claim.explained
        else Label("", "")
    )
    return Option(text, Label(f"{text} — {said.ko}{over.ko}", f"{text} — {said.en}{over.en}"))


def _unit_option(unit: str, column: Column) -> Option:
    found = conversion(unit, column.unit or "")
    if found is None or found.identity:
        return Option(unit, Label(f"{unit} (그대로)", f"{unit} (as it is)"))
    return Option(unit, Label(f"{unit} (변환 {found.formula})", f"{unit} (converted, {found.formula})"))


def _value_text(column: Column, value: str) -> Label:
    """Show a value of the vocabulary, with a word for it in Korean where the contract has one."""
    words = next((words for one, words in column.words if one == value), ())
    korean = next((word for word in words if any("가" <= sign <= "힣" for sign in word)), None)
    return Label(f"{value} ({korean})" if korean else value, value)


def _order_text(order: str) -> Label:
    ko, en = ("-".join(_PARTS[part].text(language) for part in order) for language in ("ko", "en"))
    return Label(ko, en)
