"""Runs a pack's example of a measure: its CSV samples in, the measure's rows out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyarrow as pa

from qiantang.engine.lake.duck import Limits
from qiantang.engine.measures.errors import ExampleUnready
from qiantang.engine.measures.running import run_measure
from qiantang.packkit.compiled import Example, FieldType, Measure, Pack, Resource
from qiantang.packkit.readers.measures import sql_name
from qiantang.packkit.rows import typed_rows

ARROW: Final = {
    FieldType.TEXT: pa.string(),
    FieldType.CODE: pa.string(),
    FieldType.PERIOD: pa.string(),
    FieldType.INTEGER: pa.int64(),
    FieldType.NUMBER: pa.float64(),
    FieldType.DECIMAL: pa.decimal128(28, 8),
    FieldType.BOOLEAN: pa.bool_(),
    FieldType.DATE: pa.date32(),
    FieldType.DATETIME: pa.timestamp("us"),
}
NONE: Final[Mapping[str, Pack]] = {}


def run_example(
    pack: Pack,
    example: Example,
    *,
    others: Mapping[str, Pack] = NONE,
    limits: Limits | None = None,
) -> list[dict[str, object]]:
    """The rows that the example's measure gives, whole decimals as int and others as float.

    ``others`` are the packs that ``pack`` requires, for resources named ``pack__id``. Tables that
    the measure reads and the example does not give are empty.
    """
    measure = _measure(pack, example)
    tables = {
        name: table_of(_resource(pack, others, name, example), None) for name in measure.resources
    }
    for name, path in example.given.items():
        tables[name] = table_of(_resource(pack, others, name, example), path)
    found = run_measure(measure, tables, limits=limits)
    return [{k: _plain(v) for k, v in row.items()} for row in found.to_pylist()]


def arrow_schema_of(resource: Resource) -> pa.Schema:
    """The Arrow schema that a resource's declared fields ask for."""
    return pa.schema([pa.field(field.id, ARROW[field.type]) for field in resource.fields])


def table_of(resource: Resource, path: Path | None) -> pa.Table:
    """The rows of a CSV file typed by the resource's fields; no file gives no rows."""
    rows = [dict(row) for row in typed_rows(resource, path)] if path else []
    return pa.Table.from_pylist(rows, schema=arrow_schema_of(resource))


def _measure(pack: Pack, example: Example) -> Measure:
    name = Path(example.run).stem
    if name not in pack.measures:
        raise ExampleUnready(
            example=example.id, found=example.run, expected=", ".join(sorted(pack.measures))
        )
    return pack.measures[name]


def _resource(pack: Pack, others: Mapping[str, Pack], name: str, example: Example) -> Resource:
    homes = (pack, *others.values())
    known = {sql_name(r, pack.id): r for home in homes for r in home.resources.values()}
    if name not in known:
        raise ExampleUnready(example=example.id, found=name, expected=", ".join(sorted(known)))
    return known[name]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
