"""Pages over HTTP: bounded in time and size, asked again when the line is bad, and never led into
the own network.

Every address, that of a redirect and of a next page included, is resolved first and the connection
goes to the very address that was judged, so that a name cannot change its mind in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from qiantang.kernel.addresses import HostUnknown, Pinned, host_name, pinned
from qiantang.rooms.harvest.errors import (
    AddressForbidden,
    PageTooLarge,
    UpstreamAnswersWrong,
    UpstreamAway,
)

if TYPE_CHECKING:
    import httpx

LIMIT: Final = 32 * 1024 * 1024
ACCEPT: Final = "application/ld+json, text/turtle;q=0.9, application/rdf+xml;q=0.8, */*;q=0.1"
_TRIES: Final = 4
_PAUSE: Final = 0.5
_REDIRECTS: Final = 5
_WHOLE: Final = 120.0
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_TIMEOUT: Final[dict[str, Any]] = {"connect": 10.0, "read": 30.0, "write": 30.0, "pool": 30.0}


@dataclass(frozen=True, slots=True)
class Page:
    """What came: ``unchanged`` when the upstream says that nothing is new (then without body)."""

    address: str
    body: bytes
    content_type: str
    etag: str = ""
    unchanged: bool = False


class Fetcher:
    """Fetches an upstream's pages over one set of connections. ``inside``: the one host that may
    lie in the own network; nobody's redirect or next page leads to another one there."""

    def __init__(self, *, inside: str = "", sleep: Callable[[float], None] = time.sleep) -> None:
        self._inside = inside
        self._sleep = sleep
        import httpx

        self._client = httpx.Client(
            timeout=httpx.Timeout(**_TIMEOUT),
            follow_redirects=False,
            trust_env=False,
            headers={"User-Agent": "qiantang-harvest", "Accept": ACCEPT},
        )

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, address: str, etag: str = "") -> Page:
        """The page at ``address``. Raises `UpstreamAway` after several tries, `AddressForbidden`,
        `PageTooLarge`, `UpstreamAnswersWrong`."""
        for attempt in range(_TRIES):
            last = attempt == _TRIES - 1
            try:
                return self._followed(address, etag)
            except _Again as error:
                if last:
                    raise UpstreamAway(found=address, cause=error.cause) from error
                self._sleep(min(error.seconds or _PAUSE * 4**attempt, 60.0))
        raise AssertionError

    def _followed(self, address: str, etag: str) -> Page:
        for _ in range(_REDIRECTS + 1):
            with self._asked(address, etag) as answer:
                if answer.status_code in {301, 302, 303, 307, 308}:
                    address = urljoin(address, answer.headers.get("location", ""))
                    continue
                return _read(address, answer)
        raise UpstreamAnswersWrong(found=address, cause=f"> {_REDIRECTS} redirects")

    @contextmanager
    def _asked(self, address: str, etag: str) -> Iterator[httpx.Response]:
        import httpx

        place = _pinned(address, inside=self._inside)
        headers = {"Host": place.host} | ({"If-None-Match": etag} if etag else {})
        name = {"sni_hostname": place.name}
        try:
            request = self._client.build_request("GET", place.url, headers=headers, extensions=name)
            request.extensions["timeout"] = dict(_TIMEOUT)
            answer = self._client.send(request, stream=True)
            try:
                yield answer
            finally:
                answer.close()
        except httpx.TransportError as error:
            raise _Again(type(error).__name__) from error
        except (httpx.InvalidURL, UnicodeError, ValueError) as error:
            raise AddressForbidden(found=address[:200]) from error


class _Again(Exception):
    """Worth another try."""

    def __init__(self, cause: str, seconds: float = 0.0) -> None:
        self.cause, self.seconds = cause, seconds
        super().__init__(cause)


def check_address(address: str, *, private: bool) -> None:
    """Raise `AddressForbidden` for what is no web address or leads into the own network."""
    _pinned(address, inside=host_of(address) if private else "")


def host_of(address: str) -> str:
    """The host's name as `Fetcher` takes it; empty where there is none."""
    try:
        return host_name(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def _pinned(address: str, *, inside: str = "") -> Pinned:
    try:
        return pinned(address, inside=lambda name: name == inside)
    except HostUnknown as error:
        raise _Again(f"{address[:200]}: unknown host") from error
    except ValueError as error:
        raise AddressForbidden(found=address[:200]) from error


def _read(address: str, answer: httpx.Response) -> Page:
    status = answer.status_code
    if status == 304:
        return Page(address, b"", "", answer.headers.get("etag", ""), unchanged=True)
    if status in _AGAIN:
        said = answer.headers.get("retry-after", "")
        raise _Again(f"HTTP {status}", float(said) if said.isdigit() else 0.0)
    if status != 200:
        raise UpstreamAnswersWrong(found=address, cause=f"HTTP {status}")
    body = bytearray()
    began = time.monotonic()
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LIMIT:
            raise PageTooLarge(expected=f"{LIMIT // 1024 // 1024} MB")
        if time.monotonic() - began > _WHOLE:
            raise _Again(f"> {_WHOLE:.0f} s")
    return Page(
        address,
        bytes(body),
        answer.headers.get("content-type", ""),
        answer.headers.get("etag", ""),
    )
