"""What follows from news: figures and norms that change make what they bear on be judged again,
and figures that came through intake are submitted for approval."""

from __future__ import annotations

from qiantang.kernel.actors import SYSTEM
from qiantang.kernel.errors import QiantangError
from qiantang.packkit.compiled import Mode
from qiantang.rooms.indicators.events import ObservationsPublished
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.intake import services as intake_services
from qiantang.rooms.intake.events import DeliveryPublished
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


@on(DeliveryPublished)
def submit_figures(event: DeliveryPublished) -> None:
    """Figures wait for approval like any other; deleting rows of a delivery withdraws none."""
    from qiantang.rooms.indicators import services
    from qiantang.rooms.indicators.tables import EVIDENCE

    if event.role != EVIDENCE or event.mode == Mode.DELETE:
        return
    try:
        sent = services.take_delivery(
            intake.sender(event.run),
            event.resource,
            intake.delivered_texts(event.run),
            run=event.run,
        )
    except QiantangError as error:
        intake_services.note_aftermath(event.run, error, {"submission": None})
        return
    intake_services.note_aftermath(event.run, None, {"submission": sent.id if sent else None})
