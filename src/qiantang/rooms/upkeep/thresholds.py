"""When a table needs care: plain figures, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import Final

ZONE_MINUTES: Final = 480
"""China has one time, and a day of the lake begins with it."""
MERGEABLE: Final = 8
DEEP: Final = 4
VERIFY_EVERY: Final = timedelta(days=7)
SWEEP_EVERY: Final = timedelta(days=7)
WHOLE_DAYS: Final = 2
"""Days, today included, of which every version is kept."""
SPARE_VERSIONS: Final = 50
"""Versions beyond one a day from which a clean-up is worth its while."""
NEVER: Final = datetime(1970, 1, 2, tzinfo=timezone.utc)  # noqa: UP017 - beside a zone of offset


@dataclass(frozen=True, slots=True)
class Expiring:
    """What `Lake.expire` is asked for."""

    older_than: datetime
    daily_before: datetime


def expiring(now: datetime, limit: datetime | None) -> Expiring:
    """``limit``: from when on versions are to stay; None keeps the last of every day for ever."""
    local = now.astimezone(timezone(timedelta(minutes=ZONE_MINUTES)))
    midnight = datetime.combine(local.date(), time(), tzinfo=local.tzinfo)
    return Expiring(limit or NEVER, midnight - timedelta(days=WHOLE_DAYS - 1))
