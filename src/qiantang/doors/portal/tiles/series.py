"""The tile ``series``: an indicator's figures in a division, with a plan's target where asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiantang.doors.charts import target_chart
from qiantang.doors.portal.indicator_series import series_spec
from qiantang.doors.portal.tiles.shapes import Asked, Export, Made
from qiantang.doors.portal.written import observation_columns, observation_row
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.shelf import selectors as shelf

PROVINCE = "330000"


def made(declared: Mapping[str, Any], asked: Asked) -> Made:
    """Without ``division`` the province."""
    division = str(declared.get("division") or PROVINCE)
    found = indicators.series(str(declared["indicator"]), division)
    target = _target(declared)
    names = {key: i.name for key, i in shelf.indicators().items()}
    spec = target_chart(target, asked.lang, names) if target else series_spec(found, asked.lang)
    place, what = found.division.name, found.indicator.name
    return Made(
        context={
            "points": tuple(reversed(found.points)),
            "indicator": found.indicator,
            "division": found.division,
        },
        chart=spec if found.points or target else None,
        export=Export(observation_columns(), [observation_row(o) for o in found.points]),
        title=Text(f"{place.zh}：{what.zh}", f"{place.en}: {what.en}"),
    )


def _target(declared: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The target in the JSON form of assessments, in the plan named or in any that has it."""
    wanted = str(declared.get("target") or "")
    if not wanted:
        return None
    asked = str(declared.get("plan") or "")
    for plan in [asked] if asked else list(shelf.plans()):
        row = indicators.assessment(plan).row(wanted)
        if row:
            return row.data
    return None
