"""The benchmark's settings: params.yaml, typed. DVC compares the same file key by key to see what must run again."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from flows.errors import PlanInvalid

PARAMS = Path("params.yaml")


class Forest(BaseModel):
    """A random forest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trees: int = Field(ge=1)
    leaf_rows: tuple[int, ...] = Field(min_length=1, description="Least rows of a leaf: those tried, out of bag.")


class Boosting(BaseModel):
    """Gradient boosted trees on histograms."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    iterations: int = Field(ge=1, description="Trees per class at most.")
    learning_rate: float = Field(gt=0, le=1)
    leaves: int = Field(ge=2, description="Leaves of a tree at most.")
    leaf_rows: int = Field(ge=1, description="Least rows of a leaf.")


class Families(BaseModel):
    """What members alone, and pooled rows, get beside the network."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forest: Forest
    boosting: Boosting


class Params(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seeds: tuple[int, ...] = Field(min_length=1)
    families: Families


def load_params(path: Path = PARAMS) -> Params:
    """Read params.yaml.

    Raises:
        PlanInvalid: The file is missing, is not YAML, or has an unknown key or a value that is not allowed.
    """
    try:
        return Params.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise PlanInvalid(f"{path} cannot be read; run the benchmark in the repository's own folder") from error
    except (yaml.YAMLError, ValidationError) as error:
        raise PlanInvalid(f"{path} does not have the benchmark's settings: {error}") from error
