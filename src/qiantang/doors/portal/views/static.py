"""Pages that explain: method and sources, about; and the script that draws the charts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static as static_address
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

import qiantang
from qiantang.doors.charts import bundle_name, page_bundle
from qiantang.doors.portal import names
from qiantang.doors.portal.answers import answer
from qiantang.doors.portal.asking import plan_asked
from qiantang.doors.portal.errors import NoPlan, NoSuchPage
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.shelf import selectors as shelf


@require_safe
def method(request: HttpRequest) -> HttpResponseBase:
    """How verdicts are reached: rules, figures of method, grades, sources."""
    try:
        plan = plan_asked(request)
    except NoPlan:
        plan = None
    grades = Counter({grade: n for (grade,), n in indicators.tally("grade").items()})
    kinds = Counter({kind: n for (kind,), n in indicators.tally("kind").items()})
    sources = Counter(indicators.tally("source_title", "source_address", "grade"))
    norms, standing = shelf.norms(), list(shelf.overrides_in_force(localdate()).values())
    context = {
        "plan": plan,
        "norms": norms,
        "overrides": standing,
        "verdicts": [(v, VERDICT_NAMES[v]) for v in names.VERDICT_ORDER],
        "grades": [(g, name, grades[g]) for g, name in names.GRADES.items()],
        "deciding": plan.rules.deciding_grades if plan else (),
        "kinds": [(k, name, kinds[k]) for k, name in names.KINDS.items()],
        "sources": sources.most_common(40),
        "source_count": len(sources),
        "total": grades.total(),
        "packs": list(shelf.packs().values()),
    }
    data = {
        "norms": [
            {
                "id": f"{n.pack}.{n.id}",
                "name": n.name,
                "value": n.value,
                "unit": n.unit,
                "source": n.source,
                "valid_from": n.valid_from,
                "valid_to": n.valid_to,
                "verified": n.verified,
            }
            for n in norms
        ],
        "overrides": [
            {
                "norm": o.norm,
                "value": o.value,
                "reason": o.reason,
                "document": o.document,
                "valid_from": o.valid_from,
                "valid_to": o.valid_to,
            }
            for o in standing
        ],
        "grades": {
            g: {"name": name, "observations": grades[g]} for g, name in names.GRADES.items()
        },
        "verdicts": {v.value: VERDICT_NAMES[v] for v in names.VERDICT_ORDER},
        "sources": [
            {"title": t, "address": a, "grade": g, "observations": n}
            for (t, a, g), n in sources.most_common()
        ],
    }
    return answer(request, "portal/method.html", context, data)


@require_safe
def about(request: HttpRequest) -> HttpResponseBase:
    """What Qiantang is, its licences, how to reach its data."""
    packs = list(shelf.packs().values())
    context = {"version": qiantang.__version__, "packs": packs}
    data = {
        "name": "Qiantang",
        "version": qiantang.__version__,
        "packs": {p.id: {"version": p.version, "licence": p.licence} for p in packs},
    }
    return answer(request, "portal/about.html", context, data)


@require_safe
def charts_script(request: HttpRequest, name: str) -> HttpResponseBase:
    """The chart library of this version, written to the zone's static folder when first asked."""
    if name != bundle_name():
        raise NoSuchPage(found=request.path)
    path = page_bundle(Path(settings.QIANTANG_STATIC))
    response = FileResponse(path.open("rb"), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def mark(request: HttpRequest) -> HttpResponseBase:
    """The house's mark, where browsers look for it unasked."""
    return redirect(static_address("portal/mark.svg"))
