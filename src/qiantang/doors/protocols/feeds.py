"""The DCAT-AP feed: the catalogue in pages, and each dataset by itself.

``/dcat/catalog.ttl`` (or ``.jsonld``, ``.rdf``; without an ending by ``Accept``) is the first page;
``?after=ID`` goes on after an entry, which the feed's own links use, since an entry that comes or
goes meanwhile moves no other; ``?page=N`` counts pages for people.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from qiantang.doors.protocols.answering import actor_of, etag, read_only, unchanged, validated
from qiantang.doors.protocols.making import CATALOGUE, House, catalogue_of, entry_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import feeds
from qiantang.standards.entries import CataloguePage
from qiantang.standards.errors import ArgumentWrong

SIZE: Final = 100
LARGEST: Final = 500
MEDIA: Final = {
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
}
_SAYS: Final = 2
"""Raised when the feed says more of an entry: who keeps an ETag of before reads anew."""
_WEIGHT: Final = re.compile(r"[01](?:\.\d{0,3})?", re.ASCII)
_ACCEPTED: Final = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/xml": "rdf",
}


@read_only
def page(request: HttpRequest, form: str = "") -> HttpResponse:
    """One page of the catalogue."""
    actor, form = actor_of(request), form or negotiated(request)
    house, state = House.of(request), feeds.feed_state(actor)
    tag = etag(_SAYS, state.mark, house, form, request.get_full_path())
    # Who sees more than everybody may come to see less, which has no date.
    modified = latest(state.changed, house.changed) if actor.is_anonymous else None
    if same := unchanged(request, tag, modified):
        return same
    from qiantang.standards import dcat

    body = dcat.write_page(_page(request, actor, form, house, state), form)
    answer = HttpResponse(body, content_type=MEDIA[form])
    return validated(answer, tag, modified)


@read_only
def dataset(request: HttpRequest, id: str, form: str = "") -> HttpResponse:
    """One dataset by itself."""
    actor, form = actor_of(request), form or negotiated(request)
    house, view = House.of(request), catalogue.resource(actor, id)
    tag = etag(_SAYS, view.edition, view.changed_at, house, form, id)
    modified = latest(view.changed_at, house.changed)
    if same := unchanged(request, tag, modified):
        return same
    from qiantang.standards import dcat

    body = dcat.write_entry(entry_of(view, house), form)
    return validated(HttpResponse(body, content_type=MEDIA[form]), tag, modified)


def latest(*moments: datetime | None) -> datetime | None:
    return max(filter(None, moments), default=None)


def negotiated(request: HttpRequest) -> str:
    """The form that the reader likes best, Turtle without a wish (RFC 9110 section 12.5.1): a
    media type counts before a range, and what has the weight 0 is not wanted. Who wants none of
    ours gets Turtle."""
    wished: dict[str, float] = {}
    for part in request.headers.get("Accept", "").lower().split(",")[:20]:
        media, _, rest = part.partition(";")
        said = (each.strip() for each in rest.split(";"))
        weight = next((each[2:] for each in said if each[:2] == "q="), "1")
        wished[media.strip()] = float(weight) if _WEIGHT.fullmatch(weight) else 0.0
    named = [(_ACCEPTED[media], liked) for media, liked in wished.items() if media in _ACCEPTED]
    best = dict(sorted(named, key=lambda each: each[1]))
    for form, media in MEDIA.items():
        ranges = (f"{media.partition('/')[0]}/*", "*/*")
        best.setdefault(form, next((wished[r] for r in ranges if r in wished), 0.0))
    order = list(MEDIA)
    return max(best, key=lambda form: (best[form], -order.index(form)))


def _page(
    request: HttpRequest, actor: Actor, form: str, house: House, state: feeds.FeedState
) -> CataloguePage:
    size = min(_number(request, "size", SIZE), LARGEST)
    after, number = request.GET.get("after", ""), _number(request, "page", 1)
    skip = 0 if after else (number - 1) * size
    found = feeds.feed_page(actor, after=after, skip=skip, size=size + 1)
    shown, more = found[:size], len(found) > size

    def address(**asked: object) -> str:
        query = asked | ({"size": size} if size != SIZE else {})
        return house.at(f"{CATALOGUE}.{form}") + (f"?{urlencode(query)}" if query else "")

    pages = max(1, -(-state.total // size))
    return CataloguePage(
        catalogue=catalogue_of(house, state.changed),
        entries=tuple(entry_of(view, house) for view in shown),
        total=state.total,
        size=size,
        this=address(after=after) if after else address(page=number),
        first=address(),
        next=address(after=shown[-1].id) if more else "",
        previous=address(page=number - 1) if number > 1 and not after else "",
        last=address(page=pages),
    )


def _number(request: HttpRequest, name: str, standard: int) -> int:
    said = request.GET.get(name, str(standard))
    if not said.isascii() or not said.isdigit() or not 1 <= int(said[:12]) < 10**9:
        raise ArgumentWrong(parameter=name, found=said[:40], expected="1, 2, 3 ...")
    return int(said)
