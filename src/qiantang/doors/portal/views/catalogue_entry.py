"""One information resource: what it is, whose, how good, how to get it, how it came to be."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.charts.lineage import LAYERS, lineage_svg
from qiantang.doors.portal.answers import actor_of, answer, csv_answer, download
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.catalogue import dictionary, flow, sample, trend, ways
from qiantang.doors.portal.catalogue.questions import CLASSES
from qiantang.doors.portal.errors import BadDay, NoSuchPage
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.views.catalogue import entry_plain
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Code
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import Difference, ResourceView, VersionView
from qiantang.rooms.elements import selectors as elements
from qiantang.rooms.elements.findings import RULE_NAMES
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown

RELATED: Final = 6


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """Everything that the reader may know of a resource."""
    actor = actor_of(request)
    view = catalogue.resource(actor, id)
    if catalogue.is_tombstone(view):
        told = {key: entry_plain(view)[key] for key in ("id", "name", "changed_at")}
        plain = {**told, "status": view.status, "withdrawn_by": view.origin and view.origin.name}
        return answer(request, "portal/catalogue_gone.html", {"entry": view}, plain)
    on = _day(request)
    moments = sample.moments(actor, view)
    context = {
        "entry": view,
        "classes": _classes(view),
        **_narrowing(request, view),
        "data_ways": ways.ways_to_data(view),
        "entry_ways": ways.ways_to_entry(view),
        "points": intake.trend(actor, id)[::-1],
        "personal": [f for f in view.fields if f.get("personal", "none") != "none"],
        "on": on,
        "today": date.today(),
        "moments": moments,
        "days": {moment.day for moment in moments},
        "sample": sample.sample(actor, view, on),
        "related": catalogue.related(actor, id, RELATED),
        "report": elements.report(actor, id) if view.fields and not view.origin else None,
        "rule_names": RULE_NAMES,
        "known_lists": _known_lists(),
        "known_elements": shelf.elements(),
        "grouped": _grouped(view),
        **_versions(request, actor, id),
        **_flow(request, actor, view),
        **_for_stewards(actor, view),
    }
    return answer(request, "portal/catalogue_entry.html", context, _plain(view, context))


@require_safe
def quality(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """The quality of its deliveries: the chart's specification, or a picture of it."""
    points = intake.trend(actor_of(request), id)
    return chart_answer(request, trend.trend_chart(points, language_of(request)), form, "quality")


@require_safe
def quality_table(request: HttpRequest, id: str) -> HttpResponse:
    """The quality of its deliveries as CSV."""
    points = intake.trend(actor_of(request), id)
    used = sorted({d for p in points for d in p.dimensions})
    header = ("at", "status", "grade", "sent", "accepted", "set_aside", *used)
    rows = [
        [p.at, p.status, p.grade, p.sent, p.accepted, p.set_aside]
        + [p.dimensions.get(d, "") for d in used]
        for p in points
    ]
    return csv_answer("quality.csv", header, rows)


