"""Where a member's backup may lie: a folder (also one of a NAS), or a bucket of its own."""

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from data_contracts.errors import PlaceUnusable

__all__ = ["BackupPlace", "dvc_settings", "endpoint_of"]

_S3 = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?P<prefix>(/[A-Za-z0-9][A-Za-z0-9_.-]*)*)/?")
_AMAZON = ".amazonaws.com"


@dataclass(frozen=True)
class BackupPlace:
    """A place for a backup. It holds no secret: the credentials of a bucket are those of the AWS tools.

    Attributes:
        url: an absolute path of a folder, or ``s3://bucket/prefix``.
        endpoint: address of the S3 service such as ``https://nas.example:9000``; None for what the AWS variables or the
            profile say, else Amazon's.
        profile: the profile of the AWS tools whose credentials are used; None for their variables or default profile.
    """

    url: str
    endpoint: str | None = None
    profile: str | None = None

    @classmethod
    def parse(cls, text: str, *, endpoint: str | None = None, profile: str | None = None) -> "BackupPlace":
        """Read what a person typed; a path is made absolute.

        Raises:
            PlaceUnusable: if it is neither a folder's path nor a bucket's address, or holds credentials.
        """
        if "://" not in text:
            if endpoint or profile:
                raise PlaceUnusable("--endpoint and --profile belong to a bucket like s3://bucket/prefix, not a folder")
            return cls(str(Path(text).expanduser().absolute()))
        match = _S3.fullmatch(text)
        if match is None:
            raise PlaceUnusable(
                "a backup goes to a folder (also one of a NAS, by its path) or to s3://bucket/prefix. Credentials do "
                "not belong into the address: use the AWS variables (AWS_ACCESS_KEY_ID ...) or --profile."
            )
        if endpoint is not None:
            _check_endpoint(endpoint)
        return cls(f"s3://{match['bucket']}{match['prefix']}", endpoint, profile)

    @property
    def folder(self) -> Path | None:
        """The folder, or None for a bucket."""
        return None if "://" in self.url else Path(self.url)

    @property
    def text(self) -> str:
        """The place as people are shown it."""
        return f"{self.url} ({self.endpoint})" if self.endpoint else self.url


def endpoint_of(place: BackupPlace) -> str | None:
    """Return the address that a bucket's bytes would go to, as the AWS tools work it out; None for a folder.

    Nothing is asked over the network.

    Raises:
        PlaceUnusable: if the S3 parts of Pumasi are not installed, or the profile does not exist.
    """
    if place.folder is not None:
        return None
    if find_spec("dvc_s3") is None:
        raise PlaceUnusable("a bucket needs the S3 parts of Pumasi; install them with: pip install 'pumasi[s3]'")
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415  # 0.5 s
    from botocore.session import Session  # noqa: PLC0415

    try:
        client = Session(profile=place.profile).create_client("s3", endpoint_url=place.endpoint)
    except (BotoCoreError, ValueError) as error:
        raise PlaceUnusable(f"{place.url}: {error}. Check --endpoint, --profile and the AWS variables.") from None
    return str(client.meta.endpoint_url)


def dvc_settings(place: BackupPlace) -> dict[str, str]:
    """Return DVC's settings of the place as a remote.

    Raises:
        PlaceUnusable: as `endpoint_of`.
    """
    endpoint = endpoint_of(place)
    settings = {"url": place.url}
    if endpoint is not None and not (urlsplit(endpoint).hostname or "").endswith(_AMAZON):
        settings["endpointurl"] = endpoint  # Amazon's own differs by region, which its tools find out
    if place.profile is not None:
        settings["profile"] = place.profile
    return settings


def _check_endpoint(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise PlaceUnusable("--endpoint is an address like https://nas.example:9000, without name or password in it")
