"""Every refusal of this room, one class per cause.

The tree::

    DataContractsError
    ├── ContractError              the contract itself cannot be used
    │   ├── ContractNotFound       no shipped contract and no file of that name
    │   ├── ContractUnreadable     not UTF-8, not YAML, too large, or nested beyond reason
    │   └── ContractInvalid        readable, but breaks a rule of the standard or of ours (``problems`` lists them)
    ├── IntakeError                a member's file cannot be read
    │   ├── TableNotFound          no file there
    │   ├── TableEmpty             no header line
    │   ├── UnknownTableFormat     neither text, workbook nor Parquet
    │   ├── WrongEncoding          the text is in no encoding we know, or not in the one that was named
    │   ├── BrokenTable            the lines do not form a table
    │   ├── TableTooLarge          more cells, bytes or columns than one machine should be asked to hold
    │   ├── SheetNotFound          the workbook has no sheet of that name
    │   └── QueryRefused           the database cannot be reached, or the query is not one that only reads
    ├── MappingError               how a file's columns become the contract's cannot be used
    │   ├── MappingUnreadable      the mapping file is no mapping
    │   ├── MappingMismatch        it belongs to another contract, or to a file with other headers
    │   ├── AnswerInvalid          an answer that the question does not allow
    │   └── QuestionsOpen          something doubtful was not decided yet (``questions`` lists it)
    ├── StatisticsError            numbers about rows that must not be made or cannot be believed
    │   ├── TooFewRows             fewer rows than the minimum count: nothing may leave
    │   ├── FrameNotEnforced       the frame did not come out of ``enforce``
    │   ├── StatisticsMismatch     arrays of a wrong shape, type or impossible content
    │   └── NothingObserved        a quantile was asked of a histogram without a single row
    └── VersionError               a member's dataset version
        ├── DatasetTampered        the file is not the one that was recorded
        ├── DatasetMissing         the recorded file is gone
        ├── NoVersionSaved         the folder holds no version for that contract
        ├── VersionRecordBroken    ``versions.jsonl`` holds a line that is no version
        ├── UnknownVersion         no version begins with the digits given, or more than one does
        ├── BackupError            a backup cannot be made or used
        │   ├── PlaceUnusable      what was named is no folder and no bucket that could hold a backup
        │   ├── BackupUnreachable  the place does not answer, refuses the credentials, or is full
        │   ├── BackupMissing      the place holds no backup
        │   ├── BackupOfAnother    the place holds versions that this folder does not know, or another salt
        │   └── BackupDamaged      what the place holds is not what was saved
        └── SaltUnusable           the salt file is not 32 bytes, or others may read it

No text of these errors holds a cell value of a member's data: row numbers, column names, counts and reasons only.
"""

# "TooFewRows" and "DatasetTampered" say what happened; an "Error" suffix would add nothing

__all__ = [
    "AnswerInvalid",
    "BackupDamaged",
    "BackupError",
    "BackupMissing",
    "BackupOfAnother",
    "BackupUnreachable",
    "BrokenTable",
    "ContractError",
    "ContractInvalid",
    "ContractNotFound",
    "ContractUnreadable",
    "DataContractsError",
    "DatasetMissing",
    "DatasetTampered",
    "FrameNotEnforced",
    "IntakeError",
    "MappingError",
    "MappingMismatch",
    "MappingUnreadable",
    "NoVersionSaved",
    "NothingObserved",
    "PlaceUnusable",
    "QueryRefused",
    "QuestionsOpen",
    "SaltUnusable",
    "SheetNotFound",
    "StatisticsError",
    "StatisticsMismatch",
    "TableEmpty",
    "TableNotFound",
    "TableTooLarge",
    "TooFewRows",
    "UnknownTableFormat",
    "UnknownVersion",
    "VersionError",
    "VersionRecordBroken",
    "WrongEncoding",
]

_SHOWN_PROBLEMS = 20


class DataContractsError(Exception):
    """Anything this room refuses."""


