"""One rule for addresses, whether they stand in an option, in the record or in a kit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federated.address import split_address
from federated.errors import BadAddress


@given(st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True) | st.just("2001:db8::1"), st.integers(1, 65535))
def test_an_address_comes_apart_as_it_was_put_together(host: str, port: int) -> None:
    written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    assert split_address(written) == (host, port)


@pytest.mark.parametrize(
    "address",
    [
        *("", "host", ":1", "host:", "host:0", "host:65536", "[]:1", "[host:1", "host]:1"),
        *("ho st:1", "a/b:1", "http://a:1", "x;y:1", "user@host:1", "a\x07b:1", 'a"b:1', "h:\uff11", "host:\u0663"),
        "2001:db8::1:8443",
        f"host:{'9' * 5000}",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadAddress, match="HOST:PORT"):
        split_address(address)
