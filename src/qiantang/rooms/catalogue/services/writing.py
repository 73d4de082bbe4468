"""What every verb of the catalogue does at its end: new version, new columns, new index row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django.conf import settings

from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_level
from qiantang.rooms.catalogue import attributes, cycles, policy
from qiantang.rooms.catalogue.errors import EntryWithdrawn, NotAllowed, ReasonMissing, StaleEdit
from qiantang.rooms.catalogue.indexing import plain_name, reindex, signature_of
from qiantang.rooms.catalogue.models import ClassCounter, InformationResource, ResourceVersion
from qiantang.rooms.catalogue.selectors.completeness import completeness_of
from qiantang.rooms.catalogue.selectors.entries import visible_row
from qiantang.rooms.people.selectors import OrganisationView

DEPARTMENT_CLASS: Final = "3"
"""The class of what names none: every resource belongs to a department."""
State = ResourceVersion.State
OPEN: Final = (State.DRAFT, State.REVIEW)
_FORWARD: Final = ("submit", "publish")
"""Verbs by which a draft comes nearer to being in force."""
Status = InformationResource.Status


def held(actor: Actor, verb: str, id: str, seen: int | None = None) -> InformationResource:
    """The entry, locked, for an actor who may do ``verb``; ``seen`` is the edition they looked at.
    What was withdrawn is neither submitted nor published. Raises `ResourceUnknown`, `NotAllowed`,
    `EntryWithdrawn`, `StaleEdit`."""
    row = visible_row(actor, id)
    reason = policy.why(actor, verb, row)
    if not reason:
        raise NotAllowed(found=id, why=reason.text)
    row = InformationResource.objects.select_for_update().get(pk=row.pk)
    if verb in _FORWARD and row.status == Status.RETIRED:
        raise EntryWithdrawn(id=id, reason=row.reason or "-")
    if seen is not None and seen != row.edition:
        raise StaleEdit(id=id, found=seen, expected=row.edition)
    return row


def reasoned(reason: str) -> str:
    """The reason without spaces around it. Raises `ReasonMissing`."""
    if not reason.strip():
        raise ReasonMissing
    return reason.strip()


def own(row: InformationResource, organisation: OrganisationView | None) -> None:
    """Make an organisation the entry's owner and provider; not saved. The level is the owner's;
    the division is the area that the data is about: given to a new entry, and kept by one that is
    handed over. The version in force keeps the name of the owner before."""
    if row.number:
        _sign(row)
    row.owner_id = organisation.code if organisation else None
    row.owner_path = organisation.path if organisation else ""
    row.owner_department = organisation.department if organisation else row.owner_department
    row.provider_code = organisation.code if organisation else ""
    row.provider_zh = organisation.name.zh if organisation else ""
    row.provider_en = organisation.name.en if organisation else ""
    division = organisation.division if organisation else settings.QIANTANG_DIVISION
    row.level = division_level(division)
    row.division = row.division or division


def give_code(row: InformationResource) -> None:
    """The entry's code, once and for ever: its class and the next number in it; not saved."""
    if row.code:
        return
    main = (row.classes[0] if row.classes else DEPARTMENT_CLASS)[:40]
    ClassCounter.objects.get_or_create(class_code=main)
    counter = ClassCounter.objects.select_for_update().get(pk=main)
    counter.last += 1
    counter.save(update_fields=["last"])
    row.code = f"{main}/{counter.last:06d}"


def put_in_force(
    row: InformationResource, version: ResourceVersion, content: Mapping[str, Any], by: str
) -> None:
    """Publish a version: it gets the next number, the one before is superseded; not saved."""
    supersede(row, version, content, by)
    attributes.apply(row, content)
    row.status, row.reason, row.dropped = Status.PUBLISHED, "", False
    row.published_on = row.published_on or datetime.now(UTC).date()
    row.due_on = cycles.next_due(row.cadence, row.arrived_at.date()) if row.arrived_at else None
    give_code(row)


def supersede(
    row: InformationResource, version: ResourceVersion, content: Mapping[str, Any], by: str
) -> None:
    """Give a version the next number, in the name of the entry's owner; not saved."""
    ResourceVersion.objects.filter(resource=row, state=State.PUBLISHED).update(
        state=State.SUPERSEDED
    )
    row.number += 1
    version.number, version.state, version.content = row.number, State.PUBLISHED, dict(content)
    version.owner = _owner_said(row)
    version.decided_by, version.decided_at = by, datetime.now(UTC)


def keep(row: InformationResource) -> None:
    """Save the entry with what follows from its content, and let search know."""
    settle(row, datetime.now(UTC))
    row.save()
    reindex([row])


def settle(row: InformationResource, now: datetime) -> None:
    """Work out what follows from the content; not saved."""
    row.changed_at = now
    row.edition += 1
    row.name_plain = plain_name(row.name_zh)
    row.signature = signature_of(row.fields)
    row.completeness = completeness_of(attributes.content_of(row)).score
    _note_sight(row, now)


def _note_sight(row: InformationResource, now: datetime) -> None:
    """Note when everybody loses sight of the entry: who harvests has to be told, and of nothing
    that happens to it afterwards."""
    public = policy.is_public(row)
    if public:
        row.shown_division, row.hidden_at = row.division, None
    elif row.public:
        row.hidden_at = now
    row.public = public


def _sign(row: InformationResource) -> None:
    """Note the present owner on the version in force, where none is noted yet."""
    version = ResourceVersion.objects.filter(resource=row, number=row.number).first()
    if version is not None and not version.owner:
        version.owner = _owner_said(row)
        version.save(update_fields=["owner"])


def _owner_said(row: InformationResource) -> dict[str, str]:
    return {"code": row.owner_id or "", "zh": row.provider_zh, "en": row.provider_en}


def split_words(text: str) -> list[str]:
    """Keywords as one writes them, apart: by the enumeration comma, commas and semicolons."""
    for mark in "，,；;":
        text = text.replace(mark, "、")
    return list(dict.fromkeys(part.strip() for part in text.split("、") if part.strip()))


def as_list(values: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(v.strip() for v in values if v.strip()))
