"""A live server of the tests' zone that leaves no thread behind when it stops."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer
from pytest_django.live_server_helper import LiveServer


class Orderly(ThreadedWSGIServer):
    """Django's threads of a live server are daemons: one whose client keeps its connection would
    outlive the sharing of the database and die of it in the middle of a later test."""

    daemon_threads = False

    def __init__(self, *args: Any, **named: Any) -> None:
        self._kept: set[socket.socket] = set()
        super().__init__(*args, **named)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._kept.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._kept.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Ends the connections that clients keep, then waits for their threads."""
        for connection in list(self._kept):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


@contextmanager
def serving() -> Iterator[str]:
    """The address of a live server of the zone."""
    server = LiveServer("127.0.0.1", start=False)
    server.thread.server_class = Orderly
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
