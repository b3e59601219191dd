"""Rules that hold between the values of a contract; every other module relies on them without checking again."""

import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from data_contracts.contract import Column, Contract, Kind, PrivacyClass, Role
from data_contracts.errors import ContractInvalid

__all__ = ["column_problems", "lint", "spelling"]

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5})){2}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")  # a leading underscore is ours: _line, _reasons
_MIN_CLASSES = 2


def lint(contract: Contract) -> None:
    """Check a contract as a whole.

    Raises:
        ContractInvalid: if any rule is broken; ``problems`` lists all that are.
    """
    problems = (
        *_identity(contract),
        *itertools.chain.from_iterable(map(column_problems, contract.columns)),
        *_names(contract),
        *_key(contract),
        *_target(contract),
    )
    if problems:
        raise ContractInvalid(problems)


def spelling(word: str) -> str:
    """Return what tells a word apart from others: case, blanks and the width of letters do not."""
    return "".join(unicodedata.normalize("NFKC", word).casefold().split())


def _identity(contract: Contract) -> Iterator[str]:
    if not _ID.fullmatch(contract.id):
        yield "id: must be lower-case words joined by hyphens, such as print-defect"
    if not _VERSION.fullmatch(contract.version):
        yield 'version: must be three numbers in quotes, such as "1.0.0"'
    if not 0 <= contract.quarantine_ceiling <= 1:
        yield f"quarantineCeiling: must be between 0 and 1, got {contract.quarantine_ceiling}"
    if not contract.features:
        yield "no column has the role feature; a model would have nothing to learn from"


def column_problems(column: Column) -> Iterator[str]:
    """Yield what is wrong with a column by itself, one sentence each."""
    where = f"column {column.name}"
    if not _NAME.fullmatch(column.name):
        yield f"{where}: a name is a letter followed by letters, digits and underscores, at most 63 in all"
    if not 0 <= column.max_missing <= 1:
        yield f"{where}: the allowed share of missing values must be between 0 and 100 percent"
    if column.required and column.max_missing > 0:
        yield f"{where}: a required column cannot allow missing values; remove one of the two"
    if column.role is Role.FEATURE and column.kind is Kind.TEXT:
        yield f"{where}: free text cannot be a feature; give it an enum or another role"
    if column.role is Role.FEATURE and column.kind is Kind.TIMESTAMP:
        yield f"{where}: a moment cannot be a feature (a model would learn the calendar); give it the role time"
    if column.role is Role.OUTCOME and (column.required or column.max_missing < 1):
        yield (
            f"{where}: an outcome can be neither required nor limited in missing values; it is known only once the "
            "target is, so no model learns from it, and rows without it are as good as others"
        )
    if column.role in {Role.FEATURE, Role.TARGET} and column.privacy is PrivacyClass.PERSONAL:
        yield f"{where}: personal data must not be learned from; change the role or the classification"
    yield from _range(column, where)
    yield from _vocabulary(column, where)
    yield from _words(column, where)


def _range(column: Column, where: str) -> Iterator[str]:
    bounds = [bound for bound in (column.minimum, column.maximum) if bound is not None]
    if column.role is Role.FEATURE and column.is_numeric and len(bounds) < 2:  # noqa: PLR2004
        yield f"{where}: a numeric feature needs logicalTypeOptions.minimum and .maximum (they also scale it)"
    if column.kind is Kind.INTEGER and not all(bound.is_integer() for bound in bounds):
        yield f"{where}: the limits of an integer column must be whole numbers"
    if column.minimum is not None and column.maximum is not None:
        width = column.maximum - column.minimum
        if not (width > 0 and math.isfinite(width)):
            yield f"{where}: minimum must be smaller than maximum"


def _vocabulary(column: Column, where: str) -> Iterator[str]:
    if column.kind is Kind.CATEGORY and not column.vocabulary:
        yield f"{where}: the enum is empty"
    for value, times in Counter(column.vocabulary).items():
        if times > 1:
            yield f"{where}: {value} stands {times} times in the enum"
        if value != value.strip():
            yield f"{where}: an enum value begins or ends with a space"


def _words(column: Column, where: str) -> Iterator[str]:
    """No word may stand for two values: a factory's cell would become one of them by chance."""
    if column.words and column.kind is not Kind.CATEGORY:
        yield f"{where}: valueSynonyms are words for the values of an enum, and this column has none"
        return
    owners = {spelling(value): value for value in reversed(column.vocabulary)}
    for value, words in column.words:
        if value not in column.vocabulary:
            yield f"{where}, valueSynonyms: {value} is not in the enum"
            continue
        for word in words:
            owner = owners.setdefault(spelling(word), value)
            if owner != value:
                yield f"{where}, valueSynonyms: {word} already means {owner}, it cannot mean {value}"


def _names(contract: Contract) -> Iterator[str]:
    """Two columns must not be taken for one another, neither by name nor by synonym."""
    for name, times in Counter(column.name for column in contract.columns).items():
        if times > 1:
            yield f"column {name}: described {times} times"
    for column in contract.columns:
        for synonym, times in Counter(column.synonyms).items():
            if times > 1:
                yield f"column {column.name}: the synonym {synonym} stands {times} times"
    owners: dict[str, str] = {}
    for column in contract.columns:
        for header in dict.fromkeys(word.strip().casefold() for word in (column.name, *column.synonyms)):
            owner = owners.setdefault(header, column.name)
            if owner != column.name:
                yield f"column {column.name}: the header {header} already means column {owner}"


def _key(contract: Contract) -> Iterator[str]:
    for column in contract.columns:
        if column.name in contract.key and column.role is Role.OUTCOME:
            yield f"column {column.name}: an outcome cannot be part of the primary key; new parts do not have it yet"
        elif column.name in contract.key and not column.required:
            yield f"column {column.name}: a primary key must be required"


def _target(contract: Contract) -> Iterator[str]:
    targets = [column for column in contract.columns if column.role is Role.TARGET]
    if len(targets) != 1:
        yield f"exactly one column must have the role target, got {len(targets)}"
        return
    target = targets[0]
    if target.kind is not Kind.CATEGORY or len(set(target.vocabulary)) < _MIN_CLASSES:
        yield f"column {target.name}: the target needs an enum of at least {_MIN_CLASSES} classes"
    if not target.required:
        yield f"column {target.name}: the target must be required; a row without it cannot teach"
    yield from _defects(contract, target)


def _defects(contract: Contract, target: Column) -> Iterator[str]:
    for value in contract.defects:
        if value not in target.vocabulary:
            yield f"defectClasses: {value} is not in the enum of column {target.name}"
    if len(set(contract.defects)) != len(contract.defects):
        yield "defectClasses: a class is named twice"
    if not contract.defects or set(target.vocabulary) <= set(contract.defects):
        yield f"defectClasses: name at least one class of column {target.name}, and not all of them"
