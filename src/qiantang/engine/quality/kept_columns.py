"""Rows of an update by key, with the present values of the columns that its file does not have.

SQL's ``UPDATE ... SET`` leaves the columns that it does not name as they are; an update by key
does the same with whole columns. A column that is there but empty is named: it empties the field.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa

from qiantang.engine.lake.duck import Limits, workshop
from qiantang.engine.lake.plans import quoted
from qiantang.engine.quality.schema import RUN, precision_column
from qiantang.packkit.compiled import Resource

_MEMORY: Final = "256MB"
_BATCH: Final = 50_000


def columns_of(resource: Resource, fields: Sequence[str]) -> list[str]:
    """The lake's columns of these fields: a date of varying precision has another beside it."""
    known = [field for field in resource.fields if field.id in fields]
    beside = [precision_column(field) for field in known]
    return [*(field.id for field in known), *(name for name in beside if name)]


def with_present(
    rows: pa.RecordBatchReader,
    there: Callable[[], pa.RecordBatchReader],
    *,
    key: Sequence[str],
    kept: Sequence[str],
    spill: Path,
) -> Iterator[pa.RecordBatch]:
    """``rows`` with the ``kept`` columns as ``there`` has them for the same key; null for new keys.

    ``there`` opens the table's ``key``, ``kept`` and ``_run`` columns; it is not called before the
    first batch is asked for. Where a key stands there more than once, the newest run's row counts.
    The order of rows is not kept. What does not fit into memory spills into ``spill``.
    """
    names = ", ".join(quoted(name) for name in key)
    same = " AND ".join(f"s.{quoted(n)} IS NOT DISTINCT FROM t.{quoted(n)}" for n in key)
    listed = ", ".join(f"{'t' if n in kept else 's'}.{quoted(n)}" for n in rows.schema.names)
    try:
        with workshop(Limits(memory=_MEMORY), spill) as db:
            db.register("coming", rows)
            db.execute("CREATE TABLE sent AS SELECT * FROM coming")
            db.register("there", there())
            db.execute(
                f"CREATE TABLE had AS SELECT DISTINCT ON ({names}) t.* FROM there t "  # noqa: S608
                f"SEMI JOIN sent s ON {same} ORDER BY {names}, {quoted(RUN)} DESC"
            )
            asked = f"SELECT {listed} FROM sent s LEFT JOIN had t ON {same}"  # noqa: S608
            for batch in db.sql(asked).to_arrow_reader(_BATCH):
                yield batch.cast(rows.schema)
    finally:
        shutil.rmtree(spill, ignore_errors=True)
