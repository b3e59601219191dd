"""NVIDIA FLARE's member side, in the shape its own examples have: evaluate what arrived, train, send back."""

import nvflare.client as flare
import rival_work as work
import torch

flare.init()
member = int(flare.get_site_name().split("-")[1])
while flare.is_running():
    received = flare.receive()
    if received is None:
        break
    state = {name: torch.as_tensor(values) for name, values in received.params.items()}
    validation_loss, _ = work.evaluate(state, member)
    trained, rows, loss = work.train(state, member, received.current_round + 1)
    flare.send(
        flare.FLModel(
            params=trained,
            metrics={"validation_loss": validation_loss, "train_loss": loss},
            meta={"NUM_STEPS_CURRENT_ROUND": rows},
        )
    )
