"""A declared check's select, asked of what a table would hold once a delivery is in it.

The table's name in the check stands for the rows before it and the staged rows together, as the
delivery's mode says; nothing is written for it, and every engine can answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot
from sqlglot import exp

from qiantang.engine.lake.columns import declared
from qiantang.engine.lake.plans import FilePlan, quoted
from qiantang.engine.sql import DIALECT
from qiantang.packkit.compiled import Mode

BEFORE: Final = "qiantang_before"
STAGED: Final = "qiantang_staged"
_FIELD_ID: Final = b"PARQUET:field_id"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How staged rows come into the table ``name``: its columns, the mode, the key of an upsert or
    a deletion, and for a replacement of one division's part its code."""

    name: str
    columns: Sequence[str]
    mode: Mode
    keys: Sequence[str] = ()
    division: str = ""

    def rows(self) -> str:
        """The select over `BEFORE` and `STAGED` that gives the table as it would be."""
        listed = ", ".join(quoted(name) for name in self.columns)
        staged = f"SELECT {listed} FROM {STAGED}"  # noqa: S608 - declared names, quoted
        before = f"SELECT {listed} FROM {BEFORE}"  # noqa: S608
        if self.mode is Mode.REPLACE and not self.division:
            return staged
        if self.mode is Mode.REPLACE:
            code = self.division.replace("'", "''")
            before += f" WHERE \"_division\" <> '{code}'"
        if self.mode in (Mode.UPSERT, Mode.DELETE):
            same = " AND ".join(f"s.{quoted(k)} = {BEFORE}.{quoted(k)}" for k in self.keys)
            before += f" WHERE NOT EXISTS (SELECT 1 AS one FROM {STAGED} AS s WHERE {same})"  # noqa: S608
        return before if self.mode is Mode.DELETE else f"{before} UNION ALL {staged}"

    def ask(self, sql: str) -> str:
        """``sql``, which was judged before, over the table as it would be."""
        return self._over(sql, self.rows())

    def ask_before(self, sql: str) -> str:
        """``sql`` over the table as it is."""
        listed = ", ".join(quoted(name) for name in self.columns)
        return self._over(sql, f"SELECT {listed} FROM {BEFORE}")  # noqa: S608

    def _over(self, sql: str, rows: str) -> str:
        tree = sqlglot.parse_one(sql, read=DIALECT)
        inner = sqlglot.parse_one(rows, read=DIALECT)
        for table in list(tree.find_all(exp.Table)):
            if table.name.lower() == self.name.lower():
                alias = exp.TableAlias(this=exp.to_identifier(table.alias_or_name))
                table.replace(exp.Subquery(this=inner.copy(), alias=alias))
        return str(tree.sql(dialect=DIALECT))


def staged_plan(batches: Iterable[pa.RecordBatch], schema: pa.Schema, path: Path) -> FilePlan:
    """The staged rows as one file that every engine reads like a planned file of the lake."""
    columns = declared(schema)
    marked = pa.schema(
        [
            field.with_metadata({_FIELD_ID: str(column.id).encode()})
            for field, column in zip(schema, columns, strict=True)
        ]
    )
    rows = 0
    with pq.ParquetWriter(path, marked, compression="zstd", compression_level=1) as out:
        for batch in batches:
            out.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=marked))
            rows += batch.num_rows
    return FilePlan((str(path),), rows, columns)
