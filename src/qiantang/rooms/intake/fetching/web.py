"""A file at an HTTP or HTTPS address, fetched only when it changed.

The address is resolved by us and every hop of a redirect is looked at: addresses inside the
network are refused unless the zone's settings allow the host, and the connection goes to the very
address that was looked at, so that a name cannot change its mind in between. A server that sends
drop by drop is left, for other sources wait behind it.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings

from qiantang.kernel.addresses import (
    CarriesPassword,
    HostUnknown,
    LeadsInside,
    NoWebAddress,
    Pinned,
    host_name,
    pinned,
)
from qiantang.kernel.text import Text
from qiantang.rooms.intake.errors import (
    AddressForbidden,
    FileTooLarge,
    SourceGone,
    SourceInvalid,
    SourceRefused,
    SourceTooSlow,
)
from qiantang.rooms.intake.fetching import Fetched, refusals
from qiantang.rooms.intake.spool import full_disk_told

if TYPE_CHECKING:
    import httpx

HOPS: Final = 5
ATTEMPTS: Final = 4
PATIENCE: Final = 60.0
"""Seconds for an answer to begin, and before its pace is judged."""
SLOWEST: Final = 1024
"""Bytes a second, on average, that a transfer must reach."""
LONGEST: Final = 6 * 3600.0
"""Seconds for the whole of it, all attempts together."""
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_NAME: Final = re.compile(r"""filename\*?=(?:UTF-8'')?"?([^";]+)"?""", re.IGNORECASE)


def fetch(
    source: str,
    config: Mapping[str, Any],
    password: str,
    target: Path,
    *,
    largest: int,
    known: tuple[str, str] = ("", ""),
) -> Fetched | None:
    """Write the address's content to ``target``; None when it has not changed since ``known``
    (ETag, Last-Modified).

    An interrupted transfer goes on where it stopped when the server allows. Raises
    `AddressForbidden`, `SourceRefused`, `SourceGone`, `SourceTooSlow`, `FileTooLarge`,
    `SourceInvalid`.
    """
    headers = _headers(password)
    etag, modified = known
    unchanged = {"If-None-Match": etag, "If-Modified-Since": modified}
    asked = {**headers, **{k: v for k, v in unchanged.items() if v}}
    url = str(config.get("url") or "")
    transfer = _Transfer(source, target, largest)
    response_headers = transfer.run(url, asked, headers)
    if response_headers is None:
        return None
    return Fetched(
        target,
        _file_name(transfer.final_url, response_headers),
        etag=response_headers.get("ETag", "")[:300],
        last_modified=response_headers.get("Last-Modified", "")[:60],
    )


def look(source: str, config: Mapping[str, Any], password: str) -> dict[str, Any]:
    """What the address answers, without taking it: the ``host``, the name of the ``file`` and its
    ``size`` where the server says it. Raises what `fetch` raises."""
    url, headers = str(config.get("url") or ""), _headers(password)
    glance = _Glance(source, Path(), 0)
    said: Mapping[str, str] = glance.run(url, headers, headers) or {}
    size = str(said.get("Content-Length") or "")
    return {
        "host": urlsplit(glance.final_url).hostname or "",
        "file": _file_name(glance.final_url, said),
        "size": int(size) if size.isascii() and size.isdigit() else None,
    }


def _headers(password: str) -> dict[str, str]:
    sent = {"User-Agent": "qiantang", "Accept-Encoding": "identity"}
    return {**sent, "Authorization": f"Bearer {password}"} if password else sent


def check_address(url: str) -> Pinned:
    """Where to connect. Raises `AddressForbidden`, `SourceInvalid`, `SourceRefused`."""
    allowed = {host_name(h) for h in getattr(settings, "QIANTANG_INTAKE_ALLOW_HOSTS", ())}
    try:
        return pinned(url, inside=lambda name: name in allowed)
    except CarriesPassword as error:
        raise SourceInvalid(
            field="url", found="user:password@", expected="--password-stdin"
        ) from error
    except LeadsInside as error:
        raise AddressForbidden(found=str(error)) from error
    except NoWebAddress as error:
        raise SourceInvalid(field="url", found=url[:200], expected="https://...") from error
    except HostUnknown as error:
        raise SourceRefused(source=urlsplit(url).hostname, found=str(error)) from error


