"""Processes that work on runs, so that the server stays small.

`wake` starts one and returns at once; it takes up waiting runs and due sources until none is left.
A few slots (lock files) bound how many work at a time. The setting QIANTANG_WORKER names the
module that the composition root runs as a worker; empty starts none.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Final

from django.conf import settings

from qiantang.rooms.intake import spool
from qiantang.rooms.intake.errors import RunBusy, RunUnknown
from qiantang.rooms.intake.fetch import fetch_due
from qiantang.rooms.intake.selectors import due_sources, waiting_runs
from qiantang.rooms.intake.working import work

SLOTS: Final = 2
_LOOKED_AT: Final = 100
_started: list[subprocess.Popen[bytes]] = []


def wake() -> bool:
    """Start a worker process, unless as many as there are slots were started by this process and
    are still at work; whether one was started."""
    module = str(getattr(settings, "QIANTANG_WORKER", ""))
    _started[:] = [p for p in _started if p.poll() is None]
    if not module or len(_started) >= SLOTS:
        return False
    environment = {
        **os.environ,
        "QIANTANG_ZONE": str(settings.QIANTANG_ZONE),
        "DJANGO_SETTINGS_MODULE": os.environ.get(
            "DJANGO_SETTINGS_MODULE", "qiantang.site.settings"
        ),
    }
    # No shell, and every argument is ours.
    _started.append(
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", module],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    )
    return True


def work_waiting() -> int:
    """In a worker: fetch from due sources, then bring waiting runs to their ends, oldest first,
    until none is left; how many. Gives up at once when every slot is taken."""
    for slot in range(SLOTS):
        with spool.locked(spool.home() / "slots" / str(slot), wait=False) as got:
            if got:
                fetch_due()
                return _work_all()
    return 0


def is_work_waiting() -> bool:
    """Whether a source is due, or a run waits that no worker has in hand."""
    if due_sources():
        return True
    waiting = waiting_runs().values_list("pk", flat=True)[:_LOOKED_AT]
    return any(not spool.is_held(run_id) for run_id in waiting)


def _work_all() -> int:
    done, tried = 0, set[str]()
    while True:
        waiting = waiting_runs().exclude(pk__in=tried).values_list("pk", flat=True)
        run_id = waiting.first()
        if run_id is None:
            return done
        tried.add(run_id)
        try:
            work(run_id)
        except (RunBusy, RunUnknown):
            continue
        done += 1
