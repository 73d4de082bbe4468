"""``/oai``: the catalogue for harvesters that speak OAI-PMH 2.0.

Sets are divisions with what lies in them (``division:330100``); ``division`` is all of them.
Entries that are withdrawn, and those that everybody could see and that were then withheld, stay for
ever as deleted records, so that a harvester who comes seldom still learns of them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from qiantang.doors import other_sites
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
_SET: Final = "division"
_XML: Final = "text/xml; charset=utf-8"
_PREFIX: Final = "oai:qiantang:"


@csrf_exempt
def provider(request: HttpRequest) -> HttpResponseBase:
    """All six verbs, by GET or POST."""
    if refused := other_sites.not_read(request, also="POST"):
        return shared(refused)
    house = House.of(request)
    given: list[tuple[str, str]] = []
    try:
        actor, given = actor_of(request), _pairs(request)
        body = _answer(actor, house, oai.parse_request(given))
    except oai.OaiError as error:
        body = oai.error_answer(house.at("/oai"), dict(given), error)
    except Exception as error:  # noqa: BLE001 - the last resort, logged with a number
        return shared(problem(request, ours(error, request)))
    return shared(HttpResponse(body, content_type=_XML))


def _pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """The arguments in their order. Raises `OaiError` badArgument where they cannot be read."""
    try:
        given: QueryDict = request.POST if request.method == "POST" else request.GET
    except (SuspiciousOperation, BadRequest, UnreadablePostError, ValueError, LookupError) as error:
        raise oai.OaiError("badArgument", "The arguments cannot be read.") from error
    return [(name, value) for name, values in given.lists() for value in values]


def _answer(actor: Actor, house: House, asked: oai.Request) -> bytes:
    address = house.at("/oai")
    match asked.verb:
        case "Identify":
            return oai.identify(_identity(actor, address), asked)
        case "ListMetadataFormats":
            if asked.identifier:
                _found(actor, asked.identifier)
            return oai.list_metadata_formats(address, asked)
        case "ListSets":
            if asked.token:
                raise oai.OaiError("badResumptionToken", "The list of sets comes whole.")
            return oai.list_sets(address, asked, _sets(actor))
        case "GetRecord":
            from qiantang.standards.dcat import rdf_of

            record = _record(_found(actor, asked.identifier), house)
            return oai.get_record(address, asked, record, rdf_of)
    return _list(actor, house, asked)


def _list(actor: Actor, house: House, asked: oai.Request) -> bytes:
    from qiantang.standards.dcat import rdf_of

    place = _place(actor, asked)
    wanted = feeds.Wanted(place.since, place.until, withdrawn=True, division=place.set)
    found = feeds.feed_records(actor, wanted, after=place.after, size=SIZE + 1)
    if not found:
        # With a token, too: what was left has changed since, and is in the next list by its date.
        raise oai.OaiError("noRecordsMatch", "Nothing matches.")
    shown, more = found[:SIZE], len(found) > SIZE
    following = replace(place, after=shown[-1].id, cursor=place.cursor + len(shown))
    listing = oai.Listing(
        records=tuple(_record(each, house) for each in shown),
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
    division = _division_of(asked.set)
    wanted = feeds.Wanted(asked.since, asked.until, withdrawn=True, division=division)
    total = feeds.feed_state(actor, wanted).total
    return oai.Position(asked.verb, asked.prefix, "", 0, total, asked.since, asked.until, division)


def _division_of(spec: str) -> str:
    """The division of a set, `EVERY_DIVISION` for their root. Raises `OaiError` noRecordsMatch."""
    root, mark, code = spec.partition(":")
    if not spec:
        return ""
    if root != _SET or (mark and not (code.isascii() and code.isalnum())):
        raise oai.OaiError("noRecordsMatch", "There is no such set.")
    return code or feeds.EVERY_DIVISION


def _identity(actor: Actor, address: str) -> oai.Identity:
    """Deletions are sure for everybody; whoever sees more may come to see less without a trace."""
    state = feeds.feed_state(actor, feeds.RECORDS)
    host = address.split("/")[2].partition(":")[0]
    return oai.Identity(
        name=settings.QIANTANG_NAME,
        address=address,
        mail=f"postmaster@{host}",
        earliest=state.earliest or datetime(2017, 1, 1, tzinfo=UTC),
        deletions="persistent" if actor.is_anonymous else "transient",
    )


def _sets(actor: Actor) -> list[oai.Set]:
    codes = feeds.feed_divisions(actor)
    root = [oai.Set(_SET, Text("各行政区划", "All divisions"))] if codes else []
    return [*root, *(oai.Set(f"{_SET}:{code}", _division(code)) for code in codes)]


def _division(code: str) -> Text:
    try:
        found = shelf.code_list("geography.division").find(code)
    except CodeListUnknown:
        found = None
    return found.name if found else Text(code, "")


def _found(actor: Actor, identifier: str) -> ResourceView | feeds.Gone:
    own, _, id = identifier.partition(_named(""))
    if own or not id:
        raise oai.OaiError("idDoesNotExist", "There is no such record.")
    try:
        return feeds.feed_record(actor, id)
    except NotFound as error:
        raise oai.OaiError("idDoesNotExist", "There is no such record.") from error


def _record(found: ResourceView | feeds.Gone, house: House) -> oai.Record:
    sets = tuple(f"{_SET}:{code}" for code in catalogue.divisions_around(found.division))
    record = oai.Record(_named(found.id), found.changed_at, sets)
    if isinstance(found, feeds.Gone) or found.status == "retired":
        return record
    return replace(record, entry=entry_of(found, house))


def _named(id: str) -> str:
    """A record's identifier."""
    return f"{_PREFIX}{identifier_of(id).removeprefix('urn:qiantang:')}"


def _key() -> bytes:
    return str(settings.SECRET_KEY).encode()
