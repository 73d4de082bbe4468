"""The tables of one task: their types, and an empty twin by which DuckDB names a result's types."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from qiantang.engine.compute.protocol import Given
from qiantang.engine.lake.columns import arrow_schema
from qiantang.engine.lake.duck import Limits, plain, sealed
from qiantang.engine.lake.plans import FilePlan


def schema_of(table: Given) -> pa.Schema:
    """The Arrow schema of rows in memory or of planned files."""
    return arrow_schema(table.columns) if isinstance(table, FilePlan) else table.schema


def types_of(tables: Mapping[str, Given]) -> dict[str, dict[str, str]]:
    """Name -> column -> type, as the guard and the translation want it."""
    return {
        name: {field.name: str(field.type) for field in schema_of(table)}
        for name, table in tables.items()
    }


def result_schema(sql: str, tables: Mapping[str, Given]) -> pa.Schema:
    """The types that DuckDB gives to the result of ``sql``: what every engine must return.

    Found by asking DuckDB for no row over tables without rows, so that nothing is worked out: a
    query of values alone may be as heavy as any. Raises duckdb.Error for SQL that does not bind.
    """
    connection = sealed(Limits())
    try:
        for name, table in tables.items():
            connection.register(name, schema_of(table).empty_table())
        asked = connection.sql(sql)
        # Where a limit is put around it, 2.0 gives columns of one name others.
        return plain(asked.limit(0).to_arrow_table().rename_columns(asked.columns)).schema
    finally:
        connection.close()
