"""Worker processes that a server starts, so that it stays small itself.

Every room with work for the background keeps one `Workers` and starts it where there is something
to do. The setting QIANTANG_WORKER names the module that the composition root runs as a worker
(`qiantang.site.worker`); empty starts none. Who is at work is known to the process that started
them only: a room whose workers must not meet has a lock of its own.
"""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings


class Workers:
    """The worker processes of one kind: ``most`` at a time from this process, told apart by their
    arguments."""

    def __init__(self, *arguments: str, most: int = 1) -> None:
        self._arguments = arguments
        self._most = most
        self._started: list[subprocess.Popen[bytes]] = []

    def may_start(self) -> bool:
        """Whether workers are set for this server and one more may be at work."""
        self._started = [child for child in self._started if child.poll() is None]
        return bool(_module()) and len(self._started) < self._most

    def start(self) -> bool:
        """Start one and return at once; whether one was started."""
        if not self.may_start():
            return False
        environment = {**os.environ, "QIANTANG_ZONE": str(settings.QIANTANG_ZONE)}
        environment.setdefault("DJANGO_SETTINGS_MODULE", "qiantang.site.settings")
        # No shell, and every argument is ours.
        child = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", _module(), *self._arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._started.append(child)
        return True


def _module() -> str:
    return str(getattr(settings, "QIANTANG_WORKER", ""))
