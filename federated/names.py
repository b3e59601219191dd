"""What may be the name of a run, a member or a model: it becomes part of a path and of a page, on both sides."""

import re

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


def check_name(what: str, name: str) -> None:
    """Refuse a name that could leave its folder or be read as something else.

    Args:
        what: What the name is of, for the message.
        name: The name.

    Raises:
        ValueError: It is not 1 to 64 ASCII letters, digits and hyphens, beginning with a letter or digit.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{what} consists of 1 to 64 letters, digits and hyphens, like factory-1")


def check_digest(what: str, digest: str) -> None:
    """Refuse what is not a SHA-256 in lower-case hex.

    Raises:
        ValueError: It is not.
    """
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{what} must be 64 lower-case hexadecimal digits")
