"""The association's front door: nginx, which lets a member with a certificate ask what a node must ask, and no more.

Behind it listens a SuperLink whose other doors have no lock (`federated.runtime.control`). So the list is of what is
let through, path by path; everything else ends here with 404. The path that is passed on is ours, never the visitor's
spelling of it. A visitor without a certificate of the federation's authority gets no answer but 400.
"""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from federated.errors import FederatedError
from federated.runtime.superlink import LOOPBACK

PUBLISHED = (
    "activate-node",
    "deactivate-node",
    "send-node-heartbeat",
    "pull-messages",
    "push-messages",
    "get-run",
    "pull-object",
    "push-object",
    "confirm-message-received",
)
"""Ends of ``/v1/fleet/...`` that a node needs. Not among them: registering (the association does that) and bundles."""

BODY_MEGABYTES = 512
"""Largest request: one object of a reply, so the largest model that fits is about that size."""

_PLACES = ("/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx")
_OWN = Path("nginx/usr/sbin/nginx")
"""Where `make setup` puts Debian's nginx, inside Python's own environment, if the system has none."""
_CONNECTIONS = 4096
_PER_ADDRESS, _PER_MEMBER = 64, 16
"""Connections that one address, and one member, may have at a time: nobody keeps the others out. A node has about 4."""
_NOBODY = "nobody"


class NginxMissing(FederatedError):
    """There is no nginx on this machine, or none where it was said to be."""


class ProxyNotStarted(FederatedError):
    """nginx refuses its configuration; the text is nginx's."""


@dataclass(frozen=True)
class Door:
    """What the door is made of.

    Attributes:
        listen: ``ADDRESS:PORT`` that members connect to; IPv6 addresses in brackets, ``*`` is every address of this
            machine, of IPv4 and of IPv6.
        superlink_port: TCP port of the SuperLink on 127.0.0.1.
        ca: Certificate of the federation's authority: it vouches for members, and for the SuperLink.
        certificate: The door's own, for the public host name.
        key: Its key.
        folder: Where nginx keeps its configuration and its process id; made if missing.
        log: File with a line for each visit that is worth one.
    """

    listen: str
    superlink_port: int
    ca: Path
    certificate: Path
    key: Path
    folder: Path
    log: Path


def find_nginx(named: Path | None) -> Path:
    """Return nginx's program.

    Args:
        named: Where the user says it is; None looks on the PATH and in the usual places.

    Raises:
        NginxMissing: It is not there.
    """
    if named is not None:
        if os.access(named, os.X_OK) and named.is_file():
            return named
        raise NginxMissing(f"{named} is no program; PUMASI_NGINX must name nginx's")
    for place in (shutil.which("nginx"), *_PLACES, str(Path(sys.prefix) / _OWN)):
        if place is not None and os.access(place, os.X_OK):
            return Path(place)
    raise NginxMissing(
        "nginx is needed for the federation's door and is not installed. As root: apt-get install nginx-light. "
        "Without root: infra/nginx/fetch-debian.sh FOLDER, then export PUMASI_NGINX=FOLDER/usr/sbin/nginx"
    )


def proxy_command(nginx: Path, door: Door) -> list[str]:
    """Write nginx's configuration and return the command that runs it in the foreground.

    Args:
        nginx: nginx's program.
        door: What to write.

    Raises:
        ProxyNotStarted: nginx does not accept it.
    """
    door.folder.mkdir(parents=True, exist_ok=True)
    configuration = door.folder / "nginx.conf"
    configuration.write_text(nginx_configuration(door), encoding="utf-8")
    command = [str(nginx), "-p", str(door.folder), "-c", str(configuration), "-e", "stderr"]
    tried = subprocess.run([*command, "-t", "-q"], capture_output=True, text=True, check=False)  # noqa: S603  (no shell)
    if tried.returncode:
        raise ProxyNotStarted(f"nginx refuses {configuration}: {tried.stderr.strip()}")
    return command


