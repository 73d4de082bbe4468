"""Deliveries: a file in, its run followed, findings read, held runs decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Header, Router
from ninja.files import UploadedFile as NinjaFile

from qiantang.doors.api.answers import json_answer, page_answer, slice_answer
from qiantang.doors.api.gate import actor_of, language_of, person_of
from qiantang.doors.api.intake_schemas import (
    DecisionIn,
    DeliveryIn,
    FindingOut,
    ReadingIn,
    ReadingOut,
    RecipeOut,
    RunOut,
    SharedKeysOut,
    Status,
)
from qiantang.doors.api.routes.params import DEFAULT_SIZE, Code, Day, Id, PageNumber, PageSize
from qiantang.doors.api.schemas import PageOf, PublishableOut
from qiantang.rooms.indicators.disclosing import publishable_table
from qiantang.rooms.indicators.tables import resource_rows
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.errors import RecipeInvalid
from qiantang.rooms.intake.shapes import Reading, RunView

router = Router(tags=["intake"])
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK: Final = {
    "responses": {
        200: {
            "description": "OK",
            "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.post(
    "/deliveries",
    response={200: RunOut, 201: RunOut},
    summary="交付文件 / Deliver a file",
)
def deliver(
    request: HttpRequest,
    file: File[NinjaFile],
    form: Form[DeliveryIn],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", max_length=200)] = "",
) -> HttpResponse:
    """Takes a file for a resource; a worker reads, checks and publishes it. 200 and the earlier
    run when the same file was delivered before, or the same request repeated; 422 when the
    Idempotency-Key was used for another delivery."""
    path, passing = _on_disk(file)
    try:
        run = services.receive(
            actor_of(request),
            form.resource,
            path,
            name=str(file.name or "upload"),
            mode=form.mode,
            division=form.division,
            sheet=form.sheet,
            member=form.member,
            recipe=_recipe(form.recipe),
            accept_doubts=form.accept_doubts,
            publish=form.publish,
            resend_of=form.resend_of,
            request_key=idempotency_key,
        )
    finally:
        if passing:
            path.unlink(missing_ok=True)
    services.wake()
    response = json_answer(_run(request, run), status=200 if run.repeated else 201)
    response.headers["Location"] = f"/api/v1/runs/{run.id}"
    return response


@router.get("/runs", response=PageOf[RunOut], summary="运行 / Runs")
def runs(
    request: HttpRequest,
    resource: Code | None = None,
    status: Status | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """Runs of your organisations, newest first."""
    found = selectors.runs(
        person_of(request), resource=resource, status=status, page=page, size=size
    )
    return page_answer(
        request, [_brief(request, r) for r in found.items], page=page, size=size, total=found.total
    )


@router.get("/runs/{id}", response=RunOut, summary="一次运行 / One run")
def run(request: HttpRequest, id: Id) -> HttpResponse:
    """A run with its progress, counts and verdict."""
    return json_answer(_run(request, selectors.run(person_of(request), id)))


@router.get("/runs/{id}/problems", response=PageOf[FindingOut], summary="问题 / Findings")
def run_problems(
    request: HttpRequest, id: Id, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """What was wrong, with file place, value, rule and how to fix it; values are masked for
    readers outside the owner's organisation."""
    found = selectors.problems(person_of(request), id, page=page, size=size)
    items = [p.as_json() for p in found.items]
    return page_answer(request, items, page=page, size=size, total=found.total)


@router.get(
    "/resources/{id}/shared-keys",
    response=SharedKeysOut,
    summary="多地登记的主键 / Keys of several divisions",
)
def shared_keys(request: HttpRequest, id: Id) -> HttpResponse:
    """Keys that more than one division keeps of a resource, among the parts whose rows you may
    read: how many, and the first of them."""
    return json_answer(selectors.shared_keys(person_of(request), id).as_json())


@router.get(
    "/runs/{id}/set-aside",
    response={200: None},
    summary="剔出行的工作簿 / Rows set aside",
    openapi_extra=_WORKBOOK,
)
def run_set_aside(request: HttpRequest, id: Id) -> HttpResponse:
    """The rows set aside as Excel with the reasons beside the cells; corrected, it can be
    delivered as it is."""
    path = selectors.rejects(person_of(request), id, language_of(request))
    return _workbook(path, f"{id}-set-aside.xlsx")


@router.get(
    "/runs/{id}/report",
    response={200: None},
    summary="问题报告 / Report of findings",
    openapi_extra=_WORKBOOK,
)
def run_report(request: HttpRequest, id: Id) -> HttpResponse:
    """All findings as Excel: place, value, what is wrong, how to fix it, and whether the row was
    set aside or accepted with a warning, such as a key to delete that was not there."""
    path = selectors.report(person_of(request), id, language_of(request))
    return _workbook(path, f"{id}-findings.xlsx")


