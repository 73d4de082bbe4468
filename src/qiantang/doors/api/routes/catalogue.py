"""The catalogue: search with facets, entries, versions, duties, groups; drafting and deciding."""

from __future__ import annotations

import json
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from qiantang.doors.api import catalogue as forms
from qiantang.doors.api.answers import json_answer, page_answer, slice_answer
from qiantang.doors.api.catalogue import (
    ConflictOut,
    DecisionIn,
    DecisionsIn,
    DifferenceOut,
    DutyOut,
    EntryChangeIn,
    EntryIn,
    EntryOut,
    Found,
    GroupOut,
    OfferOut,
    OwnershipIn,
    ReasonIn,
    SeenIn,
    SettledOut,
    VersionOut,
)
from qiantang.doors.api.gate import actor_of
from qiantang.doors.api.routes.params import DEFAULT_SIZE, Code, Id, Number, PageNumber, PageSize
from qiantang.doors.api.schemas import LARGEST_ID, PageOf
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.catalogue.selectors import ResourceView

router = Router(tags=["catalogue"])
Asked = Annotated[str, Query(max_length=200, description="查找的词 / words to look for")]
LONGEST_CHOICE = 320
"""A licence may have 300 characters."""
Chosen = Annotated[
    list[Annotated[str, Field(max_length=LONGEST_CHOICE)]],
    Query(
        max_length=40,
        description="筛选项，写作 名称:值，可重复 / a facet as name:value, may be repeated",
        examples=[["sharing:unconditional", "level:county"]],
    ),
]
NumberOrDraft = Annotated[
    int | None,
    Query(ge=0, le=LARGEST_ID, description="版本号，不给则为草稿 / a version; without, the draft"),
]


