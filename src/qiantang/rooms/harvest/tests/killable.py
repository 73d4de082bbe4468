"""Run as a process of its own, to be killed: harvests the upstream named in its arguments.

``python -m qiantang.rooms.harvest.tests.killable ZONE UPSTREAM``
"""

from __future__ import annotations

import sys


def main(zone: str, upstream: str) -> None:
    from qiantang.site.bootstrap import setup
    from qiantang.site.zone import Zone

    setup(Zone.open(zone), migrate=False)
    from qiantang.kernel.actors import SYSTEM
    from qiantang.rooms.harvest import services

    # The parent kills at a moment counted from here: starting up takes longest.
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    services.harvest(SYSTEM, upstream)


if __name__ == "__main__":
    main(*sys.argv[1:])