@router.get("/runs/{id}/reading", response=ReadingOut, summary="读取方案 / Proposed reading")
def run_reading(request: HttpRequest, id: Id, sheet: Code | None = None) -> HttpResponse:
    """How the run's file would be read, with a sample of its rows."""
    found = services.propose_reading(person_of(request), id, {"sheet": sheet} if sheet else None)
    return json_answer(_reading(found))


@router.post("/runs/{id}/reading", response=RunOut, summary="确认读取方案 / Confirm the reading")
def confirm_reading(request: HttpRequest, id: Id, payload: ReadingIn) -> HttpResponse:
    """Reads the run's file by this recipe, from the start; keeps it for the next delivery."""
    found = services.confirm_reading(person_of(request), id, payload.recipe, keep=payload.keep)
    services.wake()
    return json_answer(_run(request, found))


@router.post("/runs/{id}/decision", response=RunOut, summary="审定 / Decide")
def decide(request: HttpRequest, id: Id, payload: DecisionIn) -> HttpResponse:
    """Publishes or refuses a held run of another person. 409 with what was published since where
    that would be overwritten (``over`` confirms it), and with the fields in which undeclared
    personal data was found (``as_declared`` names those that hold none after all)."""
    found = services.decide(
        person_of(request),
        id,
        payload.decision,
        payload.reason,
        over=payload.over,
        as_declared=payload.as_declared,
    )
    services.wake()
    return json_answer(_run(request, found))


@router.post("/runs/{id}/cancel", response=RunOut, summary="取消 / Cancel")
def cancel(request: HttpRequest, id: Id) -> HttpResponse:
    """Stops a run before anything of it is published."""
    return json_answer(_run(request, services.cancel(person_of(request), id)))


@router.post("/runs/{id}/retry", response=RunOut, summary="再次处理 / Run again")
def retry(request: HttpRequest, id: Id) -> HttpResponse:
    """Works on a failed or cancelled run again, from the kept file; nothing is doubled."""
    found = services.retry(person_of(request), id)
    services.wake()
    return json_answer(_run(request, found))


@router.get("/recipes", response=PageOf[RecipeOut], summary="读取方案列表 / Recipes")
def recipes(
    request: HttpRequest,
    resource: Code | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """The kept recipes of your organisations, newest first."""
    found = selectors.recipes(person_of(request), resource)
    return slice_answer(request, found, lambda r: r.as_json(), page=page, size=size)


@router.get("/resources/{id}/rows", response=PageOf[dict[str, Any]], summary="数据行 / Rows")
def rows(
    request: HttpRequest,
    id: Id,
    at: Day | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """The rows of a resource that you may read, now or as they stood at the end of a day."""
    found = resource_rows(actor_of(request), id, at=at, limit=size, offset=(page - 1) * size)
    return page_answer(request, list(found.rows), page=page, size=size, total=found.total)


@router.get(
    "/resources/{id}/publishable",
    response=PublishableOut,
    summary="可公布的汇总表 / A table that may be published",
)
def publishable(
    request: HttpRequest,
    id: Id,
    *,
    rows: Code,
    reporter: Code,
    columns: Code = "",
    value: Code = "",
) -> HttpResponse:
    """Records that you may read, added up (or counted) by one or two fields; what would tell of a
    single reporter is left out with its reason, and so much more that nobody can compute it. For
    people who are signed in: the proof takes seconds."""
    found = publishable_table(
        person_of(request), id, rows=rows, reporter=reporter, columns=columns, value=value
    )
    return json_answer(found.as_json())


def _workbook(path: Path, name: str) -> HttpResponse:
    response = HttpResponse(path.read_bytes(), content_type=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _run(request: HttpRequest, view: RunView) -> dict[str, Any]:
    return view.as_json(language_of(request))


def _brief(request: HttpRequest, view: RunView) -> dict[str, Any]:
    """As in a list: the rows left out are counted, not named."""
    return {**_run(request, view), "left_out": {**view.left_out, "rows": []}}


def _reading(found: Reading) -> dict[str, Any]:
    return {
        "run": found.run,
        "recipe": found.recipe,
        "sheets": list(found.sheets),
        "sample": found.sample,
        "doubts": list(found.doubts),
        "missing": list(found.missing),
        "unknown": list(found.unknown),
    }


def _recipe(text: str | None) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        data = json.loads(text)
    except ValueError as error:
        raise RecipeInvalid(found=str(error)[:200]) from error
    if not isinstance(data, dict):
        raise RecipeInvalid(found=type(data).__name__)
    return data


def _on_disk(file: UploadedFile) -> tuple[Path, bool]:
    """The upload as a file, and whether it is ours to delete: large ones are on the disk."""
    if isinstance(file, TemporaryUploadedFile):
        return Path(file.temporary_file_path()), False
    return services.take_pieces(iter(file.chunks())), True
