"""The demo's editions: every shipped index that has figures, planned by the officer of its
department (else the government's) and published by the approver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qiantang.doors.cli import signins
from qiantang.doors.cli.language import say
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.doors.cli.screen import Steps

TITLE: Final = Text("首次发布", "First publication")


def publish_editions(progress: Steps) -> None:
    """One edition of each index; what is published already stays, what was planned when a demo
    was interrupted is published now. An index without any figure has no edition."""
    from qiantang.rooms.indices import selectors, services
    from qiantang.rooms.indices.errors import NoFigures
    from qiantang.rooms.journal.services import deliver_pending

    officer, steward, approver = map(signins.actor, ("officer", "steward", "approver"))
    rows = selectors.indices(officer)
    progress.begin(say("编制并发布指数", "Plan and publish indices"), len(rows))
    for row in rows:
        if row.edition is None:
            try:
                planner = officer if row.may_plan else steward
                planned = row.planned or services.plan_edition(planner, row.key, title=TITLE)
                services.publish_edition(approver, row.key, planned.number)
            except NoFigures:
                pass
        progress.advance()
    deliver_pending()
    progress.end()
