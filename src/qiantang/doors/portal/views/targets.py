"""The list of targets with its filters, and the page of one target with everything behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from qiantang.doors.charts import target_chart
from qiantang.doors.portal import names
from qiantang.doors.portal.answers import answer, csv_answer, plain, render_page, wants_json
from qiantang.doors.portal.asking import assessment_asked, day_asked
from qiantang.doors.portal.errors import NoSuchTargetHere
from qiantang.doors.portal.figures import aim_of
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.pictures import chart_answer
from qiantang.doors.portal.places import department
from qiantang.doors.portal.target_figures import figures_of
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.shapes import AssessmentView, TargetRow
from qiantang.rooms.shelf import selectors as shelf


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All targets, narrowed by verdict, section, department and text; HTMX gets the list alone."""
    view = assessment_asked(request)
    asked = {k: request.GET.get(k, "").strip() for k in ("verdict", "section", "owner", "q")}
    rows = [r for r in view.rows if _fits(r, asked)]
    data = {**view.as_json(), "filters": asked, "targets": [r.as_json() for r in rows]}
    if wants_json(request):
        return JsonResponse(plain(data), json_dumps_params={"ensure_ascii": False})
    context = {
        "view": view,
        "groups": grouped(view, rows),
        "shown": len(rows),
        "asked": asked,
        "choices": _choices(view),
        "as_of_asked": request.GET.get("as_of", ""),
        "tail": _tail(request),
    }
    htmx = getattr(request, "htmx", None)
    partial = htmx and htmx.target == "target-list"
    template = "portal/parts/target_list.html" if partial else "portal/targets.html"
    return render_page(request, template, context)


def _fits(row: TargetRow, asked: Mapping[str, str]) -> bool:
    if asked["verdict"] and asked["verdict"] not in {row.verdict, f"tone:{row.tone}"}:
        return False
    if asked["section"] and asked["section"] != row.target.section:
        return False
    if asked["owner"] and asked["owner"] != row.target.owner:
        return False
    text = " ".join((row.id, row.name.zh, row.name.en, row.target.quote)).lower()
    return all(word in text for word in asked["q"].lower().split())


def grouped(view: AssessmentView, rows: list[TargetRow]) -> list[dict[str, Any]]:
    """The rows under their sections of the plan, in the plan's order."""
    known = dict(view.plan.sections)
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.target.section, []).append(shown(row))
    order = [*known, *(s for s in found if s not in known)]
    return [
        {"id": id, "name": known.get(id, Text(id, id)), "rows": found[id]}
        for id in order
        if id in found
    ]


def shown(row: TargetRow) -> dict[str, Any]:
    """A target for a list: the row with what the plan asks in words."""
    return {"row": row, "data": row.data, "target": row.target, "aim": aim_of(row.target)}


def _choices(view: AssessmentView) -> dict[str, Any]:
    counts = Counter(r.verdict for r in view.rows)
    owners = sorted({r.target.owner for r in view.rows if r.target.owner})
    used = {r.target.section for r in view.rows}
    return {
        "verdicts": [(v, VERDICT_NAMES[v], counts[v]) for v in names.VERDICT_ORDER if counts[v]],
        "sections": [(id, name) for id, name in view.plan.sections if id in used],
        "owners": [(o, department(o)) for o in owners],
    }


def _row(request: HttpRequest, id: str) -> tuple[AssessmentView, TargetRow]:
    view = assessment_asked(request)
    row = view.row(id)
    if row is None:
        raise NoSuchTargetHere(found=id, expected=f"{view.rows[0].id}–{view.rows[-1].id}")
    return view, row


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """One target: what the plan says, the verdict, and all that it rests on."""
    view, row = _row(request, id)
    known = shelf.indicators()
    history = indicators.target_history(view.plan.id, row.id)
    ids = [r.id for r in view.rows]
    at = ids.index(row.id)
    other = [e for e in row.data["evidence"] if e["use"] != "deciding"]
    context = {
        "view": view,
        **shown(row),
        "section": dict(view.plan.sections).get(row.target.section),
        "owner": department(row.target.owner),
        "figures": figures_of(row, known),
        "measures": [(e, known.get(e.indicator)) for e in row.target.evidence],
        "names": {k: i.name for k, i in known.items()},
        "deciding": [e for e in row.data["evidence"] if e["use"] == "deciding"],
        "other": other,
        "other_rest": other[6:],
        "history": history,
        "as_of_asked": day_asked(request),
        "tail": _tail(request),
        "before": ids[at - 1] if at else None,
        "after": ids[at + 1] if at + 1 < len(ids) else None,
    }
    data = {
        **row.as_json(),
        "plan": view.plan.id,
        "as_of": view.as_of,
        "history": [h.as_json() for h in history],
    }
    return answer(request, "portal/target.html", context, data)


def _tail(request: HttpRequest) -> str:
    """The plan and the day that the address asks, kept by the page's chart, figures and links."""
    asked = {k: request.GET[k].strip() for k in ("plan", "as_of") if request.GET.get(k, "").strip()}
    return f"?{urlencode(asked)}" if asked else ""


@require_safe
def chart(request: HttpRequest, id: str, form: str) -> HttpResponse:
    """The target's chart: its Vega-Lite specification, or a picture of it."""
    _, row = _row(request, id)
    known = {k: i.name for k, i in shelf.indicators().items()}
    return chart_answer(request, target_chart(row.data, language_of(request), known), form, row.id)


@require_safe
def series(request: HttpRequest, id: str) -> HttpResponse:
    """The figures of the chart as CSV."""
    _, row = _row(request, id)
    lang = language_of(request)
    header = [
        *("id", "indicator", "period", "value", "unit", "kind", "used"),
        *("grade", "source_title", "source_address", "quote"),
    ]
    rows = [
        [
            *(f.id, f.indicator.in_(lang), str(f.period), f.value, f.unit, f.kind, f.used),
            *(f.grade, f.source, f.address, f.quote),
        ]
        for f in figures_of(row, shelf.indicators())
    ]
    return csv_answer(f"{row.id}.csv", header, rows)


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """All targets with their verdicts as CSV."""
    view = assessment_asked(request)
    lang = language_of(request)
    header = [
        *("id", "name", "section", "quote", "comparator", "low", "high", "unit"),
        *("verdict", "verdict_name", "confidence", "value", "period", "overruled", "reason"),
    ]
    rows = []
    for row in view.rows:
        t, d = row.target, row.data
        rows.append(
            [
                *(t.id, t.name.in_(lang), t.section, t.quote),
                *(t.comparator or "", t.low, t.high, t.unit, d["verdict"]),
                *(row.verdict_name.in_(lang), d["confidence"], d["value"], d["period"]),
                row.overrule.verdict if row.overrule else "",
                d["reason"][lang],
            ]
        )
    return csv_answer(f"{view.plan.id}-{view.as_of}.csv", header, rows)
