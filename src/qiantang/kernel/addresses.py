"""Which network addresses lie outside: where a server may be sent by what others wrote.

Harvest and intake fetch from addresses that people and other servers name; none may lead into the
own network, not even wrapped in an address of another kind. `pinned` resolves a name once and gives
the number that was judged, so that the name cannot change its mind before the connection is made.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_TRANSLATED: Final = (
    ipaddress.IPv6Network("64:ff9b::/96"),
    ipaddress.IPv6Network("::/96"),
)
"""IPv6 that ends in an IPv4 address: NAT64, and the old compatible form."""


class NoWebAddress(ValueError):
    """No address of a host over HTTP or HTTPS."""


class CarriesPassword(ValueError):
    """A user or a password stands in the address."""


class LeadsInside(ValueError):
    """The host lies in the own network; the message is its name."""


class HostUnknown(OSError):
    """The name has no number; the message is what the resolver said."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """Where to connect: ``url`` has the host's number in place of its name; ``host`` is for the
    header, ``name`` for the certificate."""

    url: str
    host: str
    name: str


def pinned(address: str, *, inside: Callable[[str], bool] = lambda name: False) -> Pinned:
    """The web address by the number that its host has now; ``inside``: whether a host of this name
    may lie in the own network (of the line alone it never may).

    Raises `NoWebAddress`, `CarriesPassword`, `LeadsInside`, `HostUnknown`."""
    parts, name, port = _parts(address)
    number = _number(name, port or (443 if parts.scheme == "https" else 80), inside(name))
    shown, host = (f"[{each}]" if ":" in each else each for each in (number, name))
    tail = f":{port}" if port else ""
    url = parts._replace(netloc=f"{shown}{tail}", fragment="").geturl()
    return Pinned(url, f"{host}{tail}", name)


def host_name(written: str) -> str:
    """A host's name as the network knows it: small letters, in the form of RFC 3490 where it has
    others than those of ASCII. Raises `ValueError`."""
    return (written if written.isascii() else written.encode("idna").decode("ascii")).lower()


def _parts(address: str) -> tuple[SplitResult, str, int | None]:
    try:
        parts = urlsplit(address)
        port, name = parts.port, host_name(parts.hostname or "")
    except ValueError as error:
        raise NoWebAddress(address) from error
    if parts.scheme not in {"http", "https"} or not name:
        raise NoWebAddress(address)
    if parts.username or parts.password:
        raise CarriesPassword(address)
    return parts, name, port


def _number(name: str, port: int, inside: bool) -> str:
    try:
        found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(str(getattr(error, "strerror", "") or error)) from error
    numbers = [str(each[4][0]).partition("%")[0] for each in found]
    if not all(is_public(each) or (inside and not is_of_the_line(each)) for each in numbers):
        raise LeadsInside(name)
    return numbers[0]


def is_of_the_line(address: str) -> bool:
    """Whether a numeric address, or one wrapped in it, is of this line alone (169.254.0.0/16,
    fe80::/10): there machines answer for themselves, with their secrets, and no catalogue does.

    Raises `ValueError` for what is no address."""
    return any(each.is_link_local for each in _meant(_parsed(address)))


def is_public(address: str) -> bool:
    """Whether a numeric address, and every one wrapped in it, belongs to the public network.

    Raises `ValueError` for what is no address."""
    return all(each.is_global and not each.is_multicast for each in _meant(_parsed(address)))


def _parsed(address: str) -> _Address:
    return ipaddress.ip_address(address.partition("%")[0])


def _meant(found: _Address) -> Iterator[_Address]:
    """What the address stands for: the IPv4 one that it carries, else itself."""
    if not isinstance(found, ipaddress.IPv6Address):
        yield found
        return
    # Of 6to4 some releases of Python say that it is public and some that it is not.
    carried = found.ipv4_mapped or found.sixtofour
    if carried:
        yield carried
        return
    yield found
    if found.teredo:
        yield from found.teredo
    if any(found in network for network in _TRANSLATED):
        yield ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
