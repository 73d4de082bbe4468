"""Which addresses a fetch may go to."""

from __future__ import annotations

import pytest

from qiantang.kernel.addresses import is_public

INNER = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "::1", "fe80::1%eth0", "fd00::1", "ff02::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:7f00:1::"),
]


@pytest.mark.parametrize("address", INNER)
def test_inner_addresses_are_not_public_in_any_dress(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::"],
)
def test_public_addresses_are(address: str) -> None:
    assert is_public(address)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ValueError, match="localhost"):
        is_public("localhost")
