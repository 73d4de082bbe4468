"""The tile ``target_lights``: a plan's verdicts in one bar and as cards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiantang.doors.charts import lights_chart
from qiantang.doors.portal.target_cards import cards, counted, tally
from qiantang.doors.portal.tiles.shapes import Asked, Export, Made
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.rooms.indicators import selectors as indicators


def made(declared: Mapping[str, Any], asked: Asked) -> Made:
    """The targets of ``plan``, or those of one ``section`` and the sections within it."""
    view = indicators.assessment(str(declared["plan"]))
    section = str(declared.get("section") or "")
    rows = [r for r in view.rows if r.target.section.startswith(section)]
    title = view.plan.name
    counts = counted(rows)
    return Made(
        context={"tally": tally(rows), "total": len(rows), "cards": cards(rows), "view": view},
        chart=lights_chart(counts, VERDICT_NAMES, lang=asked.lang, title=title) if rows else None,
        export=Export(
            ("id", "name", "section", "verdict", "verdict_name", "value", "unit", "period"),
            [
                [
                    *(r.id, r.name.in_(asked.lang), r.target.section, r.verdict),
                    *(r.verdict_name.in_(asked.lang), r.data["value"], r.data["unit"]),
                    r.data["period"],
                ]
                for r in rows
            ],
        ),
        title=title,
    )
