"""Entering what packs declare, and each division's own copy of what it must keep."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, Resource
from qiantang.rooms.catalogue import attributes, policy
from qiantang.rooms.catalogue.errors import (
    AlreadyTaken,
    NoLongerDeclared,
    NotAllowed,
    NotKeeper,
    NotPerDivision,
    ResourceUnknown,
)
from qiantang.rooms.catalogue.events import EntryPublished, ResourceRegistered
from qiantang.rooms.catalogue.models import InformationResource, ResourceVersion
from qiantang.rooms.catalogue.selectors.entries import resource_view
from qiantang.rooms.catalogue.selectors.views import ResourceView
from qiantang.rooms.catalogue.services.arrivals import note_earlier
from qiantang.rooms.catalogue.services.deciding import retire_row
from qiantang.rooms.catalogue.services.writing import (
    Status,
    give_code,
    keep,
    own,
    put_in_force,
    split_words,
)
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.errors import OrganisationUnknown
from qiantang.rooms.people.selectors import OrganisationView
from qiantang.rooms.shelf import selectors as shelf


@transaction.atomic
def register_resources(actor: Actor, pack_id: str) -> tuple[ResourceView, ...]:
    """Enter a pack's resources in the catalogue, published; those it no longer declares retire.

    The owner is the department of the zone's own division, unless the entry was transferred.
    Divisions' own copies follow. What a steward changed beside the structure stays; everything
    that changes becomes a new version. Registering again what has not changed changes nothing.
    What a person withdrew stays so (`restore` brings it back) and is among what is returned.
    Raises `NotKeeper`, and `PackUnknown` of the shelf.
    """
    if not (actor.has(Role.ADMINISTRATOR, "") and actor.may_use("write")):
        raise NotKeeper(found=pack_id)
    pack = shelf.pack(pack_id)
    declared = {f"{pack_id}.{id}": each for id, each in pack.resources.items()}
    for id, each in declared.items():
        _register(actor, id, each, pack.version)
    ours = InformationResource.objects.filter(pack=pack_id)
    for row in ours.exclude(declared__in=declared).exclude(status=Status.RETIRED):
        row.dropped = True
        retire_row(actor, row, f"{pack_id} {pack.version}")
    return tuple(resource_view(row) for row in ours.filter(pk__in=declared))


@transaction.atomic
def take(actor: Actor, declared: str, division: str) -> ResourceView:
    """Register a division's own copy of a declared resource (``pack.local@330106``), published.
    A division that has an entry of it, the zone's own with its pack's among them, takes no other.

    For officers, approvers and administrators of the department there; one that a person withdrew
    is taken again by those who may restore it. Raises `ResourceUnknown`, `NotPerDivision`,
    `OrganisationUnknown`, `NotAllowed`, `AlreadyTaken`.
    """
    found = shelf.resources().get(declared)
    if found is None:
        raise ResourceUnknown(found=declared)
    if not found.per_division:
        raise NotPerDivision(found=declared)
    owner = people.organisation(f"{division}-{found.owner}")
    if not policy.keeps(actor, owner.path, Role.OFFICER, Role.APPROVER, Role.ADMINISTRATOR):
        raise NotAllowed(found=owner.code, why=policy.lacking(policy.WRITERS))
    at_home = division == settings.QIANTANG_DIVISION
    id = declared if at_home else f"{declared}@{division}"
    same = InformationResource.objects.select_for_update().filter(declared=declared, origin="")
    if known := same.filter(division=division).exclude(status=Status.RETIRED).first():
        raise AlreadyTaken(found=declared, entry=known.pk)
    row = same.filter(pk=id).first()
    if row and is_withdrawn(row) and not (may := policy.why(actor, "restore", row)):
        raise NotAllowed(found=id, why=may.text)
    _enter(actor, row or _new_row(id, declared), found, shelf.pack(found.pack).version)
    made = InformationResource.objects.get(pk=id)
    note_earlier(made)
    return resource_view(made)


def _register(actor: Actor, id: str, declared: Resource, version: str) -> None:
    """The entry of the zone's own division, and the copies that divisions have taken."""
    rows = InformationResource.objects.select_for_update().filter(declared=id, pack=declared.pack)
    known = {row.pk: row for row in rows}
    if id not in known:
        _enter(actor, _new_row(id, id), declared, version)
    for row in known.values():
        if not is_withdrawn(row):
            _enter(actor, row, declared, version)


