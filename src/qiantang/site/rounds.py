"""What a running server does by itself: now and then it delivers news whose reaction failed.

News is normally delivered right after the change that made it. This is for what stayed behind: a
reaction that failed and has waited long enough, or a process that ended before delivering.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import close_old_connections, connection

from qiantang.rooms.journal.services import deliver_pending

EVERY: Final = 15.0
"""Seconds between two rounds."""

log = logging.getLogger(__name__)


def start() -> None:
    """Make rounds until the process ends."""
    threading.Thread(target=_make_rounds, name="rounds", daemon=True).start()


def make_round() -> int:
    """Deliver what is due; how much succeeded. A fault is logged and left to the next round."""
    try:
        close_old_connections()
        return deliver_pending()
    except Exception:
        log.exception("a round failed; the next one is in %s seconds", EVERY)
        connection.close()
        return 0


def _make_rounds() -> None:
    pause = threading.Event()
    while not pause.wait(EVERY):
        make_round()
