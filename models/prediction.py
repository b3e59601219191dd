"""Weights in use: the probabilities they give, and the weights a run starts from. No training framework is needed."""

import numpy as np
import torch
from numpy.typing import NDArray

from models.configs import NetworkConfig
from models.family import check_prediction
from models.network import build_network
from models.preprocessing import Preprocessing
from models.torch_runtime import one_thread
from models.weights import Weights

_PREDICT_ROWS = 8192  # rows per forward pass: bounds memory, changes no result


def predict(
    weights: Weights,
    x: NDArray[np.float32],
    *,
    preprocessing: Preprocessing,
    network: NetworkConfig,
    temperature: float = 1.0,
) -> NDArray[np.float64]:
    """Predict probabilities `(rows, classes)` for inputs `(rows, width)`; each row sums to 1.

    They are ``softmax((logits - log w) / temperature)``: free of the class weights of training, then made more (above
    1) or less (below 1) cautious by the temperature (Guo et al. 2017, "On Calibration of Modern Neural Networks").

    Raises:
        RecordsError: the inputs have another width than the model.
        SettingError: the temperature is not above 0.
        WeightsMismatchError: the weights do not fit the network.
    """
    check_prediction(x, preprocessing, temperature)
    built = build_network(preprocessing, network, seed=None)
    weights.load_into(built)
    built.eval()
    with torch.inference_mode(), one_thread():
        starts = range(0, max(len(x), 1), _PREDICT_ROWS)
        parts = (torch.from_numpy(x[start : start + _PREDICT_ROWS].copy()) for start in starts)
        logits = torch.cat([built.unbiased_logits(part) for part in parts])
        probabilities: NDArray[np.float64] = torch.softmax(logits.double() / temperature, dim=1).numpy()
    return probabilities


def initial_weights(preprocessing: Preprocessing, network: NetworkConfig, *, seed: int) -> Weights:
    """Draw the weights that a run starts from.

    Args:
        preprocessing: of the run.
        network: size of the network.
        seed: equal seed, equal weights.
    """
    return Weights.of_module(build_network(preprocessing, network, seed=seed))
