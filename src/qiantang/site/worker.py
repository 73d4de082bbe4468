"""A worker process of a zone: works on waiting deliveries and due sources until none is left.

Started by a server with ``python -m qiantang.site.worker``; with the argument ``harvest`` it goes
through the upstream catalogues that are due, with ``upkeep`` it tends the lake. The zone is in the
environment. It may be killed at any moment: what it had in hand is taken up again by the next one.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Final

from qiantang.kernel.actors import SYSTEM
from qiantang.site.bootstrap import setup
from qiantang.site.zone import Zone

TIDIED_EVERY: Final = 6 * 3600.0

log = logging.getLogger(__name__)


def main() -> int:
    """Work until nothing waits; the process's exit code."""
    zone = Zone.open(os.environ["QIANTANG_ZONE"])
    setup(zone, migrate=False)
    from qiantang.rooms.harvest import services as harvest
    from qiantang.rooms.harvest.workers import ARGUMENT as HARVEST
    from qiantang.rooms.intake import services as intake
    from qiantang.rooms.journal.services import deliver_pending
    from qiantang.rooms.upkeep import services as upkeep

    os.nice(5)
    asked = sys.argv[1:]
    if asked == [HARVEST]:
        harvest.harvest_due(SYSTEM)
    elif asked == [upkeep.ARGUMENT]:
        upkeep.work()
    else:
        intake.work_waiting()
    deliver_pending()
    if not asked and _time_to_tidy(zone.folder / "spool" / "tidied"):
        intake.tidy()
    return 0


def _time_to_tidy(mark: Path) -> bool:
    """Whether the spool was not tidied for a while; notes that it is now."""
    if mark.exists() and time.time() - mark.stat().st_mtime < TIDIED_EVERY:
        return False
    mark.touch()
    return True


if __name__ == "__main__":
    sys.exit(main())
