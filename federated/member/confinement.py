"""What a process may no longer do: be root, gain rights, reach the network, outlive its parent, take all memory.

Linux only, by its own system calls; what the system does not allow is reported, never assumed.
"""

import ctypes
import os
import pwd
import resource
import signal
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from federated.errors import MemberHomeError
from federated.member.home import CONTRACT, DATA, FEDERATION, LOG, MODELS, PROFILE, RUNS
from federated.own_process import ending_with_parent

_NEW_NETWORK = 0x40000000  # CLONE_NEWNET
_NEW_USER = 0x10000000  # CLONE_NEWUSER
_NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS
_CAPABILITY_VERSION = 0x20080522  # _LINUX_CAPABILITY_VERSION_3

WORKER_FOLDERS = (DATA, RUNS, MODELS)
"""What of a member's folder the worker works in; keys, consent and the egress log are not among it."""
WORKER_FILES = (LOG,)
_READ_BY_WORKER = (
    (".", 0o011),
    (PROFILE, 0o044),
    (FEDERATION, 0o011),
    (CONTRACT, 0o044),
)
"""Nothing in these is secret, and none of it is the worker's to change."""


@dataclass(frozen=True)
class Account:
    """A user of this system.

    Attributes:
        name: The user's name.
        uid: Its number.
        gid: The number of its main group.
    """

    name: str
    uid: int
    gid: int

    @classmethod
    def named(cls, name: str) -> "Account":
        """Look a user up.

        Raises:
            MemberHomeError: There is none of that name, it is root, or this process may not change its user.
        """
        try:
            entry = pwd.getpwnam(name)
        except KeyError as error:
            raise MemberHomeError(
                f"--worker-user: this system has no user {name!r}; make one or leave it out. 그런 사용자가 없습니다."
            ) from error
        if entry.pw_uid == 0:
            raise MemberHomeError(
                "--worker-user: root can read every key; name a user without rights, like nobody. "
                "root 대신 nobody처럼 권한이 없는 사용자를 지정하십시오."
            )
        if os.geteuid() != 0:
            raise MemberHomeError(
                "--worker-user: only root may start processes of another user; run it as root. root로 실행하십시오."
            )
        return cls(name, entry.pw_uid, entry.pw_gid)


def leave_network() -> bool:
    """Move this process into a network of its own that reaches nothing, and tell whether the system allowed it.

    A user without rights needs a user namespace for that, in which it stays itself. Must be called before any thread is
    started.
    """
    if _unshare(_NEW_NETWORK):
        return True
    uid, gid = os.getuid(), os.getgid()
    if not _unshare(_NEW_USER | _NEW_NETWORK):
        return False
    with suppress(OSError):  # unmapped, the user would look like nobody, with the same access to files
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")
    drop_capabilities()  # it was given all of them, over its own empty network
    return True


def become(account: Account) -> None:
    """Be another user, for good.

    Raises:
        OSError: The system does not allow it.
    """
    os.setgroups([])
    os.setresgid(account.gid, account.gid, account.gid)
    os.setresuid(account.uid, account.uid, account.uid)


def drop_capabilities() -> None:
    """Give up every special right for good: root without them cannot go back into the network it left."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _libc().capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def gain_no_rights() -> None:
    """Let no program that this process starts have more rights than it has."""
    _prctl(_NO_NEW_PRIVILEGES, 1)


def die_with_parent() -> None:
    """Be killed when the parent ends. Changing the user undoes it, so it comes afterwards."""
    ending_with_parent(signal.SIGKILL)()


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes of address space beyond what it has, and leave no core file: it holds rows."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + more
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def hand_over(home: Path, account: Account) -> None:
    """Give the worker's user the folders it works in, and let it read the member's settings and contract.

    Links are not followed and files with a second name are left alone: the worker must not get a file by linking it.

    Raises:
        OSError: A folder cannot be made or given.
    """
    for name in WORKER_FOLDERS:
        (home / name).mkdir(mode=0o700, exist_ok=True)
        for _, folders, files, place in os.fwalk(home / name):
            _give(place, ".", account)
            for entry in (*folders, *files):
                _give(place, entry, account)
    for name in WORKER_FILES:
        os.close(os.open(home / name, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    place = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for name in WORKER_FILES:
            _give(place, name, account)
    finally:
        os.close(place)
    for name, mode in _READ_BY_WORKER:
        if (home / name).exists():
            (home / name).chmod((home / name).stat().st_mode | mode)


def _give(place: int, name: str, account: Account) -> None:
    found = os.stat(name, dir_fd=place, follow_symlinks=False)
    if found.st_uid != account.uid and (stat.S_ISDIR(found.st_mode) or found.st_nlink == 1):
        os.chown(name, account.uid, account.gid, dir_fd=place, follow_symlinks=False)


def _unshare(flags: int) -> bool:
    return bool(_libc().unshare(flags) == 0)


def _prctl(option: int, value: int) -> None:
    if _libc().prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
