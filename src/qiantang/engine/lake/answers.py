"""Runs a checked select and says in the lake's words what DuckDB says in its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from qiantang.engine.lake import errors
from qiantang.engine.lake.duck import Limits, ask
from qiantang.engine.lake.guard import check_select
from qiantang.kernel.errors import QiantangError

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
