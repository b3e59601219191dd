"""NVIDIA FLARE's FedAvg with a stamp before the first round and after each."""

import rival_work as work
from nvflare.app_common.abstract.fl_model import FLModel
from nvflare.app_common.workflows.fedavg import FedAvg


class StampedFedAvg(FedAvg):
    """FedAvg as it comes; it saves the model at each round's end, and that is when we stamp."""

    def load_model(self) -> FLModel:
        """Load the initial model, which is when the rounds begin."""
        model = super().load_model()
        work.stamp(0)
        return model

    def save_model(self, model: FLModel) -> None:
        """Save the merged model, which ends the round."""
        super().save_model(model)
        metrics = model.metrics or {}
        work.stamp(self.current_round + 1, loss=float(metrics.get("validation_loss", -1)))
        if self.current_round + 1 == self.start_round + self.num_rounds:
            final = work.evaluate_all(work.tensors(model.params), self.num_clients)
            work.stamp("final", loss=float(metrics.get("validation_loss", -1)), final_loss=final)
