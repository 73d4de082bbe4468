"""The lake's care: how its tables are, and what an administrator has done about them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.kernel.text import Text
from qiantang.rooms.upkeep import policy, selectors, services
from qiantang.rooms.upkeep.shapes import VERB_NAMES, VERBS

SHOWN = 30


@require_safe
@signed_in
def upkeep(request: HttpRequest) -> HttpResponse:
    """Every table with its figures; the page asks again while something is at work."""
    actor = actor_of(request)
    tables = selectors.health(actor)
    runs = selectors.runs(actor, limit=SHOWN)
    context = {
        "tables": tables,
        "runs": runs,
        "rows": sum(t.rows for t in tables),
        "bytes": sum(t.bytes for t in tables),
        "damaged": sum(1 for t in tables if t.problems),
        "busy": any(run.at_work for run in runs),
        "verbs": [(verb, VERB_NAMES[verb]) for verb in VERBS if verb != "sweep"],
        "may_tend": policy.may_tend(actor),
        "why": policy.why(actor),
    }
    return desk_page(request, "desk/upkeep.html", context)


@require_POST
@signed_in
def ask(request: HttpRequest, table: str, verb: str) -> HttpResponse:
    """Leave a verb for the background process."""
    run = services.ask(actor_of(request), table, verb)
    name = run.verb_name
    say(
        request,
        Text(
            f"已安排{name.zh}：{table}，完成后本页会显示结果。",
            f"Asked to {name.en} {table}; the result will show here.",
        ),
    )
    return redirect("desk:upkeep")


@require_POST
@signed_in
def keep(request: HttpRequest, table: str) -> HttpResponse:
    """For how long earlier versions of a table stay readable."""
    services.set_keeping(actor_of(request), table, request.POST.get("retention", ""))
    say(request, Text(f"{table} 的保留期限已更新。", f"How long {table} is kept has been changed."))
    return redirect("desk:upkeep")
