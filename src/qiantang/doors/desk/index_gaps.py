"""What an index lacks: by indicator, by unit, and as rows of a sheet to fill."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from qiantang.doors.desk.fields import Reach
from qiantang.doors.portal.indices.pages import is_division
from qiantang.engine.index.bundle import Gap
from qiantang.rooms.indices.shapes import Made

SHOWN: Final = 100
MOST_ROWS: Final = 490
"""Rows that the sheet's lists to choose from reach."""


def of_year(made: Made, year: int | None) -> list[Gap]:
    return [g for g in made.gaps if g.year == year]


def gaps_by_indicator(made: Made, year: int | None) -> list[dict[str, Any]]:
    """Indicators and sizes that lack figures, the emptiest first."""
    return _counted(Counter(g.column for g in of_year(made, year)), made.name)


def gaps_by_unit(made: Made, year: int | None) -> list[dict[str, Any]]:
    """Units that lack figures, the emptiest first."""
    return _counted(Counter(g.unit for g in of_year(made, year)), made.unit_name)


def _counted(counts: Counter[str], name: Any) -> list[dict[str, Any]]:
    return [{"code": c, "name": name(c), "count": n} for c, n in counts.most_common()]


def shown_gaps(made: Made, year: int | None) -> list[dict[str, Any]]:
    """Single gaps with their reasons, as many as a page holds."""
    return [
        {"unit": made.unit_name(g.unit), "column": made.name(g.column), "reason": g.reason}
        for g in of_year(made, year)[:SHOWN]
    ]


def missing_rows(made: Made, reach: Reach) -> list[dict[str, str]]:
    """Rows of the sheet for the figures that ``reach`` may send: everything but the figure and its
    source. Empty where the index's figures are no published observations."""
    if made.declared.figures or not is_division(made):
        return []
    units = {i.id: i.unit for i in reach.indicators}
    divisions = {d.code for d in reach.divisions}
    codes = {e.code: e.figures for e in made.declared.elements}
    codes |= {s.code: s.figures for s in made.declared.sizes}
    rows = [
        {
            "indicator": codes.get(g.column, ""),
            "division": g.unit,
            "period": str(g.year) if g.year else "",
            "unit": units.get(codes.get(g.column, ""), ""),
            "kind": "actual",
        }
        for g in made.gaps
        if g.unit in divisions and codes.get(g.column, "") in units
    ]
    return rows[:MOST_ROWS]
