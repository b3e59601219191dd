"""The association's side of the stock Flower app: FedAvg over all members, nothing changed but the stamps."""

import os
import time

import rival_work as work
from flwr.app import ArrayRecord, Context, MetricRecord
from flwr.serverapp import Grid, ServerApp
from flwr.serverapp.strategy import FedAvg

app = ServerApp()


@app.main()
def main(grid: Grid, context: Context) -> None:
    """Run the rounds; a round has ended when its evaluation has. The simulation's options are in the environment."""
    asked = {name: context.run_config.get(name) or os.environ[name] for name in ("members", "num-rounds")}
    members = int(asked["members"])
    strategy = FedAvg(min_train_nodes=members, min_evaluate_nodes=members, min_available_nodes=members)
    while len(list(grid.get_node_ids())) < members:
        time.sleep(0.2)

    def stamped(number: int, arrays: ArrayRecord) -> MetricRecord | None:  # called after the members' evaluation
        del arrays
        work.stamp(number)
        return None

    result = strategy.start(
        grid,
        ArrayRecord(work.Network().state_dict()),
        num_rounds=int(asked["num-rounds"]),
        timeout=300,
        evaluate_fn=stamped,
    )
    last = result.evaluate_metrics_clientapp[max(result.evaluate_metrics_clientapp)]
    loss = float(last["validation_loss"])
    work.stamp("final", loss=loss, final_loss=loss)
