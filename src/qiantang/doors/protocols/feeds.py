"""The DCAT-AP feed: the catalogue in pages, and each dataset by itself.

``/dcat/catalog.ttl`` (or ``.jsonld``, ``.rdf``; without an ending by ``Accept``) is the first page;
``?after=ID`` goes on after an entry, which the feed's own links use, since an entry that comes or
goes meanwhile moves no other; ``?page=N`` counts pages for people.
"""

from __future__ import annotations

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
    state = feeds.feed_state(actor)
    tag = etag(_SAYS, state.moment, form, request.get_full_path(), request.get_host(), actor.key)
    if same := unchanged(request, tag, state.changed):
        return same
    from qiantang.standards import dcat

    body = dcat.write_page(_page(request, actor, form, state), form)
    answer = HttpResponse(body, content_type=MEDIA[form])
    return validated(answer, tag, state.changed)


@read_only
def dataset(request: HttpRequest, id: str, form: str = "") -> HttpResponse:
    """One dataset by itself."""
    actor, form = actor_of(request), form or negotiated(request)
    view = catalogue.resource(actor, id)
    tag = etag(_SAYS, view.edition, view.changed_at, form, request.get_host(), id)
    if same := unchanged(request, tag, view.changed_at):
        return same
    from qiantang.standards import dcat

    body = dcat.write_entry(entry_of(view, House.of(request)), form)
    return validated(HttpResponse(body, content_type=MEDIA[form]), tag, view.changed_at)


def negotiated(request: HttpRequest) -> str:
    """The form that the reader likes best; Turtle without a wish."""
    best, found = 0.0, "ttl"
    for part in request.headers.get("Accept", "").split(",")[:20]:
        media, _, rest = part.strip().partition(";")
        weight = next((p.strip()[2:] for p in rest.split(";") if p.strip()[:2] == "q="), "1")
        liked = float(weight) if weight.replace(".", "", 1).isdigit() else 0.0
        if media.strip().lower() in _ACCEPTED and liked > best:
            best, found = liked, _ACCEPTED[media.strip().lower()]
    return found


def _page(request: HttpRequest, actor: Actor, form: str, state: feeds.FeedState) -> CataloguePage:
    house = House.of(request)
    size = min(_number(request, "size", SIZE), LARGEST)
    after, number = request.GET.get("after", ""), _number(request, "page", 1)
    if "\x00" in after:
        raise ArgumentWrong(parameter="after", found="\\0", expected="id")
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
