"""The training plan: what to train, with whom, how, under which gates. Prefect shows the same type as a form."""

import hashlib
import json
from dataclasses import fields, is_dataclass
from importlib import resources
from pathlib import Path
from types import NoneType
from typing import Any, Self, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data_contracts.errors import ContractUnreadable
from data_contracts.strict_yaml import read_mapping
from federated.agreement import MOST_PURPOSE
from federated.errors import UnknownStrategy
from federated.learning import BAGGING, Learning
from federated.messages import Minimums
from flows.errors import PlanInvalid, PlanNotFound
from flows.runtime_name import RuntimeName
from models.configs import MOST_BINS, NetworkConfig, TrainingConfig, TreesConfig, check_bins
from models.family import Family, planned_family
from models.promotion import Gates

P = TypeVar("P", bound="TrainingPlan")


class Purpose(BaseModel):
    """Why the model is trained, one sentence each; members see it before they agree."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ko: str = Field(min_length=1, max_length=MOST_PURPOSE)
    en: str = Field(min_length=1, max_length=MOST_PURPOSE)


class TrainingPlan(BaseModel):
    """A plan, as written in YAML under ``flows/plans/``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    purpose: Purpose
    contract: str = Field(description="Data contract, like print-defect@1.0.0, or a path to a contract file.")
    model: str = Field(description="Name of the registered model.", pattern=r"^[a-z0-9][a-z0-9-]*$")
    seed: int = Field(default=1, ge=0, lt=2**63, description="Seed of every random choice.")
    bins: int = Field(default=8, ge=1, le=MOST_BINS, description="Pieces per numeric column, with trees at least 2.")
    network: NetworkConfig | None = Field(default=None, description="Size of the network, the usual model.")
    training: TrainingConfig | None = Field(default=None, description="How a member trains the network in a round.")
    trees: TreesConfig | None = Field(default=None, description="Boosted trees in place of a network.")
    learning: Learning = Learning()
    minimums: Minimums = Minimums()
    gates: Gates = Gates()
    runtime: RuntimeName = Field(
        default=RuntimeName.IN_PROCESS,
        description="Where it runs: on members' folders of this machine, or with the federation's nodes.",
    )
    deadline_hours: float = Field(
        default=24.0, gt=0, le=24 * 30, description="Hours after which a run in the federation is stopped."
    )

    @model_validator(mode="before")
    @classmethod
    def _network_by_default(cls, data: object) -> object:
        """Fill in what a plan without trees leaves out, so that a plan always says which family it trains."""
        if not isinstance(data, dict) or data.get("trees") is not None:
            return data
        return {**data, **{name: {} for name in ("network", "training") if data.get(name) is None}}

    @model_validator(mode="after")
    def _one_family(self) -> Self:
        check_bins(self.bins, self.trees)
        bagging = self.learning.strategy == BAGGING
        if self.trees is None and bagging:
            raise ValueError(f"learning.strategy: {BAGGING} merges trees, and this plan has a network")
        if self.trees is None:
            return self
        if self.network is not None or self.training is not None:
            raise ValueError("a plan has either trees, or a network and its training; remove one of them")
        if not bagging or self.learning.average_last != 1:
            raise ValueError(f"trees need learning.strategy {BAGGING} and learning.average_last 1: they are added up")
        return self

    @field_validator("learning")
    @classmethod
    def _strategy_exists(cls, learning: Learning) -> Learning:
        from federated.strategies import make_strategy  # noqa: PLC0415  (Flower: 0.7 s that a plan's reader can do without)

        try:
            make_strategy(learning.strategy, learning.options)
        except UnknownStrategy as error:
            raise ValueError(str(error)) from error
        return learning

    def family(self) -> Family:
        """Return the family of models that the plan trains; a leaf of its trees covers the plan's minimum of rows."""
        return planned_family(self, leaf_rows=self.minimums.count)

    def with_overrides(
        self, *, rounds: int | None = None, seed: int | None = None, runtime: RuntimeName | None = None
    ) -> Self:
        """Return the plan with other rounds, another seed or in another place.

        Fewer rounds than are averaged at the end shorten the averaging too.

        Raises:
            PlanInvalid: The new value is not allowed.
        """
        given = {"rounds": rounds, "seed": seed, "runtime": runtime}
        said = ", ".join(f"{name} {value}" for name, value in given.items() if value is not None)
        data = self.model_dump()
        if seed is not None:
            data["seed"] = seed
        if runtime is not None:
            data["runtime"] = runtime
        if rounds is not None:
            data["learning"]["rounds"] = rounds
            data["learning"]["average_last"] = min(data["learning"]["average_last"], rounds)
        return _validated(type(self), data, f"the plan with {said}")

    def yaml(self) -> str:
        """Return the plan as YAML with every default written out."""
        return yaml.safe_dump(self.model_dump(mode="json"), allow_unicode=True, sort_keys=False)

    def sha256(self) -> str:
        """Return the hex digest of the plan's canonical JSON: the same plan has the same digest everywhere."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def shipped_plans() -> tuple[str, ...]:
    """Return the names of the plans that come with Pumasi."""
    files = resources.files("flows").joinpath("plans").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def load_plan(reference: str) -> TrainingPlan:
    """Load a plan by the name of a shipped one, or from a YAML file.

    Raises:
        PlanNotFound: There is neither.
        PlanInvalid: It is not YAML, has an unknown key, one twice, or a value that is not allowed.
    """
    try:
        if reference in shipped_plans():
            text = resources.files("flows").joinpath("plans", f"{reference}.yaml").read_text(encoding="utf-8")
        else:
            text = Path(reference).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanNotFound(
            f"there is no plan {reference!r}: neither a readable UTF-8 file nor one of {', '.join(shipped_plans())}"
        ) from error
    try:
        data = read_mapping(text, what="plan")
    except ContractUnreadable as error:
        raise PlanInvalid(f"{reference}: {error}") from error
    return _validated(TrainingPlan, data, reference)


def _validated(kind: type[P], data: object, where: str) -> P:
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        problems = "\n".join(f"  {_sentence(problem)}" for problem in error.errors())
        raise PlanInvalid(f"{where} is not a valid plan:\n{problems}") from error


def _sentence(problem: Any) -> str:
    location = ".".join(str(part) for part in problem["loc"])
    if problem["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{location}: unknown key; allowed here: {', '.join(_keys(location.rpartition('.')[0]))}"
    if problem["type"] in ("dataclass_type", "model_type", "dict_type"):
        settings = f" ({', '.join(_keys(location))})" if _keys(location) else ""
        got = "nothing" if problem["input"] is None else type(problem["input"]).__name__
        return f"{location} must be a mapping of settings{settings}, got {got}"
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])  # one of ours, which names the setting
    return f"{location}: {problem['msg']}"


def _keys(section: str) -> list[str]:
    """Return the keys of a section, or of the plan itself where the section has no name; none where any will do."""
    if not section:
        return list(TrainingPlan.model_fields)
    if section not in TrainingPlan.model_fields:  # a strategy's options
        return []
    annotation = TrainingPlan.model_fields[section].annotation
    kind = next((one for one in get_args(annotation) if one is not NoneType), annotation)
    if is_dataclass(kind):
        return [field.name for field in fields(kind)]
    return list(getattr(kind, "model_fields", {}))
