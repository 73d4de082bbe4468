"""Works on one run in a process of its own, for tests that kill it.

Usage: python -m qiantang.rooms.intake.tests.worker_process RUN; the zone is in the environment.
"""

from __future__ import annotations

import os
import sys


def main(run_id: str) -> int:
    from qiantang.site.bootstrap import setup
    from qiantang.site.zone import Zone

    setup(Zone.open(os.environ["QIANTANG_ZONE"]), migrate=False)
    from qiantang.rooms.intake import services
    from qiantang.rooms.intake.errors import RunBusy

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    try:
        said = services.work(run_id).status
    except RunBusy:
        said = "busy"
    sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
