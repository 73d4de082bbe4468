"""The home page: the headline in words, the lights of all targets, the map of the cities."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer, csv_answer
from qiantang.doors.portal.asking import assessment_asked
from qiantang.doors.portal.city_map import city_export, city_spec
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.places import CityFigure, city_figures, map_measures, measure_of
from qiantang.doors.portal.target_cards import cards, tally
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.indices import selectors as indices


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything that matters at a glance, each part leading to its page."""
    view = assessment_asked(request)
    measures = map_measures()
    measure = measure_of(request.GET.get("map", ""), measures)
    figures = city_figures(measure.id) if measure else ()
    context = {
        "view": view,
        "tally": tally(view.rows),
        "total": len(view.rows),
        "cards": cards(view.rows),
        "measures": measures,
        "measure": measure,
        "cities": figures,
        "known": sum(1 for c in figures if c.observation),
        "entries": catalogue_counts(request),
        "indices": [r for r in indices.indices(actor_of(request)) if r.edition],
    }
    data = {
        **view.as_json(),
        "map": {
            "indicator": measure.id if measure else None,
            "cities": [_plain(c) for c in figures],
        },
    }
    return answer(request, "portal/home.html", context, data)


def catalogue_counts(request: HttpRequest) -> dict[str, int]:
    """How many resources the catalogue has, and how many of them are open."""
    found = catalogue.search(actor_of(request), size=0)
    is_open = next(f for f in found.facets if f.id == "open")
    opened = sum(v.count for v in is_open.values if v.value == "open")
    return {"total": found.total, "open": opened}


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
def cities_map(request: HttpRequest, form: str) -> HttpResponse:
    """The map for ``?map=`` an indicator: its specification, or a picture of it."""
    measure = measure_of(request.GET.get("map", ""), map_measures())
    figures = city_figures(measure.id) if measure else ()
    spec = city_spec(measure, figures, language_of(request))
    return chart_answer(request, spec, form, f"cities-{measure.id if measure else 'none'}")


@require_safe
def cities_table(request: HttpRequest) -> HttpResponse:
    """The map's figures as CSV."""
    measure = measure_of(request.GET.get("map", ""), map_measures())
    figures = city_figures(measure.id) if measure else ()
    header, rows = city_export(measure, figures, language_of(request))
    return csv_answer(f"cities-{measure.id if measure else 'none'}.csv", header, rows)
