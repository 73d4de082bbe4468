"""Columns of a table: one small type language between Arrow, Iceberg and DuckDB.

Iceberg's names for types are the stored form; a column is known for ever by its field id, so a
renamed or added column reads right in files of any age.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from qiantang.engine.lake.errors import NameInvalid, RowsUnfit, TypeUnsupported

SIMPLE: Final[Mapping[str, tuple[str, pa.DataType]]] = {
    "string": ("VARCHAR", pa.string()),
    "int": ("INTEGER", pa.int32()),
    "long": ("BIGINT", pa.int64()),
    "float": ("FLOAT", pa.float32()),
    "double": ("DOUBLE", pa.float64()),
    "boolean": ("BOOLEAN", pa.bool_()),
    "date": ("DATE", pa.date32()),
    "time": ("TIME", pa.time64("us")),
    "timestamp": ("TIMESTAMP", pa.timestamp("us")),
    "timestamptz": ("TIMESTAMP WITH TIME ZONE", pa.timestamp("us", tz="UTC")),
    "binary": ("BLOB", pa.binary()),
}
_DECIMAL = re.compile(r"decimal\((\d+),\s*(\d+)\)")
WIDER: Final = {("int", "long"), ("float", "double")}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is Iceberg's name of the type."""

    id: int
    name: str
    kind: str
    required: bool = False

    @property
    def duckdb(self) -> str:
        return self.kind.upper() if self.kind.startswith("decimal") else SIMPLE[self.kind][0]

    @property
    def arrow(self) -> pa.Field:
        return pa.field(self.name, _arrow_type(self.kind), nullable=not self.required)


def columns_of(metadata_schema: Mapping[str, Any]) -> tuple[Column, ...]:
    """The columns of one schema in an Iceberg metadata file."""
    return tuple(
        Column(f["id"], f["name"], _stored_kind(f["name"], f["type"]), f["required"])
        for f in metadata_schema["fields"]
    )


def declared(schema: pa.Schema) -> tuple[Column, ...]:
    """The columns that an Arrow schema asks for; ids count from 1 and are only provisional."""
    names = schema.names
    for name in names:
        if not name or names.count(name) > 1:
            raise NameInvalid(found=name)
    return tuple(
        Column(n, f.name, _kind(f.name, f.type), not f.nullable)
        for n, f in enumerate(schema, start=1)
    )


def arrow_schema(columns: Sequence[Column]) -> pa.Schema:
    return pa.schema([c.arrow for c in columns])


def widens(old: str, new: str) -> bool:
    """Whether Iceberg may read old values as the new type without rewriting a file."""
    if (old, new) in WIDER:
        return True
    before, after = _DECIMAL.fullmatch(old), _DECIMAL.fullmatch(new)
    return bool(
        before
        and after
        and before.group(2) == after.group(2)
        and int(after.group(1)) >= int(before.group(1))
    )


def conform(table: str, rows: pa.Table, columns: Sequence[Column]) -> pa.Table:
    """``rows`` in the table's order and types; absent columns become empty, unknown are refused."""
    known = {c.name for c in columns}
    for name in rows.column_names:
        if name not in known or rows.column_names.count(name) > 1:
            raise _unfit(table, name, "unknown or repeated column")
    fitted = [_fit(table, rows, column) for column in columns]
    return pa.table(fitted, schema=arrow_schema(columns))


def _fit(table: str, rows: pa.Table, column: Column) -> Any:
    if column.name not in rows.column_names:
        values = pa.chunked_array([pa.nulls(rows.num_rows, column.arrow.type)])
    else:
        try:
            values = rows.column(column.name).cast(column.arrow.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as wrong:
            raise _unfit(table, column.name, str(wrong).splitlines()[0]) from wrong
    if column.required and values.null_count:
        raise _unfit(table, column.name, f"{values.null_count} empty values in a required column")
    return values


def _unfit(table: str, column: str, found: str) -> RowsUnfit:
    return RowsUnfit(table=table, column=column, found=found)


def _arrow_type(kind: str) -> pa.DataType:
    found = _DECIMAL.fullmatch(kind)
    if found:
        return pa.decimal128(int(found.group(1)), int(found.group(2)))
    return SIMPLE[kind][1]


def _stored_kind(name: str, kind: object) -> str:
    if isinstance(kind, str) and (kind in SIMPLE or _DECIMAL.fullmatch(kind)):
        return kind
    raise TypeUnsupported(column=name, found=kind, expected=", ".join(SIMPLE))


def _kind(name: str, arrow: pa.DataType) -> str:
    types = pa.types
    if types.is_decimal128(arrow):
        return f"decimal({arrow.precision}, {arrow.scale})"
    if types.is_timestamp(arrow):
        return "timestamptz" if arrow.tz else "timestamp"
    if types.is_large_string(arrow) or (
        types.is_dictionary(arrow) and types.is_string(arrow.value_type)
    ):
        return "string"
    if types.is_int8(arrow) or types.is_int16(arrow):
        return "int"
    for kind, (_, known) in SIMPLE.items():
        if arrow == known:
            return kind
    raise TypeUnsupported(column=name, found=arrow, expected=", ".join([*SIMPLE, "decimal(p, s)"]))
