"""What intake tells the catalogue about a delivery: quality, freshness, how many rows there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import cycles
from qiantang.rooms.catalogue.errors import NotKeeper, ResourceUnknown
from qiantang.rooms.catalogue.indexing import reindex
from qiantang.rooms.catalogue.models import DivisionArrival, InformationResource
from qiantang.rooms.journal.services import record


@dataclass(frozen=True, slots=True)
class Arrival:
    """A delivery that was published. ``rows`` is what the resource has afterwards, ``part`` what of
    it is the division's, None when that is not known; ``dimensions`` are shares of values that
    passed, 0 to 1, by quality dimension."""

    run: str
    at: datetime
    sent: int
    accepted: int
    set_aside: int
    grade: str = ""
    dimensions: Mapping[str, float] = field(default_factory=dict)
    rows: int | None = None
    division: str = ""
    part: int | None = None

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Arrival:
        """From a run's summary; ``at`` may be written out, and what else it says is passed over."""
        at = summary["at"]
        known = {name: summary[name] for name in cls.__slots__ if name in summary}
        return cls(**{**known, "at": datetime.fromisoformat(at) if isinstance(at, str) else at})


@transaction.atomic
def record_arrival(actor: Actor, resource: str, arrival: Arrival | Mapping[str, Any]) -> None:
    """Note a published delivery on the entry. Where each division keeps its own, it counts for the
    division alone, and is noted on its entry: its copy, or the zone's own entry where it is the
    division of that.

    For the system only: intake calls it. The same run noted twice counts once; an older delivery
    than the one noted changes nothing. ``arrival`` may be a run's summary as a mapping. Raises
    `NotKeeper`, `ResourceUnknown`.
    """
    if not isinstance(arrival, Arrival):
        arrival = Arrival.of(arrival)
    if not actor.is_system:
        raise NotKeeper(found=resource)
    division = arrival.division
    ids = [resource, f"{resource}@{division}"] if division else [resource]
    rows = list(InformationResource.objects.select_for_update().filter(pk__in=ids))
    if not rows:
        raise ResourceUnknown(found=resource)
    noted = bool(division) and _note_part(resource, arrival)
    if division:
        arrival = replace(arrival, rows=arrival.part)
    own = [row for row in rows if not division or row.division == division]
    changed = [row for row in own if _is_newer(row, arrival)]
    for row in changed:
        _note(row, arrival)
        row.save()
    reindex(changed)
    if changed or noted:
        detail = {"run": arrival.run, "accepted": arrival.accepted}
        record(actor, "catalogue.arrival_noted", f"resource:{resource}", detail)


def note_earlier(row: InformationResource) -> None:
    """Note on a division's new copy what the division had delivered before it took one."""
    part = DivisionArrival.objects.filter(declared=row.declared, division=row.division).first()
    if part is None or row.run == part.run:
        return
    for name in ("run", "arrived_at", "grade", "quality", "rows"):
        setattr(row, name, getattr(part, name))
    row.due_on = cycles.next_due(row.cadence, part.arrived_at.date())
    row.save()
    reindex([row])


def _note_part(resource: str, arrival: Arrival) -> bool:
    """Whether it is news for the division."""
    known = DivisionArrival.objects.filter(declared=resource, division=arrival.division)
    part = known.select_for_update().first() or DivisionArrival(
        declared=resource, division=arrival.division, arrived_at=arrival.at
    )
    if part.run == arrival.run or part.arrived_at > arrival.at:
        return False
    part.run, part.arrived_at, part.grade = arrival.run, arrival.at, arrival.grade
    part.quality, part.rows = _quality(arrival), arrival.part
    part.save()
    return True


def _is_newer(row: InformationResource, arrival: Arrival) -> bool:
    if row.run == arrival.run:
        return False
    return row.arrived_at is None or row.arrived_at <= arrival.at


def _note(row: InformationResource, arrival: Arrival) -> None:
    row.run, row.arrived_at, row.grade = arrival.run, arrival.at, arrival.grade
    row.due_on = cycles.next_due(row.cadence, arrival.at.date())
    if arrival.rows is not None:
        row.rows = arrival.rows
    row.quality = _quality(arrival)


def _quality(arrival: Arrival) -> dict[str, Any]:
    return {
        "sent": arrival.sent,
        "accepted": arrival.accepted,
        "set_aside": arrival.set_aside,
        "dimensions": dict(arrival.dimensions),
    }
