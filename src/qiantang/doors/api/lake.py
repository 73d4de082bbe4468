"""How the lake's tables are, for the administrators and auditors of the zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from qiantang.doors.api.answers import json_answer, slice_answer
from qiantang.doors.api.gate import actor_of
from qiantang.doors.api.routes.params import DEFAULT_SIZE, Code, Id, PageNumber, PageSize
from qiantang.doors.api.schemas import Bilingual, PageOf
from qiantang.rooms.upkeep import selectors
from qiantang.rooms.upkeep.shapes import RunView, TableHealth

router = Router(tags=["lake"])
LARGEST_HISTORY = 500


class TableHealthOut(Schema):
    table: str
    name: Bilingual
    rows: int
    files: int
    bytes: int
    snapshots: int
    oldest: datetime | None
    newest: datetime | None
    retention: str | None
    verified_at: datetime | None
    compacted_at: datetime | None
    problems: int
    damage: Bilingual | None
    at_work: str | None


class TendRunOut(Schema):
    id: int
    table: str
    verb: str
    outcome: str
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    figures: dict[str, Any]
    error: dict[str, Any] | None


class LakeTableOut(TableHealthOut):
    runs: list[TendRunOut]


@router.get("/lake/tables", response=PageOf[TableHealthOut], summary="湖表 / Tables of the lake")
def lake_tables(
    request: HttpRequest, page: PageNumber = 1, size: PageSize = DEFAULT_SIZE
) -> HttpResponse:
    """Rows, size, files, versions and care of every table. Administrators of the zone only."""
    found = selectors.health(actor_of(request))
    return slice_answer(request, found, TableHealth.as_json, page=page, size=size)


@router.get("/lake/tables/{id}", response=LakeTableOut, summary="一张湖表 / One table of the lake")
def lake_table(request: HttpRequest, id: Id) -> HttpResponse:
    """One table with its last acts of upkeep. Administrators of the zone only."""
    actor = actor_of(request)
    found = selectors.table_health(actor, id)
    runs = [run.as_json() for run in selectors.runs(actor, id)]
    return json_answer({**found.as_json(), "runs": runs})


@router.get("/lake/runs", response=PageOf[TendRunOut], summary="维护任务 / Acts of upkeep")
def lake_runs(
    request: HttpRequest,
    table: Code | None = None,
    page: PageNumber = 1,
    size: PageSize = DEFAULT_SIZE,
) -> HttpResponse:
    """The newest acts of upkeep and what came of them. Administrators of the zone only."""
    found = selectors.runs(actor_of(request), table, limit=LARGEST_HISTORY)
    return slice_answer(request, found, RunView.as_json, page=page, size=size)
