"""Runs a checked select and says in the lake's words what DuckDB says in its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from qiantang.engine.lake import errors
from qiantang.engine.lake.duck import Limits, ask, interrupted_after
from qiantang.engine.lake.guard import check_select
from qiantang.engine.lake.plans import quoted
from qiantang.kernel.errors import QiantangError

BATCH: Final = 60_000
_FILE = re.compile(r"""["']([^"']+\.parquet)["']""")


def answer(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    limits: Limits,
) -> pa.Table:
    """The rows of ``sql`` over ``views``; see `Lake.query`."""
    check_select(connection, sql, views)
    try:
        return ask(connection, sql, params, views, limits.seconds)
    except duckdb.Error as wrong:
        raise _meaning(wrong, views, limits) from wrong


def stream(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    limits: Limits,
) -> Iterator[pa.RecordBatch]:
    """The rows of ``sql`` batch by batch; the cursor lives as long as somebody reads.

    The statement is checked before the first batch is asked for, the time limit holds to the first.
    """
    check_select(connection, sql, views)
    return _batches(connection.cursor(), sql, params, views, limits)


def _batches(
    cursor: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    limits: Limits,
) -> Iterator[pa.RecordBatch]:
    try:
        with interrupted_after(cursor, limits.seconds):
            for name, select in views.items():
                cursor.execute(f"CREATE TEMP VIEW {quoted(name)} AS {select}")
            found = cursor.sql(sql, params=list(params)) if params else cursor.sql(sql)
            batches = found.to_arrow_reader(BATCH)
        yield from batches
    except duckdb.Error as wrong:
        raise _meaning(wrong, views, limits) from wrong
    finally:
        cursor.close()


def _meaning(wrong: duckdb.Error, views: Mapping[str, str], limits: Limits) -> QiantangError:
    said = str(wrong)
    if isinstance(wrong, duckdb.InterruptException):
        return errors.QueryTooHeavy(found=f" {limits.seconds:g} s ")
    if isinstance(wrong, duckdb.OutOfMemoryException):
        return errors.QueryTooHeavy(found=f" {limits.memory} ")
    lost = _lost_file(said, views)
    if lost is not None:
        return lost
    return errors.QueryInvalid(found=said.splitlines()[0][:300])


def _lost_file(said: str, views: Mapping[str, str]) -> QiantangError | None:
    """A planned file that DuckDB could not open or read, by the name it complains about."""
    for path in _FILE.findall(said):
        for table, select in views.items():
            if path in select:
                if not Path(path).exists():
                    return errors.DataFileMissing(table=table, found=Path(path).name)
                return errors.DataFileDamaged(table=table, found=Path(path).name)
    return None