def nginx_configuration(door: Door) -> str:
    """Return nginx's configuration."""
    locations = "\n".join(_location(end) for end in PUBLISHED)
    return f"""\
# Written by `pumasi federation` at each start; changes are lost.
{_user()}daemon off;
worker_processes 1;
pid {_quoted(door.folder / "nginx.pid")};
error_log stderr warn;
events {{ worker_connections {_CONNECTIONS}; }}
http {{
    server_tokens off;
    default_type text/plain;
    {_temporary(door.folder)}
    # Who was refused, who came and went, what was sent; not each look into an empty mailbox. Never a body.
    map "$status $uri" $worth_a_line {{
        default 1;
        "~^200 /v1/fleet/(pull-messages|pull-object|push-object|send-node-heartbeat|confirm-message-received)$" 0;
    }}
    log_format visits '$time_iso8601 $remote_addr "$ssl_client_s_dn" $status $request_method "$uri" '
                      'in $request_length out $bytes_sent in $request_time s';
    access_log {_quoted(door.log)} visits if=$worth_a_line;

    limit_conn_zone $binary_remote_addr zone=addresses:5m;
    limit_conn_zone $ssl_client_s_dn zone=members:5m;
    upstream superlink {{
        server {LOOPBACK}:{door.superlink_port} max_fails=0;
        keepalive 32;
        keepalive_timeout 3s;  # the SuperLink closes after 5 s: it must not happen under our hands
    }}
    server {{
{_listens(door.listen)}
        ssl_certificate {_quoted(door.certificate)};
        ssl_certificate_key {_quoted(door.key)};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_client_certificate {_quoted(door.ca)};
        ssl_verify_client on;
        ssl_verify_depth 1;
        ssl_session_tickets off;
        ssl_session_cache off;  # a membership that has expired must not live on in a resumed session
        client_max_body_size 1m;  # the SuperLink reads a body before it asks who sent it
        limit_conn addresses {_PER_ADDRESS};
        limit_conn members {_PER_MEMBER};
        limit_conn_status 429;
        client_header_timeout 10s;
        client_body_timeout 60s;
        send_timeout 60s;
        keepalive_timeout 65s;
        keepalive_time 10m;  # certificates are looked at when a connection begins
        keepalive_requests 100000;

        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Host "superlink";
        proxy_request_buffering off;  # no update of a member is written to this disk on its way
        proxy_max_temp_file_size 0;
        proxy_buffers 16 64k;
        proxy_buffer_size 64k;
        proxy_busy_buffers_size 128k;
        proxy_connect_timeout 5s;
        proxy_read_timeout 120s;
        proxy_ssl_verify on;
        proxy_ssl_verify_depth 1;
        proxy_ssl_trusted_certificate {_quoted(door.ca)};
        proxy_ssl_name localhost;  # nginx compares names, not addresses; the SuperLink's certificate has both
        proxy_ssl_session_reuse on;

        location / {{ return 404; }}
{locations}
    }}
}}
"""


def _listens(listen: str) -> str:
    """Return where to listen; nginx's ``*`` alone would leave out IPv6."""
    every, _, port = listen.partition("*:")
    places = [listen] if every or not port else [listen, *([f"[::]:{port}"] if _speaks_ipv6() else [])]
    return "\n".join(f"        listen {place} ssl;" for place in places)


def _speaks_ipv6() -> bool:
    """Say whether this machine has IPv6: nginx would not start where it has not."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::", 0))
    except OSError:
        return False
    return True


def _location(end: str) -> str:
    path = f"/v1/fleet/{end}"
    size = f"client_max_body_size {BODY_MEGABYTES}m; " if end == "push-object" else ""
    rules = f"{size}limit_except POST {{ deny all; }} proxy_pass https://superlink{path};"
    return f"        location = {path} {{ {rules} }}"


def _temporary(folder: Path) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return "\n    ".join(f"{kind}_temp_path {_quoted(folder / kind)};" for kind in kinds)


def _user() -> str:
    """Let nginx serve as nobody when the association started it as root; else it serves as whoever started it."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam(_NOBODY)
    return f"user {_NOBODY} {grp.getgrgid(nobody.pw_gid).gr_name};\n"


def _quoted(path: Path) -> str:
    r"""Return a path as nginx's configuration wants it, whatever characters it holds.

    Raises:
        ProxyNotStarted: It holds a ``$``, which nginx offers no way to write.
    """
    text = str(path)
    if "$" in text or "\n" in text:
        raise ProxyNotStarted(f"nginx cannot be given the path {text!r}: move PUMASI_HOME to one without $")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
