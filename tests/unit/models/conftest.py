"""A tiny trade: two numbers and a category, two classes; built without a file, so that every number can be seen."""

import numpy as np
import pandas as pd
import pytest

from data_contracts.contract import Column, Contract, Kind, Label, Role, load_contract
from data_contracts.statistics import describe
from models.preprocessing import Preprocessing, fit_preprocessing
from models.records import Records

_LABEL = Label("이름", "name")


@pytest.fixture
def tiny_contract() -> Contract:
    """Heat 0 to 64 degrees, speed 0 to 128 which may be missing, paper a, b or c; grade good or bad."""
    return Contract(
        id="tiny",
        version="1.0.0",
        title=_LABEL,
        purpose=_LABEL,
        sha256="0" * 64,
        source="",
        columns=(
            Column("heat", Kind.NUMBER, Role.FEATURE, _LABEL, unit="°C", minimum=0, maximum=64, max_missing=0.0),
            Column("speed", Kind.INTEGER, Role.FEATURE, _LABEL, minimum=0, maximum=128, max_missing=0.5),
            Column("paper", Kind.CATEGORY, Role.FEATURE, _LABEL, vocabulary=("a", "b", "c")),
            Column("grade", Kind.CATEGORY, Role.TARGET, _LABEL, vocabulary=("good", "bad")),
        ),
        defects=("bad",),
    )


@pytest.fixture
def tiny_frame() -> pd.DataFrame:
    """200 rows in which heat above 40 makes bad parts."""
    rng = np.random.default_rng(7)
    heat = rng.uniform(0, 64, 200)
    speed = pd.array(rng.integers(0, 129, 200), dtype="Int64")
    speed[:20] = pd.NA
    return pd.DataFrame(
        {
            "heat": heat,
            "speed": speed,
            "paper": rng.choice(["a", "b", "c"], 200, p=[0.2, 0.5, 0.3]),
            "grade": np.where(heat + rng.normal(0, 5, 200) > 40, "bad", "good"),
        },
        index=range(2, 202),
    )


@pytest.fixture
def tiny_preprocessing(tiny_contract: Contract, tiny_frame: pd.DataFrame) -> Preprocessing:
    """Fitted on all rows, 4 bins."""
    return fit_preprocessing(tiny_contract, describe(tiny_frame, tiny_contract, minimum_count=5), bins=4)


@pytest.fixture
def tiny_records(tiny_preprocessing: Preprocessing, tiny_frame: pd.DataFrame) -> Records:
    """The rows as numbers."""
    return Records(tiny_preprocessing.encode(tiny_frame), tiny_preprocessing.targets(tiny_frame))


@pytest.fixture
def print_contract() -> Contract:
    """The shipped trade standard."""
    return load_contract("print-defect@1.0.0")


@pytest.fixture
def print_frame(print_contract: Contract) -> pd.DataFrame:
    """Made-up cylinder runs inside the contract's ranges; viscosity makes bands."""
    rng = np.random.default_rng(3)
    columns = {c.name: rng.uniform(*c.bounds, 120) for c in print_contract.numbers}
    low, high = print_contract.column("viscosity").bounds
    bad = columns["viscosity"] > (low + high) / 2
    return pd.DataFrame(columns | {"band_type": np.where(bad, "band", "noband")}, index=range(2, 122))
