"""Bagging of trees as a strategy in Flower's form: every round the members' trees are added to the forest.

Everybody receives the forest, and so everybody else's trees: they are not merged into one, as weights are. They are
added in the order of their bytes, so that their place does not say whose they are.

Flower's own ``FedXgbBagging`` adds XGBoost's trees up at full weight, so that a federation of twice as many members
takes twice as large a step, and files all of them under the first class. Here a round adds ``step`` times the mean of
the members' trees, each of which explains the residuals of one member.
"""

from collections.abc import Iterable

from flwr.app import ArrayRecord, ConfigRecord, Message, MetricRecord
from flwr.serverapp import Grid
from flwr.serverapp.strategy import FedAvg

from federated.errors import UnknownStrategy
from federated.strategy_records import array_record, read_arrays
from models.trees import LEAVES, with_trees
from models.weights import Weights

MOST_STEP = 10.0


class Bagging(FedAvg):
    """Add each round's trees to the forest.

    Every member's tree counts alike, however many rows it has seen, since its leaves are means. A tree that says
    nothing, as of a member with one class, is left out.

    Args:
        step: What the mean of a round's trees is multiplied by. Members with different classes explain different
            residuals, and the mean of six such trees says a sixth of what each of them says; so it may exceed 1. Above
            0 and at most 10.
        min_train_nodes: See Flower's ``FedAvg``.
        min_evaluate_nodes: See there.
        min_available_nodes: See there.

    Raises:
        UnknownStrategy: The step is none.
    """

    def __init__(
        self, step: float = 1.5, *, min_train_nodes: int = 2, min_evaluate_nodes: int = 2, min_available_nodes: int = 2
    ) -> None:
        if not 0 < step <= MOST_STEP:
            raise UnknownStrategy(f"learning.options: step must be above 0 and at most {MOST_STEP}, got {step}")
        super().__init__(
            min_train_nodes=min_train_nodes,
            min_evaluate_nodes=min_evaluate_nodes,
            min_available_nodes=min_available_nodes,
        )
        self.step = step
        self._forest = Weights({})  # known anew each round, so that it is no state to be saved

    def configure_train(
        self, server_round: int, arrays: ArrayRecord, config: ConfigRecord, grid: Grid
    ) -> Iterable[Message]:
        """Remember the forest that goes out: the trees that come back are added to it."""
        self._forest = Weights(read_arrays(arrays))
        return super().configure_train(server_round, arrays, config, grid)

    def aggregate_train(
        self,
        server_round: int,  # noqa: ARG002  (Flower's signature)
        replies: Iterable[Message],
    ) -> tuple[ArrayRecord | None, MetricRecord | None]:
        """Return the forest with the replies' trees, and the replies' mean metrics."""
        heard = list(replies)
        if not heard:
            return None, None
        trees = [Weights(read_arrays(reply.content.array_records[self.arrayrecord_key])) for reply in heard]
        saying = sorted((tree for tree in trees if tree.arrays[LEAVES].any()), key=Weights.to_bytes)
        forest = with_trees(self._forest, saying, self.step / max(len(saying), 1))
        metrics = self.train_metrics_aggr_fn([reply.content for reply in heard], self.weighted_by_key)
        return array_record(forest.arrays), metrics
