"""The catalogue's reads, always from what the actor may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.policy import Reason


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A resource as the catalogue shows it.

    ``owner`` is an organisation's code, empty while the organisation does not exist; ``fields``
    are mappings with id, name, type and what else is declared.
    """

    id: str
    pack: str
    version: str
    name: Text
    description: Text
    owner: str
    owner_department: str
    sharing: str
    conditions: Text
    open: bool
    cadence: str
    licence: Text
    grain: tuple[str, ...]
    fields: tuple[dict[str, Any], ...]
    status: str
    registered_at: datetime
    changed_at: datetime


def resources(
    actor: Actor, *, pack: str | None = None, sharing: str | None = None, status: str | None = None
) -> tuple[ResourceView, ...]:
    """The resources the actor may know of, by id."""
    rows = _visible(actor)
    for field, value in (("pack", pack), ("sharing", sharing), ("status", status)):
        if value is not None:
            rows = rows.filter(**{field: value})
    return tuple(resource_view(row) for row in rows)


def resource(actor: Actor, id: str) -> ResourceView:
    """One resource. Raises `ResourceUnknown`, also when the actor may not know of it."""
    return resource_view(visible_row(actor, id))


def why(actor: Actor, verb: str, id: str) -> Reason:
    """Whether the actor may ``see``, ``publish`` or ``retire`` a resource, and why."""
    row = InformationResource.objects.filter(pk=id).first()
    if row is None or (verb != "see" and not policy.why(actor, "see", row)):
        raise ResourceUnknown(found=id)
    return policy.why(actor, verb, row)


def _visible(actor: Actor) -> QuerySet[InformationResource]:
    return InformationResource.objects.filter(policy.visible_to(actor))


def visible_row(actor: Actor, id: str) -> InformationResource:
    row = _visible(actor).filter(pk=id).first()
    if row is None:
        raise ResourceUnknown(found=id)
    return row


def resource_view(row: InformationResource) -> ResourceView:
    return ResourceView(
        id=row.id,
        pack=row.pack,
        version=row.version,
        name=Text(row.name_zh, row.name_en),
        description=Text(row.description_zh, row.description_en),
        owner=row.owner_id or "",
        owner_department=row.owner_department,
        sharing=row.sharing,
        conditions=Text(row.conditions_zh, row.conditions_en),
        open=row.open,
        cadence=row.cadence,
        licence=Text(row.licence_zh, row.licence_en),
        grain=tuple(row.grain),
        fields=tuple(row.fields),
        status=row.status,
        registered_at=row.registered_at,
        changed_at=row.changed_at,
    )
