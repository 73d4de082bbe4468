"""Another owner: both sides agree, or an administrator above both decides."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import transaction

from qiantang.kernel.actors import Actor, Role
from qiantang.rooms.catalogue import attributes, policy
from qiantang.rooms.catalogue.errors import (
    AlreadyOwner,
    NotAllowed,
    NothingOffered,
    ResourceUnknown,
)
from qiantang.rooms.catalogue.events import OwnerChanged
from qiantang.rooms.catalogue.models import InformationResource, ResourceVersion
from qiantang.rooms.catalogue.selectors.entries import resource_view
from qiantang.rooms.catalogue.selectors.views import ResourceView
from qiantang.rooms.catalogue.services.writing import State, held, keep, own, reasoned, supersede
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import selectors as people


@transaction.atomic
def transfer(actor: Actor, id: str, to: str, reason: str) -> ResourceView:
    """Give an entry to another organisation: at once when the actor administers both, otherwise
    as an offer that somebody there accepts. A second offer takes the first one's place.

    A published entry gets a new version: the same content in the new owner's name.
    Raises `NotAllowed`, `OrganisationUnknown`, `ReasonMissing`, `AlreadyOwner`.
    """
    row, said = held(actor, "transfer", id), reasoned(reason)
    receiver = people.organisation(to)
    if receiver.code == row.owner_id:
        raise AlreadyOwner(found=id, organisation=receiver.name)
    detail = {"to": to, "reason": said}
    if actor.has(Role.ADMINISTRATOR, receiver.path):
        _hand_over(actor, row, to)
    else:
        row.offered_to_id, row.offered_path = receiver.code, receiver.path
        row.offer = {**detail, "at": datetime.now(UTC).isoformat()}
        keep(row)
    record(actor, "catalogue.transfer_asked", f"resource:{id}", detail)
    return resource_view(row)


@transaction.atomic
def accept_transfer(actor: Actor, id: str) -> ResourceView:
    """Take over what was offered to the actor's organisation. Raises `NothingOffered`."""
    row = _offered(actor, id)
    _hand_over(actor, row, row.offered_to_id or "")
    record(actor, "catalogue.transfer_accepted", f"resource:{id}")
    return resource_view(row)


@transaction.atomic
def decline_transfer(actor: Actor, id: str, reason: str) -> None:
    """Say no to an offer; the entry stays where it is, and its owner reads the reason there.
    Raises `NothingOffered`, `ReasonMissing`."""
    row, said = _offered(actor, id), reasoned(reason)
    kept = {"to": row.offered_to_id, "at": datetime.now(UTC).isoformat()}
    row.offer = {**kept, **row.offer, "declined": said}
    row.offered_to_id, row.offered_path = None, ""
    keep(row)
    record(actor, "catalogue.transfer_declined", f"resource:{id}", {"reason": said})


def _offered(actor: Actor, id: str) -> InformationResource:
    """An entry offered to an organisation that the actor decides for; to others, as if it were
    not (unless they may know of it anyway)."""
    row = InformationResource.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise ResourceUnknown(found=id)
    reason = policy.why(actor, "accept", row)
    if reason:
        return row
    if not policy.why(actor, "see", row):
        raise ResourceUnknown(found=id)
    if row.offered_path:
        raise NotAllowed(found=id, why=reason.text)
    raise NothingOffered(found=id)


def _hand_over(actor: Actor, row: InformationResource, to: str) -> None:
    before = row.owner_id or ""
    own(row, people.organisation(to))
    row.moved, row.offered_to_id, row.offered_path, row.offer = True, None, "", {}
    if row.number:
        _new_version(actor, row, before, to)
    keep(row)
    record(actor, "catalogue.owner_changed", f"resource:{row.pk}", {"from": before, "to": to})
    emit(OwnerChanged(row.pk, before, to))


def _new_version(actor: Actor, row: InformationResource, before: str, to: str) -> None:
    """The same content in another name; a draft that was made from the version before goes on."""
    made = ResourceVersion(
        resource=row,
        base=row.number,
        note=f"{before} → {to}",
        drafted_by=actor.key,
        drafted_at=datetime.now(UTC),
    )
    supersede(row, made, attributes.content_of(row), actor.key)
    made.save()
    drafts = ResourceVersion.objects.filter(resource=row, state__in=(State.DRAFT, State.REVIEW))
    drafts.filter(base=made.base).update(base=row.number)
