"""What the reader took for granted, why, and where the member can say otherwise."""

from dataclasses import dataclass

from data_contracts.contract import Label

__all__ = ["Guess"]


@dataclass(frozen=True, slots=True)
class Guess:
    """One thing that a file does not say and that was concluded from it.

    Attributes:
        setting: the key under ``file:`` of the mapping file that overrules it, such as ``encoding``.
        value: what was concluded, as it would be written there: text for texts, otherwise YAML such as ``[3, 4]`` or
            ``true``; `FileSettings.changed` understands it.
        reason: why, in one sentence; no cell value in it.
        certain: whether nothing speaks against it; what is not certain is asked about.
    """

    setting: str
    value: str
    reason: Label
    certain: bool = True

    def to_plain(self) -> dict[str, object]:
        """Return the guess for programs, ready for JSON."""
        return {
            "setting": self.setting,
            "value": self.value,
            "certain": self.certain,
            "ko": self.reason.ko,
            "en": self.reason.en,
        }
