"""What follows from news: published figures make the affected targets be judged again."""

from __future__ import annotations

from qiantang.kernel.actors import SYSTEM
from qiantang.rooms.indicators.events import ObservationsPublished
from qiantang.rooms.journal.services import on


@on(ObservationsPublished)
def judge_again(event: ObservationsPublished) -> None:
    """Reassess only the targets that the published indicators bear on."""
    from qiantang.rooms.indicators import services

    services.reassess_affected(
        SYSTEM, frozenset(event.indicators), cause=f"submission-{event.submission}"
    )