@router.get("/catalogue", response=Found, summary="查找条目 / Find entries")
def find_entries(  # noqa: PLR0917 - ninja calls it by name
    request: HttpRequest,
    q: Asked = "",
    facet: Chosen = [],  # noqa: B006 - ninja makes a new list for every request
    sort: Code = "",
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Entries that say the words, with counts for every facet. Published ones, unless a status is
    asked for."""
    chosen: dict[str, list[str]] = {}
    for each in facet:
        name, _, value = each.partition(":")
        chosen.setdefault(name, []).append(value)
    found = selectors.search(actor_of(request), q, facets=chosen, page=page, size=size, sort=sort)
    items = [forms.hit(view) for view in found.hits]
    answer = page_answer(request, items, page=page, size=size, total=found.total)
    return _with(answer, forms.found(found))


@router.get("/catalogue/entries/{id}", response=EntryOut, summary="一个条目 / One entry")
def entry(request: HttpRequest, id: Id) -> HttpResponse:
    """All that an entry says, its quality and freshness, and what it does not say yet."""
    return _said(selectors.resource(actor_of(request), id))


@router.get(
    "/catalogue/entries/{id}/versions",
    response=PageOf[VersionOut],
    summary="条目的版本 / Versions of an entry",
)
def entry_versions(
    request: HttpRequest, id: Id, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """Its versions, newest first; drafts for those who may know of them."""
    found = selectors.versions(actor_of(request), id)
    return slice_answer(request, found, forms.version, page=page, size=size)


@router.get(
    "/catalogue/entries/{id}/difference",
    response=DifferenceOut,
    summary="版本差异 / What differs between versions",
)
def entry_difference(
    request: HttpRequest, id: Id, older: NumberOrDraft = 0, newer: NumberOrDraft = None
) -> HttpResponse:
    """Attribute by attribute and item by item; version 0 is an empty entry."""
    found = selectors.difference(actor_of(request), id, older, newer)
    changes = [forms.change(c) for c in found.changes]
    numbers = {"older": found.older, "newer": found.newer}
    return json_answer({"resource": id, **numbers, "changes": changes})


@router.get(
    "/catalogue/entries/{id}/group", response=GroupOut, summary="各地同类资源 / One in many places"
)
def entry_group(request: HttpRequest, id: Id) -> HttpResponse:
    """The same resource in many divisions: who keeps it, who owes it."""
    return json_answer(forms.group(selectors.group(actor_of(request), id)))


@router.get("/catalogue/duties", response=PageOf[DutyOut], summary="编目责任 / Duties")
def duties(
    request: HttpRequest,
    organisation: Code = "",
    state: Code = "",
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """What organisations must register, and how it stands: missing, drafted, done or late."""
    found = selectors.duties(actor_of(request), organisation, below=True)
    kept = [d for d in found if not state or d.state == state]
    return slice_answer(request, kept, forms.duty, page=page, size=size)


@router.get(
    "/catalogue/conflicts", response=PageOf[ConflictOut], summary="条目冲突 / Entry conflicts"
)
def conflicts(
    request: HttpRequest,
    upstream: Code = "",
    settled: bool = False,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Harvested entries that contradict others here: waiting for a decision, or settled."""
    found = selectors.conflicts(actor_of(request), upstream, settled=settled)
    return slice_answer(request, found, forms.conflict, page=page, size=size)


@router.post(
    "/catalogue/conflicts/{id}/settle", response=ConflictOut, summary="处理冲突 / Settle a conflict"
)
def settle_conflict(request: HttpRequest, id: Number, payload: DecisionIn) -> HttpResponse:
    """Both stay, or one is left out, with a reason; for those who answer for the upstream."""
    done = services.settle_conflict(actor_of(request), id, payload.decision, payload.reason)
    return json_answer(forms.conflict(done))


@router.post(
    "/catalogue/conflicts/settle",
    response=SettledOut,
    summary="一并处理冲突 / Settle several conflicts",
)
def settle_conflicts(request: HttpRequest, payload: DecisionsIn) -> HttpResponse:
    """One decision and reason for several: all are settled, or none where one is refused."""
    done = services.settle_conflicts(
        actor_of(request), payload.conflicts, payload.decision, payload.reason
    )
    return json_answer({"items": [forms.conflict(each) for each in done]})


@router.post("/catalogue/entries", response={201: EntryOut}, summary="起草条目 / Draft an entry")
def draft_entry(request: HttpRequest, payload: EntryIn) -> HttpResponse:
    """A new entry, known to its organisation only until another person publishes it."""
    view = services.draft(
        actor_of(request), payload.owner, payload.content, fulfils=payload.fulfils
    )
    response = _said(view, status=201)
    response.headers["Location"] = f"/api/v1/catalogue/entries/{view.id}"
    return response


@router.patch("/catalogue/entries/{id}", response=EntryOut, summary="修改条目 / Change an entry")
def change_entry(request: HttpRequest, id: Id, payload: EntryChangeIn) -> HttpResponse:
    """Writes in the draft, or begins one; what is published stays until somebody decides."""
    view = services.change(
        actor_of(request), id, payload.content, seen=payload.seen, note=payload.note
    )
    return _said(view)


@router.post(
    "/catalogue/entries/{id}/submit", response=EntryOut, summary="提交审核 / Submit for review"
)
def submit_entry(request: HttpRequest, id: Id, payload: SeenIn) -> HttpResponse:
    """Hands the draft in; what is missing is listed in ``problems``."""
    return _said(services.submit(actor_of(request), id, seen=payload.seen))


@router.post(
    "/catalogue/entries/{id}/publish", response=EntryOut, summary="审核发布 / Publish an entry"
)
def publish_entry(request: HttpRequest, id: Id, payload: SeenIn) -> HttpResponse:
    """Puts the version in review in force; for somebody who neither wrote nor submitted it."""
    return _said(services.publish(actor_of(request), id, seen=payload.seen))


@router.post("/catalogue/entries/{id}/send-back", response=EntryOut, summary="退回修改 / Send back")
def send_back_entry(request: HttpRequest, id: Id, payload: ReasonIn) -> HttpResponse:
    """Returns the version in review to its authors with a reason."""
    return _said(services.send_back(actor_of(request), id, payload.reason))


@router.post(
    "/catalogue/entries/{id}/discard", response=EntryOut, summary="放弃草稿 / Discard a draft"
)
def discard_entry(request: HttpRequest, id: Id) -> HttpResponse:
    """Gives the open draft up."""
    return _said(services.discard(actor_of(request), id))


@router.post(
    "/catalogue/entries/{id}/withdraw", response=EntryOut, summary="停用条目 / Withdraw an entry"
)
def withdraw_entry(request: HttpRequest, id: Id, payload: ReasonIn) -> HttpResponse:
    """Takes it off the list with a reason; its page and versions stay."""
    return _said(services.withdraw(actor_of(request), id, payload.reason))


@router.post(
    "/catalogue/entries/{id}/restore", response=EntryOut, summary="恢复条目 / Restore an entry"
)
def restore_entry(request: HttpRequest, id: Id, payload: ReasonIn) -> HttpResponse:
    """Brings a withdrawn entry back, as its version in force says, with a reason."""
    return _said(services.restore(actor_of(request), id, payload.reason))


@router.post(
    "/catalogue/entries/{id}/transfer", response=EntryOut, summary="移交条目 / Transfer an entry"
)
def transfer_entry(request: HttpRequest, id: Id, payload: OwnershipIn) -> HttpResponse:
    """Another owner: at once for an administrator above both, else as an offer."""
    return _said(services.transfer(actor_of(request), id, payload.to, payload.reason))


@router.get("/catalogue/offers", response=PageOf[OfferOut], summary="待接收的移交 / Open offers")
def offer_list(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """Which entries of your side are offered to whom, and which are offered to it, the longest
    waiting first."""
    found = selectors.open_offers(actor_of(request))
    return slice_answer(request, found, forms.offer, page=page, size=size)


@router.post(
    "/catalogue/entries/{id}/accept", response=EntryOut, summary="接收条目 / Accept an entry"
)
def accept_entry(request: HttpRequest, id: Id) -> HttpResponse:
    """Takes over what was offered to your organisation."""
    return _said(services.accept_transfer(actor_of(request), id))


@router.post(
    "/catalogue/declared/{id}/take/{division}",
    response={201: EntryOut},
    summary="登记本地资源 / Register a division's own copy",
)
def take_entry(request: HttpRequest, id: Id, division: Id) -> HttpResponse:
    """A division's department registers its own copy of a declared resource."""
    return _said(services.take(actor_of(request), id, division), status=201)


def _said(view: ResourceView, status: int = 200) -> HttpResponse:
    return json_answer(forms.entry(view, selectors.completeness(view)), status=status)


def _with(answer: HttpResponse, more: dict[str, Any]) -> HttpResponse:
    whole = {**json.loads(answer.content), **more}
    made = json_answer(whole)
    if "Link" in answer.headers:
        made.headers["Link"] = answer.headers["Link"]
    return made
