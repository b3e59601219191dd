"""What changed between two versions of a contract, whether it breaks anything, and the version number that it takes.

A change is *compatible* when every file that kept the old contract keeps the new one and means the same: it takes a
higher minor number. A change of texts alone takes a higher patch number. Anything else is *breaking* and takes a higher
major number, or a higher minor one while the major number is 0 (Semantic Versioning 2.0.0, paragraphs 4 and 6 to 8).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from data_contracts.column_evolution import column_differences
from data_contracts.contract import Contract, Label
from data_contracts.difference import Difference, Weight, breaking, compatible, shown, text_only

__all__ = ["Difference", "Evolution", "Step", "Weight", "compare"]


class Step(IntEnum):
    """Which part of a version number is higher than before."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


_STEPS = {
    Step.NONE: Label("올리지 않음", "none"),
    Step.PATCH: Label("패치(셋째 자리)", "patch"),
    Step.MINOR: Label("마이너(둘째 자리)", "minor"),
    Step.MAJOR: Label("메이저(첫째 자리)", "major"),
}


@dataclass(frozen=True)
class Evolution:
    """What became of a contract.

    Attributes:
        old: reference of the old contract, such as ``plating-defect@1.0.0``.
        new: reference of the new one.
        differences: every change, breaking ones first, otherwise in contract order.
        needed: which part of the version number the changes ask to raise.
        raised: which part was raised; `Step.NONE` also where the number fell.
        next_version: the lowest version number that the new contract may have.
    """

    old: str
    new: str
    differences: tuple[Difference, ...]
    needed: Step
    raised: Step
    next_version: str

    @property
    def breaking(self) -> bool:
        """Whether a file that kept the old contract may break the new one, or mean something else."""
        return any(difference.weight is Weight.BREAKING for difference in self.differences)

    @property
    def numbered_well(self) -> bool:
        """Whether the version number says what happened."""
        return self.raised >= self.needed

    def verdict(self) -> Label:
        """Say in two sentences whether the change is compatible and whether its number is right."""
        return Label(f"{self._what().ko} {self._number().ko}", f"{self._what().en} {self._number().en}")

    def to_plain(self) -> dict[str, object]:
        """Return everything for programs, ready for JSON."""
        verdict = self.verdict()
        return {
            "old": self.old,
            "new": self.new,
            "breaking": self.breaking,
            "needed": self.needed.name.lower(),
            "raised": self.raised.name.lower(),
            "numbered_well": self.numbered_well,
            "next_version": self.next_version,
            "verdict": {"ko": verdict.ko, "en": verdict.en},
            "differences": [difference.to_plain() for difference in self.differences],
        }

    def _what(self) -> Label:
        if self.needed is Step.NONE and not self.differences:
            return Label("두 파일이 같습니다.", "The two files are the same.")
        if self.breaking:
            count = sum(difference.weight is Weight.BREAKING for difference in self.differences)
            return Label(
                f"호환되지 않는 변경이 {count}건 있습니다: 옛 계약을 지킨 파일이 새 계약을 어기거나 다른 뜻이 될 수 "
                "있습니다.",
                f"Breaking ({count} change(s)): a file that kept the old contract may break the new one, or mean "
                "something else.",
            )
        return Label(
            "호환되는 변경입니다: 옛 계약을 지킨 파일은 새 계약도 지킵니다.",
            "Compatible: every file that kept the old contract keeps the new one.",
        )

    def _number(self) -> Label:
        if self.numbered_well:
            return Label("판 번호는 알맞습니다.", "The version number is right.")
        step = _STEPS[self.needed]
        return Label(
            f"판 번호는 {step.ko}를 올려 {self.next_version} 이상이어야 합니다.",
            f"The version number must rise by a {step.en} step, to {self.next_version} or more.",
        )


def compare(old: Contract, new: Contract) -> Evolution:
    """Find out what changed from one contract to another.

    Args:
        old: the contract that members follow.
        new: the one that is to take its place.
    """
    if old.id != new.id:
        other = breaking(None, _pair("이름", "id", old.id, new.id), Label("다른 계약입니다", "it is another contract"))
        return Evolution(old.reference, new.reference, (other,), Step.NONE, Step.NONE, new.version)
    found = (*_contract_differences(old, new), *column_differences(old, new))
    differences = tuple(sorted(found, key=lambda difference: difference.weight))
    numbers = _numbers(old)
    needed = _needed(numbers, differences, same_text=old.sha256 == new.sha256)
    return Evolution(
        old=old.reference,
        new=new.reference,
        differences=differences,
        needed=needed,
        raised=_raised(numbers, _numbers(new)),
        next_version=_next(numbers, needed),
    )


def _contract_differences(old: Contract, new: Contract) -> Iterator[Difference]:
    if old.key != new.key:
        why = Label(
            "기록을 구별하는 기준과 학습용·시험용을 나누는 기준이 달라집니다",
            "records are told apart, and divided into those that teach and those that judge, in another way",
        )
        yield breaking(None, _pair("기본 키", "primary key", ", ".join(old.key), ", ".join(new.key)), why)
    if set(old.defects) != set(new.defects):
        why = Label("같은 기록이 불량인지가 달라집니다", "a record may be a defect in one and none in the other")
        yield breaking(None, _pair("불량 등급", "defect classes", ", ".join(old.defects), ", ".join(new.defects)), why)
    if old.quarantine_ceiling != new.quarantine_ceiling:
        shares = [f"{shown(100 * contract.quarantine_ceiling)} %" for contract in (old, new)]
        what = _pair("격리 한도", "quarantine ceiling", *shares)
        if new.quarantine_ceiling > old.quarantine_ceiling:
            yield compatible(None, what, Label("더 너그럽습니다", "it is more lenient"))
        else:
            why = Label("받아들여지던 파일이 거절될 수 있습니다", "a file that was accepted may be refused")
            yield breaking(None, what, why)
    texts = [name for name in ("title", "purpose") if getattr(old, name) != getattr(new, name)]
    if texts:
        yield text_only(None, ", ".join(texts))


def _pair(ko: str, en: str, old: str, new: str) -> Label:
    change = f"{old or '-'} → {new or '-'}"
    return Label(f"{ko} 변경: {change}", f"{en}: {change}")


def _needed(old: tuple[int, ...], differences: tuple[Difference, ...], *, same_text: bool) -> Step:
    weights = {difference.weight for difference in differences}
    if Weight.BREAKING in weights:
        return Step.MAJOR if old[0] > 0 else Step.MINOR
    if Weight.COMPATIBLE in weights:
        return Step.MINOR
    # Members hold the file's SHA-256: other bytes, be it a comment, need another number.
    return Step.NONE if same_text else Step.PATCH


def _numbers(contract: Contract) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in contract.version.split("."))
    return major, minor, patch


def _raised(old: tuple[int, ...], new: tuple[int, ...]) -> Step:
    if new <= old:
        return Step.NONE
    steps = (Step.MAJOR, Step.MINOR, Step.PATCH)
    return next(step for step, before, after in zip(steps, old, new, strict=True) if before != after)


def _next(old: tuple[int, int, int], needed: Step) -> str:
    major, minor, patch = old
    numbers = {
        Step.NONE: old,
        Step.PATCH: (major, minor, patch + 1),
        Step.MINOR: (major, minor + 1, 0),
        Step.MAJOR: (major + 1, 0, 0),
    }
    return ".".join(map(str, numbers[needed]))
