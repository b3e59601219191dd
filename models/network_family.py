"""The family of networks: a round trains all weights, and the association merges them by one of Flower's strategies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.configs import NetworkConfig, TrainingConfig
from models.family import Personal, Update
from models.personalisation import local_only, personalise
from models.prediction import initial_weights, predict
from models.preprocessing import Preprocessing
from models.records import Records
from models.training import train
from models.weights import Weights


@dataclass(frozen=True)
class NetworkFamily:
    """Networks of one size, trained in one way; see `models.family.Family`.

    Attributes:
        network: the size.
        training: a round's.
    """

    network: NetworkConfig
    training: TrainingConfig

    def start(self, preprocessing: Preprocessing, *, seed: int) -> Weights:
        """Draw the first weights."""
        return initial_weights(preprocessing, self.network, seed=seed)

    def check(self, weights: Weights, preprocessing: Preprocessing) -> None:
        """Refuse weights that do not fit the network."""
        weights.check(initial_weights(preprocessing, self.network, seed=0).spec)

    def predict(
        self, weights: Weights, x: NDArray[np.float32], *, preprocessing: Preprocessing, temperature: float = 1.0
    ) -> NDArray[np.float64]:
        """Run the network; see `models.prediction.predict`."""
        return predict(weights, x, preprocessing=preprocessing, network=self.network, temperature=temperature)

    def train(self, weights: Weights, records: Records, *, preprocessing: Preprocessing, seed: int) -> Update:
        """Train all weights; see `models.training.train`."""
        result = train(
            weights, records, preprocessing=preprocessing, network=self.network, config=self.training, seed=seed
        )
        return Update(result.weights, result.loss)

    def personalise(
        self, shared: Weights, records: Records, validation: Records, *, preprocessing: Preprocessing, seed: int
    ) -> Personal:
        """Fine-tune; see `models.personalisation.personalise`."""
        return personalise(
            shared,
            records,
            validation,
            preprocessing=preprocessing,
            network=self.network,
            config=self.training,
            seed=seed,
        )

    def train_alone(
        self,
        records: Records,
        validation: Records,
        *,
        preprocessing: Preprocessing,
        rounds: int,
        average_last: int,
        start_seed: int,
        seed: int,
    ) -> Weights:
        """Train as many blocks as there are rounds; see `models.personalisation.local_only`."""
        return local_only(
            self.start(preprocessing, seed=start_seed),
            records,
            validation,
            preprocessing=preprocessing,
            network=self.network,
            config=self.training,
            rounds=rounds,
            average_last=average_last,
            seed=seed,
        ).weights
