"""What is deleted from the spool, and when.

A delivered file is kept while its run may still need it and for ``KEEP_FILES`` after; the findings
and set-aside rows for ``KEEP_FINDINGS``, so that they can be corrected and sent again. Counts,
verdict and history of a run stay for ever.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from qiantang.rooms.intake import spool
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.receiving import OPEN

KEEP_FILES: Final = timedelta(days=30)
KEEP_FINDINGS: Final = timedelta(days=180)
_LOST_AFTER: Final = 24 * 3600.0


def tidy(now: datetime | None = None) -> int:
    """Delete what is no longer needed; how many files and folders went."""
    moment = now or datetime.now(UTC)
    return _files(moment) + _work(moment) + _arriving(moment)


def _files(moment: datetime) -> int:
    needed = set(Run.objects.filter(status__in=OPEN).values_list("digest", flat=True))
    recent = Run.objects.filter(received_at__gt=moment - KEEP_FILES)
    needed |= set(recent.values_list("digest", flat=True))
    gone = 0
    for file in (spool.home() / "files").glob("??/*"):
        old = time.time() - file.stat().st_mtime > _LOST_AFTER
        if file.name not in needed and old:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def _work(moment: datetime) -> int:
    """Accepted rows of a published run are in the lake; findings go when they are old."""
    gone = 0
    for folder in spool.all_runs().glob("*"):
        run = Run.objects.filter(pk=folder.name).first()
        if run is None or run.status in OPEN or run.finished_at is None:
            continue
        if run.finished_at < moment - KEEP_FINDINGS:
            spool.drop_work(run.id)
            folder.rmdir()
            gone += 1
            continue
        for name in run.files.get("accepted", ()):
            file = spool.checked_folder(run.id) / str(name)
            if file.is_file():
                file.unlink()
                gone += 1
    return gone


def _arriving(moment: datetime) -> int:
    gone = 0
    for file in (spool.home() / "arriving").glob("*"):
        if time.time() - file.stat().st_mtime > _LOST_AFTER:
            file.unlink(missing_ok=True)
            gone += 1
    return gone
