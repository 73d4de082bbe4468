"""Rows of editions as the room shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q

from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.kernel.text import Text
from qiantang.rooms.indices import policy
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.reweighing import weight_changes
from qiantang.rooms.indices.shapes import EditionView


def edition_views(rows: Iterable[Edition], actor: Actor = ANONYMOUS) -> tuple[EditionView, ...]:
    """Views of rows, with who corrects whom asked once for all of them."""
    found = list(rows)
    later = Edition.objects.filter(
        Q(index__in={row.index for row in found}), state=Edition.State.PUBLISHED
    ).exclude(corrects=None)
    by = {(row.index, row.corrects): row.number for row in later.order_by("number")}
    return tuple(edition_view(row, actor, by.get((row.index, row.number))) for row in found)


def edition_view(
    row: Edition, actor: Actor = ANONYMOUS, corrected_by: int | None = None
) -> EditionView:
    planned = row.state == Edition.State.PLANNED
    return EditionView(
        index=row.index,
        number=row.number,
        state=Edition.State(row.state).value,
        title=Text(row.title_zh, row.title_en),
        note=row.note,
        as_of=row.as_of,
        dated=row.dated,
        prepared_by=row.prepared_by,
        prepared_name=_name(row.prepared_name),
        prepared_at=row.prepared_at,
        decided_by=row.decided_by,
        decided_name=_name(row.decided_name),
        decided_at=row.decided_at,
        decision=row.decision,
        corrects=row.corrects,
        corrected_by=corrected_by,
        reason=row.reason,
        digest=row.digest,
        file=row.file,
        size=row.size,
        fingerprint=row.fingerprint,
        outdated=row.outdated,
        outdated_at=row.outdated_at,
        reweighed=weight_changes(row.reweighed),
        may_decide=planned
        and policy.may_decide(actor, row.organisation)
        and actor.key != row.prepared_by,
        why=policy.why(actor, row.prepared_by, row.organisation),
    )


def _name(told: Mapping[str, str]) -> Text:
    return Text(told.get("zh", ""), told.get("en", ""))
