"""The member's side of the stock Flower app: train and evaluate, as Flower's own examples do it."""

import rival_work as work
from flwr.app import ArrayRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp

app = ClientApp()


def member_of(context: Context) -> int:
    """Return the member's number: a SuperNode is told, the simulation counts partitions from 0."""
    told = context.node_config.get("member")
    return int(context.node_config["partition-id"]) + 1 if told is None else int(told)


@app.train()
def train(message: Message, context: Context) -> Message:
    """Train for one local epoch."""
    member, number = member_of(context), int(message.content["config"]["server-round"])
    state, rows, loss = work.train(message.content["arrays"].to_torch_state_dict(), member, number)
    metrics = MetricRecord({"train_loss": loss, "num-examples": rows})
    return Message(RecordDict({"arrays": ArrayRecord(state), "metrics": metrics}), reply_to=message)


@app.evaluate()
def evaluate(message: Message, context: Context) -> Message:
    """Evaluate the merged model on the validation rows."""
    loss, rows = work.evaluate(message.content["arrays"].to_torch_state_dict(), member_of(context))
    metrics = MetricRecord({"validation_loss": loss, "num-examples": rows})
    return Message(RecordDict({"metrics": metrics}), reply_to=message)