@require_safe
def data_dictionary(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """The fields as CSV or Excel in the page's language. Raises `NoSuchPage` for another form."""
    view, lang = catalogue.resource(actor_of(request), id), language_of(request)
    name = f"dictionary-{lang}.{form}"
    if form == "csv":
        return csv_answer(name, dictionary.heads(lang), dictionary.rows(view, lang))
    if form != "xlsx":
        raise NoSuchPage(found=request.path)
    return download(dictionary.workbook(view, lang), name, dictionary.XLSX)


def _narrowing(request: HttpRequest, view: ResourceView) -> dict[str, Any]:
    """Keywords and licence, which lead to the entries that have them, too: in the reader's language
    where they are said in it, else in the other."""
    in_order = (view.keywords_zh, view.keywords_en)
    zh, en = view.licence.zh, view.licence.en
    chosen = in_order[::-1] if language_of(request) == "en" else in_order
    return {"keywords": chosen[0] or chosen[1], "licence": Text(zh or en, en or zh)}


def _grouped(view: ResourceView) -> bool:
    """Whether there is a page of it place by place: a pack says that each division keeps it."""
    declared = shelf.resources().get(view.declared)
    return declared is not None and declared.per_division


def _day(request: HttpRequest) -> date | None:
    """The day of ``?on=``; None for now. Raises `BadDay`."""
    text = request.GET.get("on", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDay(found=text[:40]) from None


def _classes(view: ResourceView) -> list[list[Code]]:
    """Each class with those above it, from the top."""
    try:
        known = shelf.code_list(CLASSES)
    except CodeListUnknown:
        return []
    paths = []
    for code in view.classes:
        path: list[Code] = []
        at = known.find(code)
        while at is not None and at not in path:
            path.insert(0, at)
            at = known.find(at.parent) if at.parent else None
        if path:
            paths.append(path)
    return paths


def _known_lists() -> frozenset[str]:
    """The code lists that have a page; fields may refer to other things as well."""
    return frozenset(f"{p.id}.{id}" for p in shelf.packs().values() for id in p.codes)


def _versions(request: HttpRequest, actor: Actor, id: str) -> dict[str, Any]:
    """The versions, and what differs between the two that are asked for (else the last two)."""
    found = catalogue.versions(actor, id)
    numbers = [v.number for v in found if v.number is not None]
    newer = whole_number(request.GET.get("newer", ""))
    newer = newer if newer in numbers else (numbers[0] if numbers else None)
    older = whole_number(request.GET.get("older", ""))
    if older is None or newer is None or older >= newer:
        older = next((n for n in numbers if newer is not None and n < newer), 0)
    difference = _difference(actor, id, older, newer) if newer and older else None
    return {"versions": found, "numbers": numbers, "difference": difference}


def _difference(actor: Actor, id: str, older: int, newer: int) -> Difference:
    return catalogue.difference(actor, id, older, newer)


def _flow(request: HttpRequest, actor: Actor, view: ResourceView) -> dict[str, Any]:
    graph = flow.flow_of(actor, view.declared or view.id) if not view.origin else None
    if graph is None:
        return {"graph": None}
    return {
        "graph": lineage_svg(graph, language_of(request)),
        "flow_edges": [(graph.nodes[a], graph.nodes[b]) for a, b in graph.edges],
        "layers": {str(kind): name for kind, name in LAYERS.items()},
    }


def _for_stewards(actor: Actor, view: ResourceView) -> dict[str, Any]:
    """What people of its organisation, or above it, should look at: repeats and conflicts."""
    if actor.is_anonymous or not catalogue.why(actor, "edit", view.id):
        return {}
    twins = catalogue.duplicates(actor, view.owner) if view.owner else ()
    return {
        "twins": [
            (t.kind, [e for e in t.entries if e.id != view.id])
            for t in twins
            if any(e.id == view.id for e in t.entries)
        ],
        "conflicts": catalogue.conflicts(actor, entry=view.id),
        "said": catalogue.completeness(view),
    }


def _plain(view: ResourceView, context: dict[str, Any]) -> dict[str, Any]:
    shown: sample.Sample = context["sample"]
    return {
        **entry_plain(view),
        "description": view.description,
        "classes": view.classes,
        "conditions": view.conditions,
        "cadence": view.cadence,
        "licence": view.licence,
        "status": view.status,
        "completeness": view.completeness,
        "rows": view.rows,
        "fields": view.fields,
        "quality": {"sent": view.quality.sent, "accepted": view.quality.accepted}
        | {"dimensions": view.quality.dimensions},
        "data": [{"name": w.name, "address": w.address} for w in context["data_ways"]],
        "versions": [_version_plain(v) for v in context["versions"]],
        "snapshots": [{"day": m.day, "rows": m.rows} for m in context["moments"]],
        "sample": {
            "columns": shown.columns,
            "rows": shown.rows,
            "total": shown.total,
            "hidden": shown.hidden,
            "why": shown.why if shown.why != Text("", "") else None,
        },
        "related": [r.entry.id for r in context["related"]],
    }


def _version_plain(version: VersionView) -> dict[str, Any]:
    return {"number": version.number, "state": version.state, "decided_at": version.decided_at}
