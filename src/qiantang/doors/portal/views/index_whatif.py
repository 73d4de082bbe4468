"""What if: other weights and methods, answered as a page or, for HTMX, as the ranks alone.

The whole state stands in the address, so that a link holds it; nothing is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import answer, render_page
from qiantang.doors.portal.indices.asking import Asked, asked, frame_of
from qiantang.doors.portal.indices.controls import (
    asked_changes,
    changes_said,
    choices_of,
    slider_groups,
)
from qiantang.doors.portal.indices.sentences import whatif_said
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Invalid
from qiantang.rooms.indices import selectors as indices

REGION = "whatif-result"


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """The controls and the ranks; a choice that cannot be computed says why."""
    ask = asked(request, id)
    changes = asked_changes(request, ask.made)
    context: dict[str, Any] = {
        **frame_of(request, ask, "whatif"),
        **_address(request, ask, changes),
    }
    error: Invalid | None = None
    try:
        found = indices.whatif(ask.made, changes, ask.year)
    except Invalid as failed:
        error = failed
        found = indices.whatif(ask.made, {}, ask.year)
        context["problem"] = failed.problem(language_of(request))
    context |= {
        "rows": found.rows,
        "said": whatif_said(found.rows, changed=bool(changes) and error is None),
        "changes": changes_said(ask.made, changes),
    }
    status = error.status if error else 200
    htmx = getattr(request, "htmx", None)
    if htmx and htmx.target == REGION:
        response = render_page(request, "portal/indices/whatif_result.html", context)
        response.headers["HX-Replace-Url"] = context["path_and_query"]
        return response
    context |= {
        "choices": choices_of(ask.made, changes),
        "groups": slider_groups(ask.made, changes),
    }
    data = {
        "index": ask.key,
        "edition": ask.number,
        "year": ask.year,
        "changes": changes,
        "ranks": [
            {
                "unit": r.unit,
                "name": r.name,
                "score": r.score,
                "rank": r.rank,
                "before": r.rank_before,
            }
            for r in found.rows
        ],
    }
    if error is not None:
        data["problem"] = error.problem(language_of(request))
    response = answer(request, "portal/indices/whatif.html", context, data)
    response.status_code = status
    return response


def _address(request: HttpRequest, ask: Asked, changes: Mapping[str, str]) -> dict[str, str]:
    """The address that holds the whole state: edition, year, and what was changed."""
    path = reverse("portal:index_whatif", args=[ask.key])
    query = urlencode(dict(changes))
    tail = f"{ask.tail}{'&' if ask.tail else '?'}{query}" if query else ask.tail
    return {
        "path_and_query": f"{path}{tail}",
        "address": request.build_absolute_uri(f"{path}{tail}"),
    }
