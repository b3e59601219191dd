"""Tells OpenFL how many rows a member has; the work reads them itself."""

import rival_work as work
from openfl.federated import PyTorchDataLoader


class MemberRows(PyTorchDataLoader):
    """One member's rows; `data_path` is the member's number, or nothing where only the network is made."""

    def __init__(self, data_path: str | None = None, batch_size: int = work.BATCH, **kwargs: object) -> None:
        super().__init__(batch_size, **kwargs)
        self.member = int(data_path) if data_path else 0

    def get_feature_shape(self) -> list[int]:
        """Return the shape of one row."""
        return [work.FEATURES]

    def get_num_classes(self) -> int:
        """Return the number of classes."""
        return work.CLASSES

    def get_train_loader(self, batch_size: int | None = None, num_batches: int | None = None) -> None:
        """Return nothing: the work draws its own batches."""

    def get_valid_loader(self, batch_size: int | None = None) -> None:
        """Return nothing: the work reads its own rows."""

    def get_train_data_size(self) -> int:
        """Return the rows that weigh a member's update."""
        return len(work.rows(self.member, "train")[1])

    def get_valid_data_size(self) -> int:
        """Return the rows that weigh a member's validation."""
        return len(work.rows(self.member, "validation")[1])
