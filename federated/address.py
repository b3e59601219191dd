"""Where a federation's door is: ``HOST:PORT``, written the same in options, in the record and in every kit."""

from federated.errors import BadAddress

_STRANGE = frozenset("/;{}[]@\"'\\")
"""What stands in no host name, and would mean something in a URL or in nginx's configuration."""
_LARGEST_PORT = 65535


def split_address(address: str) -> tuple[str, int]:
    """Return host and port of ``HOST:PORT``; an IPv6 host stands in brackets and is returned without them.

    Raises:
        BadAddress: It is something else.
    """
    host, colon, port = address.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    bare = host[1:-1] if bracketed else host
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= len(str(_LARGEST_PORT)) else 0
    if not colon or not 0 < number <= _LARGEST_PORT or not _is_host(bare) or (":" in bare and not bracketed):
        raise BadAddress(
            f"an address is HOST:PORT, like federation.example.org:8443 or [2001:db8::1]:8443; got {address!r}"
        )
    return bare, number


def _is_host(host: str) -> bool:
    return bool(host) and not any(c in _STRANGE or c.isspace() or not c.isprintable() for c in host)
