"""Indices for the people who make them: present figures and gaps, planning, the four eyes."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiantang.doors.desk.fields import reach_of
from qiantang.doors.desk.index_gaps import (
    gaps_by_indicator,
    gaps_by_unit,
    missing_rows,
    shown_gaps,
)
from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of, download
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.errors import BadDay
from qiantang.doors.portal.indices.editions import difference_shown
from qiantang.doors.portal.indices.pages import counts
from qiantang.doors.portal.indices.values import shown_year
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Conflict, Invalid, QiantangError, Refused, Unavailable
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.indices import services
from qiantang.rooms.indices.shapes import Made, RankRow

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FIELDS: Final = ("title_zh", "title_en", "note", "as_of", "corrects", "reason")
TOP: Final = 10
Problem = Invalid | Refused | Conflict | Unavailable


@require_safe
@signed_in
def listing(request: HttpRequest) -> HttpResponse:
    """Every index: its edition in force, whether figures changed since, what is planned."""
    actor = actor_of(request)
    context = {"rows": indices.indices(actor), "to_decide": indices.waiting(actor)}
    return desk_page(request, "desk/indices.html", context)


@require_safe
@signed_in
def index(request: HttpRequest, id: str) -> HttpResponse:
    """The index as it would be today: ranks, gaps, data entry, and the form to plan an edition."""
    return _page(request, id, {"title_zh": "", "title_en": ""})


@signed_in
@require_http_methods(["POST"])
def plan(request: HttpRequest, id: str) -> HttpResponse:
    """Freeze the present figures for an approver to look at."""
    values = {k: request.POST.get(k, "").strip() for k in _FIELDS}
    try:
        made = _planned(request, id, values)
    except (Invalid, Refused, Conflict, Unavailable) as error:
        return _page(request, id, values, error)
    say(
        request,
        Text(
            f"已编制第 {made} 版，等待另一位审核员发布。",
            f"Edition {made} is planned; another person may publish it.",
        ),
    )
    return redirect("desk:edition", id=id, number=made)


def _planned(request: HttpRequest, id: str, values: dict[str, str]) -> int:
    try:
        day = date.fromisoformat(values["as_of"]) if values["as_of"] else None
    except ValueError:
        raise BadDay(found=values["as_of"][:40]) from None
    view = services.plan_edition(
        actor_of(request),
        id,
        title=Text(values["title_zh"], values["title_en"]),
        note=values["note"],
        as_of=day,
        corrects=(whole_number(values["corrects"]) or 0) if values["corrects"] else None,
        reason=values["reason"],
    )
    return view.number


def _page(
    request: HttpRequest, id: str, values: dict[str, str], error: Problem | None = None
) -> HttpResponse:
    actor = actor_of(request)
    row = indices.index_row(actor, id)
    context: dict[str, Any] = {
        "row": row,
        "declared": row.declared,
        "editions": indices.editions(actor, id),
        "values": values,
        "problem": error.problem(language_of(request)) if error else None,
    }
    try:
        made = indices.working(actor, id)
    except Invalid as failed:
        # No figures yet, or some that a step refuses: that is what the page is for.
        context["unmade"] = failed.problem(language_of(request))
    else:
        context |= _state(request, made)
    return desk_page(request, "desk/index.html", context, status=error.status if error else 200)


def _state(request: HttpRequest, made: Made) -> dict[str, Any]:
    year = shown_year(made)
    return {
        "made": made,
        "year": year,
        "counts": counts(made, year),
        "top": _leaders(made, year),
        "by_indicator": gaps_by_indicator(made, year),
        "by_unit": gaps_by_unit(made, year),
        "gaps": shown_gaps(made, year),
        "missing": len(missing_rows(made, reach_of(actor_of(request)))),
        "notes": made.index.notes,
    }


def _leaders(made: Made, year: int | None) -> list[RankRow]:
    return [r for r in indices.ranking(made, year) if r.rank is not None][:TOP]


@require_safe
@signed_in
def missing(request: HttpRequest, id: str) -> HttpResponse:
    """The sheet to fill: the figures that the index lacks and the actor may send."""
    actor = actor_of(request)
    rows = missing_rows(indices.working(actor, id), reach_of(actor))
    return download(indicators.template("", rows), f"{id}-missing.xlsx", _EXCEL)


@require_safe
@signed_in
def edition(request: HttpRequest, id: str, number: int) -> HttpResponse:
    """What an edition changes against the one published before it, and the decision."""
    return _edition(request, id, number)


def _edition(
    request: HttpRequest, id: str, number: int, error: QiantangError | None = None
) -> HttpResponse:
    actor = actor_of(request)
    found = indices.difference(actor, id, number)
    made = indices.made(actor, id, number)
    year = shown_year(made)
    context = {
        "row": indices.index_row(actor, id),
        "edition": found.edition,
        "against": found.against,
        "top": _leaders(made, year),
        "counts": counts(made, year),
        "year": year,
        "problem": error.problem(language_of(request)) if error else None,
        **difference_shown(found),
    }
    status = error.status if error else 200
    return desk_page(request, "desk/edition.html", context, status=status)


@require_POST
@signed_in
def publish(request: HttpRequest, id: str, number: int) -> HttpResponse:
    """Give it to the public; never the person who planned it."""
    try:
        services.publish_edition(actor_of(request), id, number)
    except (Refused, Conflict) as error:
        return _edition(request, id, number, error)
    say(request, Text(f"第 {number} 版已发布。", f"Edition {number} is published."))
    return redirect("desk:edition", id=id, number=number)


@require_POST
@signed_in
def discard(request: HttpRequest, id: str, number: int) -> HttpResponse:
    """Give it up; it stays readable for the department."""
    reason = request.POST.get("reason", "")
    try:
        services.discard_edition(actor_of(request), id, number, reason)
    except (Refused, Conflict, Invalid) as error:
        return _edition(request, id, number, error)
    say(request, Text(f"已放弃第 {number} 版。", f"Edition {number} is given up."))
    return redirect("desk:index", id=id)
