"""The one DuckDB adapter: connections with limits and closed doors, a cursor per query.

Written in the forms that DuckDB 1.5 and 2.0 both accept: a fresh cursor for each query, read to
its end, Arrow out of a relation. Only extensions that come inside the package are used.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from qiantang.engine.lake.plans import literal, quoted


@dataclass(frozen=True, slots=True)
class Limits:
    """What one DuckDB may use. ``memory`` as DuckDB writes it; ``seconds`` for one query."""

    memory: str = "512MB"
    threads: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))
    seconds: float = 60.0


def sealed(limits: Limits, *folders: Path | None) -> duckdb.DuckDBPyConnection:
    """A database in memory that reaches no file outside ``folders`` and no setting any more."""
    connection = duckdb.connect(":memory:")
    connection.execute("SET TimeZone = 'UTC'")
    # DuckDB takes a process that runs a module of a package for a person at a terminal.
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"SET memory_limit = {literal(limits.memory)}")
    connection.execute(f"SET threads = {limits.threads}")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    reach = ", ".join(literal(str(folder) + os.sep) for folder in folders if folder is not None)
    if reach:
        connection.execute(f"SET allowed_directories = [{reach}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def workshop(limits: Limits, scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database for one piece of work on the lake's own files, which spills into ``scratch``.

    Only for statements that the lake itself makes; requesters' SQL runs in a `sealed` one.
    """
    connection = duckdb.connect(":memory:")
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"SET memory_limit = {literal(limits.memory)}")
        connection.execute(f"SET threads = {limits.threads}")
        connection.execute(f"SET temp_directory = {literal(str(scratch))}")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET autoload_known_extensions = false")
        yield connection
    finally:
        connection.close()


def ask(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    params: Sequence[object],
    views: Mapping[str, str],
    seconds: float,
) -> pa.Table:
    """Run one select over ``views`` (name -> select) on a cursor of its own, to Arrow.

    Raises duckdb.InterruptException when ``seconds`` have passed.
    """
    cursor = connection.cursor()
    try:
        with interrupted_after(cursor, seconds):
            for name, select in views.items():
                cursor.execute(f"CREATE TEMP VIEW {quoted(name)} AS {select}")
            relation = cursor.sql(sql, params=list(params)) if params else cursor.sql(sql)
            return plain(relation.to_arrow_table())
    finally:
        cursor.close()


@contextmanager
def interrupted_after(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """Interrupt what runs on ``cursor`` inside the block once ``seconds`` have passed, or the
    process has grown by more than `GROWTH`: DuckDB's own limit does not count the texts that its
    functions make. Raises duckdb.OutOfMemoryException for the latter."""
    done, grown = threading.Event(), threading.Event()

    def watch() -> None:
        ends, most = time.monotonic() + seconds, _held() + GROWTH
        while not done.wait(_LOOK_EVERY):
            if _held() > most:
                grown.set()
            if grown.is_set() or time.monotonic() > ends:
                cursor.interrupt()

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield
    except duckdb.InterruptException as wrong:
        if grown.is_set():
            raise duckdb.OutOfMemoryException(str(wrong)) from wrong
        raise
    finally:
        done.set()
        watching.join()


GROWTH: Final = 1 << 30
"""Bytes by which the process may grow during one query."""
_LOOK_EVERY: Final = 0.05


def _held() -> int:
    """Bytes of memory that the process holds; 0 where the machine does not say."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE
    except OSError:
        return 0


_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


def plain(table: pa.Table) -> pa.Table:
    """DuckDB names its UTC ``Etc/UTC``; the house says ``UTC`` everywhere."""
    fields = [
        f.with_type(pa.timestamp(f.type.unit, tz="UTC"))
        if pa.types.is_timestamp(f.type) and f.type.tz
        else f
        for f in table.schema
    ]
    schema = pa.schema(fields)
    return table if schema == table.schema else table.cast(schema)
