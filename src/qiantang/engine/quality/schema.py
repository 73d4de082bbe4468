"""The columns that a resource has in the lake."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake.exactness import companion
from qiantang.engine.measures.examples import ARROW
from qiantang.packkit.compiled import Field, FieldType, Precision, Resource

RUN: Final = "_run"
ROW: Final = "_row"


def precision_column(field: Field) -> str | None:
    """The name of the companion column that says how exact a date is; None when all are days."""
    vague = field.type is FieldType.DATE and field.precision is not Precision.DAY
    return companion(field.id) if vague else None


def value_schema(resource: Resource) -> pa.Schema:
    """The declared fields in order, each date of varying precision followed by its companion."""
    columns: list[pa.Field] = []
    for field in resource.fields:
        columns.append(pa.field(field.id, ARROW[field.type]))
        beside = precision_column(field)
        if beside:
            columns.append(pa.field(beside, pa.string()))
    return pa.schema(columns)


def accepted_schema(resource: Resource) -> pa.Schema:
    """What an examination gives: the values and ``_row``, the row in the source."""
    return value_schema(resource).append(pa.field(ROW, pa.int64()))


def schema_of(resource: Resource) -> pa.Schema:
    """The resource's table in the lake: its values, then ``_run``, ``_row`` and ``_division``."""
    system = [
        pa.field(RUN, pa.string()),
        pa.field(ROW, pa.int64()),
        pa.field(DIVISION, pa.string()),
    ]
    return pa.schema([*value_schema(resource), *system])
