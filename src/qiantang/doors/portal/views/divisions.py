"""Places: the province's cities and counties, and the profile of one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.charts import Ranked, ranking_chart
from qiantang.doors.portal.answers import answer, csv_answer
from qiantang.doors.portal.figures import as_said
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.places import (
    all_observations,
    department,
    divisions_now,
    of_earlier_area,
)
from qiantang.doors.portal.written import observation_columns, observation_plain, observation_row
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import Observation
from qiantang.packkit.compiled import Code
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.shapes import DivisionProfile

CENSUS = "pop_census"


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Cities with their counties, narrowed by name or code."""
    words = request.GET.get("q", "").strip().lower()
    divisions = sorted(divisions_now(), key=lambda d: d.code)
    cities = [d for d in divisions if division_level(d.code) == "city"]
    groups = []
    for city in cities:
        counties = [d for d in divisions if d.parent == city.code]
        hits = [d for d in counties if _fits(d, words)]
        if hits or _fits(city, words):
            groups.append({"city": city, "counties": hits if words and hits else counties})
    context = {
        "province": [d for d in divisions if division_level(d.code) == "province"],
        "groups": groups,
        "q": request.GET.get("q", ""),
        "people": census([d.code for d in divisions]),
    }
    data = {
        "divisions": [
            {"code": d.code, "name": d.name, "parent": d.parent, "level": division_level(d.code)}
            for d in divisions
        ]
    }
    return answer(request, "portal/divisions.html", context, data)


def _fits(division: Code, words: str) -> bool:
    return words in f"{division.code} {division.name.zh} {division.name.en}".lower()


def census(codes: list[str]) -> dict[str, Observation]:
    """The latest census population of each of the divisions."""
    known = indicators.figures(indicators=[CENSUS], divisions=codes)
    found: dict[str, Observation] = {}
    for o in indicators.newest_first(known):
        found.setdefault(o.division, o)
    return found


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """What is known of one place and what is missing."""
    profile = indicators.division_profile(code)
    context: dict[str, Any] = {
        "profile": profile,
        "division": profile.division,
        "level": profile.level,
        "groups": _by_department(profile),
        "population": _population(code),
        "rank": _rank(profile),
        "children": _children(code),
        "missing": [(i, department(i.owner)) for i in profile.missing],
    }
    data = {
        "code": code,
        "name": profile.division.name,
        "level": profile.level,
        "parent": profile.parent.code if profile.parent else None,
        "divisions": [c["division"].code for c in context["children"]],
        "known": [
            {
                "indicator": r.indicator.id,
                "name": r.indicator.name,
                "latest": observation_plain(r.latest) if r.latest else None,
                "observations": r.count,
            }
            for r in profile.known
        ],
        "missing": [{"indicator": i.id, "name": i.name} for i in profile.missing],
    }
    return answer(request, "portal/division.html", context, data)


def _children(code: str) -> list[dict[str, Any]]:
    """The places within, with their latest census and whether it counted another area."""
    below = [c for c in divisions_now() if c.parent == code]
    people = census([c.code for c in below])
    return [
        {
            "division": c,
            "o": people.get(c.code),
            "earlier": c.code in people and of_earlier_area(c, people[c.code]),
        }
        for c in below
    ]


def _by_department(profile: DivisionProfile) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {}
    for row in profile.known:
        if row.indicator.id != CENSUS:
            groups.setdefault(row.indicator.owner, []).append(row)
    return [{"name": department(owner), "rows": rows} for owner, rows in groups.items()]


def _population(code: str) -> list[dict[str, Any]]:
    """The censuses of a place, newest first, with the change since the one before."""
    found = indicators.series(CENSUS, code)
    rows = list(reversed(found.points))
    shown = []
    for place, o in enumerate(rows):
        before = rows[place + 1] if place + 1 < len(rows) else None
        change = (o.value / before.value - 1) if before and before.value else None
        earlier = of_earlier_area(found.division, o)
        shown.append({"o": o, "change": change, "earlier": earlier})
    return shown


def _siblings(profile: DivisionProfile) -> list[Code]:
    """Places of the same level: all cities, or the counties of the same city."""
    parent = profile.division.parent
    return [
        d
        for d in divisions_now()
        if division_level(d.code) == profile.level
        and (profile.level == "city" or d.parent == parent)
    ]


def _rank(profile: DivisionProfile) -> dict[str, Any] | None:
    """The place's order by census population among its siblings."""
    siblings = {d.code: d for d in _siblings(profile)}
    people = census(list(siblings))
    now = [o for code, o in people.items() if not of_earlier_area(siblings[code], o)]
    order = sorted(now, key=lambda o: o.value, reverse=True)
    at = next((n for n, o in enumerate(order, 1) if o.division == profile.division.code), None)
    return {"at": at, "of": len(order)} if at and len(order) > 1 else None


@require_safe
def chart(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Its population beside its siblings', as a ranking: the specification, or a picture."""
    lang = language_of(request)
    factor, unit = as_said("人", lang)
    rows = [
        Ranked(
            name=d.name,
            value=round(o.value * factor, 2) if o else None,
            highlight=d.code == code,
        )
        for d, o in _compared(code)
    ]
    title = indicators.indicator(CENSUS).name
    spec = ranking_chart(rows, lang=lang, title=title, unit=unit)
    return chart_answer(request, spec, form, f"population-{code}")


def _compared(code: str) -> list[tuple[Code, Observation | None]]:
    """The places of the ranking with their census; none where it counted another area."""
    profile = indicators.division_profile(code)
    below = [c for c in divisions_now() if c.parent == code]
    shown = below if profile.level != "county" and below else _siblings(profile)
    people = census([d.code for d in shown])
    return [
        (d, None if d.code in people and of_earlier_area(d, people[d.code]) else people.get(d.code))
        for d in shown
    ]


@require_safe
def population_table(request: HttpRequest, code: str) -> HttpResponse:
    """The ranking's figures as CSV, the largest first."""
    lang = language_of(request)
    rows = [
        [
            *(d.code, d.name.in_(lang), str(o.period) if o else "", o.value if o else ""),
            *(o.unit if o else "", o.source.grade if o else "", o.source.title if o else ""),
        ]
        for d, o in sorted(_compared(code), key=lambda pair: -pair[1].value if pair[1] else 1)
    ]
    header = ("code", "name", "period", "value", "unit", "grade", "source_title")
    return csv_answer(f"population-{code}.csv", header, rows)


@require_safe
def figures_table(request: HttpRequest, code: str) -> HttpResponse:
    """Every published figure of the place as CSV."""
    indicators.division(code)
    found = [observation_row(o) for o in all_observations(code)]
    return csv_answer(f"{code}.csv", observation_columns(), found)
