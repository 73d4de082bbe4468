"""Indicators: the list, and one indicator with its figures in one division."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import answer, csv_answer, render_page
from qiantang.doors.portal.asking import day_asked, plans_now
from qiantang.doors.portal.indicator_series import series_spec
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.places import department
from qiantang.doors.portal.written import observation_columns, observation_plain, observation_row
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.shapes import Series

PROVINCE = "330000"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All indicators with their latest figure in the province, narrowed by words."""
    words = request.GET.get("q", "").strip().lower().split()
    with_figures = request.GET.get("known") == "1"
    anywhere = {r.indicator.id: r.count for r in indicators.indicator_rows()}
    rows: list[dict[str, Any]] = []
    for row in indicators.indicator_rows(_division(request)):
        i = row.indicator
        text = f"{i.id} {i.name.zh} {i.name.en}".lower()
        count = anywhere.get(i.id, 0)
        if all(w in text for w in words) and (count or not with_figures):
            rows.append({"row": row, "indicator": i, "count": count})
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in rows:
        groups.setdefault(item["indicator"].owner, []).append(item)
    context = {
        "groups": [{"name": department(owner), "rows": items} for owner, items in groups.items()],
        "shown": len(rows),
        "total": len(anywhere),
        "q": request.GET.get("q", ""),
        "known": with_figures,
    }
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == "indicator-list":
        return render_page(request, "portal/parts/indicator_list.html", context)
    data = {
        "indicators": [
            {
                "id": i["indicator"].id,
                "name": i["indicator"].name,
                "unit": i["indicator"].unit,
                "owner": i["indicator"].owner,
                "observations": i["count"],
            }
            for i in rows
        ]
    }
    return answer(request, "portal/indicators.html", context, data)


def _division(request: HttpRequest) -> str:
    return request.GET.get("division", "").strip() or PROVINCE


def _series(request: HttpRequest, id: str) -> Series:
    return indicators.series(id, _division(request), day_asked(request))


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """One indicator: definition, series in a division, targets that it bears on."""
    found = _series(request, id)
    counts = indicators.places(id)
    bears = [
        (plan, target)
        for plan in plans_now()
        for target in plan.targets
        if any(e.indicator == id for e in target.evidence)
    ]
    day = day_asked(request)
    revised = indicators.vintages(id, found.division.code)
    context = {
        "as_of": day,
        "tail": f"?division={found.division.code}" + (f"&as_of={day}" if day else ""),
        "vintages": revised,
        "indicator": found.indicator,
        "division": found.division,
        "points": tuple(reversed(found.points)),
        "places": [(indicators.division(code), n) for code, n in counts.items()],
        "bears": bears,
        "owner": department(found.indicator.owner),
    }
    data = {
        "id": found.indicator.id,
        "name": found.indicator.name,
        "unit": found.indicator.unit,
        "nature": found.indicator.nature,
        "owner": found.indicator.owner,
        "description": found.indicator.description,
        "division": found.division.code,
        "as_of": day,
        "observations": [observation_plain(o) for o in found.points],
        "vintages": [
            {
                "id": v.now.id,
                "difference": v.difference,
                "revisions": [observation_plain(o) for o in v.revisions],
            }
            for v in revised
        ],
        "divisions": list(counts),
    }
    return answer(request, "portal/indicator.html", context, data)


@require_safe
def chart(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """The indicator's series in a division: the chart's specification, or a picture of it."""
    found = _series(request, id)
    spec = series_spec(found, language_of(request))
    return chart_answer(request, spec, form, f"{id}-{found.division.code}")


@require_safe
def series(request: HttpRequest, id: str) -> HttpResponse:
    """The indicator's published figures in a division as CSV."""
    found = _series(request, id)
    rows = [observation_row(o) for o in found.points]
    return csv_answer(f"{id}-{found.division.code}.csv", observation_columns(), rows)
