"""A message's one record as bytes and back, for processes that hand it on without a Flower connection."""

from flwr.app import ConfigRecord, RecordDict

from federated.errors import BadMessage
from federated.wire import MESSAGE


def record_to_bytes(record: RecordDict) -> bytes:
    """Return the one record of a message as Flower serialises it.

    Raises:
        BadMessage: There is another record, or none.
    """
    if set(record) != {MESSAGE} or not isinstance(record[MESSAGE], ConfigRecord):
        raise BadMessage(f"exactly one config record, named {MESSAGE!r}, and nothing else must be sent")
    return record[MESSAGE].deflate()


def record_from_bytes(data: bytes) -> RecordDict:
    """Read what `record_to_bytes` returned, or what anybody claims it did.

    Raises:
        BadMessage: It is no config record.
    """
    try:
        return RecordDict({MESSAGE: ConfigRecord.inflate(data)})
    except Exception as error:  # bytes of anybody's making
        raise BadMessage("the message's record cannot be read") from error
