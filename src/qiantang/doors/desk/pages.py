"""How desk pages answer: only for people who are signed in, never kept by a cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from qiantang.doors.portal.answers import actor_of, render_page
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import NotFound, SignInRequired
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indices import selectors as indices
from qiantang.rooms.intake import selectors as intake
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.upkeep.policy import may_look

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Refuses the public with `SignInRequired`, which a page turns into the sign-in form."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if actor_of(request).is_anonymous:
            raise SignInRequired()
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return checked


def desk_page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page with the desk's navigation and the number of waiting decisions."""
    actor = actor_of(request)
    waiting = 0 if actor.is_anonymous else waiting_count(actor)
    known = {
        "waiting": waiting,
        "tends": may_look(actor),
        "administers": bool(actor.scopes(Role.ADMINISTRATOR)),
    }
    return render_page(request, template, {**known, **context}, status=status)


def waiting_count(actor: Actor) -> int:
    """How much waits for the actor's decision: figures, held deliveries, catalogue entries,
    entries offered, editions of indices."""
    return (
        indicators.pending_count(actor)
        + intake.to_decide(actor)
        + len(catalogue.waiting_for(actor))
        + len(catalogue.offers(actor))
        + len(indices.waiting(actor))
    )


def organisation_name(code: str) -> Text:
    """An organisation by name; its code when it is gone."""
    try:
        return people.organisation(code).name
    except NotFound:
        return Text(code, code)


def standing() -> list[tuple[str, str, Text]]:
    """Code, path and name of governments and departments in divisions as they stand today; of all
    where no pack says which divisions there are."""
    today = {each.code for each in shelf.divisions(date.today())}
    known = people.organisations()
    return [(o.code, o.path, o.name) for o in known if not today or o.division in today]


def say(request: HttpRequest, text: Text) -> None:
    """A sentence for the next page that the person sees."""
    messages.success(request, text.in_(language_of(request)))
