"""Harvesting in a process of its own: the server fetches no page and stores no entry.

At most one such process is started by a server at a time. Whatever kills it, the next one goes on
at the page that its run kept.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from django.conf import settings

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.harvest.selectors import due

ARGUMENT: Final = "harvest"
_started: Final[list[subprocess.Popen[bytes]]] = []


def wake() -> bool:
    """Start a process that harvests what is due; whether one was started. None is while an earlier
    one of ours is at work, while nothing is due, or where no worker is set."""
    module = str(getattr(settings, "QIANTANG_WORKER", ""))
    _started[:] = [child for child in _started if child.poll() is None]
    if not module or _started or not due(SYSTEM):
        return False
    environment = {**os.environ, "QIANTANG_ZONE": str(settings.QIANTANG_ZONE)}
    environment.setdefault("DJANGO_SETTINGS_MODULE", "qiantang.site.settings")
    # No shell, and every argument is ours.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, ARGUMENT],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    _started.append(child)
    return True
