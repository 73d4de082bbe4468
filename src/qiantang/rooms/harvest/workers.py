"""Harvesting in a process of its own: the server fetches no page and stores no entry.

At most one such process is started by a server at a time. Whatever kills it, the next one goes on
at the page that its run kept.
"""

from __future__ import annotations

from typing import Final

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.harvest.selectors import due
from qiantang.rooms.shelf.workers import Workers

ARGUMENT: Final = "harvest"
_WORKERS: Final = Workers(ARGUMENT)


def wake() -> bool:
    """Start a process that harvests what is due; whether one was started. None is while an earlier
    one of ours is at work, while nothing is due, or where no worker is set."""
    return _WORKERS.may_start() and bool(due(SYSTEM)) and _WORKERS.start()
