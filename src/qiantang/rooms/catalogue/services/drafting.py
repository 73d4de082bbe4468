"""Writing entries by hand: draft, change, submit, discard. A published entry stays as it is while a
draft of its next version lies beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import attributes, checking, policy
from qiantang.rooms.catalogue.errors import (
    AlreadyTaken,
    NotAllowed,
    NothingChanged,
    NotItsDuty,
    ResourceUnknown,
    StatusForbids,
)
from qiantang.rooms.catalogue.models import ClassCounter, InformationResource, ResourceVersion
from qiantang.rooms.catalogue.selectors.duties import owes
from qiantang.rooms.catalogue.selectors.entries import resource_view
from qiantang.rooms.catalogue.selectors.views import ResourceView
from qiantang.rooms.catalogue.services.writing import OPEN, State, Status, held, keep, own
from qiantang.rooms.journal.services import record
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people.selectors import OrganisationView
from qiantang.rooms.shelf import selectors as shelf

LOCAL: Final = "local"
"""Entries written by hand are called ``local.000001`` and so on."""


@transaction.atomic
def draft(
    actor: Actor, owner: str, content: Mapping[str, Any], *, fulfils: str = ""
) -> ResourceView:
    """A new entry of an organisation, as a draft; ``fulfils`` is the declared resource of a duty.
    It is about the organisation's division unless it names another one.

    For the organisation's officers, approvers and administrators, and those above. Raises
    `OrganisationUnknown`, `NotAllowed`, `ContentInvalid`, `ResourceUnknown`, `NotItsDuty`,
    `AlreadyTaken`.
    """
    organisation = people.organisation(owner)
    if not policy.keeps(actor, organisation.path, *policy.WRITERS):
        raise NotAllowed(found=owner, why=policy.lacking(policy.WRITERS))
    _require_owed(fulfils, organisation)
    blank = {**attributes.empty_content(), "division": organisation.division}
    given = {id: value for id, value in content.items() if id != "division" or value}
    said = checking.merged(blank, given, declared=False)
    if fulfils:
        checking.require_division(said, organisation.division)
    now = datetime.now(UTC)
    row = InformationResource(id=_next_id(), declared=fulfils, registered_at=now, changed_at=now)
    attributes.apply(row, said)
    own(row, organisation)
    row.save()
    _open_version(actor, row, said, "")
    keep(row)
    record(actor, "catalogue.entry_drafted", f"resource:{row.pk}", {"owner": owner})
    return resource_view(row)


@transaction.atomic
def change(
    actor: Actor, id: str, content: Mapping[str, Any], *, seen: int | None = None, note: str = ""
) -> ResourceView:
    """Write in the entry's draft, or start a draft of its next version. Only what is given changes.

    The draft takes the version in force as its base. ``seen``: the edition that the writer looked
    at. Raises `NotAllowed`, `StaleEdit`, `ContentInvalid`, `StatusForbids` (in review, withdrawn).
    """
    row = held(actor, "edit", id, seen)
    version = _open(row)
    if row.status == Status.RETIRED or (version and version.state == State.REVIEW):
        found = row.status if version is None else version.state
        raise StatusForbids(id=id, found=found, expected="draft, published")
    base = version.content if version else attributes.content_of(row)
    if row.pack:
        base = {**base, **{name: getattr(row, name) for name in attributes.STRUCTURE}}
    said = checking.merged(base, content, declared=bool(row.pack))
    if row.declared and not row.pack:
        # Not the owner's: what was handed over is still about the division it was made for.
        checking.require_division(said, row.division)
    if version is None:
        _open_version(actor, row, said, note)
    else:
        _write_on(actor, version, said, note or version.note)
        version.base = row.number
        version.save()
    if not row.number:
        attributes.apply(row, said)
    keep(row)
    record(actor, "catalogue.draft_changed", f"resource:{id}", {"attributes": sorted(content)})
    return resource_view(row)


@transaction.atomic
def submit(actor: Actor, id: str, *, seen: int | None = None) -> ResourceView:
    """Hand the draft in for review. Raises `NotAllowed`, `EntryWithdrawn`, `StatusForbids`,
    `StaleEdit`, `NothingChanged`, and `ContentInvalid` with all that is still missing."""
    row = held(actor, "submit", id, seen)
    version = _open(row)
    if version is None or version.state != State.DRAFT:
        found = version.state if version else row.status
        raise StatusForbids(id=id, found=found, expected=State.DRAFT.value)
    checking.require_complete(version.content)
    if row.number and version.content == attributes.content_of(row):
        raise NothingChanged(found=id)
    version.state, version.reason = State.REVIEW, ""
    version.submitted_by, version.submitted_at = actor.key, datetime.now(UTC)
    version.save()
    if not row.number:
        row.status = Status.REVIEW
    keep(row)
    record(actor, "catalogue.draft_submitted", f"resource:{id}")
    return resource_view(row)


@transaction.atomic
def discard(actor: Actor, id: str) -> ResourceView:
    """Give the open draft up; it stays among the versions. An entry that was never published stays
    known to its organisation only, and fulfils no duty. Raises `NotAllowed`, `StatusForbids`."""
    row = held(actor, "discard", id)
    version = _open(row)
    if version is None:
        raise StatusForbids(id=id, found=row.status, expected=State.DRAFT.value)
    version.state, version.decided_by = State.DISCARDED, actor.key
    version.decided_at = datetime.now(UTC)
    version.save()
    if not row.number:
        row.status, row.declared = Status.DRAFT, ""
    keep(row)
    record(actor, "catalogue.draft_discarded", f"resource:{id}")
    return resource_view(row)


def _open(row: InformationResource) -> ResourceVersion | None:
    return ResourceVersion.objects.filter(resource=row, state__in=OPEN).first()


def _open_version(
    actor: Actor, row: InformationResource, content: Mapping[str, Any], note: str
) -> None:
    version = ResourceVersion(resource=row, base=row.number, state=State.DRAFT)
    _write_on(actor, version, content, note)
    version.save()


def _write_on(
    actor: Actor, version: ResourceVersion, content: Mapping[str, Any], note: str
) -> None:
    version.content, version.note = dict(content), note.strip()
    version.drafted_by, version.drafted_at = actor.key, datetime.now(UTC)
    version.authors = [*dict.fromkeys([*version.authors, actor.key])]


def _require_owed(fulfils: str, organisation: OrganisationView) -> None:
    """A duty of this organisation, not fulfilled yet."""
    if not fulfils:
        return
    if fulfils not in shelf.resources():
        raise ResourceUnknown(found=fulfils)
    if not owes(organisation, fulfils):
        raise NotItsDuty(found=fulfils, organisation=organisation.name)
    taken = InformationResource.objects.filter(
        declared=fulfils, origin="", owner_id=organisation.code, division=organisation.division
    )
    if known := taken.exclude(status=Status.RETIRED).first():
        raise AlreadyTaken(found=fulfils, entry=known.pk)


def _next_id() -> str:
    ClassCounter.objects.get_or_create(class_code=LOCAL)
    counter = ClassCounter.objects.select_for_update().get(pk=LOCAL)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{LOCAL}.{counter.last:06d}"
