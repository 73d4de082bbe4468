"""What follows from news: figures and norms that change are seen at the indices that rest on
them."""

from __future__ import annotations

from typing import Final

from django.utils import timezone

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.errors import QiantangError
from qiantang.packkit.indices import CompositeIndex
from qiantang.rooms.indicators.events import ObservationsPublished
from qiantang.rooms.indices import making
from qiantang.rooms.indices.assembling import assemble
from qiantang.rooms.indices.daily import OnceADay
from qiantang.rooms.indices.differing import count_changes
from qiantang.rooms.indices.events import EditionOutdated, EditionPublished
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.reweighing import as_rows, norms_of, reweighed
from qiantang.rooms.indices.scoring import publish_scores
from qiantang.rooms.indices.shapes import Made
from qiantang.rooms.indices.views import edition_view
from qiantang.rooms.intake.events import DeliveryPublished
from qiantang.rooms.journal.services import emit, on
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.events import NormOverridden, PackInstalled

_BY_DAY: Final = OnceADay()


@on(ObservationsPublished)
def mark_what_rests_on_figures(event: ObservationsPublished) -> None:
    """Count the changed figures under each published edition that the indicators bear on."""
    changed = set(event.indicators)
    for declared in shelf.indices().values():
        if not declared.figures and changed & set(declared.columns.values()):
            _mark(declared)


@on(DeliveryPublished)
def mark_what_rests_on_rows(event: DeliveryPublished) -> None:
    """The same where an index takes its figures from a resource."""
    for declared in shelf.indices().values():
        if declared.figures == event.resource:
            _mark(declared)


@on(EditionPublished)
def mark_what_waited(event: EditionPublished) -> None:
    """Figures and norms may have changed while the edition waited for its approver."""
    declared = shelf.indices().get(event.index)
    if declared is not None:
        _mark(declared)
        _mark(declared, weights=True)


@on(EditionPublished)
def count_scores_as_figures(event: EditionPublished) -> None:
    """Where the index names an indicator for its scores, targets may rest on them."""
    declared = shelf.indices().get(event.index)
    if declared is None or not declared.scores:
        return
    published = Edition.objects.filter(
        index=event.index, state=Edition.State.PUBLISHED, number__gte=event.number
    ).order_by("number")
    made, *later = [making.published(declared, edition_view(row)) for row in published]
    # News that waited must not put an older edition's score in place of a newer one's.
    publish_scores(made, besides={year for each in later for year in each.told_years})


@on(NormOverridden)
def mark_what_a_norm_weighs(event: NormOverridden) -> None:
    """Name the weights of each published edition for which the norm now gives others."""
    for declared in shelf.indices().values():
        if event.norm in norms_of(declared):
            _mark(declared, weights=True)


@on(PackInstalled)
def mark_what_a_pack_weighs(event: PackInstalled) -> None:
    """Another version of a pack may bring other figures of its norms."""
    for declared in shelf.indices().values():
        if any(norm.partition(".")[0] == event.pack for norm in norms_of(declared)):
            _mark(declared, weights=True)


def mark_by_day() -> None:
    """Norms and overrides come into force and end on days of which no news tells: looked at once a
    day in each process."""
    _BY_DAY.run(timezone.localdate(), _mark_weighed)


def _mark_weighed() -> None:
    for declared in shelf.indices().values():
        if norms_of(declared):
            _mark(declared, weights=True)


def _mark(declared: CompositeIndex, *, weights: bool = False) -> None:
    """Mark the latest published edition where its figures (or ``weights``) would be others today;
    what is back as it was clears the mark."""
    row = Edition.objects.filter(index=declared.key, state=Edition.State.PUBLISHED).first()
    if row is None:
        return
    was = row.outdated, row.reweighed
    try:
        frozen = making.published(declared, edition_view(row))
        if weights:
            day = row.as_of if row.dated else timezone.localdate()
            row.reweighed = as_rows(reweighed(declared, frozen.structure, day))
        else:
            row.outdated = _changed_figures(declared, frozen)
    except QiantangError:
        # The news must not wait for ever on a lost bundle or figures that became unreadable; the
        # page of the index tells them when it is opened.
        return
    if (row.outdated, row.reweighed) == was:
        return
    outdated = bool(row.outdated or row.reweighed)
    row.outdated_at = timezone.now() if outdated else None
    row.save(update_fields=["outdated", "reweighed", "outdated_at"])
    if outdated:
        emit(EditionOutdated(declared.key, row.number, row.outdated, len(row.reweighed)))


def _changed_figures(declared: CompositeIndex, frozen: Made) -> int:
    now = assemble(SYSTEM, declared, timezone.localdate(), past=False)
    return count_changes(frozen.data, now.data)
