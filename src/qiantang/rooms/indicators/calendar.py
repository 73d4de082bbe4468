"""The release calendar: which figures are due when, and when they were really out.

Due days come from the packs' ``releases.csv``. A release is out when every one of its indicators
has a figure of the period in the zone's own division; its day is that of the last of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils import timezone

from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.periods import Period
from qiantang.packkit.releases import Release
from qiantang.rooms.indicators import store
from qiantang.rooms.indicators.ownership import root_division
from qiantang.rooms.shelf import selectors as shelf


class ReleaseState(StrEnum):
    """How a release stands on a day."""

    DUE = "due"
    LATE = "late"
    PUBLISHED = "published"
    PUBLISHED_LATE = "published_late"


@dataclass(frozen=True, slots=True)
class ReleaseDay:
    """One release of one period. ``published`` is the day on which its last figure was out;
    ``missing`` are the indicators without a figure."""

    release: Release
    period: Period
    due: date
    state: ReleaseState
    published: date | None
    missing: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        found = self.release
        return {
            "release": f"{found.pack}.{found.id}",
            "name": found.name.as_dict(),
            "owner": found.owner,
            "indicators": list(found.indicators),
            "period": str(self.period),
            "due": self.due.isoformat(),
            "state": self.state.value,
            "published": self.published.isoformat() if self.published else None,
            "missing": list(self.missing),
            "source": found.source,
            "verified": found.verified,
        }


def releases() -> tuple[Release, ...]:
    """Every release that an installed pack declares."""
    return tuple(r for pack in shelf.packs().values() for r in pack.releases)


def release_calendar(today: date | None = None) -> tuple[ReleaseDay, ...]:
    """Releases of all periods that have begun, as they stand on ``today``, latest due day first.

    Holidays are not known: a due day on one is not put off.
    """
    day = today or timezone.localdate()
    declared = releases()
    out = _first_days({i for r in declared for i in r.indicators})
    end = date(day.year, 12, 31)
    found = [
        _stand(release, period, out, day) for release in declared for period in release.periods(end)
    ]
    return tuple(sorted(found, key=lambda r: (r.due, r.release.pack, r.release.id), reverse=True))


def _stand(
    release: Release, period: Period, out: dict[tuple[str, Period], date], today: date
) -> ReleaseDay:
    due = release.due(period)
    days = {name: out.get((name, period)) for name in release.indicators}
    missing = tuple(name for name, day in days.items() if day is None)
    known = [day for day in days.values() if day is not None]
    published = max(known) if known and not missing else None
    if published is None:
        state = ReleaseState.LATE if due < today else ReleaseState.DUE
    else:
        state = ReleaseState.PUBLISHED_LATE if published > due else ReleaseState.PUBLISHED
    return ReleaseDay(release, period, due, state, published, missing)


def _first_days(indicators: Iterable[str]) -> dict[tuple[str, Period], date]:
    """The first day on which each indicator had a figure of a period that still stands."""
    wanted, place = frozenset(indicators), root_division()
    found: dict[tuple[str, Period], date] = {}
    for rows in store.holding(wanted, [place]).revisions.values():
        first, now = rows[0].observation, rows[-1].observation
        day = _out_on(first)
        if now.withdrawn or now.kind in AIMS or now.division != place or day is None:
            continue
        key = now.indicator, now.period
        found[key] = min(day, found.get(key, day))
    return found


def _out_on(first: Observation) -> date | None:
    """When the source published it, else when this zone did."""
    if first.source.published is not None or first.recorded_at is None:
        return first.source.published
    return timezone.localtime(first.recorded_at).date()
