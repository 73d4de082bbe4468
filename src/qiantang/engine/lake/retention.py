"""How long earlier versions stay: ISO 8601 durations of years, months, weeks and days."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from qiantang.engine.lake.errors import RetentionInvalid

_DURATION = re.compile(r"P(?=\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
MONTHS = 12
EARLIEST = 1900


def since(now: datetime, retention: str) -> datetime | None:
    """The moment ``retention`` before ``now``; None for the empty one, which has no limit.

    A month back from the 31st is the last day of the shorter month. Raises `RetentionInvalid`.
    """
    if not retention:
        return None
    found = _DURATION.fullmatch(retention)
    if found is None:
        raise RetentionInvalid(found=retention)
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    count = now.year * MONTHS + now.month - 1 - years * MONTHS - months
    if count < EARLIEST * MONTHS:
        raise RetentionInvalid(found=retention)
    start = now.replace(day=1, year=count // MONTHS, month=count % MONTHS + 1)
    following = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
    last = (following - timedelta(days=1)).day
    try:
        return start.replace(day=min(now.day, last)) - timedelta(weeks=weeks, days=days)
    except OverflowError as wrong:
        raise RetentionInvalid(found=retention) from wrong
