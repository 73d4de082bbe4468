"""A person's verdict over the computed one: with reason and document."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal import names
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import plan_asked
from qiantang.doors.portal.errors import NoSuchTargetHere
from qiantang.doors.portal.language import language_of
from qiantang.engine.targets import VERDICT_NAMES
from qiantang.kernel.errors import Invalid, Refused
from qiantang.kernel.text import Text
from qiantang.packkit.plans import Plan
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators import services


def _context(plan: Plan, id: str) -> dict[str, Any]:
    row = indicators.assessment(plan.id).row(id)
    if row is None:
        raise NoSuchTargetHere(found=id, expected=f"{plan.targets[0].id}–{plan.targets[-1].id}")
    return {
        "row": row,
        "data": row.data,
        "verdicts": [(v.value, VERDICT_NAMES[v]) for v in names.VERDICT_ORDER],
        "past": indicators.overrules(plan.id, id, withdrawn=True),
    }


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def overrule(request: HttpRequest, id: str) -> HttpResponse:
    """The form, with the computed verdict beside it."""
    plan = plan_asked(request)
    context = _context(plan, id)
    if request.method != "POST":
        return desk_page(request, "desk/overrule.html", context)
    given = {k: request.POST.get(k, "").strip() for k in ("verdict", "reason", "title", "address")}
    try:
        services.overrule(
            actor_of(request),
            plan.id,
            id,
            given["verdict"],
            reason=given["reason"],
            document={"title": given["title"], "address": given["address"]},
        )
    except (Invalid, Refused) as error:
        context |= {"given": given, "problem": error.problem(language_of(request))}
        return desk_page(request, "desk/overrule.html", context, status=error.status)
    say(
        request,
        Text("人工裁定已生效，与计算结论并列显示。", "It stands, beside the computed verdict."),
    )
    return redirect("portal:target", id=id)


@require_POST
@signed_in
def withdraw(request: HttpRequest, id: str) -> HttpResponse:
    plan = plan_asked(request)
    services.withdraw_overrule(actor_of(request), plan.id, id, request.POST.get("reason", ""))
    say(request, Text("人工裁定已撤回。", "The overrule is withdrawn."))
    return redirect("portal:target", id=id)
