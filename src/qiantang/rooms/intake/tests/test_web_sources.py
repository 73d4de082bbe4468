"""Sources at web addresses: fetched when they change, within bounds, not in the own network."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake import credentials, selectors, services
from qiantang.rooms.intake.errors import (
    AddressForbidden,
    CredentialMissing,
    SourceInvalid,
    SourceRefused,
    SourceTooSlow,
)
from qiantang.rooms.intake.fetching import web
from qiantang.rooms.intake.tests.conftest import FIRMS

Made = Callable[..., Path]


class Served(BaseHTTPRequestHandler):
    content: ClassVar[bytes] = b""
    etag: ClassVar[str] = '"v1"'
    cut_after: ClassVar[int] = 0
    asked: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        type(self).asked.append({**dict(self.headers), "path": self.path})
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/firms.csv")
            self.end_headers()
            return
        if self.path == "/inside":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
            return
        if self.path == "/locked" and self.headers.get("Authorization") != "Bearer good":
            self.send_response(401)
            self.end_headers()
            return
        if self.path == "/slow-head":
            self._drip([b"HTTP/1.1 200 OK\r\n", *(b"X-A: 1\r\n" for _ in range(300))])
            return
        if self.path == "/slow-body":
            self.send_response(200)
            self.send_header("Content-Length", "300")
            self.end_headers()
            self._drip([b"a"] * 300)
            return
        if self.headers.get("If-None-Match") == self.etag:
            self.send_response(304)
            self.end_headers()
            return
        self._send()

    def _drip(self, pieces: list[bytes]) -> None:
        with suppress(OSError):
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.02)

    def _send(self) -> None:
        wanted = self.headers.get("Range")
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        body = self.content[start:]
        self.send_header("ETag", self.etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.cut_after and not wanted:
            self.wfile.write(body[: self.cut_after])
            self.wfile.flush()
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, *given: Any) -> None:
        pass


@pytest.fixture
def address(csv_file: Made, settings: Any) -> Iterator[str]:
    Served.content = csv_file(20).read_bytes()
    Served.etag, Served.cut_after, Served.asked = '"v1"', 0, []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Served)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.QIANTANG_INTAKE_ALLOW_HOSTS = ["127.0.0.1"]
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def web_source(url: str, **how: Any) -> None:
    services.add_source(SYSTEM, "web", "http", FIRMS, {"url": url}, mode="replace", **how)


def test_trying_an_address_asks_it_and_takes_nothing(address: str) -> None:
    web_source(f"{address}/locked", password="bad")
    with pytest.raises(SourceRefused) as refused:
        services.test_source(SYSTEM, "web")
    assert "HTTP 401" in refused.value.message("en")
    assert "访问令牌" in refused.value.message("zh")
    services.change_source(SYSTEM, "web", services.SourceChange(password="good"))
    found = services.test_source(SYSTEM, "web")
    assert (found["host"], found["file"]) == ("127.0.0.1", "locked")
    assert found["size"] == len(Served.content)
    assert selectors.runs(SYSTEM, source="web").items == ()


def test_an_address_is_fetched_once_until_it_changes(address: str, csv_file: Made) -> None:
    web_source(f"{address}/moved")
    (run,) = services.fetch(SYSTEM, "web")
    assert (run.status, run.accepted, run.file_name) == ("published", 20, "firms.csv")
    assert services.fetch(SYSTEM, "web") == ()
    Served.content, Served.etag = csv_file(25).read_bytes(), '"v2"'
    (changed,) = services.fetch(SYSTEM, "web")
    assert changed.accepted == 25


def test_a_cut_transfer_goes_on_where_it_stopped(address: str) -> None:
    Served.cut_after = 100
    web_source(f"{address}/firms.csv")
    (run,) = services.fetch(SYSTEM, "web")
    assert run.accepted == 20
    assert any(a.get("Range") == "bytes=100-" for a in Served.asked)


@pytest.mark.parametrize("path", ["/slow-head", "/slow-body"])
def test_a_server_that_sends_drop_by_drop_is_left(
    address: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "PATIENCE", 0.2)
    web_source(f"{address}{path}")
    with pytest.raises(SourceTooSlow):
        services.fetch(SYSTEM, "web")
    assert selectors.runs(SYSTEM).total == 0
    assert (selectors.source(SYSTEM, "web").error or {})["code"] == SourceTooSlow.code


def test_a_transfer_ends_in_time_however_often_it_begins_again(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "LONGEST", 0.1)
    web_source(f"{address}/slow-body")
    with pytest.raises(SourceTooSlow):
        services.fetch(SYSTEM, "web")


def test_a_file_too_large_is_not_taken(address: str, settings: Any) -> None:
    from qiantang.rooms.intake.errors import FileTooLarge

    settings.QIANTANG_INTAKE_LARGEST = 50
    web_source(f"{address}/firms.csv")
    with pytest.raises(FileTooLarge):
        services.fetch(SYSTEM, "web")
    assert selectors.runs(SYSTEM).total == 0


def test_inner_addresses_are_refused(address: str, settings: Any) -> None:
    web_source(f"{address}/inside")
    with pytest.raises(AddressForbidden):
        services.fetch(SYSTEM, "web")
    settings.QIANTANG_INTAKE_ALLOW_HOSTS = []
    inner = ("127.0.0.1", "10.1.2.3", "[::1]", "169.254.169.254", "[::ffff:10.0.0.1]", "localhost")
    inner += ("2130706433", "0x7f000001", "[64:ff9b::a00:1]", "[2002:a00:1::1]", "224.0.0.1")
    for host in inner:
        with pytest.raises(AddressForbidden):
            web.check_address(f"http://{host}/x")
    with pytest.raises(SourceInvalid):
        web.check_address("file:///etc/passwd")


def test_a_bearer_is_sent_and_kept_out_of_sight(address: str) -> None:
    reference = credentials.keep("web", "s3cret-value")
    web_source(f"{address}/firms.csv", credential=reference)
    services.fetch(SYSTEM, "web")
    assert Served.asked[0]["Authorization"] == "Bearer s3cret-value"
    seen = json.dumps(selectors.source(SYSTEM, "web").as_json("en"), default=str)
    assert "s3cret-value" not in seen
    kept = credentials._folder() / "web"
    assert kept.stat().st_mode & 0o077 == 0


def test_a_missing_password_is_told(address: str) -> None:
    web_source(f"{address}/firms.csv", credential="env:NO_SUCH_VARIABLE_HERE")
    with pytest.raises(CredentialMissing):
        services.fetch(SYSTEM, "web")
