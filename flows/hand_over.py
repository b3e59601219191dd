"""The last step of a training that passed the gates: promote the version, then let the members take it home."""

from collections.abc import Callable
from dataclasses import replace

from federated.job import Delivered
from flows.standing import Standing
from flows.training_report import TrainingReport
from models.registry import Registry


def hand_over(
    report: TrainingReport, registry: Registry, account: Standing, deliver: Callable[[TrainingReport], Delivered]
) -> TrainingReport:
    """Promote the version and let the members take it home; a delivery that fails takes no promotion back.

    Args:
        report: The training so far, whose verdict is a promotion.
        registry: Where the version is registered.
        account: Told of each step as soon as it is done.
        deliver: Hands the promoted version to the members.

    Returns:
        The report with the promoted version, and with who took it home or a warning that says why nobody was asked.

    Raises:
        TrackingUnavailableError: The version could not be promoted; nothing was delivered.
    """
    version = registry.promote(report.version.name, report.version.version)
    account.version, account.promoted = version, True
    report = replace(report, version=version)
    try:
        delivered = deliver(report)
    except Exception as error:  # noqa: BLE001  (whatever it is: the version is promoted, and that must be said)
        return replace(report, warnings=(*report.warnings, _not_delivered(error)))
    account.delivered = len(delivered.members)
    return replace(report, delivered=delivered)


def _not_delivered(error: Exception) -> str:
    reason = str(error).rstrip(".") or type(error).__name__
    return (
        f"promoted, but not delivered: {reason}. Members that have not taken it home keep what they had until a later "
        "training promotes and delivers."
    )