class ContractError(DataContractsError):
    """The contract itself cannot be used."""


class ContractNotFound(ContractError):
    """Neither a shipped contract nor a readable file has that name."""


class ContractUnreadable(ContractError):
    """The file is not a YAML document in UTF-8 of reasonable size and depth."""


class ContractInvalid(ContractError):
    """The file is YAML, but breaks a rule of the standard or of this product.

    Attributes:
        problems: one sentence per broken rule, in the order of the file.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        shown = "".join(f"\n  - {problem}" for problem in problems[:_SHOWN_PROBLEMS])
        more = len(problems) - _SHOWN_PROBLEMS
        rest = f"\n  ... and {more} more" if more > 0 else ""
        super().__init__(
            f"the contract has {len(problems)} problem(s); correct the file and load it again:{shown}{rest}"
        )


class IntakeError(DataContractsError):
    """A member's file cannot be read."""


class TableNotFound(IntakeError):
    """There is no file at that path."""


class TableEmpty(IntakeError):
    """The file has no header line."""


class UnknownTableFormat(IntakeError):
    """The file is neither text, a workbook nor Parquet."""


class WrongEncoding(IntakeError):
    """The text is in no encoding we know, or not in the one that was named."""


class BrokenTable(IntakeError):
    """The file's lines do not form a table."""


class TableTooLarge(IntakeError):
    """The file unpacks to more cells, bytes or columns than are read."""


class SheetNotFound(IntakeError):
    """The workbook has no sheet of that name; the text lists those it has."""


class QueryRefused(IntakeError):
    """The database cannot be reached, or the query is not one that only reads."""


class MappingError(DataContractsError):
    """How a file's columns become the contract's cannot be used."""


class MappingUnreadable(MappingError):
    """The mapping file is no mapping."""


class MappingMismatch(MappingError):
    """The mapping belongs to another contract, or to a file with other headers."""


class AnswerInvalid(MappingError):
    """An answer that the question does not allow."""


class QuestionsOpen(MappingError):
    """Something doubtful was not decided yet.

    Attributes:
        questions: keys of the open questions.
    """

    def __init__(self, message: str, questions: tuple[str, ...]) -> None:
        self.questions = questions
        super().__init__(message)


class StatisticsError(DataContractsError):
    """Numbers about rows that must not be made or cannot be believed."""


class TooFewRows(StatisticsError):
    """There are fewer rows than the minimum count, so no number about them may leave."""


class FrameNotEnforced(StatisticsError):
    """The frame lacks contract columns or holds values outside the contract: it did not come out of ``enforce``."""


class StatisticsMismatch(StatisticsError):
    """Statistics of a wrong shape or type, or with content no table can have."""


class NothingObserved(StatisticsError):
    """A quantile was asked of a column in which no member has enough values."""


class VersionError(DataContractsError):
    """A member's dataset version cannot be made or trusted."""


class DatasetTampered(VersionError):
    """The file's bytes are not those that were recorded."""


class DatasetMissing(VersionError):
    """The recorded file is gone."""


class NoVersionSaved(VersionError):
    """The folder holds no version for that contract yet."""


class VersionRecordBroken(VersionError):
    """The record of versions holds a line that is no version."""


class UnknownVersion(VersionError):
    """No saved version begins with the digits given, or more than one does; the text lists them."""


class BackupError(VersionError):
    """A backup cannot be made or used."""


class PlaceUnusable(BackupError):
    """What was named is no folder and no bucket that could hold a backup."""


class BackupUnreachable(BackupError):
    """The place does not answer, refuses the credentials, or is full."""


class BackupMissing(BackupError):
    """The place holds no backup."""


class BackupOfAnother(BackupError):
    """The place holds versions that this folder does not know, or another member's salt."""


class BackupDamaged(BackupError):
    """What the place holds is not what was saved."""


class SaltUnusable(VersionError):
    """The salt file does not hold 32 bytes, or others than its owner may read it."""
