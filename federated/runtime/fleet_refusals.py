"""Why the association did not do what a node asked: one cause per thing that somebody can do about it."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

import httpx
from flwr.supercore.error import ApiErrorCode
from flwr.supercore.protobuf.client import ProtobufCall, ProtobufRequestContext

from federated.errors import FederatedError

_SHOWN = 160
_CLOCKS_DIFFER = 5.0
"""Seconds between the two clocks beyond which Flower may refuse signatures."""


class Cause(StrEnum):
    """What went wrong between node and association."""

    UNREACHABLE = "unreachable"
    """Nobody answered, or somebody said that the SuperLink does not answer just now."""
    NOT_TRUSTED = "not trusted"
    """Whoever answered has no certificate of the federation's authority for this address."""
    CERTIFICATE_REFUSED = "certificate refused"
    """The association's door does not take this node's certificate: it has expired or was revoked."""
    NOT_REGISTERED = "not registered"
    """The association does not know this node's key, or a session of it has not ended yet."""
    NOT_RECOGNISED = "not recognised"
    """The session is over: the SuperLink was restarted, the membership was revoked, or the clocks differ."""
    CLOCK = "clock"
    """The clocks of node and association differ too much for signatures to be taken."""
    RUN_IS_OVER = "run is over"
    """The run that was asked about has ended."""
    OTHER_FLOWER = "other flower"
    """The association runs a Flower that does not take ours, or no Flower at all."""


_OF_CODE: dict[int, Cause] = {
    ApiErrorCode.FLEET_NODE_ACTIVATION_FAILED: Cause.NOT_REGISTERED,
    ApiErrorCode.FLEET_RUN_STATUS_NOT_ALLOWED: Cause.RUN_IS_OVER,
    ApiErrorCode.FLEET_GET_RUN_FAILED: Cause.RUN_IS_OVER,
    ApiErrorCode.RUNTIME_VERSION_INCOMPATIBLE: Cause.OTHER_FLOWER,
}
_OF_STATUS: dict[int, Cause] = {
    httpx.codes.UNAUTHORIZED: Cause.NOT_RECOGNISED,
    httpx.codes.FORBIDDEN: Cause.NOT_REGISTERED,
    httpx.codes.PRECONDITION_FAILED: Cause.NOT_REGISTERED,
    httpx.codes.NOT_FOUND: Cause.OTHER_FLOWER,
    httpx.codes.METHOD_NOT_ALLOWED: Cause.OTHER_FLOWER,
}


class FleetFailure(FederatedError):
    """The association did not do what was asked.

    Args:
        cause: Why.
        detail: What was heard, for the member's own eyes.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause, self.detail = cause, detail


class SayWhy:
    """Interceptor that turns a refusal into a `FleetFailure` before anybody else acts on it."""

    def intercept(self, context: ProtobufRequestContext, call_next: ProtobufCall) -> httpx.Response:
        """Pass a response on, if it is none of a refusal."""
        response = call_next(context)
        if not response.is_success:
            raise FleetFailure(_cause(response), f"{response.status_code} {_text(response)}")
        return response


def failure_of(error: Exception) -> FleetFailure:
    """Return what an error of the HTTP client means."""
    text = f"{type(error).__name__}: {error}"[:_SHOWN]
    if "CERTIFICATE_VERIFY_FAILED" in str(error) or "certificate verify failed" in str(error):
        return FleetFailure(Cause.NOT_TRUSTED, text)
    if "alert" in str(error).lower() and "certificate" in str(error).lower():
        return FleetFailure(Cause.CERTIFICATE_REFUSED, text)
    return FleetFailure(Cause.UNREACHABLE, text)


def _cause(response: httpx.Response) -> Cause:
    status, code = response.status_code, _flower_code(response)
    if code in _OF_CODE:
        return _OF_CODE[code]
    if status == httpx.codes.BAD_REQUEST and "SSL certificate" in response.text:
        return Cause.CERTIFICATE_REFUSED  # nginx's words, for any certificate it does not take
    if status == httpx.codes.UNAUTHORIZED and _clocks_differ(response):
        return Cause.CLOCK
    return _OF_STATUS.get(status, Cause.UNREACHABLE)


def _flower_code(response: httpx.Response) -> int:
    try:
        said = json.loads(response.text)
    except ValueError:
        return 0
    code = said.get("code") if isinstance(said, dict) else 0
    return code if isinstance(code, int) else 0


def _clocks_differ(response: httpx.Response) -> bool:
    try:
        theirs = parsedate_to_datetime(response.headers["date"])
        return abs((datetime.now(UTC) - theirs).total_seconds()) > _CLOCKS_DIFFER
    except (KeyError, ValueError, TypeError):
        return False


def _text(response: httpx.Response) -> str:
    return " ".join(response.text.split())[:_SHOWN]