def is_withdrawn(row: InformationResource) -> bool:
    """Whether a person withdrew the entry, and no mere change of its pack."""
    return row.status == Status.RETIRED and not row.dropped


def follow_pack(actor: Actor, row: InformationResource) -> None:
    """Bring a locked entry that came from a pack to what the pack declares now.
    Raises `NoLongerDeclared`."""
    declared = shelf.resources().get(row.declared)
    if declared is None:
        raise NoLongerDeclared(id=row.pk, pack=row.pack)
    _enter(actor, row, declared, shelf.pack(declared.pack).version)


def _enter(actor: Actor, row: InformationResource, declared: Resource, version: str) -> None:
    """Bring one entry to what the pack declares; nothing happens where it says so already."""
    owner = _owner(f"{_division_of(row.pk)}-{declared.owner}")
    said = content_declared(declared)
    wanted = _merged(row, said)
    present = attributes.content_of(row)
    moves = not row.moved and (row.owner_id or "") != (owner.code if owner else "")
    same = row.number and row.code and wanted == present and row.version == version and not moves
    if same and row.declaration == said and row.status != Status.RETIRED:
        return
    if not row.moved:
        row.owner_department = declared.owner
        own(row, owner)
    row.pack, row.version, row.per_division = declared.pack, version, declared.per_division
    row.declaration = said
    if not row.number or wanted != present or row.status == Status.RETIRED or moves:
        _new_version(actor, row, {**wanted, "division": row.division}, version)
    give_code(row)
    keep(row)
    record(actor, "catalogue.resource_registered", f"resource:{row.pk}", {"version": version})
    emit(ResourceRegistered(row.pk, declared.pack, version))


def _new_version(
    actor: Actor, row: InformationResource, content: Mapping[str, Any], version: str
) -> None:
    if row._state.adding:
        row.save()
    made = ResourceVersion(
        resource=row,
        base=row.number,
        note=f"{row.pack} {version}",
        drafted_by=actor.key,
        drafted_at=datetime.now(UTC),
    )
    put_in_force(row, made, content, actor.key)
    made.save()
    emit(EntryPublished(row.pk, row.number))


def _merged(row: InformationResource, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the pack says now, but where a steward had changed what it said before, theirs."""
    if not row.number:
        return {**said, "division": row.division}
    present = attributes.content_of(row)
    before = row.declaration or {}
    free = [a.id for a in attributes.ATTRIBUTES if a.id not in attributes.STRUCTURE]
    kept = {id: present[id] for id in free if id in before and present[id] != before[id]}
    return {**said, **kept, "division": row.division}


def _new_row(id: str, declared: str) -> InformationResource:
    now = datetime.now(UTC)
    division = _division_of(id) if "@" in id else ""
    return InformationResource(
        id=id, declared=declared, division=division, registered_at=now, changed_at=now
    )


def _division_of(id: str) -> str:
    """Whose the entry is: a division's own copy names it, all others are the zone's."""
    return id.rpartition("@")[2] if "@" in id else str(settings.QIANTANG_DIVISION)


def _owner(code: str) -> OrganisationView | None:
    try:
        return people.organisation(code)
    except OrganisationUnknown:
        return None


def content_declared(declared: Resource) -> dict[str, Any]:
    """What a pack's declaration says, as an entry's content (without the area)."""
    words = declared.keywords or Text("", "")
    texts = {
        "name": declared.name,
        "description": declared.description,
        "conditions": declared.conditions,
        "open_conditions": declared.open_conditions,
        "licence": declared.licence,
        "system": declared.system,
    }
    said = {id: (text or Text("", "")).as_dict() for id, text in texts.items()}
    return {
        **attributes.empty_content(),
        **said,
        "classes": list(declared.classes),
        "keywords": {"zh": split_words(words.zh), "en": split_words(words.en)},
        "fields": [_field(each) for each in declared.fields],
        "grain": list(declared.grain),
        "sharing": declared.sharing.value,
        "share_mode": declared.share_mode,
        "open": declared.open,
        "cadence": declared.cadence,
        "related": [r if "." in r else f"{declared.pack}.{r}" for r in declared.related],
        "retention": declared.retention or "",
    }


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
        "description": declared.description.as_dict() if declared.description else None,
        "unique": declared.unique,
        "open_end": declared.open_end,
        "identifier": declared.identifier,
        "element": declared.element,
        "reference": declared.reference,
        **{k: str(v) if v is not None else None for k, v in limits.items()},
    }
    return {k: v for k, v in facts.items() if v not in (None, [], False)}
