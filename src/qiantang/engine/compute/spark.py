"""`SparkEngine`: a task on a Spark cluster, over Spark Connect and without any jar of ours.

The lake plans the files here; Spark reads exactly those, by field id, so storage must be visible
to both. Results come through Arrow and are given DuckDB's types.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from qiantang.engine.compute.errors import UNTOLD, TaskCancelled, TaskFailed, TaskTooSlow
from qiantang.engine.compute.protocol import Given, Written
from qiantang.engine.compute.results import filling
from qiantang.engine.compute.sessions import opened
from qiantang.engine.compute.spark_types import planned_schema, spark_type, view_schema
from qiantang.engine.compute.tables import result_schema, schema_of, types_of
from qiantang.engine.compute.watching import Stopped, Watch
from qiantang.engine.lake.duck import Limits
from qiantang.engine.lake.plans import FilePlan, read_columns
from qiantang.engine.sql import check_sql, to_spark
from qiantang.engine.sql.errors import NotPortable, SqlRefused

log = logging.getLogger(__name__)
SECONDS: Final = 3600.0


class SparkEngine:
    """One session of its own at ``address`` (``sc://host:port``); nothing is shared but files.

    ``limits``: only the seconds count here, memory is the cluster's. Raises `SparkUnreachable`
    within seconds when nobody answers.
    """

    name = "spark"

    def __init__(self, address: str, *, limits: Limits | None = None) -> None:
        self._seconds = limits.seconds if limits else SECONDS
        self._tag = f"qiantang-{uuid.uuid4().hex}"
        self._tables: dict[str, Given] = {}
        self._session = opened(address)
        self._watch = Watch(self._interrupt)

    def register(self, name: str, table: Given) -> None:
        """Let SQL see planned files or rows in memory as ``name``."""
        with self._watched():
            self._frame(table).createOrReplaceTempView(name)
        self._tables[name] = table

    def query(self, sql: str) -> pa.Table:
        """The rows of one select. Raises `SqlRefused` or `NotPortable` before anything runs."""
        text, schema = self._translated(sql)
        with self._watched():
            found: pa.Table = self._session.sql(text).toArrow()
        return _typed(found, schema)

    def write(self, sql: str, folder: Path) -> Written:
        """Let Spark write the rows as Parquet into ``folder``, which it must be able to reach."""
        text, schema = self._translated(sql)
        with filling(folder), self._watched():
            frame = self._session.sql(text)
            columns = [
                frame[name].cast(spark_type(field.type)).alias(field.name)
                for name, field in zip(frame.columns, schema, strict=True)
            ]
            frame = frame.select(*columns)
            frame.write.mode("append").option("compression", "zstd").parquet(str(folder))
        paths = tuple(sorted(folder.glob("*.parquet")))
        return Written(paths, sum(pq.read_metadata(path).num_rows for path in paths), schema)

    def cancel(self) -> None:
        self._watch.cancel()

    def close(self) -> None:
        try:
            self._session.stop()
        except Exception as wrong:  # noqa: BLE001  the server may be gone already
            log.info("closing a Spark session: %s", type(wrong).__name__)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _frame(self, table: Given) -> Any:
        if not isinstance(table, FilePlan):
            return self._session.createDataFrame(table, schema=view_schema(schema_of(table)))
        if not table.paths:
            return self._session.createDataFrame([], schema=view_schema(schema_of(table)))
        schema = planned_schema(read_columns(table.columns, table))
        frame = self._session.read.schema(schema).parquet(*table.paths)
        if table.without is None:
            return frame
        mark = frame[table.without.column.name]
        kept = frame.filter(mark.isNull() | ~mark.isin(*table.without.values))
        return kept.select(*(column.name for column in table.columns))

    def _translated(self, sql: str) -> tuple[str, pa.Schema]:
        types = types_of(self._tables)
        problems = check_sql(sql, types)
        if problems:
            raise SqlRefused(tuple(problems))
        text, problems = to_spark(sql, types)
        if problems:
            raise NotPortable(tuple(problems))
        try:
            return text, result_schema(sql, self._tables)
        except duckdb.Error as wrong:
            raise self._failed(wrong) from None

    def _failed(self, wrong: BaseException) -> TaskFailed:
        trace = uuid.uuid4().hex[:12]
        log.warning("task failed %s: %s", trace, wrong)
        return TaskFailed(engine="Spark", found=UNTOLD, trace=trace)

    def _interrupt(self) -> None:
        self._session.interruptTag(self._tag)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """What runs inside carries the tag by which it can be stopped."""
        try:
            with self._watch.over(self._seconds):
                self._session.addTag(self._tag)
                try:
                    yield
                finally:
                    self._session.removeTag(self._tag)
        except InterruptedError:
            raise TaskCancelled from None
        except Exception as wrong:  # noqa: BLE001  the client raises many kinds
            if self._watch.stopped is Stopped.CANCELLED:
                raise TaskCancelled from None
            if self._watch.stopped is Stopped.LATE:
                raise TaskTooSlow(expected=f"{self._seconds:g}") from None
            raise self._failed(wrong) from None


def _typed(found: pa.Table, schema: pa.Schema) -> pa.Table:
    """Spark's rows in DuckDB's types and names."""
    columns = [found.column(at).cast(field.type) for at, field in enumerate(schema)]
    return pa.table(columns, schema=schema)
