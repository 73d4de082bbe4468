"""When new data is due from a source, and what happens when it does not come.

Due dates follow the update cycle: the resource's cadence, or the source's own ISO 8601 duration.
After the due date and a time of grace (a tenth of the cycle, at least an hour) a source is
overdue: its owner sees a reminder and the news goes out once.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.intake.errors import SourceInvalid
from qiantang.rooms.intake.events import SourceOverdue
from qiantang.rooms.intake.models import Run, Source
from qiantang.rooms.journal.services import emit, record

FALLBACK: Final = "P1Y"
_DURATION: Final = re.compile(
    r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?"
    r"(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?",
    re.ASCII,
)
_LONGEST_CYCLE: Final = "P10Y"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_FOLDER_LOOKED: Final = timedelta(seconds=30)
_LEAST_GRACE: Final = timedelta(hours=1)
_FIRST_PAUSE: Final = timedelta(minutes=2)
_LONGEST_PAUSE: Final = timedelta(hours=6)


def checked(every: str) -> str:
    """A duration that says something and ends in our time: ten years at most, as censuses come.
    Raises `SourceInvalid`."""
    whole = _DURATION.fullmatch(every) and any(_parts(every))
    if not whole or later(_EPOCH, every) > later(_EPOCH, _LONGEST_CYCLE):
        raise SourceInvalid(
            field="every", found=every, expected="P1D, P1W, P1M, P1Y, PT6H, <= P10Y"
        )
    return every


def later(at: datetime, every: str) -> datetime:
    """``at`` plus a duration; the day is kept within the month's length."""
    years, months, weeks, days, hours, minutes = _parts(every)
    month = at.month - 1 + months + 12 * years
    year, month = at.year + month // 12, month % 12 + 1
    day = min(at.day, calendar.monthrange(year, month)[1])
    moved = at.replace(year=year, month=month, day=day)
    return moved + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def grace(at: datetime, every: str) -> timedelta:
    """How long after the due date a source is not yet overdue."""
    return max((later(at, every) - at) / 10, _LEAST_GRACE)


def after_success(run: Run, now: datetime) -> None:
    """New rows came: the source they came from is due anew, its watermark moves on. An upload
    counts for the source of uploads of the same part of the resource."""
    found = Source.objects.select_for_update().filter(removed_at=None)
    if run.source_id:
        found = found.filter(pk=run.source_id)
    else:
        found = found.filter(kind=Source.Kind.UPLOAD, resource=run.resource, division=run.division)
    for source in found:
        source.last_ok_at, source.overdue_since, source.error = now, None, None
        source.next_due = later(now, source.every)
        if run.watermark is not None:
            source.watermark = run.watermark
        source.save()


def next_look(source: Source, now: datetime, *, came: bool, failures: int = 0) -> datetime:
    """When to look at a source again: folders often, others when due; sooner after a failure."""
    if source.kind == Source.Kind.FOLDER:
        return now + _FOLDER_LOOKED
    cycle = later(now, source.every) - now
    if failures:
        pause: timedelta = min(_FIRST_PAUSE * 2 ** min(failures - 1, 10), _LONGEST_PAUSE)
        return now + min(pause, cycle)
    return now + (cycle if came else min(cycle / 4, timedelta(days=1)))


def mark_overdue(now: datetime | None = None) -> int:
    """Mark sources from which nothing came in time, tell it once; how many are new."""
    moment = now or datetime.now(UTC)
    waiting = Source.objects.filter(
        Q(removed_at=None), overdue_since=None, paused=False, next_due__lt=moment
    )
    late = [s for s in waiting if moment > s.next_due + grace(s.next_due, s.every)]
    for source in late:
        with transaction.atomic():
            changed = Source.objects.filter(pk=source.pk, overdue_since=None).update(
                overdue_since=source.next_due
            )
            if changed:
                due = source.next_due.isoformat(timespec="seconds")
                detail = {"resource": source.resource, "due": due}
                record(SYSTEM, "intake.source_overdue", f"source:{source.id}", detail)
                emit(SourceOverdue(source.id, source.resource, source.organisation, due))
    return len(late)


def _parts(every: str) -> tuple[int, int, int, int, int, int]:
    found = _DURATION.fullmatch(every) or _DURATION.fullmatch(FALLBACK)
    assert found is not None
    years, months, weeks, days, hours, minutes = (int(p or 0) for p in found.groups())
    return years, months, weeks, days, hours, minutes
