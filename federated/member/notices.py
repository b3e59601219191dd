"""What a node tells its operator: one plain line each, Korean and English; for programs the same as JSON."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

from data_contracts.particles import with_particles
from federated.plain import plain_text
from federated.runtime.fleet_refusals import Cause, FleetFailure


class Notice(StrEnum):
    """What happened."""

    WORKER = "worker"
    CONNECTED = "connected"
    ANSWERED = "answered"
    REFUSED = "refused"
    NOT_SENT = "not-sent"
    RUN_OVER = "run-over"
    LEFT = "left"
    UNREACHABLE = "unreachable"
    NOT_TRUSTED = "not-trusted"
    CERTIFICATE_REFUSED = "certificate-refused"
    NOT_REGISTERED = "not-registered"
    NOT_RECOGNISED = "not-recognised"
    CLOCK = "clock"
    OTHER_FLOWER = "other-flower"


Say: TypeAlias = Callable[[Notice, Mapping[str, str]], None]
"""Takes what happened and its facts."""


@dataclass(frozen=True)
class _Line:
    english: str
    korean: str


_LINES = {
    Notice.WORKER: _Line(
        "worker: user={user}, network={network}, key={key}",
        "작업 프로세스: 사용자={user}, 네트워크={network}, 노드 키={key}",
    ),
    Notice.CONNECTED: _Line(
        "connected to {address} as node {node}; waiting for requests",
        "{address} 에 노드 {node} 로 연결되었습니다. 요청을 기다립니다",
    ),
    Notice.ANSWERED: _Line("answered {question} in {seconds} s", "{question} 에 {seconds} 초 만에 답했습니다"),
    Notice.REFUSED: _Line(
        "refused {question} (code {code}); member.log has the details, pumasi-member review what is waiting",
        "{question}을(를) 거절했습니다(코드 {code}). 자세한 내용은 member.log, 결정할 일은 pumasi-member review",
    ),
    Notice.NOT_SENT: _Line(
        "nothing was sent for {question}, because it could not be written down: {reason}",
        "{question} 의 답을 기록할 수 없어 아무것도 보내지 않았습니다: {reason}",
    ),
    Notice.RUN_OVER: _Line("run {run} is over", "실행 {run}이(가) 끝났습니다"),
    Notice.LEFT: _Line("signed off and stopped", "연결을 끊고 종료했습니다"),
    Notice.UNREACHABLE: _Line(
        "{address} does not answer; trying again for as long as it takes. If it stays so: pumasi-member doctor",
        "{address}이(가) 응답하지 않습니다. 계속 다시 시도합니다. 오래 계속되면: pumasi-member doctor",
    ),
    Notice.NOT_TRUSTED: _Line(
        "whoever answers at {address} is not the federation: its certificate is not of the authority in your kit. "
        "Nothing was sent. Check the address, and whether a proxy opens TLS: pumasi-member doctor",
        "{address} 의 인증서가 연합의 것이 아닙니다. 아무것도 보내지 않았습니다. "
        "주소와 TLS를 여는 프록시를 확인하세요: pumasi-member doctor",
    ),
    Notice.CERTIFICATE_REFUSED: _Line(
        "the association does not take this member's certificate: it has expired or was revoked. "
        "Ask the association for a new kit, then: pumasi-member join KIT",
        "연합이 이 회원의 인증서를 받지 않습니다(만료 또는 취소). 새 키트를 받은 뒤: pumasi-member join KIT",
    ),
    Notice.NOT_REGISTERED: _Line(
        "the association does not know this member's key: it was revoked, not admitted yet, or the association is "
        "starting up. Trying again; if it stays so, ask the association",
        "연합이 이 회원의 키를 모릅니다(취소됨, 아직 미승인, 또는 연합이 시작하는 중). 다시 시도합니다. "
        "계속되면 연합에 문의하세요",
    ),
    Notice.NOT_RECOGNISED: _Line(
        "the association no longer knows this session: it was restarted, or the membership was revoked. "
        "Signing on again",
        "연합이 이 연결을 더는 알지 못합니다(재시작 또는 회원 취소). 다시 연결합니다",
    ),
    Notice.CLOCK: _Line(
        "this machine's clock and the association's differ by more than 5 s, so signatures are refused. "
        "Set the clock (NTP): pumasi-member doctor",
        "이 컴퓨터와 연합의 시계가 5초 넘게 달라 서명이 거절됩니다. 시계를 맞추세요(NTP): pumasi-member doctor",
    ),
    Notice.OTHER_FLOWER: _Line(
        "what answers at {address} is no Flower of our version: check the address, "
        "or upgrade Pumasi as the association says",
        "{address} 에서 다른 버전이 응답합니다. 주소를 확인하거나 연합의 안내대로 Pumasi를 업그레이드하세요",
    ),
}

_OF_CAUSE = {
    Cause.UNREACHABLE: Notice.UNREACHABLE,
    Cause.NOT_TRUSTED: Notice.NOT_TRUSTED,
    Cause.CERTIFICATE_REFUSED: Notice.CERTIFICATE_REFUSED,
    Cause.NOT_REGISTERED: Notice.NOT_REGISTERED,
    Cause.NOT_RECOGNISED: Notice.NOT_RECOGNISED,
    Cause.CLOCK: Notice.CLOCK,
    Cause.OTHER_FLOWER: Notice.OTHER_FLOWER,
    Cause.RUN_IS_OVER: Notice.NOT_RECOGNISED,
}


def connection_notice(failure: FleetFailure, address: str) -> tuple[Notice, Mapping[str, str]]:
    """Return what to say about a connection that failed."""
    return _OF_CAUSE[failure.cause], {"address": address, "heard": failure.detail}


def plain_line(notice: Notice, facts: Mapping[str, str]) -> str:
    """Return the line for people, English and Korean."""
    line, shown = _LINES[notice], {name: plain_text(value) for name, value in facts.items()}
    return f"{_now()} {line.english.format(**shown)} | {with_particles(line.korean.format(**shown))}"


def json_line(notice: Notice, facts: Mapping[str, str]) -> str:
    """Return the line for programs."""
    return json.dumps({"event": str(notice), "time": _now(), **facts}, ensure_ascii=False)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
