"""Moments in a query's range, as Solr writes them: ``2026-01-31T08:00:00Z``, ``NOW-7DAYS/DAY``."""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta
from typing import Final

_STEP: Final = re.compile(r"([+-])(\d{1,6})([A-Z]+?)S?(?=[+\-/]|$)|/([A-Z]+?)S?(?=[+\-/]|$)")
_FIELDS: Final = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_ZEROS: Final = {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0}
_LENGTHS: Final = {
    "DAY": timedelta(days=1),
    "HOUR": timedelta(hours=1),
    "MINUTE": timedelta(minutes=1),
    "SECOND": timedelta(seconds=1),
}


def moment_of(said: str, now: datetime) -> datetime | None:
    """The moment, without a zone in UTC; None where it is none that is known here."""
    try:
        if said.startswith("NOW"):
            return _worked_out(said.removeprefix("NOW"), now.astimezone(UTC))
        if "T" not in said:
            return None
        found = datetime.fromisoformat(said.replace("Z", "+00:00"))
    except (ValueError, OverflowError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def _worked_out(steps: str, at: datetime) -> datetime | None:
    """``-7DAYS/DAY`` from a moment: steps, and back to the beginning of a unit."""
    place = 0
    while place < len(steps):
        step = _STEP.match(steps, place)
        if step is None:
            return None
        unit = step[3] or step[4]
        if unit not in _FIELDS:
            return None
        number = int(f"{step[1]}{step[2]}") if step[1] else None
        at = _begun(at, unit) if number is None else _moved(at, number, unit)
        place = step.end()
    return at


def _begun(at: datetime, unit: str) -> datetime:
    return at.replace(**dict(list(_ZEROS.items())[_FIELDS.index(unit) :]))  # type: ignore[arg-type]


def _moved(at: datetime, number: int, unit: str) -> datetime:
    if unit in _LENGTHS:
        return at + number * _LENGTHS[unit]
    months = at.year * 12 + at.month - 1 + number * (12 if unit == "YEAR" else 1)
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        raise OverflowError(year)
    return at.replace(year=year, month=month, day=min(at.day, calendar.monthrange(year, month)[1]))
