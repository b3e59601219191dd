"""Why the models room refuses something: one class per cause.

::

    ModelsError
    ├── SettingError             a setting of a plan is outside its allowed values (also a ValueError, so forms show it)
    ├── WeightsMismatchError     arrays have other names, shapes or dtypes than the model, or are not finite
    ├── WeightsFileError         a weights file is damaged or is not one of ours
    ├── PreprocessingError       preprocessing cannot be built from, or applied to, what was given
    ├── RecordsError             records do not fit the model: none at all, wrong width, labels out of range
    ├── ScorecardMismatchError   sums belong to different models or contracts, or no rows can have such sums
    └── PackageError             a model package on disk is missing, damaged, or would overwrite something else

No text of these errors holds a value of a member's data: only names of columns and settings, counts, and row numbers.
"""


class ModelsError(Exception):
    """Anything this room refuses to do."""


class SettingError(ModelsError, ValueError):
    """A setting is outside its allowed values.

    Args:
        setting: dotted name as it stands in the plan, for example ``training.epochs``.
        allowed: the allowed values in words.
        got: the value that was given (a setting, never a member's data).
    """

    def __init__(self, setting: str, *, allowed: str, got: object) -> None:
        super().__init__(f"{setting} must be {allowed}, got {got!r} ({type(got).__name__}). Change it in the plan.")
        self.setting = setting


class WeightsMismatchError(ModelsError):
    """Arrays do not fit the model: ``problems`` has one sentence per broken condition.

    Args:
        problems: sentences, at least one.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


class WeightsFileError(ModelsError):
    """A weights file cannot be read back as it was written."""


class PreprocessingError(ModelsError):
    """Preprocessing cannot be built from this contract and these statistics, or a frame lacks its columns."""


class RecordsError(ModelsError):
    """Records cannot train or judge this model: none, wrong width, not finite, or labels out of range."""


class ScorecardMismatchError(ModelsError):
    """Sums do not belong together, because they count different classes, or no rows can have such sums."""


class PackageError(ModelsError):
    """A model package is missing, damaged, or its place is taken by something that is not a package."""
