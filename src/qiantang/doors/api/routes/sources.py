"""Sources: where the platform fetches from; added, changed, tried, paused, removed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from qiantang.doors.api.answers import json_answer, slice_answer
from qiantang.doors.api.gate import language_of, person_of
from qiantang.doors.api.intake_schemas import SourceOut
from qiantang.doors.api.routes.params import DEFAULT_SIZE, Id, PageNumber, PageSize
from qiantang.doors.api.schemas import PageOf
from qiantang.doors.api.source_schemas import SourceChangeIn, SourceIn, TriedOut, settings_of
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.shapes import SourceView

router = Router(tags=["intake"])


@router.get("/sources", response=PageOf[SourceOut], summary="数据来源 / Sources")
def sources(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """The sources of your organisations, with when they are due."""
    found = selectors.sources(person_of(request))
    return slice_answer(
        request, found, lambda s: s.as_json(language_of(request)), page=page, size=size
    )


@router.post("/sources", response={201: SourceOut}, summary="添加数据来源 / Add a source")
def add_source(request: HttpRequest, payload: SourceIn) -> HttpResponse:
    """A new source; what reads the server's files or reaches a database is the zone
    administrators' to add. A password is kept in a private file and never shown."""
    view = services.add_source(
        person_of(request),
        payload.id,
        payload.kind,
        payload.resource,
        settings_of(payload.config),
        credential=payload.credential or "",
        password=payload.password,
        mode=payload.mode,
        every=payload.every or "",
        watermark_column=payload.watermark_column or "",
        division=payload.division,
    )
    services.wake()
    response = _said(request, view, status=201)
    response.headers["Location"] = f"/api/v1/sources/{view.id}"
    return response


@router.get("/sources/{id}", response=SourceOut, summary="一个数据来源 / One source")
def source(request: HttpRequest, id: Id) -> HttpResponse:
    """A source: its settings without a password, when it is due, what the last try gave."""
    return _said(request, selectors.source(person_of(request), id))


@router.patch("/sources/{id}", response=SourceOut, summary="更改数据来源 / Change a source")
def change_source(request: HttpRequest, id: Id, payload: SourceChangeIn) -> HttpResponse:
    """Changes settings, password, mode, cycle or watermark; kind and resource stay. Another table
    or watermark column begins at its first row."""
    change = services.SourceChange(
        config=settings_of(payload.config) or None,
        credential=payload.credential,
        password=payload.password,
        mode=payload.mode,
        every=payload.every,
        watermark_column=payload.watermark_column,
    )
    view = services.change_source(person_of(request), id, change)
    services.wake()
    return _said(request, view)


@router.post("/sources/{id}/test", response=TriedOut, summary="测试数据来源 / Test a source")
def test_source(request: HttpRequest, id: Id) -> HttpResponse:
    """Opens the source and says what is there; nothing is taken."""
    return json_answer(services.test_source(person_of(request), id))


@router.post("/sources/{id}/fetch", response=SourceOut, summary="立即取数 / Fetch now")
def fetch_source(request: HttpRequest, id: Id) -> HttpResponse:
    """Has a worker look at the source now; what comes is listed among the runs."""
    view = services.ask_fetch(person_of(request), id)
    services.wake()
    return _said(request, view)


@router.post("/sources/{id}/pause", response=SourceOut, summary="暂停取数 / Pause a source")
def pause_source(request: HttpRequest, id: Id) -> HttpResponse:
    """Fetches no more by schedule until it is resumed."""
    return _said(request, services.pause_source(person_of(request), id))


@router.post("/sources/{id}/resume", response=SourceOut, summary="恢复取数 / Resume a source")
def resume_source(request: HttpRequest, id: Id) -> HttpResponse:
    """Goes on fetching by schedule."""
    view = services.pause_source(person_of(request), id, paused=False)
    services.wake()
    return _said(request, view)


@router.post("/sources/{id}/remove", response=SourceOut, summary="移除数据来源 / Remove a source")
def remove_source(request: HttpRequest, id: Id) -> HttpResponse:
    """Fetches no more from it and lists it no more; its runs and data stay. Answers with what it
    was."""
    return _said(request, services.remove_source(person_of(request), id))


def _said(request: HttpRequest, view: SourceView, status: int = 200) -> HttpResponse:
    return json_answer(view.as_json(language_of(request)), status=status)
