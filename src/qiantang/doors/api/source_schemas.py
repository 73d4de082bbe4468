"""The shapes in which sources are added and changed at the API."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from qiantang.doors.api.intake_schemas import Mode
from qiantang.doors.api.schemas import Short

Kind = Literal["upload", "folder", "database", "http"]
Password = Annotated[
    Short,
    Field(
        json_schema_extra={"format": "password", "writeOnly": True},
        description="只写入，不再显示 / only taken, never shown",
    ),
]


class SourceConfigIn(Schema):
    """Where the rows are: of a folder ``path`` (and ``pattern``, ``settled`` seconds), of a
    database ``engine`` and ``table`` (and ``host``, ``port``, ``database``, ``user``, ``file``,
    ``columns``), of a web address ``url``. No password stands here."""

    model_config = ConfigDict(extra="forbid")
    path: Short | None = None
    pattern: Short | None = None
    settled: float | None = Field(None, ge=0, le=86_400)
    engine: Literal["postgresql", "mysql", "sqlite"] | None = None
    table: Short | None = None
    host: Short | None = None
    port: int | None = Field(None, ge=1, le=65_535)
    database: Short | None = None
    user: Short | None = None
    file: Short | None = None
    columns: list[Short] | None = Field(None, max_length=2000)
    url: Annotated[Short, Field(examples=["https://data.example/stations.csv"])] | None = None


class SourceChangeIn(Schema):
    """What changes; the rest stays. A setting that is null is taken away; an empty ``every`` is the
    resource's cadence again. ``credential`` names where a password lies (``env:NAME``,
    ``file:NAME``; for administrators of the zone); ``password`` is kept for this source. Where the
    address changes, the password is given again."""

    model_config = ConfigDict(extra="forbid")
    config: SourceConfigIn | None = None
    credential: Short | None = None
    password: Password = ""
    mode: Mode | None = None
    every: Annotated[Short, Field(examples=["P1D", "P1M"])] | None = None
    watermark_column: Short | None = None


class SourceIn(SourceChangeIn):
    """A new source of a resource. ``every`` is an ISO 8601 duration; without one the resource's
    cadence counts. ``watermark_column``: a database gives only rows that are new by it."""

    id: Short = Field(examples=["nightly-population"])
    kind: Kind
    resource: Short = Field(examples=["data-commons.population"])
    division: Short = ""


class TriedOut(Schema):
    """What a source has: of a folder ``files``, those still ``settling`` and what is
    ``passed_over``, of a database its ``columns`` and whether there are ``rows``, of a web address
    its ``host``."""

    files: list[str] | None = None
    settling: list[str] | None = None
    passed_over: list[str] | None = None
    columns: list[str] | None = None
    rows: bool | None = None
    host: str | None = None


def settings_of(config: SourceConfigIn | None) -> dict[str, Any]:
    """The settings that were said, null ones among them."""
    return config.dict(exclude_unset=True) if config else {}
