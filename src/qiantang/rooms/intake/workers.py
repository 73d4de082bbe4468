"""Processes that work on runs, so that the server stays small.

`wake` starts one and returns at once; it takes up waiting runs and due sources until none is left.
A few slots (lock files) bound how many work at a time.
"""

from __future__ import annotations

from typing import Final

from qiantang.rooms.intake import spool
from qiantang.rooms.intake.errors import RunBusy, RunUnknown
from qiantang.rooms.intake.fetch import fetch_due
from qiantang.rooms.intake.selectors import due_sources, waiting_runs
from qiantang.rooms.intake.working import work
from qiantang.rooms.shelf.workers import Workers

SLOTS: Final = 2
_LOOKED_AT: Final = 100
_WORKERS: Final = Workers(most=SLOTS)


def wake() -> bool:
    """Start a worker process, unless as many as there are slots were started by this process and
    are still at work; whether one was started."""
    return _WORKERS.start()


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
