"""A data contract: what one record of a trade means, as a frozen value.

A contract is an Open Data Contract Standard (ODCS) 3.x file. `load_contract` reads it, checks it (module `odcs`
translates, module `lint` judges) and returns a `Contract` that every other room relies on without checking again. The
YAML text travels with it (``source``), so the party that receives it parses and checks it for itself.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path

from data_contracts.errors import ContractNotFound, ContractUnreadable

__all__ = [
    "Column",
    "Contract",
    "Kind",
    "Label",
    "PrivacyClass",
    "Role",
    "load_contract",
    "parse_contract",
    "shipped_contracts",
]

DEFAULT_QUARANTINE_CEILING = 0.05
"""Share of rows that may be set aside before the whole file is refused, when a contract does not say."""

_SUFFIX = ".odcs.yaml"
_REFERENCE = re.compile(r"(?P<id>[a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:@(?P<version>[0-9]+\.[0-9]+\.[0-9]+))?")
_REMEMBERED = 8
_MAX_BYTES = 1_000_000  # the shipped contracts have 20 to 100 kB


class Kind(StrEnum):
    """What a cell holds. `NUMBER` becomes float64, `INTEGER` Int64, `TIMESTAMP` datetime64[us], the others text."""

    NUMBER = "number"
    INTEGER = "integer"
    CATEGORY = "category"
    TEXT = "text"
    TIMESTAMP = "timestamp"


class Role(StrEnum):
    """What a column is for. Only `FEATURE` and `TARGET` columns reach a model.

    An `OUTCOME` is known only after the target is, such as the kind of a defect: to learn from it would be cheating.
    """

    FEATURE = "feature"
    TARGET = "target"
    OUTCOME = "outcome"
    TIME = "time"
    ENTITY = "entity"
    ID = "id"


KNOWN_AFTERWARDS = frozenset({Role.TARGET, Role.OUTCOME})
"""What nobody knows yet of new parts that are to be scored."""


class PrivacyClass(StrEnum):
    """How far a column's values may travel; none ever leaves the member. `PERSONAL` may not even be learned from."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Label:
    """A name or sentence for people, in Korean and in English."""

    ko: str
    en: str

    def text(self, language: str) -> str:
        """Return the Korean text for ``"ko"`` and the English one for anything else."""
        return self.ko if language == "ko" else self.en


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract.

    Attributes:
        name: the column's name in an enforced frame.
        kind: what a cell holds.
        role: what the column is for.
        label: the name people read.
        unit: the unit of measure as printed, None when there is none or none is known.
        same_units: other units that the trade takes for the same, though physics does not: ppm for mg/L of a bath.
        minimum: smallest allowed value, in the column's unit; None means unbounded. Always set for numeric features.
        maximum: largest allowed value, likewise. Always greater than `minimum` when both are set.
        vocabulary: allowed values of a category column, in contract order; empty for other kinds.
        max_missing: largest allowed share of missing cells, 0 to 1; a file above it is refused as a whole.
        synonyms: other headers under which factories know the column.
        words: other words under which factories know the values of the vocabulary: pairs of a value and its words.
        privacy: how far the values may travel.
        unique: no two rows may share a value.
        required: a row without this value is set aside.
        description: what the column means and where its limits come from.
        description_ko: the same in Korean; empty where the contract does not say it.
        why: why the trade asks for the column; empty texts where the contract does not say it.
    """

    name: str
    kind: Kind
    role: Role
    label: Label
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    vocabulary: tuple[str, ...] = ()
    max_missing: float = 1.0
    synonyms: tuple[str, ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()
    same_units: tuple[str, ...] = ()
    privacy: PrivacyClass = PrivacyClass.CONFIDENTIAL
    unique: bool = False
    required: bool = False
    description: str = ""
    description_ko: str = ""
    why: Label = Label("", "")

    @property
    def is_numeric(self) -> bool:
        """Whether the cells are numbers."""
        return self.kind in {Kind.NUMBER, Kind.INTEGER}

    @property
    def bounds(self) -> tuple[float, float]:
        """Minimum and maximum, for columns that must have both (numeric features do: the lint sees to it).

        Raises:
            ValueError: if one of them is not declared.
        """
        if self.minimum is None or self.maximum is None:
            raise ValueError(f"column {self.name!r} declares no full range; only numeric features are sure to have one")
        return self.minimum, self.maximum


# `cached_property` needs a __dict__, hence no slots. Equality is that of the file, not of what was derived from it.
@dataclass(frozen=True)
class Contract:
    """A checked contract.

    Attributes:
        id: the trade standard's name, such as ``print-defect``.
        version: its version, ``major.minor.patch``.
        title: what the contract is called.
        purpose: what the records are for.
        sha256: SHA-256 of the file's bytes, in hex: two parties with the same value agreed to the same text.
        source: the YAML text itself.
        columns: the columns in contract order.
        key: names of the columns that together identify a record; empty if the contract declares none.
        defects: target values that count as a defect.
        quarantine_ceiling: share of rows that may be set aside before the whole file is refused, 0 to 1.
    """

    id: str
    version: str
    title: Label
    purpose: Label
    sha256: str
    source: str = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    key: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
    quarantine_ceiling: float = DEFAULT_QUARANTINE_CEILING

    @property
    def reference(self) -> str:
        """Name and version, such as ``print-defect@1.0.0``."""
        return f"{self.id}@{self.version}"

    @cached_property
    def features(self) -> tuple[Column, ...]:
        """Columns a model learns from, in contract order."""
        return tuple(column for column in self.columns if column.role is Role.FEATURE)

    @cached_property
    def numbers(self) -> tuple[Column, ...]:
        """Numeric feature columns, in contract order; each has a full range."""
        return tuple(column for column in self.features if column.is_numeric)

    @cached_property
    def categories(self) -> tuple[Column, ...]:
        """Categorical feature columns, in contract order; each has a vocabulary."""
        return tuple(column for column in self.features if column.kind is Kind.CATEGORY)

    @cached_property
    def target(self) -> Column:
        """The column a model predicts; the lint sees to it that there is exactly one."""
        return next(column for column in self.columns if column.role is Role.TARGET)

    @property
    def classes(self) -> tuple[str, ...]:
        """Values of the target, in contract order: class 0 is the first."""
        return self.target.vocabulary

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises:
            KeyError: if the contract has no such column; the text lists those it has.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.reference} has no column {name!r}; it has {', '.join(c.name for c in self.columns)}")


@lru_cache(maxsize=_REMEMBERED)
def parse_contract(text: str) -> Contract:
    """Parse and check the text of an ODCS 3.x file; the last few texts are remembered, as a Contract never changes.

    Args:
        text: the YAML document; at most 1 MB.

    Raises:
        ContractUnreadable: if the text is no YAML mapping, is too large, nested too deeply, or uses aliases.
        ContractInvalid: if it breaks a rule of the standard or of this product; ``problems`` lists every one found.
    """
    # The ODCS library brings pydantic (0.2 s): whoever only handles a Contract must not pay for it.
    from data_contracts.lint import lint  # noqa: PLC0415
    from data_contracts.odcs import read_document  # noqa: PLC0415

    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ContractUnreadable(f"the contract's text is not UTF-8 (character {error.start + 1})") from None
    if len(data) > _MAX_BYTES:
        raise ContractUnreadable(f"the contract has {len(data)} bytes; at most {_MAX_BYTES} are read")
    contract = read_document(text, sha256=hashlib.sha256(data).hexdigest())
    lint(contract)
    return contract


def load_contract(reference: str | Path) -> Contract:
    """Load a shipped contract by name, or any contract by path.

    Args:
        reference: ``"print-defect"`` (its newest shipped version), ``"print-defect@1.0.0"``, or a path to a file.

    Raises:
        ContractNotFound: if neither a shipped contract nor a file has that name; the text lists what is shipped.
        ContractUnreadable: if the file is not UTF-8 or not YAML.
        ContractInvalid: if the file breaks a rule.
    """
    if isinstance(reference, str) and (match := _REFERENCE.fullmatch(reference)):
        return _load_shipped(_resolve(match["id"], match["version"]))
    return parse_contract(_read(Path(reference)))


def shipped_contracts() -> tuple[str, ...]:
    """Return the references of the contracts shipped with the product, sorted by name and version."""
    return tuple(f"{name}@{'.'.join(map(str, version))}" for name, version in sorted(_shipped()))


def _shipped() -> Iterator[tuple[str, tuple[int, ...]]]:
    for entry in resources.files("data_contracts").joinpath("contracts").iterdir():
        name, _, version = entry.name.removesuffix(_SUFFIX).rpartition("-")
        if entry.name.endswith(_SUFFIX) and _REFERENCE.fullmatch(f"{name}@{version}"):
            yield name, tuple(int(part) for part in version.split("."))


def _resolve(name: str, version: str | None) -> str:
    versions = sorted(number for shipped, number in _shipped() if shipped == name)
    newest = ".".join(map(str, versions[-1])) if versions else None
    chosen = version or newest
    if chosen is None or f"{name}@{chosen}" not in shipped_contracts():
        wanted = f"{name}@{version}" if version else name
        raise ContractNotFound(
            f"no contract {wanted!r} is shipped; shipped are: {', '.join(shipped_contracts()) or 'none'}. "
            f"Name one of these, or give the path of an ODCS file (for a file in this folder: ./{name})."
        )
    return f"{name}-{chosen}{_SUFFIX}"


@cache  # a shipped file does not change while the program runs
def _load_shipped(filename: str) -> Contract:
    entry = resources.files("data_contracts").joinpath("contracts", filename)
    return parse_contract(entry.read_bytes().decode("utf-8"))


def _read(path: Path) -> str:
    """Read a file without translating line ends, so that the text's SHA-256 is the file's."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = getattr(error, "strerror", None) or "not a usable path"
        raise ContractNotFound(
            f"cannot read a contract from {str(path)!r} ({reason}). Give the path of an ODCS file "
            f"or the name of a shipped contract: {', '.join(shipped_contracts()) or 'none'}."
        ) from None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ContractUnreadable(
            f"{str(path)!r} is not UTF-8 (byte {error.start + 1}); save the contract as UTF-8"
        ) from None
