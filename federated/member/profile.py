"""Who a member is and what it allows: ``member.yaml``, which is read strictly, for a slip must not loosen an opt-in."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from data_contracts.errors import ContractUnreadable
from federated.errors import MemberHomeError
from federated.names import check_name

if TYPE_CHECKING:
    from federated.messages import Minimums

__all__ = ["MemberProfile", "parse_profile"]

_KINDS: Mapping[str, tuple[type, str]] = {
    "member": (str, "a text"),
    "contract": (str, "a text"),
    "shares_metrics": (bool, "true or false"),
    "minimums": (dict, "a mapping of whole numbers"),
}
_NEEDED = ("member", "contract")
_MINIMUMS = ("count", "evaluation_rows")


def _usual_minimums() -> "Minimums":
    from federated.messages import Minimums  # noqa: PLC0415  (brings numpy: the agent starts its worker without)

    return Minimums()


@dataclass(frozen=True)
class MemberProfile:
    """Who a member is and what it allows.

    Attributes:
        member: The member's id: letters, digits and hyphens.
        contract: Reference of the contract its dataset follows, or a path to the contract file; a relative path is
            looked up in the member's folder first.
        shares_metrics: Opt-in to its own figures being shown to the other members; False unless the member says so.
        minimums: Rows that a number must cover before it leaves; a request may ask for more, never for fewer.
    """

    member: str
    contract: str
    shares_metrics: bool = False
    minimums: "Minimums" = field(default_factory=_usual_minimums)

    def __post_init__(self) -> None:
        """Refuse ids that could not be a folder's name."""
        try:
            check_name("a member's id", self.member)
        except ValueError as error:
            raise MemberHomeError(f"{error}; got {self.member!r}") from error


@lru_cache(maxsize=1024)  # every question of a round reads it three times: YAML takes longer than all else around it
def parse_profile(text: str) -> MemberProfile:
    """Read a profile.

    Raises:
        ValueError: It is none; the text says in which line or key.
    """
    from data_contracts.strict_yaml import read_mapping  # noqa: PLC0415
    from federated.messages import Minimums  # noqa: PLC0415

    try:
        data = read_mapping(text, what="member's profile")
        _check(data)
        return MemberProfile(**{**_named(data), "minimums": Minimums(**data.get("minimums", {}))})
    except (ContractUnreadable, MemberHomeError) as error:
        raise ValueError(str(error)) from error


def _check(data: dict[Hashable, Any]) -> None:
    if missing := [name for name in _NEEDED if name not in data]:
        raise ValueError(f"{missing[0]} is missing")
    minimums = data.get("minimums")
    within = minimums if isinstance(minimums, dict) else {}
    for known, there in ((_KINDS, data), (_MINIMUMS, within)):
        if unknown := [str(name) for name in there if name not in known]:
            raise ValueError(f"there is no setting {unknown[0]!r}; known are {', '.join(known)}")
    wrong = [name for name, (kind, _) in _KINDS.items() if name in data and type(data[name]) is not kind]
    wrong += ["minimums" for rows in within.values() if type(rows) is not int]
    if wrong:
        raise ValueError(f"{wrong[0]} must be {_KINDS[wrong[0]][1]}")


def _named(data: dict[Hashable, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in data.items()}
