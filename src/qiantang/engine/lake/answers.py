"""Runs a checked select and says in the lake's words what DuckDB says in its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import duckdb
import pyarrow as pa

from qiantang.engine.lake import errors
from qiantang.engine.lake.duck import Limits, ask, interrupted_after
from qiantang.engine.lake.guard import check_select
from qiantang.engine.lake.plans import quoted
from qiantang.kernel.errors import QiantangError

BATCH: Final = 60_000
Look = Callable[[], None]
_OF_FILES: Final = (duckdb.IOException, duckdb.InternalException, duckdb.SerializationException)


def answer(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    limits: Limits,
    *,
    look: Look,
) -> pa.Table:
    """The rows of ``sql`` over ``views``; see `Lake.query`. ``look`` raises where a file of the
    tables is not as it was written; it is asked when an error has no other reason."""
    check_select(connection, sql, views)
    try:
        return ask(connection, sql, params, views, limits.seconds)
    except duckdb.Error as wrong:
        raise _meaning(wrong, limits, look) from wrong


def stream(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    limits: Limits,
    *,
    look: Look,
) -> Iterator[pa.RecordBatch]:
    """The rows of ``sql`` batch by batch; the cursor lives as long as somebody reads.

    The statement is checked before the first batch is asked for, the time limit holds to the first.
    """
    check_select(connection, sql, views)
    return _batches(connection.cursor(), sql, params, views, limits, look=look)


def _batches(
    cursor: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    limits: Limits,
    *,
    look: Look,
) -> Iterator[pa.RecordBatch]:
    try:
        with interrupted_after(cursor, limits.seconds):
            for name, select in views.items():
                cursor.execute(f"CREATE TEMP VIEW {quoted(name)} AS {select}")
            found = cursor.sql(sql, params=list(params)) if params else cursor.sql(sql)
            batches = found.to_arrow_reader(BATCH)
        yield from batches
    except duckdb.Error as wrong:
        raise _meaning(wrong, limits, look) from wrong
    finally:
        cursor.close()


def _meaning(wrong: duckdb.Error, limits: Limits, look: Look) -> QiantangError:
    if isinstance(wrong, duckdb.InterruptException):
        return errors.QueryTooHeavy(found=f" {limits.seconds:g} s ")
    if isinstance(wrong, duckdb.OutOfMemoryException):
        return errors.QueryTooHeavy(found=f" {limits.memory} ")
    said = str(wrong)
    # What its Parquet reader stumbles over comes as a plain error or with the name of the file.
    if type(wrong) is duckdb.Error or isinstance(wrong, _OF_FILES) or ".parquet" in said:
        try:
            look()
        except QiantangError as known:
            return known
    return errors.QueryInvalid(found=said.splitlines()[0][:300])
