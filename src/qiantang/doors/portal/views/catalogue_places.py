"""Who has what and who owes what: a department, a division, one resource in many divisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from qiantang.doors.charts import Area, Spec, map_chart
from qiantang.doors.portal.answers import actor_of, answer, csv_answer
from qiantang.doors.portal.city_map import MAP_HEIGHT
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.places import cities
from qiantang.doors.portal.views.catalogue import entry_plain
from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code, Sharing
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.catalogue.selectors import DutyView, Group
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf

MOST: Final = 500
_ORDER: Final = ("missing", "late", "drafted", "done")


@require_safe
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """A department's resources and duties; a government's are on its division's page."""
    home = people.organisation(code)
    if not home.department:
        return redirect("portal:catalogue_division", code=home.division)
    actor = actor_of(request)
    resources = catalogue.resources(actor, provider=code)
    duties = _by_state(catalogue.duties(actor, code))
    context = {
        "home": home,
        "division": shelf.division(home.division),
        "resources": resources[:MOST],
        "total": len(resources),
        "duties": duties,
        "standing": _counted(duties),
        "grades": _tally(r.quality.grade or "none" for r in resources),
        "freshness": _tally(r.freshness.state for r in resources),
        "open": sum(r.open for r in resources),
    }
    data = {
        "code": home.code,
        "name": home.name,
        "resources": [entry_plain(r) for r in resources],
        "duties": [_duty_plain(d) for d in duties],
    }
    return answer(request, "portal/catalogue_organisation.html", context, data)


@require_safe
def division(request: HttpRequest, code: str) -> HttpResponse:
    """What each department of a division has and owes, and how the divisions within stand."""
    place = shelf.division(code)
    actor = actor_of(request)
    owed = catalogue.duties(actor, code, below=True)
    own = [d for d in owed if d.division == code]
    organisations = [o for o in people.organisations(code) if o.department]
    found = catalogue.search(actor, facets={"division": code}, size=0)
    departments = [
        {"organisation": o, **_counted([d for d in own if d.organisation == o.code])}
        for o in organisations
    ]
    below = _below(code, [d for d in owed if d.division != code])
    context = {
        "division": place,
        "level": division_level(code),
        "parent": shelf.division(place.parent) if place.parent else None,
        "total": found.total,
        "standing": _counted(own),
        "departments": sorted(departments, key=lambda d: (-d["required"], -d["missing"])),
        "below": below,
    }
    data = {
        "code": code,
        "name": place.name,
        "resources": found.total,
        "duties": [_duty_plain(d) for d in own],
        "below": [{"code": b["division"].code, **_figures(b)} for b in below],
    }
    return answer(request, "portal/catalogue_division.html", context, data)


@require_safe
def group(request: HttpRequest, id: str) -> HttpResponse:
    """The same resource in many divisions: who has it, who owes it, and how fresh it is."""
    found = _group(actor_of(request), id)
    cities_ = _by_city(found)
    context = {
        "group": found,
        "freshness": _tally(m.freshness for m in found.members if not m.origin),
        "harvested": sum(bool(m.origin) for m in found.members),
        "cities": cities_,
        "required": len(found.members) + len(found.owing),
    }
    data = {
        "declared": found.declared,
        "name": found.name,
        "members": [
            {"division": m.division, "entry": m.entry, "origin": m.origin} for m in found.members
        ],
        "owing": [m.division for m in found.owing],
    }
    return answer(request, "portal/catalogue_group.html", context, data)


@require_safe
def group_map(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """The cities by the number of places in them that keep the resource."""
    found = _group(actor_of(request), id)
    return chart_answer(request, _map(found, language_of(request)), form, "places")


@require_safe
def group_table(request: HttpRequest, id: str) -> HttpResponse:
    """Every division that has or owes the resource, as CSV."""
    found, lang = _group(actor_of(request), id), language_of(request)
    rows = [
        [
            m.division,
            m.name.in_(lang),
            m.organisation,
            m.status,
            m.freshness,
            m.grade,
            m.rows or "",
            m.origin,
        ]
        for m in (*found.members, *found.owing)
    ]
    header = ("division", "name", "organisation", "status", "freshness", "grade", "rows", "origin")
    return csv_answer("places.csv", header, rows)


def _group(actor: Actor, id: str) -> Group:
    """The group of a resource that each division keeps. Raises `ResourceUnknown`, also where it
    is withheld and the actor may know of none of its entries."""
    declared = shelf.resources().get(id)
    if declared is None or not declared.per_division:
        raise ResourceUnknown(found=id)
    found = catalogue.group(actor, id)
    if declared.sharing is Sharing.WITHHELD and not found.members:
        raise ResourceUnknown(found=id)
    return found


def _by_city(found: Group) -> list[dict[str, Any]]:
    """The divisions of a group under their cities."""
    rows: dict[str, list[Any]] = {}
    for member in (*found.members, *found.owing):
        rows.setdefault(_city_of(member.division), []).append(member)
    named = {c.code: c for c in cities()}
    return [
        {
            "name": named[code].name if code in named else Text("省级", "Province"),
            "members": sorted(members, key=lambda m: m.division),
            "has": sum(bool(m.entry) for m in members),
        }
        for code, members in sorted(rows.items())
    ]


def _city_of(division: str) -> str:
    return f"{division[:4]}00" if len(division) == 6 else division


def _map(found: Group, lang: str) -> Spec:
    has = Counter(_city_of(m.division) for m in found.members)
    areas = [Area(code=c.code, name=c.name, value=_figure(has[c.code])) for c in cities()]
    unit = Text("个地方", "places").in_(lang)
    return map_chart(
        shelf.boundaries(), areas, lang=lang, title=found.name, unit=unit, height=MAP_HEIGHT
    )


def _figure(count: int) -> Decimal | None:
    """None, which the map hatches, where nobody keeps it."""
    return Decimal(count) if count else None


def _below(code: str, duties: Iterable[DutyView]) -> list[dict[str, Any]]:
    """The divisions directly within, each with what it and those within it owe."""
    children = [d for d in shelf.divisions() if d.parent == code]
    prefix = {"province": 4, "city": 6}.get(division_level(code), 6)
    by_child: dict[str, list[DutyView]] = {}
    for duty in duties:
        by_child.setdefault(duty.division[:prefix], []).append(duty)
    latest = {d.code: d for d in children}
    rows = [
        {"division": d, "over": _over(d), **_counted(by_child.get(d.code[:prefix], ()))}
        for d in latest.values()
    ]
    return [r for r in rows if r["required"]]


def _over(division: Code) -> bool:
    """Whether the division was abolished."""
    return division.valid_to is not None and division.valid_to < date.today()


def _counted(duties: Iterable[DutyView]) -> dict[str, Any]:
    states = Counter(d.state for d in duties)
    return {
        "required": states.total(),
        "done": states["done"] + states["late"],
        "late": states["late"],
        "drafted": states["drafted"],
        "missing": states["missing"],
    }


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("required", "done", "late", "missing")}


def _by_state(duties: Iterable[DutyView]) -> list[DutyView]:
    return sorted(duties, key=lambda d: (_ORDER.index(d.state), d.id))


def _tally(values: Iterable[str]) -> list[tuple[str, int]]:
    return Counter(values).most_common()


def _duty_plain(duty: DutyView) -> dict[str, Any]:
    return {
        "id": duty.id,
        "name": duty.name,
        "organisation": duty.organisation,
        "resource": duty.resource,
        "state": duty.state,
        "entry": duty.entry,
        "origin": duty.origin,
    }
