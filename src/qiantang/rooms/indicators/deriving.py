"""Figures that the zone derives itself from what two people have already published, such as the
scores of an index edition: they need no second approval and are recorded with their source."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import Refused
from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import store
from qiantang.rooms.indicators.deciding import publish
from qiantang.rooms.indicators.errors import NothingChanged
from qiantang.rooms.indicators.guards import storage
from qiantang.rooms.indicators.models import Submission
from qiantang.rooms.indicators.rows import Row, parse
from qiantang.rooms.indicators.submitting import keep, unchanged_left_out

_DERIVED: Final = uuid.UUID("0c7b6a52-9f0e-4d0a-8a57-6d3f2f1f7c42")
"""The namespace that makes the submission of one source the same one whenever it is taken."""


@dataclass(frozen=True, slots=True)
class Origin:
    """``key`` names what the figures are derived of, and is never used for other figures; ``path``
    is the organisation that answers for them; ``note`` tells readers."""

    key: str
    path: str
    note: str


def publish_derived(
    actor: Actor, rows: Sequence[Row], origin: Origin, *, gone: Collection[str] = ()
) -> int:
    """Record derived figures, and that those named in ``gone`` (ids) are no longer derived; what
    is in force already is left out. How many revisions were written.

    For the machine alone. Raises `Refused`, `RowsInvalid`, `DiskFull`, `StoreBusy`.
    """
    if not actor.is_system:
        raise Refused()
    with storage(), transaction.atomic():
        return _file(actor, Submission.Kind.DELIVER, _new(rows), origin) + _file(
            actor, Submission.Kind.WITHDRAW, _standing(gone), origin
        )


def _new(rows: Sequence[Row]) -> list[Observation]:
    try:
        return unchanged_left_out(parse(rows)) if rows else []
    except NothingChanged:
        return []


def _standing(ids: Collection[str]) -> list[Observation]:
    known = store.holding_of(ids) if ids else None
    found = [known.find(id) for id in ids] if known else []
    return [each.observation for each in found if each and not each.observation.withdrawn]


def _file(actor: Actor, kind: str, figures: Sequence[Observation], origin: Origin) -> int:
    if not figures:
        return 0
    ticket = uuid.uuid5(_DERIVED, f"{origin.key}:{kind}")
    if Submission.objects.filter(ticket=ticket).exists():
        return 0  # taken before; what a person corrected since stays
    view = keep(actor, kind, figures, origin.path, {"note": origin.note}, ticket=ticket)
    publish(Submission.objects.select_for_update().get(pk=view.id), actor)
    return len(figures)
