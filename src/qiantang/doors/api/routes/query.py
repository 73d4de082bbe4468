"""A reader's own SQL over the rows that he may read, in bounds that keep the others served."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from qiantang.doors.api.answers import json_answer
from qiantang.doors.api.gate import actor_of
from qiantang.doors.turns import turn
from qiantang.rooms.indicators import querying

router = Router(tags=["query"])
LONGEST: Final = 20_000
SECONDS: Final = 20.0
MEMORY: Final = "512MB"


class QueryIn(Schema):
    """One select over resources; ``at``: as they stood at the end of this day."""

    model_config = ConfigDict(extra="forbid")
    sql: Annotated[str, Field(min_length=1, max_length=LONGEST)] = Field(
        examples=["select period, value from statistics_zhejiang__observation limit 10"]
    )
    at: date | None = None
    limit: int = Field(1000, ge=1, le=querying.MOST_ROWS)


class QueryColumn(Schema):
    name: str
    type: str


class QueryOut(Schema):
    """``rows`` hold the values in the order of ``columns``; ``truncated``: there are more."""

    columns: list[QueryColumn]
    rows: list[list[Any]]
    truncated: bool


@router.post("/query", response=QueryOut, summary="查询 / Query")
def query(request: HttpRequest, payload: QueryIn) -> HttpResponse:
    """Rows that you may read, by a select of your own; tables are named ``pack__resource``, and
    fields with personal data that are not for you are not there."""
    from qiantang.engine.lake.duck import Limits

    bounds = Limits(memory=MEMORY, threads=2, seconds=SECONDS)
    question = querying.Question(payload.sql, payload.at, "duckdb", bounds)
    with turn():
        found = querying.ask(actor_of(request), question, most=payload.limit)
    columns = [{"name": f.name, "type": str(f.type)} for f in found.rows.schema]
    values = [[_plain(cell) for cell in column.to_pylist()] for column in found.rows.columns]
    rows = [list(row) for row in zip(*values, strict=True)]
    return json_answer({"columns": columns, "rows": rows, "truncated": found.truncated})


def _plain(cell: Any) -> Any:
    match cell:
        case float():
            return cell if math.isfinite(cell) else None
        case None | bool() | int() | str() | Decimal() | date() | datetime():
            return cell
        case list():
            return [_plain(each) for each in cell]
    return str(cell)
