"""A first time for everything on made-up numbers, so that a worker's first answers do not import half of their tools.

torch, pandas and pandera import a part of themselves when they are first used. Done once in the zygote, every worker
has it.
"""

from io import BytesIO

import numpy as np
import pandas as pd

from data_contracts.contract import load_contract
from data_contracts.enforce import enforce
from models.configs import NetworkConfig, TrainingConfig
from models.encodings import NumberEncoding
from models.prediction import initial_weights
from models.preprocessing import Preprocessing
from models.records import Records
from models.training import train

_ROWS = 4
_CONTRACT = "print-defect"  # any that is shipped


def warm_up() -> None:
    """Check a table of one empty row, and train a network of one input for one step; nothing of it is kept."""
    contract, buffer = load_contract(_CONTRACT), BytesIO()
    pd.DataFrame({column.name: [None] for column in contract.columns}, dtype="object").to_parquet(buffer)
    enforce(pd.read_parquet(buffer), contract)
    preprocessing = Preprocessing(
        contract="warm-up@1.0.0",
        contract_sha256="0" * 64,
        target="y",
        classes=("no", "yes"),
        defects=("yes",),
        numbers=(NumberEncoding("x", (0.0, 1.0), 0.5, missing=False),),
        categories=(),
        class_weights=(1.0, 1.0),
        centres=(0.5,),
        scales=(1.0,),
    )
    rows = Records(np.zeros((_ROWS, 1), dtype=np.float32), np.arange(_ROWS, dtype=np.int64) % 2)
    network = NetworkConfig(width=1)
    start = initial_weights(preprocessing, network, seed=0)
    train(start, rows, preprocessing=preprocessing, network=network, config=TrainingConfig(epochs=1), seed=0)
