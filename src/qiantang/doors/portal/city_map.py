"""The map of the cities for one indicator: its specification, and its figures as rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse

from qiantang.doors.charts import Area, Spec, map_chart
from qiantang.doors.portal import names
from qiantang.doors.portal.figures import as_said
from qiantang.doors.portal.places import CityFigure, cities
from qiantang.packkit.compiled import Indicator
from qiantang.rooms.shelf import selectors as shelf

MAP_HEIGHT: Final = 430
_HEADER: Final = (
    *("code", "name", "indicator", "period", "value", "unit", "kind", "grade", "source_title"),
)


def city_spec(measure: Indicator | None, figures: Iterable[CityFigure], lang: str) -> Spec:
    """The map; without an indicator the bare cities."""
    factor, unit = as_said(measure.unit if measure else "", lang)
    areas = [
        Area(
            code=c.division.code,
            name=c.division.name,
            value=round(c.observation.value * factor, 2) if c.observation else None,
            note=c.observation.period.as_text().in_(lang) if c.observation else "",
            href=reverse("portal:division", args=[c.division.code]),
        )
        for c in (list(figures) or [CityFigure(d, None) for d in cities()])
    ]
    title = measure.name if measure else names.name_of("division", "city")
    return map_chart(
        shelf.boundaries(), areas, lang=lang, title=title, unit=unit, height=MAP_HEIGHT
    )


def city_export(
    measure: Indicator | None, figures: Iterable[CityFigure], lang: str
) -> tuple[tuple[str, ...], list[list[Any]]]:
    """Header and rows of the CSV; a city without figure has empty cells."""
    rows: list[list[Any]] = []
    for c in figures:
        start = [c.division.code, c.division.name.in_(lang), measure.id if measure else ""]
        o = c.observation
        if o is None:
            rows.append([*start, *[""] * (len(_HEADER) - len(start))])
        else:
            rows.append([*start, o.period, o.value, o.unit, o.kind, o.source.grade, o.source.title])
    return _HEADER, rows
