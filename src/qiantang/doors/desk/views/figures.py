"""The form for one figure: add, correct, withdraw; concurrent edits show both values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiantang.doors.desk.comparing import changes, written
from qiantang.doors.desk.fields import COLUMNS, observation_fields, reach_of, unplaced
from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of, render_page
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.language import language_of
from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError, Refused
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import services
from qiantang.rooms.indicators.errors import CellProblem, ChangedMeanwhile, RowsInvalid
from qiantang.rooms.shelf import selectors as shelf

_WORDS = ("note", "document")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Send in a figure that the zone does not have."""
    if request.method == "POST":
        return _send(request, _given(request), "")
    values = {k: request.GET.get(k, "") for k in ("indicator", "division", "period")}
    found = shelf.indicators().get(values["indicator"])
    values["unit"] = found.unit if found else ""
    return _form(request, values)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, id: str) -> HttpResponse:
    """Correct a published figure; the revision that the writer saw travels with the form."""
    current = indicators.observation(id)
    if request.method == "POST":
        fixed = {"id": id, "indicator": current.indicator, "division": current.division}
        return _send(request, {**_given(request), **fixed}, id)
    values = {**written(current), "base_revision": str(current.revision)}
    return _form(request, values, id=id)


def _given(request: HttpRequest) -> dict[str, str]:
    return {k: request.POST.get(k, "").strip() for k in (*COLUMNS, *_WORDS, "base_revision")}


def _send(request: HttpRequest, values: dict[str, str], id: str) -> HttpResponse:
    try:
        made = services.submit_observation(actor_of(request), values)
    except RowsInvalid as error:
        return _form(request, values, id=id, problems=error.problems, status=error.status)
    except ChangedMeanwhile as error:
        return _form(request, values, id=id, error=error, clash=True, status=error.status)
    except (Conflict, Invalid, Refused, NotFound) as error:
        return _form(request, values, id=id, error=error, status=error.status)
    say(request, Text("已报送，等待另一位审核员审核。", "Sent; another person now decides on it."))
    return redirect("desk:submission", id=made.id)


def _form(
    request: HttpRequest,
    values: Mapping[str, str],
    *,
    id: str = "",
    problems: Sequence[CellProblem] = (),
    error: QiantangError | None = None,
    clash: bool = False,
    status: int = 200,
) -> HttpResponse:
    reach = reach_of(actor_of(request))
    context: dict[str, Any] = {
        "values": values,
        "fields": observation_fields(values, reach, problems, correcting=bool(id)),
        "problems": problems,
        "elsewhere": unplaced(problems),
        "problem": error.problem(language_of(request)) if error else None,
        "reach": reach,
        "id": id,
        "base_revision": values.get("base_revision", ""),
    }
    if id:
        context |= _about(id, values, clash=clash)
    return desk_page(request, "desk/figure.html", context, status=status)


def _about(id: str, values: Mapping[str, str], *, clash: bool) -> dict[str, Any]:
    current = indicators.observation(id)
    about: dict[str, Any] = {
        "current": current,
        "indicator": indicators.indicator(current.indicator),
        "division": indicators.division(current.division),
        "revisions": indicators.revisions(id),
    }
    if clash:
        about["clash"] = [c for c in changes(written(current), values) if c.differs]
        about["base_revision"] = str(current.revision)
    return about


@require_POST
@signed_in
def withdraw(request: HttpRequest, id: str) -> HttpResponse:
    """Ask that a figure no longer counts; it needs approval like every change."""
    # Without the revision that the writer saw, nobody knows what they meant to withdraw.
    made = services.submit_withdrawal(
        actor_of(request),
        id,
        whole_number(request.POST.get("base_revision", "")) or 0,
        note=request.POST.get("note", ""),
    )
    say(request, Text("已申请撤下此数据，等待审核。", "Its withdrawal is asked for and waits."))
    return redirect("desk:submission", id=made.id)


@require_safe
@signed_in
def unit(request: HttpRequest) -> HttpResponse:
    """The unit field for the indicator that was just chosen (HTMX)."""
    found = shelf.indicators().get(request.GET.get("indicator", ""))
    reach = reach_of(actor_of(request))
    values = {"unit": found.unit if found and found.unit in UNITS else ""}
    field = next(f for f in observation_fields(values, reach) if f.id == "unit")
    return render_page(request, "desk/parts/field.html", {"field": field})
