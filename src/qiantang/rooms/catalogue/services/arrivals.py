"""What intake tells the catalogue about a delivery: quality, freshness, how many rows there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import cycles
from qiantang.rooms.catalogue.errors import NotKeeper, ResourceUnknown
from qiantang.rooms.catalogue.indexing import reindex
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.journal.services import record


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that was published. ``rows`` is what the resource has afterwards, None when that
    is not known; ``dimensions`` are shares of values that passed, 0 to 1, by quality dimension."""

    run: str
    at: datetime
    sent: int
    accepted: int
    set_aside: int
    grade: str = ""
    dimensions: Mapping[str, float] = field(default_factory=dict)
    rows: int | None = None
    division: str = ""

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Arrival:
        """From a run's summary; ``at`` may be written out, and what else it says is passed over."""
        at = summary["at"]
        known = {name: summary[name] for name in cls.__slots__ if name in summary}
        return cls(**{**known, "at": datetime.fromisoformat(at) if isinstance(at, str) else at})


@transaction.atomic
def record_arrival(actor: Actor, resource: str, arrival: Arrival | Mapping[str, Any]) -> None:
    """Note a published delivery on the entry, and on the division's own copy where there is one.

    For the system only: intake calls it. The same run noted twice counts once; an older delivery
    than the one noted changes nothing. ``arrival`` may be a run's summary as a mapping. Raises
    `NotKeeper`, `ResourceUnknown`.
    """
    if not isinstance(arrival, Arrival):
        arrival = Arrival.of(arrival)
    if not actor.is_system:
        raise NotKeeper(found=resource)
    ids = [resource, f"{resource}@{arrival.division}"] if arrival.division else [resource]
    rows = list(InformationResource.objects.select_for_update().filter(pk__in=ids))
    if not rows:
        raise ResourceUnknown(found=resource)
    changed = [row for row in rows if _is_newer(row, arrival)]
    for row in changed:
        _note(row, arrival)
        row.save()
    reindex(changed)
    if changed:
        detail = {"run": arrival.run, "accepted": arrival.accepted}
        record(actor, "catalogue.arrival_noted", f"resource:{resource}", detail)


def _is_newer(row: InformationResource, arrival: Arrival) -> bool:
    if row.run == arrival.run:
        return False
    return row.arrived_at is None or row.arrived_at <= arrival.at


def _note(row: InformationResource, arrival: Arrival) -> None:
    row.run, row.arrived_at, row.grade = arrival.run, arrival.at, arrival.grade
    row.due_on = cycles.next_due(row.cadence, arrival.at.date())
    if arrival.rows is not None:
        row.rows = arrival.rows
    row.quality = {
        "sent": arrival.sent,
        "accepted": arrival.accepted,
        "set_aside": arrival.set_aside,
        "dimensions": dict(arrival.dimensions),
    }
