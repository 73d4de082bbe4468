"""How robust the ranks are, in plain words and pictures, from what the edition carries."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import answer
from qiantang.doors.portal.indices import pages
from qiantang.doors.portal.indices.asking import asked, frame_of
from qiantang.doors.portal.indices.recipe_words import factors_said
from qiantang.doors.portal.indices.robust_words import (
    closest_pairs,
    factor_rows,
    leaders_said,
    robust_said,
)
from qiantang.rooms.indices import selectors as indices


@require_safe
def page(request: HttpRequest, id: str) -> HttpResponse:
    """Rank ranges, pairs, places, the choices that matter, and what could not be computed."""
    ask = asked(request, id)
    found = indices.robustness(ask.made)
    rows = sorted(found.rows, key=lambda r: (r.nominal is None, r.nominal or 0, r.median or 0))
    chosen = request.GET.get("unit", "")
    unit = next((r for r in rows if r.unit == chosen), rows[0] if rows else None)
    context: dict[str, Any] = {
        **frame_of(request, ask, "robustness"),
        "robust": found if found.combinations else None,
        "kept": pages.kept(request, "edition", "year"),
    }
    if found.combinations and unit is not None:
        context |= {
            "headline": robust_said(found),
            "sentences": leaders_said(rows),
            "rows": rows,
            "units": [(r.unit, r.name) for r in rows],
            "unit": unit.unit,
            "unit_name": unit.name,
            "unit_said": unit.says,
            "unit_tail": ask.more(unit=unit.unit),
            "choices": factor_rows(found, dict(_named(ask.made.tables))),
            "unit_choices": any(f.units.get(unit.unit, (None, None))[1] for f in found.factors),
            "pair_said": closest_pairs(rows),
            "failed_count": sum(f.count for f in found.failed),
        }
    return answer(request, "portal/indices/robustness.html", context, asdict(found))


def _named(tables: Any) -> list[tuple[str, Any]]:
    return [(name.zh, alternatives) for name, alternatives in factors_said(tables)]
