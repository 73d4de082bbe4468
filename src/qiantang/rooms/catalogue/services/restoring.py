"""Bringing back what a person withdrew."""

from __future__ import annotations

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue.errors import AlreadyTaken, StatusForbids
from qiantang.rooms.catalogue.events import EntryPublished
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.selectors.entries import resource_view
from qiantang.rooms.catalogue.selectors.views import ResourceView
from qiantang.rooms.catalogue.services.registering import follow_pack
from qiantang.rooms.catalogue.services.writing import Status, held, keep, reasoned
from qiantang.rooms.journal.services import emit, record


@transaction.atomic
def restore(actor: Actor, id: str, reason: str) -> ResourceView:
    """Publish a withdrawn entry again, as its version in force says; what came from a pack is
    brought to what the pack says now. For administrators of the owner or above. What was harvested
    comes back with its upstream.

    Raises `NotAllowed`, `StatusForbids`, `ReasonMissing`, `AlreadyTaken` where the division has
    another entry of the same declared resource meanwhile, `NoLongerDeclared`.
    """
    row, said = held(actor, "restore", id), reasoned(reason)
    if row.status != Status.RETIRED:
        raise StatusForbids(id=id, found=row.status, expected=Status.RETIRED.value)
    _require_place(row)
    row.status, row.reason, row.dropped = Status.PUBLISHED, "", False
    keep(row)
    record(actor, "catalogue.entry_restored", f"resource:{id}", {"reason": said})
    emit(EntryPublished(id, row.number))
    if row.pack:
        follow_pack(actor, row)
    return resource_view(row)


def _require_place(row: InformationResource) -> None:
    """No other entry in force or in writing that the division has of the same resource."""
    if not row.declared:
        return
    same = InformationResource.objects.filter(declared=row.declared, division=row.division)
    others = same.filter(origin="").exclude(pk=row.pk).exclude(status=Status.RETIRED)
    if known := others.first():
        raise AlreadyTaken(found=row.declared, entry=known.pk)
