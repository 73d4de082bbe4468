"""What follows from news: figures that change are seen at the indices that rest on them."""

from __future__ import annotations

from django.utils import timezone

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.errors import QiantangError
from qiantang.packkit.indices import CompositeIndex
from qiantang.rooms.indicators.events import ObservationsPublished
from qiantang.rooms.indices import making
from qiantang.rooms.indices.assembling import assemble
from qiantang.rooms.indices.differing import count_changes
from qiantang.rooms.indices.events import EditionOutdated, EditionPublished
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.views import edition_view
from qiantang.rooms.intake.events import DeliveryPublished
from qiantang.rooms.journal.services import emit, on
from qiantang.rooms.shelf import selectors as shelf


@on(ObservationsPublished)
def mark_what_rests_on_figures(event: ObservationsPublished) -> None:
    """Count the changed figures under each published edition that the indicators bear on."""
    changed = set(event.indicators)
    for declared in shelf.indices().values():
        if not declared.figures and changed & set(declared.columns.values()):
            _mark(declared)


@on(EditionPublished)
def mark_what_waited(event: EditionPublished) -> None:
    """Figures may have changed while the edition waited for its approver."""
    declared = shelf.indices().get(event.index)
    if declared is not None:
        _mark(declared)


@on(DeliveryPublished)
def mark_what_rests_on_rows(event: DeliveryPublished) -> None:
    """The same where an index takes its figures from a resource."""
    for declared in shelf.indices().values():
        if declared.figures == event.resource:
            _mark(declared)


def _mark(declared: CompositeIndex) -> None:
    """A count that is back at zero (a figure was corrected back) clears the mark."""
    row = Edition.objects.filter(index=declared.key, state=Edition.State.PUBLISHED).first()
    if row is None:
        return
    try:
        frozen = making.published(declared, edition_view(row))
        now = assemble(SYSTEM, declared, timezone.localdate(), past=False)
    except QiantangError:
        # The news must not wait for ever on a lost bundle or figures that became unreadable; the
        # page of the index tells them when it is opened.
        return
    count = count_changes(frozen.data, now.data)
    if count == row.outdated:
        return
    row.outdated, row.outdated_at = count, timezone.now() if count else None
    row.save(update_fields=["outdated", "outdated_at"])
    if count:
        emit(EditionOutdated(declared.key, row.number, count))
