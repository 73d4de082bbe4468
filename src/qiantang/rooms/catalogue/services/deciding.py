"""Deciding on drafts, withdrawing what is published."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue.errors import DraftOutdated, SamePerson, StatusForbids
from qiantang.rooms.catalogue.events import EntryPublished, ResourceRetired
from qiantang.rooms.catalogue.models import InformationResource, ResourceVersion
from qiantang.rooms.catalogue.selectors.entries import resource_view
from qiantang.rooms.catalogue.selectors.views import ResourceView
from qiantang.rooms.catalogue.services.writing import (
    OPEN,
    State,
    Status,
    held,
    keep,
    put_in_force,
    reasoned,
)
from qiantang.rooms.journal.services import emit, record


@transaction.atomic
def publish(actor: Actor, id: str, *, seen: int | None = None) -> ResourceView:
    """Put the version in review in force. For an approver or administrator of the owner or above
    who neither wrote nor submitted it.

    Raises `NotAllowed`, `EntryWithdrawn`, `SamePerson`, `StatusForbids`, `StaleEdit`,
    `DraftOutdated`.
    """
    row = held(actor, "publish", id, seen)
    version = _in_review(actor, row)
    if version.base != row.number:
        raise DraftOutdated(id=id, found=version.base, expected=row.number)
    put_in_force(row, version, version.content, actor.key)
    version.save()
    keep(row)
    record(actor, "catalogue.entry_published", f"resource:{id}", {"number": row.number})
    emit(EntryPublished(id, row.number))
    return resource_view(row)


@transaction.atomic
def send_back(actor: Actor, id: str, reason: str) -> ResourceView:
    """Return the version in review to its authors, with a reason; it is a draft again."""
    row = held(actor, "send_back", id)
    version, said = _in_review(actor, row), reasoned(reason)
    version.state, version.reason = State.DRAFT, said
    version.decided_by, version.decided_at = actor.key, datetime.now(UTC)
    version.save()
    if not row.number:
        row.status = Status.DRAFT
    keep(row)
    record(actor, "catalogue.draft_sent_back", f"resource:{id}", {"reason": said})
    return resource_view(row)


@transaction.atomic
def retire(actor: Actor, id: str, reason: str) -> ResourceView:
    """Withdraw an entry: it stays listed as withdrawn, nothing new comes to it. An open draft is
    given up and stays among its versions.

    Raises `NotAllowed`, `StatusForbids`, `ReasonMissing`.
    """
    row = held(actor, "retire", id)
    said = reasoned(reason)
    if row.status != Status.PUBLISHED:
        raise StatusForbids(id=id, found=row.status, expected=Status.PUBLISHED.value)
    retire_row(actor, row, said)
    return resource_view(row)


withdraw = retire


def retire_row(actor: Actor, row: InformationResource, reason: str) -> None:
    """Withdraw a locked entry, its open draft with it."""
    ResourceVersion.objects.filter(resource=row, state__in=OPEN).update(
        state=State.DISCARDED,
        reason=reason,
        decided_by=actor.key,
        decided_at=datetime.now(UTC),
    )
    row.status, row.reason = Status.RETIRED, reason
    keep(row)
    record(actor, "catalogue.resource_retired", f"resource:{row.id}", {"reason": reason})
    emit(ResourceRetired(row.id))


def _in_review(actor: Actor, row: InformationResource) -> ResourceVersion:
    version = ResourceVersion.objects.filter(resource=row, state=State.REVIEW).first()
    if version is None:
        raise StatusForbids(id=row.pk, found=row.status, expected=State.REVIEW.value)
    if actor.key in (*version.authors, version.drafted_by, version.submitted_by):
        raise SamePerson(found=row.pk)
    return version
