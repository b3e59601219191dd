"""A member's status in words, Korean beside English."""

from federated.member.status import Isolation, Status

_NETWORK = {
    "none": "no network 네트워크 없음",
    "shared": "shares the network 네트워크 공유",
    "unknown": "network: ask as root 네트워크: 관리자만 확인 가능",
}
_NOT_JOINED = "not joined yet 아직 가입 전: pumasi-member init, join"
_NO_DATA = "none yet 아직 없음: pumasi-member data add FILE"


def as_text(status: Status) -> str:
    """Return one line per fact."""
    lines = [
        ("Member 회원", f"{status.member or '-'}  ({status.home})"),
        ("Federation 연합", _NOT_JOINED if status.federation is None else f"{status.federation}  {status.address}"),
        ("Its fingerprint 조합 지문", status.association_fingerprint or "-"),
        ("Until 기한", _until(status)),
        ("Software 소프트웨어", f"Pumasi {status.pumasi}  {status.bundle_sha256}"),
        ("Node 노드", "stopped 멈춤: pumasi-member run" if status.node is None else f"running 실행 중 ({status.node})"),
        ("Worker 작업자", "-" if status.worker is None else _worker(status.worker)),
        ("Dataset 데이터셋", _dataset(status)),
        ("To decide 결정할 일", _pending(status)),
    ]
    return "\n".join(f"{name}: {said}" for name, said in lines)


def _until(status: Status) -> str:
    if status.expires is None or status.days_left is None:
        return "-"
    if status.days_left < 0:
        return f"{status.expires[:10]}  EXPIRED 만료됨: ask the association for a renewed kit 조합에 갱신 요청"
    return f"{status.expires[:10]}  ({status.days_left} days 일)"


def _worker(worker: Isolation) -> str:
    user = (
        f"user {worker.user}, not the node's 노드와 다른 사용자"
        if worker.own_user
        else f"user {worker.user}, the same as the node 노드와 같은 사용자"
    )
    return f"{user}; {_NETWORK[worker.network]}"


def _dataset(status: Status) -> str:
    if status.dataset is None:
        return _NO_DATA
    return f"{status.contract}, {status.rows} rows 행, version 버전 {status.dataset}"


def _pending(status: Status) -> str:
    if status.consents_pending is None:
        return "-"
    if not status.consents_pending:
        return "nothing 없음"
    return f"{status.consents_pending} agreements wait 건이 기다립니다: pumasi-member review"
