"""The home page: the headline in words, the lights of all targets, the map of the cities."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qiantang.doors.charts import Area, map_chart
from qiantang.doors.portal import names
from qiantang.doors.portal.answers import answer, csv_answer
from qiantang.doors.portal.asking import assessment_asked
from qiantang.doors.portal.figures import as_said
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.places import CityFigure, cities, city_figures, map_measures, measure_of
from qiantang.doors.portal.views.targets import grouped
from qiantang.engine.targets import VERDICT_NAMES, VERDICT_TONE
from qiantang.rooms.indicators.shapes import AssessmentView
from qiantang.rooms.shelf import selectors as shelf

MAP_HEIGHT: Final = 430


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything that matters at a glance, each part leading to its page."""
    view = assessment_asked(request)
    measures = map_measures()
    measure = measure_of(request.GET.get("map", ""), measures)
    figures = city_figures(measure.id) if measure else ()
    context = {
        "view": view,
        "tally": tally(view),
        "groups": grouped(view, list(view.rows)),
        "measures": measures,
        "measure": measure,
        "cities": figures,
        "known": sum(1 for c in figures if c.observation),
    }
    data = {
        **view.as_json(),
        "map": {
            "indicator": measure.id if measure else None,
            "cities": [_plain(c) for c in figures],
        },
    }
    return answer(request, "portal/home.html", context, data)


def tally(view: AssessmentView) -> list[dict[str, Any]]:
    """How many targets carry each verdict, in the house's order, with their place in the bar."""
    counts = Counter(row.verdict for row in view.rows)
    parts, start = [], 0
    for verdict in names.VERDICT_ORDER:
        if counts[verdict]:
            parts.append(
                {
                    "verdict": verdict.value,
                    "name": VERDICT_NAMES[verdict],
                    "tone": VERDICT_TONE[verdict],
                    "count": counts[verdict],
                    "start": start,
                }
            )
            start += counts[verdict]
    return parts


def _plain(city: CityFigure) -> dict[str, Any]:
    o = city.observation
    return {
        "code": city.division.code,
        "name": city.division.name,
        "value": o.value if o else None,
        "unit": o.unit if o else None,
        "period": str(o.period) if o else None,
        "grade": o.source.grade if o else None,
    }


@require_safe
def cities_map(request: HttpRequest) -> HttpResponse:
    """The map's Vega-Lite specification for ``?map=`` an indicator."""
    lang = language_of(request)
    measure = measure_of(request.GET.get("map", ""), map_measures())
    figures = city_figures(measure.id) if measure else ()
    factor, unit = as_said(measure.unit if measure else "", lang)
    areas = [
        Area(
            code=c.division.code,
            name=c.division.name,
            value=round(c.observation.value * factor, 2) if c.observation else None,
            note=c.observation.period.as_text().in_(lang) if c.observation else "",
            href=reverse("portal:division", args=[c.division.code]),
        )
        for c in (figures or [CityFigure(d, None) for d in cities()])
    ]
    title = measure.name if measure else names.name_of("division", "city")
    spec = map_chart(
        shelf.boundaries(),
        areas,
        lang=lang,
        title=title,
        unit=unit,
        height=MAP_HEIGHT,
    )
    return JsonResponse(spec)


@require_safe
def cities_table(request: HttpRequest) -> HttpResponse:
    """The map's figures as CSV."""
    lang = language_of(request)
    measure = measure_of(request.GET.get("map", ""), map_measures())
    figures = city_figures(measure.id) if measure else ()
    header = [
        "code",
        "name",
        "indicator",
        "period",
        "value",
        "unit",
        "kind",
        "grade",
        "source_title",
    ]
    rows: list[list[object]] = []
    for c in figures:
        o = c.observation
        start: list[object] = [
            c.division.code,
            c.division.name.in_(lang),
            measure.id if measure else "",
        ]
        if o is None:
            rows.append([*start, "", "", "", "", "", ""])
            continue
        rows.append([*start, o.period, o.value, o.unit, o.kind, o.source.grade, o.source.title])
    return csv_answer(f"cities-{measure.id if measure else 'none'}.csv", header, rows)
