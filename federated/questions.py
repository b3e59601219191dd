"""What the association can ask a member, under the names that travel as Flower's message types."""

from enum import StrEnum


class Question(StrEnum):
    """One per phase of a run, in order."""

    ROLL_CALL = "query.roll_call"
    CHECK_CONTRACT = "query.check_contract"
    STATISTICS = "query.statistics"
    TRAIN = "train"
    CALIBRATE = "query.calibrate"
    EVALUATE = "evaluate"
    TAKE_HOME = "query.take_home"
