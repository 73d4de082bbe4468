"""Which addresses a fetch may go to."""

from __future__ import annotations

import socket

import pytest

from qiantang.kernel.addresses import (
    CarriesPassword,
    HostUnknown,
    LeadsInside,
    NoWebAddress,
    is_public,
    pinned,
)

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


def _answers(monkeypatch: pytest.MonkeyPatch, *numbers: str) -> None:
    found = [(2, 1, 6, "", (number, 80)) for number in numbers]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


def test_a_connection_goes_to_the_number_under_the_hosts_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _answers(monkeypatch, "2606:4700::1111")
    found = pinned("https://Data.Example.org:8443/a?b=c#d")
    assert found.url == "https://[2606:4700::1111]:8443/a?b=c"
    assert (found.host, found.name) == ("data.example.org:8443", "data.example.org")
    assert pinned("http://数据.example.org/").host == "xn--vxup8b.example.org"


def test_one_number_inside_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, "8.8.8.8", "192.168.0.9")
    with pytest.raises(LeadsInside):
        pinned("http://data.example.org/")
    assert pinned("http://data.example.org/", inside=lambda name: name == "data.example.org")


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "http://", "http://8.8.8.8:99999/", "http://[::1/", "http://a..数/"],
)
def test_what_is_no_web_address_is_told_apart(address: str) -> None:
    with pytest.raises(NoWebAddress):
        pinned(address)


def test_a_password_has_no_place_in_an_address() -> None:
    with pytest.raises(CarriesPassword):
        pinned("http://user:word@8.8.8.8/")


def test_a_name_that_nobody_knows_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(HostUnknown, match="not known"):
        pinned("http://nowhere.example.org/")
