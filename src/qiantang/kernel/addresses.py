"""Which network addresses lie outside: where a server may be sent by what others wrote.

Harvest and intake fetch from addresses that people and other servers name; none may lead into the
own network, not even wrapped in an address of another kind.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Final

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED: Final = (
    ipaddress.IPv6Network("64:ff9b::/96"),
    ipaddress.IPv6Network("::/96"),
)
"""IPv6 that ends in an IPv4 address: NAT64, and the old compatible form."""


def is_public(address: str) -> bool:
    """Whether a numeric address, and every one wrapped in it, belongs to the public network.

    Raises `ValueError` for what is no address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    return all(each.is_global and not each.is_multicast for each in _meant(found))


def _meant(found: _Address) -> Iterator[_Address]:
    """What the address stands for: the IPv4 one that it carries, else itself."""
    if not isinstance(found, ipaddress.IPv6Address):
        yield found
        return
    if found.ipv4_mapped:
        yield found.ipv4_mapped
        return
    yield found
    if found.sixtofour:
        yield found.sixtofour
    if found.teredo:
        yield from found.teredo
    if any(found in network for network in _TRANSLATED):
        yield ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
