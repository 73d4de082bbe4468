"""The catalogue's verbs: register what packs declare, publish, retire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from qiantang.kernel.actors import Actor, Role
from qiantang.packkit.compiled import Field, Resource
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.errors import NotKeeper, ReasonMissing, StatusForbids
from qiantang.rooms.catalogue.events import ResourceRegistered, ResourceRetired
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.selectors import ResourceView, resource_view, visible_row
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.errors import OrganisationUnknown
from qiantang.rooms.shelf import selectors as shelf

Status = InformationResource.Status


@transaction.atomic
def register_resources(actor: Actor, pack_id: str) -> tuple[ResourceView, ...]:
    """Enter a pack's resources in the catalogue, published; those it no longer declares retire.

    The owner is the department of the zone's own division. Registering again what has not changed
    changes nothing. Raises `NotKeeper`, and `PackUnknown` of the shelf.
    """
    if not (actor.has(Role.ADMINISTRATOR, "") and actor.may_use("write")):
        raise NotKeeper(found=pack_id)
    pack = shelf.pack(pack_id)
    declared = {f"{pack_id}.{id}": each for id, each in pack.resources.items()}
    for id, each in declared.items():
        _register(actor, id, each, pack.version)
    gone = InformationResource.objects.filter(pack=pack_id).exclude(pk__in=declared)
    for row in gone.exclude(status=Status.RETIRED):
        _retire(actor, row, f"{pack_id} {pack.version}")
    kept = InformationResource.objects.filter(pk__in=declared)
    return tuple(resource_view(row) for row in kept)


@transaction.atomic
def publish(actor: Actor, id: str) -> ResourceView:
    """Show a draft to everyone who may know of it. Raises `NotKeeper`, `StatusForbids`."""
    row = _changeable(actor, "publish", id)
    if row.status != Status.DRAFT:
        raise StatusForbids(id=id, found=row.status, expected=Status.DRAFT.value)
    _stand(row, Status.PUBLISHED)
    record(actor, "catalogue.resource_published", f"resource:{id}")
    return resource_view(row)


@transaction.atomic
def retire(actor: Actor, id: str, reason: str) -> ResourceView:
    """Close a resource for new data; it stays listed. Raises `NotKeeper`, `StatusForbids`,
    `ReasonMissing`."""
    row = _changeable(actor, "retire", id)
    if not reason.strip():
        raise ReasonMissing
    if row.status == Status.RETIRED:
        raise StatusForbids(id=id, found=row.status, expected=Status.PUBLISHED.value)
    _retire(actor, row, reason.strip())
    return resource_view(row)


def _changeable(actor: Actor, verb: str, id: str) -> InformationResource:
    row = visible_row(actor, id)
    if not policy.why(actor, verb, row):
        raise NotKeeper(found=id)
    return InformationResource.objects.select_for_update().get(pk=row.pk)


def _register(actor: Actor, id: str, declared: Resource, version: str) -> None:
    row = InformationResource.objects.select_for_update().filter(pk=id).first()
    wanted = _columns(declared, version)
    if row is not None and all(getattr(row, k) == v for k, v in wanted.items()):
        return
    now = datetime.now(UTC)
    if row is None:
        row = InformationResource(id=id, registered_at=now, status=Status.PUBLISHED)
    for column, value in wanted.items():
        setattr(row, column, value)
    row.changed_at = now
    row.save()
    record(actor, "catalogue.resource_registered", f"resource:{id}", {"version": version})
    emit(ResourceRegistered(id, declared.pack, version))


def _columns(declared: Resource, version: str) -> dict[str, Any]:
    owner, path = _owner(declared.owner)
    conditions = declared.conditions
    return {
        "pack": declared.pack,
        "version": version,
        "name_zh": declared.name.zh,
        "name_en": declared.name.en,
        "description_zh": declared.description.zh,
        "description_en": declared.description.en,
        "owner_id": owner,
        "owner_department": declared.owner,
        "owner_path": path,
        "sharing": declared.sharing.value,
        "conditions_zh": conditions.zh if conditions else "",
        "conditions_en": conditions.en if conditions else "",
        "open": declared.open,
        "cadence": declared.cadence,
        "licence_zh": declared.licence.zh,
        "licence_en": declared.licence.en,
        "grain": list(declared.grain),
        "fields": [_field(each) for each in declared.fields],
    }


def _owner(department: str) -> tuple[str | None, str]:
    try:
        found = people.organisation(f"{settings.QIANTANG_DIVISION}-{department}")
    except OrganisationUnknown:
        return None, ""
    return found.code, found.path


def _field(declared: Field) -> dict[str, Any]:
    limits = {"minimum": declared.minimum, "maximum": declared.maximum}
    facts: dict[str, Any] = {
        "id": declared.id,
        "name": declared.name.as_dict(),
        "type": declared.type.value,
        "unit": declared.unit,
        "codes": declared.codes,
        "required": declared.required,
        "personal": declared.personal.value,
        "pattern": declared.pattern,
        "values": list(declared.values),
        **{k: str(v) if v is not None else None for k, v in limits.items()},
    }
    return {k: v for k, v in facts.items() if v not in (None, [], False)}


def _retire(actor: Actor, row: InformationResource, reason: str) -> None:
    _stand(row, Status.RETIRED)
    record(actor, "catalogue.resource_retired", f"resource:{row.id}", {"reason": reason})
    emit(ResourceRetired(row.id))


def _stand(row: InformationResource, status: InformationResource.Status) -> None:
    row.status, row.changed_at = status, datetime.now(UTC)
    row.save(update_fields=["status", "changed_at"])
