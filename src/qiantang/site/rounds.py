"""What a running server does by itself now and then.

It delivers news that stayed behind (a reaction that failed and has waited long enough, a process
that ended before delivering), marks sources that are late, and starts a worker process where
deliveries wait or sources are due, one that harvests upstream catalogues whose turn has come, and
one that tends the lake now and then. Once a day it looks whether norms by which indices weigh came
into force or ended. The server itself reads no delivery, fetches no catalogue and merges no table.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import close_old_connections, connection

from qiantang.rooms.harvest import services as harvest
from qiantang.rooms.indices import reactions as indices
from qiantang.rooms.intake import services as intake
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.upkeep import services as upkeep

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
        delivered = deliver_pending()
        intake.mark_overdue()
        if intake.is_work_waiting():
            intake.wake()
        harvest.wake()
        upkeep.wake()
        indices.mark_by_day()
        return delivered
    except Exception:
        log.exception("a round failed; the next one is in %s seconds", EVERY)
        connection.close()
        return 0


def _make_rounds() -> None:
    pause = threading.Event()
    while not pause.wait(EVERY):
        make_round()
