"""Serving a zone: granian on WSGI, one worker with few threads, under a supervisor that stays slim.

``serve`` replaces the calling process by ``python -m qiantang.site.server``, because whoever calls
it may hold the whole engine in memory, and the supervisor needs none of it. Ctrl-C and SIGTERM
stop both processes cleanly; static files go through WhiteNoise.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from typing import Final, NoReturn

from qiantang.site.errors import PortTaken
from qiantang.site.zone import Zone

HOST: Final = "127.0.0.1"
PORT: Final = 8000
THREADS: Final = 4
SUPERVISED: Final = "QIANTANG_SUPERVISED"
"""Set by the supervisor for its worker."""
_NEARBY: Final = 50


def choose_port(host: str = HOST, wanted: int | None = None) -> int:
    """The port to serve on: ``wanted`` if it is free, else an error; without a wish, the first
    free one from 8000. Raises `PortTaken`."""
    if wanted is not None:
        if not _is_free(host, wanted):
            other = next((p for p in _after(wanted) if _is_free(host, p)), 0)
            raise PortTaken(found=wanted, address=host, expected=other)
        return wanted
    found = next((p for p in (PORT, *_after(PORT)) if _is_free(host, p)), None)
    if found is None:
        raise PortTaken(found=PORT, address=host, expected=0)
    return found


def command(host: str, port: int) -> list[str]:
    """The command line of the supervisor."""
    return [sys.executable, "-m", "qiantang.site.server", host, str(port)]


def environment(zone: Zone, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment in which the supervisor finds the zone."""
    return {
        **(os.environ if base is None else base),
        "QIANTANG_ZONE": str(zone.folder),
        "DJANGO_SETTINGS_MODULE": "qiantang.site.settings",
    }


def serve(zone: Zone, host: str = HOST, port: int | None = None) -> NoReturn:
    """Serve the zone until it is told to stop; never returns. Raises `PortTaken` before."""
    chosen = choose_port(host, port)
    sys.stdout.flush()
    sys.stderr.flush()
    # No shell, and every argument is ours.
    os.execve(sys.executable, command(host, chosen), environment(zone))  # noqa: S606


def run(host: str, port: int) -> None:
    """The supervisor: starts the worker, another one should it die, and waits for a signal."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels

    os.environ[SUPERVISED] = "1"
    Granian(
        "qiantang.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=1,
        blocking_threads=THREADS,
        backlog=256,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def follow_supervisor() -> None:
    """In the worker: end when the supervisor is gone, so that even a killed one frees the port."""
    supervisor = os.getppid()

    def watch() -> None:
        while os.getppid() == supervisor:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="follow-supervisor", daemon=True).start()


def _after(port: int) -> range:
    return range(port + 1, min(port + _NEARBY, 65_536))


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]))
