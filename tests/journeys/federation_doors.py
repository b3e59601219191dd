"""What the journey through the federation's doors stands on: nginx, members' certificates, raw requests."""

import os
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from flwr.supercore.interceptors import RuntimeVersionHttpInterceptor
from flwr.supernode.fleet_http_client import FleetHttpClient
from flwr.supernode.node_auth_http_interceptor import NodeAuthHttpInterceptor

from data_contracts.contract import load_contract
from federated.keys import load_private_p256, private_pem
from federated.kit import JoinRequest, read_kit
from federated.runtime.proxy import NginxMissing, find_nginx
from flows.members import MemberList
from flows.settings import NGINX

FETCH = Path(__file__).parents[2] / "infra" / "nginx" / "fetch-debian.sh"


def nginx_for_tests(folder: Path) -> Path:
    """This machine's nginx, or the one that the shipped script fetches without root."""
    try:
        return find_nginx(Path(os.environ[NGINX]) if NGINX in os.environ else None)
    except NginxMissing:
        done = subprocess.run([str(FETCH), str(folder)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return Path(done.stdout.strip())


@dataclass(frozen=True)
class Insider:
    """A member's own files, as `pumasi-member` would lay them down, and a client that uses them as it pleases."""

    name: str
    folder: Path
    address: str

    @classmethod
    def admit(cls, federation: Path, name: str, folder: Path, address: str) -> "Insider":
        """Make a key, ask for admission, be admitted, and keep the certificate."""
        folder.mkdir()
        key = ec.generate_private_key(ec.SECP256R1())
        (folder / "node.key").write_bytes(private_pem(key))
        request = JoinRequest.make(name, key, pumasi="0", bundle_sha256="")
        contract = load_contract("print-defect")
        admission = MemberList(federation).admit(JoinRequest.read(request.text()), contract=contract)
        kit = read_kit(admission.kit.read_text(encoding="utf-8"))
        (folder / "node.crt").write_text(kit.certificate)
        (folder / "ca.crt").write_text(kit.ca)
        return cls(name, folder, address)

    def tls(self) -> ssl.SSLContext:
        """TLS with the member's certificate."""
        return tls(self.folder / "ca.crt", self.folder / "node.crt", self.folder / "node.key")

    def fleet(self) -> FleetHttpClient:
        """Flower's own client for nodes, with the certificate."""
        key = load_private_p256(self.folder / "node.key")
        client = FleetHttpClient(
            f"https://{self.address}",
            interceptors=[
                RuntimeVersionHttpInterceptor(component_name="SuperNode"),
                NodeAuthHttpInterceptor(key, key.public_key()),
            ],
            verify=self.tls(),
        )
        client._client = httpx.Client(verify=self.tls(), trust_env=False, timeout=30)
        return client


def tls(ca: Path, certificate: Path | None = None, key: Path | None = None) -> ssl.SSLContext:
    """TLS that trusts one authority, with or without a certificate of one's own."""
    context = ssl.create_default_context(cafile=str(ca))
    if certificate is not None:
        context.load_cert_chain(certificate, key)
    return context


def raw_status(address: str, context: ssl.SSLContext, line: str, *, length: int = 0) -> int:
    """The status of one request, sent as written: no library straightens the path. 0 when there was no answer.

    Args:
        address: Where to.
        context: TLS.
        line: Method and path.
        length: Of the body that is announced and not sent.
    """
    kind = "application/x-protobuf"
    headers = f"Host: x\r\nContent-Type: {kind}\r\nAccept: {kind}\r\nContent-Length: {length}"
    host, _, port = address.rpartition(":")
    try:
        with (
            socket.create_connection((host, int(port)), timeout=10) as plain,
            context.wrap_socket(plain, server_hostname=host) as encrypted,
        ):
            encrypted.sendall(f"{line} HTTP/1.1\r\n{headers}\r\n\r\n".encode())
            return int(encrypted.recv(4096).split(b" ", 2)[1])
    except (OSError, IndexError):  # hung up without a word
        return 0
