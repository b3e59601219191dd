"""A real S3 server for tests: SeaweedFS on loopback, with credentials on and its side doors closed."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import botocore.session
from botocore.exceptions import BotoCoreError, ClientError

BUCKET = "factory"

_START_SECONDS = 60  # 2 s alone on two cores, far more beside other tests
_STOP_SECONDS = 5
_INTERNAL = 10_000  # every port has a twin that much higher


@dataclass(frozen=True)
class ObjectStore:
    """A running server with one bucket, `BUCKET`.

    Attributes:
        endpoint: Its address.
        key: Access key of its owner.
        secret: The secret that goes with it.
    """

    endpoint: str
    key: str
    secret: str

    @property
    def environment(self) -> dict[str, str]:
        """The AWS variables that let somebody in."""
        return {"AWS_ACCESS_KEY_ID": self.key, "AWS_SECRET_ACCESS_KEY": self.secret, "AWS_DEFAULT_REGION": "us-east-1"}

    def names(self, prefix: str = "") -> list[str]:
        """List the objects in the bucket."""
        found = self._client().list_objects_v2(Bucket=BUCKET, Prefix=prefix).get("Contents", [])
        return sorted(entry["Key"] for entry in found)

    def put(self, name: str, data: bytes) -> None:
        """Replace an object."""
        self._client().put_object(Bucket=BUCKET, Key=name, Body=data)

    def is_up(self) -> bool:
        """Say whether it answers, and has the bucket."""
        try:
            self._client().head_bucket(Bucket=BUCKET)
        except (BotoCoreError, ClientError):
            return False
        return True

    def _client(self) -> "botocore.client.BaseClient":
        return botocore.session.Session().create_client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
        )


@contextmanager
def object_store(folder: Path) -> Iterator[ObjectStore]:
    """Start a server that keeps its objects in a folder, and end it."""
    s3, *others = _free_ports(5)
    store = ObjectStore(f"http://127.0.0.1:{s3}", secrets.token_hex(8), secrets.token_hex(16))
    filer, master, volume, admin = others
    command = [
        *(str(Path(sys.executable).with_name("weed")), "mini", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-s3.port={s3}", f"-filer.port={filer}", f"-master.port={master}", f"-volume.port={volume}"),
        *(f"-admin.port={admin}", "-master.telemetry=false", "-admin.ui=false", "-webdav=false"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.autoCreateBucket=false", f"-bucket={BUCKET}"),
    ]
    doors = ("SIGNING", "SIGNING_READ", "FILER_SIGNING", "FILER_SIGNING_READ")
    closed = {f"WEED_JWT_{door}_KEY": secrets.token_hex(16) for door in doors}  # else anybody reads past S3
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **closed, **store.environment}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            _wait_for(store, server, folder / "server.log")
            yield store
        finally:
            server.terminate()
            try:
                server.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(store: ObjectStore, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while not store.is_up():
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the object store did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.2)


def _free_ports(count: int) -> list[int]:
    """Find ports whose higher twins are free as well; they are held until all are found."""
    held: list[socket.socket] = []
    found: list[int] = []
    try:
        while len(found) < count:
            low, high = socket.socket(), socket.socket()
            held += [low, high]
            low.bind(("127.0.0.1", 0))
            port = low.getsockname()[1]
            try:
                high.bind(("127.0.0.1", port + _INTERNAL))
            except (OSError, OverflowError):
                continue
            found.append(port)
    finally:
        for one in held:
            one.close()
    return found
