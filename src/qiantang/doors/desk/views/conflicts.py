"""Harvested entries that contradict others: both beside each other, and a decision for each or for
several at once."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import whole_number
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors, services

SHOWN: Final = 50


@require_safe
@signed_in
def conflicts(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, of one upstream (``?upstream=``) or of all, and what was decided
    lately, which may be decided otherwise."""
    actor, upstream = actor_of(request), request.GET.get("upstream", "")
    waiting = selectors.conflicts(actor, upstream)
    shown = waiting[:SHOWN]
    settled = [c for c in selectors.conflicts(actor, upstream, settled=True) if c.may_settle]
    context = {
        "conflicts": shown,
        "may_settle": [c.id for c in shown if c.may_settle],
        "total": len(waiting),
        "settled": [(c, services.DECISIONS[c.decision]) for c in settled[:SHOWN]],
        "decisions": services.DECISIONS.items(),
        "upstream": upstream,
    }
    return desk_page(request, "desk/conflicts.html", context)


@require_POST
@signed_in
def settle(request: HttpRequest, id: int) -> HttpResponse:
    """Decide one of them, with a reason."""
    decision, reason = (request.POST.get(name, "") for name in ("decision", "reason"))
    done = services.settle_conflict(actor_of(request), id, decision, reason)
    said = services.DECISIONS[done.decision]
    say(request, Text(f"冲突已处理：{said.zh}。", f"The conflict is settled: {said.en}."))
    return _back(request)


@require_POST
@signed_in
def settle_several(request: HttpRequest) -> HttpResponse:
    """Decide those that are ticked, or all that the page showed, in the same way."""
    name = "shown" if "all" in request.POST else "conflict"
    chosen = [whole_number(each) or 0 for each in request.POST.getlist(name)[:SHOWN]]
    decision, reason = (request.POST.get(name, "") for name in ("decision", "reason"))
    done = services.settle_conflicts(actor_of(request), chosen, decision, reason)
    said, n = services.DECISIONS[decision], len(done)
    say(request, Text(f"{n} 处冲突已处理：{said.zh}。", f"Conflicts settled: {n}; {said.en}."))
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    upstream = request.POST.get("upstream", "")
    tail = f"?{urlencode({'upstream': upstream})}" if upstream else ""
    return redirect(reverse("desk:conflicts") + tail)
