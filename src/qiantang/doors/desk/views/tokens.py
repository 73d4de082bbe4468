"""One's own API tokens: made here, shown once, ended at will."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from qiantang.doors.desk.pages import desk_page, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.asking import whole_number
from qiantang.doors.portal.language import language_of
from qiantang.kernel.text import Text
from qiantang.rooms.people import selectors as people
from qiantang.rooms.people import services
from qiantang.rooms.people.errors import BadTokenRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list; after issuing, the new token stands in this one answer only."""
    actor = actor_of(request)
    context: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        days = request.POST.get("days", "90")
        try:
            context["raw"] = services.issue_token(
                actor,
                request.POST.get("name", ""),
                request.POST.getlist("scopes") or ["read"],
                days=whole_number(days) or 0,
            )
        except BadTokenRequest as error:
            context["problem"], status = error.problem(language_of(request)), error.status
    context["tokens"] = people.tokens_of(actor)
    return desk_page(request, "desk/tokens.html", context, status=status)


@require_POST
@signed_in
def revoke(request: HttpRequest, id: int) -> HttpResponse:
    services.revoke_token(actor_of(request), id)
    say(request, Text("令牌已撤销，立即失效。", "The token is revoked and no longer works."))
    return redirect("desk:tokens")