class _Transfer:
    """One file over however many connections it takes."""

    attempts = ATTEMPTS
    seconds = 30.0

    def __init__(self, source: str, target: Path, largest: int) -> None:
        self.source, self.target, self.largest = source, target, largest
        self.final_url, self.validator, self.done = "", "", 0
        self._began = time.monotonic()

    def run(self, url: str, first: dict[str, str], later: dict[str, str]) -> httpx.Headers | None:
        """The headers of the complete answer; None when it has not changed."""
        import httpx

        headers = first
        for attempt in range(self.attempts):
            try:
                with httpx.Client(
                    timeout=httpx.Timeout(self.seconds, connect=10.0),
                    follow_redirects=False,
                    trust_env=False,
                ) as client:
                    return self._once(client, url, headers)
            except (httpx.TransportError, OSError) as error:
                if attempt == self.attempts - 1:
                    raise self._gone(error) from error
                headers = self._resuming(first if not self.done else later)
        raise AssertionError("unreachable")

    def _once(
        self, client: httpx.Client, url: str, headers: dict[str, str]
    ) -> httpx.Headers | None:
        for _ in range(HOPS + 1):
            with self._answer(client, check_address(url), headers) as response:
                if response.status_code in _REDIRECTS and "Location" in response.headers:
                    following = urljoin(url, response.headers["Location"])
                    if urlsplit(following).netloc != urlsplit(url).netloc:
                        headers = {k: v for k, v in headers.items() if k != "Authorization"}
                    url = following
                    continue
                if response.status_code == 304:
                    return None
                self.final_url = url
                self._take(response)
                headers_of: httpx.Headers = response.headers
                return headers_of
        raise SourceRefused(
            source=self.source, found=Text(f"重定向超过 {HOPS} 次", f"> {HOPS} redirects")
        )

    @contextmanager
    def _answer(
        self, client: httpx.Client, place: Pinned, headers: dict[str, str]
    ) -> Iterator[httpx.Response]:
        """Connect to the address that was looked at, under the host's own name."""
        request = client.build_request(
            "GET",
            place.url,
            headers={**headers, "Host": place.host},
            extensions={"sni_hostname": place.name},
        )
        # The client's own limits are for each read: heads, too, may come drop by drop.
        late = threading.Event()

        def give_up() -> None:
            late.set()
            client.close()

        watch = threading.Timer(PATIENCE, give_up)
        watch.daemon = True
        watch.start()
        try:
            response = client.send(request, stream=True)
        except Exception as error:
            if late.is_set():
                raise self._slow(PATIENCE, 0) from error
            raise
        finally:
            watch.cancel()
        try:
            yield response
        finally:
            response.close()

    def _accept(self, response: httpx.Response) -> None:
        if response.status_code not in (200, 206):
            raise SourceRefused(source=self.source, found=refusals.of_status(response.status_code))

    def _take(self, response: httpx.Response) -> None:
        resumed = response.status_code == 206 and self.done > 0
        self._accept(response)
        if not resumed:
            self.done = 0
        self.validator = response.headers.get("ETag", "") or self.validator
        said = int(response.headers.get("Content-Length") or 0)
        self._refuse_large(self.done + said)
        began, before = time.monotonic(), self.done
        with full_disk_told(), self.target.open("ab" if resumed else "wb") as out:
            # No chunk size: what came before a cut must reach the file, to go on from there.
            for piece in response.iter_raw():
                self._refuse_large(self.done + len(piece))
                out.write(piece)
                self.done += len(piece)
                self._refuse_slow(began, self.done - before, PATIENCE)

    def _resuming(self, headers: dict[str, str]) -> dict[str, str]:
        """Go on where it stopped, if the server can tell that it is still the same file."""
        if not self.done or not self.validator or self.validator.startswith("W/"):
            self.done = 0
            return headers
        return {**headers, "Range": f"bytes={self.done}-", "If-Range": self.validator}

    def _refuse_large(self, size: int) -> None:
        if size > self.largest:
            limit = f"{self.largest // 2**20} MB"
            raise FileTooLarge(found=f"> {limit}", expected=limit)

    def _refuse_slow(self, began: float, came: int, patience: float) -> None:
        """Once ``patience`` is over, ``came`` bytes since ``began`` must be enough; and the whole
        of it may take so long and no longer."""
        now = time.monotonic()
        if now - began > patience and came < SLOWEST * (now - began):
            raise self._slow(now - began, came)
        if now - self._began > LONGEST:
            raise self._slow(now - self._began, self.done)

    def _slow(self, seconds: float, came: int) -> SourceTooSlow:
        return SourceTooSlow(source=self.source, seconds=f"{seconds:.0f}", found=came)

    def _gone(self, error: Exception) -> SourceGone | SourceRefused:
        said = str(error) or type(error).__name__
        if self.done:
            return SourceGone(
                source=self.source,
                rows=Text(f"{self.done} 字节", f"{self.done} bytes"),
                found=said[:200],
            )
        return SourceRefused(source=self.source, found=said[:200])


class _Glance(_Transfer):
    """The head of an answer; its body stays where it is. Somebody waits for it: asked once."""

    attempts = 1
    seconds = 10.0

    def _take(self, response: httpx.Response) -> None:
        self._accept(response)


def _file_name(url: str, headers: Mapping[str, str]) -> str:
    said = _NAME.search(headers.get("Content-Disposition", ""))
    name = unquote(said.group(1)) if said else unquote(urlsplit(url).path.rpartition("/")[2])
    return Path(name.strip()).name[:200] or "download"
