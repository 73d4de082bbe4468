"""An upstream for tests: a real HTTP server whose pages DCAT's own codec writes, with faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from qiantang.kernel.text import Text
from qiantang.standards import dcat
from qiantang.standards.entries import (
    Agency,
    Catalogue,
    CatalogueEntry,
    CataloguePage,
    Stop,
)

Answer = tuple[int, dict[str, str], bytes]


def an_entry(
    n: int, *, title: str = "", division: str = "330106", **more: object
) -> CatalogueEntry:
    said = {
        "identifier": f"urn:qiantang:330106:data.r{n:05d}",
        "title": Text(title or f"渔港{n}", f"Harbour {n}"),
        "description": Text(f"第{n}号", f"Number {n}"),
        "publisher": Agency("330106-stats", Text("西湖区统计局", "Xihu Statistics")),
        "id": f"data.r{n:05d}",
        "sharing": "unconditional",
        "cadence": "P1Y",
        "division": division,
        "columns": ({"id": "n", "name": {"zh": "数", "en": "n"}, "type": "integer"},),
        **more,
    }
    return CatalogueEntry(**said)  # type: ignore[arg-type]


@dataclass
class Upstream:
    """What the server says; tests change it while it runs. ``fault`` may answer instead."""

    entries: list[CatalogueEntry]
    size: int = 10
    instance: str = "urn:uuid:county"
    port: int = 0
    asked: list[str] = field(default_factory=list)
    fault: Callable[[str, int], Answer | None] = lambda _address, _count: None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/dcat/catalog.jsonld"

    def answer(self, path: str) -> Answer:
        self.asked.append(path)
        if (wrong := self.fault(path, len(self.asked))) is not None:
            return wrong
        after = parse_qs(urlsplit(path).query).get("after", [""])[0]
        left = [e for e in sorted(self.entries, key=lambda e: e.id) if e.id > after]
        shown, more = left[: self.size], len(left) > self.size
        page = CataloguePage(
            catalogue=Catalogue(
                self.address,
                Text("西湖区目录", "Xihu"),
                Text("西湖区目录", "Xihu"),
                Agency("330106", Text("西湖区", "Xihu")),
                self.instance,
            ),
            entries=tuple(shown),
            total=len(self.entries),
            size=self.size,
            this=f"{self.address}?after={after}",
            first=self.address,
            next=f"{self.address}?after={shown[-1].id}" if more else "",
        )
        kind = {"Content-Type": "application/ld+json", "ETag": f'"{len(self.entries)}"'}
        return 200, kind, dcat.write_page(page, "jsonld")


@contextmanager
def serving(upstream: Upstream) -> Iterator[Upstream]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = upstream.answer(self.path)
            same = headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]
            if status == 200 and same:
                status, body = 304, b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    upstream.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield upstream
    finally:
        server.shutdown()
        server.server_close()


def passed_through(entry_number: int, instance: str) -> CatalogueEntry:
    """An entry that came through another instance."""
    return an_entry(entry_number, passage=(Stop(instance, "A", "http://a"),), home=instance)
