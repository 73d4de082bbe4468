"""The same resource in many divisions, as one group: who keeps it, who owes it. Each division is
told by its own deliveries.

A division that keeps a platform of its own is in the group with its harvested entry; where an entry
of its own is here as well, that one stands for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import cycles
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.models import DivisionArrival, InformationResource
from qiantang.rooms.catalogue.selectors.duties import duties
from qiantang.rooms.catalogue.selectors.entries import (
    freshness,
    freshness_of,
    visible_row,
    visible_rows,
)
from qiantang.rooms.catalogue.selectors.views import DutyView, Group, GroupMember
from qiantang.rooms.shelf import selectors as shelf


def group(actor: Actor, id: str) -> Group:
    """The group that an entry belongs to (or a declared resource, by its id): entries by division,
    and the organisations whose duty it is that have none. Raises `ResourceUnknown`."""
    declared = _declared(actor, id)
    rows = visible_rows(actor).filter(declared=declared).exclude(status="retired")
    kept = sorted(_for_places(rows.order_by("origin", "id")), key=lambda r: (r.division, r.pk))
    resource = shelf.resources().get(declared)
    names = {o.code: o.name for o in shelf.divisions()}
    today = date.today()
    entries = [_member(row, names, today) for row in kept]
    members = (*entries, *_sending(declared, kept, names, today))
    has = {member.division for member in members}
    owed = (d for d in duties(actor) if d.resource == declared and d.state == "missing")
    owing = tuple(_owing(d, names) for d in owed if d.division not in has)
    name = resource.name if resource else Text(declared, declared)
    return Group(declared, name, tuple(sorted(members, key=lambda m: m.division)), owing)


def groups(actor: Actor) -> tuple[Group, ...]:
    """Every resource that each division keeps for itself, with its group."""
    kept = sorted(id for id, each in shelf.resources().items() if each.per_division)
    return tuple(group(actor, id) for id in kept)


def _declared(actor: Actor, id: str) -> str:
    if id in shelf.resources():
        return id
    row = visible_row(actor, id)
    if not row.declared:
        raise ResourceUnknown(found=id)
    return row.declared


def _for_places(rows: Iterable[InformationResource]) -> Iterator[InformationResource]:
    """All entries of ours, and one harvested entry of each division that has none; ours come
    first."""
    seen: set[str] = set()
    for row in rows:
        if not row.origin or row.division not in seen:
            yield row
        seen.add(row.division)


def _member(row: InformationResource, names: dict[str, Text], today: date) -> GroupMember:
    return GroupMember(
        division=row.division,
        name=names.get(row.division, Text(row.division, row.division)),
        level=row.level,
        organisation=row.provider_code if row.origin else row.owner_id or "",
        entry=row.pk,
        status=row.status,
        freshness=freshness_of(row, today).state,
        grade=row.grade,
        rows=row.rows,
        origin=row.origin,
        origin_name=Text(row.origin_zh, row.origin_en or row.origin_zh),
    )


def _sending(
    declared: str, kept: Iterable[InformationResource], names: dict[str, Text], today: date
) -> Iterator[GroupMember]:
    """Divisions whose rows are here without an entry of their own: they stand under the zone's
    entry, for whoever may know of that."""
    zones = next((row for row in kept if row.pk == declared), None)
    if zones is None:
        return
    taken = InformationResource.objects.filter(declared=declared, origin="").exclude(pack="")
    parts = DivisionArrival.objects.filter(declared=declared)
    shown = {row.division for row in kept}
    for part in parts.exclude(division__in=taken.values("division")):
        # What a harvested entry of the division says of it stands already.
        if part.division in shown or not part.rows:
            continue
        due_on = cycles.next_due(zones.cadence, part.arrived_at.date())
        yield GroupMember(
            division=part.division,
            name=names.get(part.division, Text(part.division, part.division)),
            level=division_level(part.division),
            organisation=f"{part.division}-{zones.owner_department}",
            entry=zones.pk,
            status=zones.status,
            freshness=freshness(zones.cadence, part.arrived_at, due_on, today).state,
            grade=part.grade,
            rows=part.rows,
        )


def _owing(duty: DutyView, names: dict[str, Text]) -> GroupMember:
    return GroupMember(
        division=duty.division,
        name=names.get(duty.division, Text(duty.division, duty.division)),
        level=duty.level,
        organisation=duty.organisation,
        entry="",
        status="missing",
        freshness="",
        grade="",
        rows=None,
    )
