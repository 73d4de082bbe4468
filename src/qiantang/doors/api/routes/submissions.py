"""Sending figures in and deciding on them; needs a signed-in account or a token."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from qiantang.doors.api.answers import json_answer, page_answer
from qiantang.doors.api.gate import actor_of
from qiantang.doors.api.routes.params import DEFAULT_SIZE, Id, Number, PageNumber, PageSize
from qiantang.doors.api.schemas import (
    ApprovalIn,
    PageOf,
    RejectionIn,
    SubmissionIn,
    SubmissionOut,
    WithdrawalIn,
)
from qiantang.kernel.errors import SignInRequired
from qiantang.rooms.indicators import selectors, services
from qiantang.rooms.indicators.shapes import SubmissionView

router = Router(tags=["submissions"])
State = Literal["pending", "approved", "rejected", "withdrawn"]
Kind = Literal["add", "correct", "withdraw", "deliver"]


@router.get("/submissions", response=PageOf[SubmissionOut], summary="报送 / Submissions")
def submissions(
    request: HttpRequest,
    state: State | None = None,
    kind: Kind | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Submissions of your organisations, newest first."""
    actor = actor_of(request)
    if actor.is_anonymous:
        raise SignInRequired()
    found = selectors.submissions(actor, state=state, kind=kind, page=page, size=size)
    items = [s.as_json() for s in found.items] if page <= found.pages else []
    return page_answer(request, items, page=page, size=size, total=found.total)


@router.get("/submissions/{id}", response=SubmissionOut, summary="一次报送 / One submission")
def submission(request: HttpRequest, id: Number) -> HttpResponse:
    """One submission with its rows."""
    actor = actor_of(request)
    if actor.is_anonymous:
        raise SignInRequired()
    return json_answer(selectors.submission(actor, id).as_json())


@router.post("/submissions", response={201: SubmissionOut}, summary="报送数据 / Send a figure")
def submit(request: HttpRequest, payload: SubmissionIn) -> HttpResponse:
    """Adds a figure, or corrects one when ``base_revision`` is given. Nothing is public until a
    second person approves it."""
    row = {k: str(v) for k, v in payload.observation.dict().items()}
    if payload.base_revision is not None:
        row["base_revision"] = str(payload.base_revision)
    words = {"note": payload.note, "document": payload.document}
    return _made(services.submit_observation(actor_of(request), {**row, **words}))


@router.post(
    "/observations/{id}/withdrawal",
    response={201: SubmissionOut},
    summary="申请撤回数据 / Ask to withdraw a figure",
)
def submit_withdrawal(request: HttpRequest, id: Id, payload: WithdrawalIn) -> HttpResponse:
    """Asks that a published figure no longer counts."""
    return _made(
        services.submit_withdrawal(
            actor_of(request), id, payload.base_revision, payload.note, payload.document
        )
    )


@router.post("/submissions/{id}/approve", response=SubmissionOut, summary="批准 / Approve")
def approve(request: HttpRequest, id: Number, payload: ApprovalIn) -> HttpResponse:
    """Publishes a submission of another person."""
    return json_answer(services.approve(actor_of(request), id, payload.version).as_json())


@router.post("/submissions/{id}/reject", response=SubmissionOut, summary="退回 / Reject")
def reject(request: HttpRequest, id: Number, payload: RejectionIn) -> HttpResponse:
    """Sends a submission back with a reason."""
    view = services.reject(actor_of(request), id, payload.reason, payload.version)
    return json_answer(view.as_json())


@router.post("/submissions/{id}/withdraw", response=SubmissionOut, summary="收回 / Take back")
def withdraw(request: HttpRequest, id: Number) -> HttpResponse:
    """Takes one's own pending submission back."""
    return json_answer(services.withdraw(actor_of(request), id).as_json())


def _made(view: SubmissionView) -> HttpResponse:
    response = json_answer(view.as_json(), status=201)
    response.headers["Location"] = f"/api/v1/submissions/{view.id}"
    return response
