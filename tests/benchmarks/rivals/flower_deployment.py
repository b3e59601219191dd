"""Stock Flower: its own SuperLink and one SuperNode per member, over TLS, with authenticated nodes, nothing tuned.

Run by ``federation.py`` in Pumasi's own environment, which has the same Flower. Uses Flower's public commands only.
"""

import argparse
import datetime as dt
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from ssl import create_default_context
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from rival_work import stamp

APP = Path(__file__).with_name("flower_app")
BIN = Path(sys.executable).parent
QUIET = {"FLWR_TELEMETRY_ENABLED": "0", "FLWR_DISABLE_UPDATE_CHECK": "1"}
PATIENCE = 600.0


class Federation:
    """A SuperLink and its SuperNodes.

    Args:
        folder: keys, logs and Flower's home.
    """

    def __init__(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder, self.port = folder, free_port()
        self.environment = {**os.environ, **QUIET, "FLWR_HOME": str(folder / "home")}
        self.environment["PATH"] = f"{BIN}:{os.environ['PATH']}"
        self.environment["PYTHONPATH"] = str(Path(__file__).parent)
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, members: int) -> None:
        """Start everything and wait until all members are online."""
        make_certificates(self.folder)
        (self.folder / "home").mkdir()
        (self.folder / "home" / "config.toml").write_text(
            f'[superlink]\ndefault = "bench"\n[superlink.bench]\naddress = "127.0.0.1:{self.port}"\n'
            f'root-certificates = "{self.folder / "ca.crt"}"\n',
            encoding="utf-8",
        )
        certificates = ["--ssl-ca-certfile", "ca.crt", "--ssl-certfile", "server.crt", "--ssl-keyfile", "server.key"]
        options = ["--enable-supernode-auth", "--disable-runtime-dependency-installation", "--host", "127.0.0.1"]
        self._spawn("superlink", "flower-superlink", *certificates, *options, "--port", str(self.port))
        self._wait_healthy()
        for member in range(1, members + 1):
            make_node_key(self.folder / f"node-{member}")
            self._flwr("supernode", "register", str(self.folder / f"node-{member}.pub"), "bench")
            self._spawn(
                f"supernode-{member}",
                "flower-supernode",
                *["--superlink", f"127.0.0.1:{self.port}", "--root-certificates", "ca.crt"],
                *["--auth-supernode-private-key", f"node-{member}", "--port", str(free_port())],
                *["--node-config", f"member={member}"],
            )
        while sum(node.get("status") == "online" for node in self._nodes()) < members:
            time.sleep(1)

    def run(self, rounds: int, members: int) -> None:
        """Submit the app and wait for its end."""
        stamp("submitted")
        config = f"num-rounds={rounds} members={members}"
        answer = self._flwr("run", str(APP), "bench", "-c", config, "--format", "json")
        sys.stderr.write(f"{answer}\n")
        deadline = time.time() + PATIENCE
        while not finished():
            if time.time() > deadline:
                raise TimeoutError(f"no end after {PATIENCE} s; see {self.folder}/*.log")
            time.sleep(1)

    def stop(self) -> None:
        """End what was started, by its id."""
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _spawn(self, name: str, command: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running.append(
                subprocess.Popen(
                    [str(BIN / command), *arguments],
                    cwd=self.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
            )

    def _flwr(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(BIN / "flwr"), *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"flwr {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def _nodes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._flwr("supernode", "ls", "bench", "--format", "json"))["nodes"]
        return found

    def _wait_healthy(self) -> None:
        trust = create_default_context(cafile=str(self.folder / "ca.crt"))
        deadline = time.time() + 60
        while True:
            try:
                urllib.request.urlopen(f"https://127.0.0.1:{self.port}/health", timeout=1, context=trust)
            except OSError:
                if time.time() > deadline:
                    raise
                time.sleep(0.1)
            else:
                return


def finished() -> bool:
    """Tell whether the app has stamped its end."""
    path = Path(os.environ["BENCHMARK_STAMPS"])
    return path.exists() and '"final"' in path.read_text(encoding="utf-8")


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_node_key(path: Path) -> None:
    """Write a P-256 key for a node, and its public half beside it."""
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption())
    )
    path.chmod(0o600)
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    path.with_name(f"{path.name}.pub").write_bytes(public + b"\n")


def make_certificates(folder: Path) -> None:
    """Write an authority's certificate, and one for the SuperLink with its key."""
    authority, server = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "benchmark authority")])
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    root = _certificate(issuer, authority.public_key(), issuer).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    leaf = _certificate(subject, server.public_key(), issuer).add_extension(
        x509.SubjectAlternativeName(names), critical=False
    )
    pem = serialization.Encoding.PEM
    (folder / "ca.crt").write_bytes(root.sign(authority, hashes.SHA256()).public_bytes(pem))
    (folder / "server.crt").write_bytes(leaf.sign(authority, hashes.SHA256()).public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "server.key").write_bytes(server.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))


def _certificate(subject: x509.Name, key: ec.EllipticCurvePublicKey, issuer: x509.Name) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=2))
    )


def main() -> None:
    """Bring the federation up, run the app once, end everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--members", type=int, required=True)
    asked = parser.parse_args()
    federation = Federation(asked.folder.resolve())
    try:
        federation.start(asked.members)
        stamp("up")
        federation.run(asked.rounds, asked.members)
    finally:
        federation.stop()


if __name__ == "__main__":
    main()
