"""The tile ``map``: an indicator on the map of the cities, in one period or each city's latest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiantang.doors.portal.city_map import city_export, city_spec
from qiantang.doors.portal.figures import as_said
from qiantang.doors.portal.places import city_figures
from qiantang.doors.portal.tiles.shapes import Asked, Export, Made
from qiantang.rooms.indicators import selectors as indicators


def made(declared: Mapping[str, Any], asked: Asked) -> Made:
    """Cities are the only level with boundaries; other levels say so beside the table."""
    indicator = indicators.indicator(str(declared["indicator"]))
    period = str(declared.get("period") or declared.get("year") or "")
    figures = city_figures(indicator.id, period=period)
    known = sum(1 for f in figures if f.observation)
    header, rows = city_export(indicator, figures, asked.lang)
    return Made(
        context={
            "cities": figures,
            "known": known,
            "indicator": indicator,
            "unit": as_said(indicator.unit, asked.lang)[1],
            "drawable": str(declared.get("level") or "city") == "city",
        },
        chart=city_spec(indicator, figures, asked.lang),
        export=Export(header, rows),
        title=indicator.name,
    )
