"""The upstream catalogues whose entries are listed here: when they came, how many, what failed.

Everybody sees from where entries come, as each entry tells it; runs, conflicts and errors are for
those who look after an upstream.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import actor_of, answer
from qiantang.doors.portal.catalogue.origins import FACET, HERE
from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.harvest import selectors as harvest

RUNS: Final = 5
MOST_CONFLICTS: Final = 50


@require_safe
def upstreams(request: HttpRequest) -> HttpResponse:
    """Origins with their counts; for those who look after them, their runs and conflicts."""
    actor = actor_of(request)
    origins = _origins(actor)
    kept = [_kept(actor, upstream) for upstream in harvest.upstreams(actor)]
    context = {
        "origins": origins,
        "total": sum(o["count"] for o in origins),
        "kept": kept,
    }
    data = {
        "origins": [{"code": o["code"], "entries": o["count"]} for o in origins],
        "upstreams": [
            {"id": k["upstream"].id, "runs": [r.as_json() for r in k["runs"]]} for k in kept
        ],
    }
    return answer(request, "portal/catalogue_upstreams.html", context, data)


def _origins(actor: Actor) -> list[dict[str, Any]]:
    """Each origin as its newest entry tells it."""
    found = catalogue.search(actor, size=0)
    values = next(f.values for f in found.facets if f.id == "origin")
    origins = []
    for value in values:
        if value.value == HERE:
            continue
        newest = catalogue.search(actor, facets={FACET: value.value}, size=1, sort="newest").hits
        origin = newest[0].origin if newest else None
        origins.append(
            {
                "code": value.value,
                "count": value.count,
                "name": origin.name if origin else value.name,
                "at": origin.harvested_at if origin else None,
                "passage": origin.passage if origin else (),
            }
        )
    return origins


def _kept(actor: Actor, upstream: harvest.UpstreamView) -> dict[str, Any]:
    conflicts = catalogue.conflicts(actor, upstream.id)
    return {
        "upstream": upstream,
        "runs": harvest.runs(actor, upstream.id, RUNS),
        "conflicts": conflicts[:MOST_CONFLICTS],
        "conflicts_total": len(conflicts),
    }
