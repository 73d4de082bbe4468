"""What follows from news: figures and norms that change make what they bear on be judged again."""

from __future__ import annotations

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.indicators.events import ObservationsPublished
from qiantang.rooms.journal.services import on
from qiantang.rooms.shelf.events import NormOverridden


@on(ObservationsPublished)
def judge_again(event: ObservationsPublished) -> None:
    """Reassess only the targets that the published indicators bear on."""
    from qiantang.rooms.indicators import services

    services.reassess_affected(
        SYSTEM, frozenset(event.indicators), cause=f"submission-{event.submission}"
    )


@on(NormOverridden)
def judge_by_other_rules(event: NormOverridden) -> None:
    """Reassess the plans whose rules take a figure from the norm."""
    from qiantang.rooms.indicators import services

    cause = f"override of {event.norm}" + (" withdrawn" if event.withdrawn else "")
    services.reassess_ruled_by(SYSTEM, event.norm, cause=cause)
