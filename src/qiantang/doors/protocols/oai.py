"""``/oai``: the catalogue for harvesters that speak OAI-PMH 2.0.

Sets are the divisions' codes (``division:330100``). Withdrawn entries stay for ever as deleted
records, so that a harvester who comes seldom still learns of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.csrf import csrf_exempt

from qiantang.doors.protocols.answering import actor_of, ours, problem, shared
from qiantang.doors.protocols.making import House, entry_of, identifier_of
from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import ResourceView, feeds
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown
from qiantang.standards import oai_pmh as oai

SIZE: Final = 100
_SET: Final = "division:"
_XML: Final = "text/xml; charset=utf-8"
_PREFIX: Final = "oai:qiantang:"


@csrf_exempt
def provider(request: HttpRequest) -> HttpResponseBase:
    """All six verbs, by GET or POST."""
    if request.method not in {"GET", "HEAD", "POST"}:
        return shared(HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"}))
    house = House.of(request)
    address = house.at("/oai")
    asked: oai.Request | None = None
    try:
        actor = actor_of(request)
        asked = oai.parse_request(_pairs(request))
        body = _answer(actor, house, asked)
    except oai.OaiError as error:
        body = oai.error_answer(address, asked.echoed() if asked else {}, error)
    except Exception as error:  # noqa: BLE001 - the last resort, logged with a number
        return shared(problem(request, ours(error, request)))
    return shared(HttpResponse(body, content_type=_XML))


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    given: QueryDict = request.POST if request.method == "POST" else request.GET
    return [(name, value) for name, values in given.lists() for value in values]


def _answer(actor: Actor, house: House, asked: oai.Request) -> bytes:
    address = house.at("/oai")
    match asked.verb:
        case "Identify":
            return oai.identify(_identity(actor, address))
        case "ListMetadataFormats":
            if asked.identifier:
                _found(actor, asked.identifier)
            return oai.list_metadata_formats(address, asked)
        case "ListSets":
            if asked.token:
                raise oai.OaiError("badResumptionToken", "The list of sets comes whole.")
            return oai.list_sets(address, _sets(actor))
        case "GetRecord":
            from qiantang.standards.dcat import rdf_of

            record = _record(_found(actor, asked.identifier), house)
            return oai.get_record(address, asked, record, rdf_of)
    return _list(actor, house, asked)


def _list(actor: Actor, house: House, asked: oai.Request) -> bytes:
    from qiantang.standards.dcat import rdf_of

    place = _place(actor, asked)
    wanted = feeds.Wanted(place.since, place.until, withdrawn=True, division=place.set)
    views = feeds.feed_page(actor, wanted, after=place.after, size=SIZE + 1)
    if not views:
        raise oai.OaiError("noRecordsMatch", "Nothing matches.")
    shown, more = views[:SIZE], len(views) > SIZE
    following = replace(place, after=shown[-1].id, cursor=place.cursor + len(shown))
    listing = oai.Listing(
        records=tuple(_record(view, house) for view in shown),
        prefix=place.prefix,
        token=oai.write_token(following, _key()) if more else "",
        cursor=place.cursor,
        size=place.size,
    )
    address = house.at("/oai")
    if asked.verb == "ListIdentifiers":
        return oai.list_identifiers(address, asked, listing)
    return oai.list_records(address, asked, listing, rdf_of)


def _place(actor: Actor, asked: oai.Request) -> oai.Position:
    if asked.token:
        return oai.read_token(asked.token, asked.verb, _key())
    division = asked.set.removeprefix(_SET)
    if asked.set and not asked.set.startswith(_SET):
        raise oai.OaiError("noRecordsMatch", "There is no such set.")
    wanted = feeds.Wanted(asked.since, asked.until, withdrawn=True, division=division)
    total = feeds.feed_state(actor, wanted).total
    return oai.Position(asked.verb, asked.prefix, "", 0, total, asked.since, asked.until, division)


def _identity(actor: Actor, address: str) -> oai.Identity:
    state = feeds.feed_state(actor, feeds.Wanted(withdrawn=True))
    host = address.split("/")[2].partition(":")[0]
    return oai.Identity(
        name=settings.QIANTANG_NAME,
        address=address,
        mail=f"postmaster@{host}",
        earliest=state.earliest or datetime(2017, 1, 1, tzinfo=UTC),
    )


def _sets(actor: Actor) -> list[oai.Set]:
    facets = {facet.id: facet for facet in catalogue.search(actor, size=0).facets}
    codes = [value.value for value in facets["division"].values]
    return [oai.Set(f"{_SET}{code}", _division(code)) for code in sorted(codes)]


def _division(code: str) -> Text:
    try:
        found = shelf.code_list("geography.division").find(code)
    except CodeListUnknown:
        found = None
    return found.name if found else Text(code, "")


def _found(actor: Actor, identifier: str) -> ResourceView:
    id = identifier.removeprefix(f"{_PREFIX}{settings.QIANTANG_DIVISION}:")
    try:
        return catalogue.resource(actor, id)
    except NotFound as error:
        raise oai.OaiError("idDoesNotExist", "There is no such record.") from error


def _record(view: ResourceView, house: House) -> oai.Record:
    entry = entry_of(view, house)
    return oai.Record(
        identifier=f"{_PREFIX}{identifier_of(view.id).removeprefix('urn:qiantang:')}",
        changed=view.changed_at,
        sets=(f"{_SET}{view.division}",) if view.division else (),
        entry=None if entry.withdrawn else entry,
    )


def _key() -> bytes:
    return str(settings.SECRET_KEY).encode()
