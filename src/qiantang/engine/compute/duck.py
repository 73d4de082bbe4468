"""`DuckEngine`: a task on this machine."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from qiantang.engine.compute.errors import (
    UNTOLD,
    TaskCancelled,
    TaskFailed,
    TaskTooLarge,
    TaskTooSlow,
)
from qiantang.engine.compute.protocol import Given, Written
from qiantang.engine.compute.results import filling
from qiantang.engine.compute.tables import types_of
from qiantang.engine.compute.watching import Stopped, Watch
from qiantang.engine.lake.duck import Limits, plain, sealed
from qiantang.engine.lake.plans import FilePlan, quoted, reading
from qiantang.engine.sql import DIALECT, parse
from qiantang.engine.sql.errors import SqlRefused
from qiantang.kernel.text import Text

log = logging.getLogger(__name__)
BATCH: Final = 100_000
REASONS: Final[tuple[tuple[type[duckdb.Error], Text], ...]] = (
    (duckdb.ConversionException, Text("数值无法转换", "a value could not be converted")),
    (duckdb.OutOfRangeException, Text("数值超出范围", "a value is out of range")),
    (duckdb.BinderException, Text("列或类型不匹配", "columns or types do not match")),
    (duckdb.InvalidInputException, Text("输入值无效", "an input value is not valid")),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What SQL sees: selects over files in ``folders``, and rows in memory, each under its name."""

    views: Mapping[str, str]
    folders: Sequence[str]
    rows: Mapping[str, pa.Table]


def seen(tables: Mapping[str, Given]) -> Seen:
    planned = {name: table for name, table in tables.items() if isinstance(table, FilePlan)}
    return Seen(
        views={name: reading(plan.columns, plan) for name, plan in planned.items()},
        folders=sorted({str(Path(p).parent) for plan in planned.values() for p in plan.paths}),
        rows={n: table for n, table in tables.items() if not isinstance(table, FilePlan)},
    )


def opened(seen: Seen, limits: Limits) -> duckdb.DuckDBPyConnection:
    """A sealed DuckDB that reaches what is seen and nothing else."""
    connection = sealed(limits, *map(Path, seen.folders))
    for name, view in seen.views.items():
        connection.execute(f"CREATE TEMP VIEW {quoted(name)} AS {view}")
    for name, rows in seen.rows.items():
        connection.register(name, rows)
    return connection


def rows_of(connection: duckdb.DuckDBPyConnection, text: str) -> pa.Table:
    return plain(connection.sql(text).to_arrow_table())


def write_rows(
    connection: duckdb.DuckDBPyConnection, text: str, path: Path
) -> tuple[int, pa.Schema]:
    """Write the rows as one Parquet file, in bounded memory; their number and types."""
    reader = connection.sql(text).to_arrow_reader(BATCH)
    schema = plain(reader.schema.empty_table()).schema
    rows = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as out:
        for batch in reader:
            out.write_table(pa.Table.from_batches([batch]).cast(schema))
            rows += batch.num_rows
    return rows, schema


class DuckEngine:
    """DuckDB with memory and time limits, which reaches the registered tables and nothing else."""

    name = "duckdb"

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._tables: dict[str, Given] = {}
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._watch = Watch(self._interrupt)

    def register(self, name: str, table: Given) -> None:
        """Let SQL see ``table`` as ``name``; before the first question."""
        self._tables[name] = table

    def query(self, sql: str) -> pa.Table:
        """The rows of one select. Raises `SqlRefused` before anything runs."""
        text = self._checked(sql)
        with self._watched():
            return self._rows(text)

    def write(self, sql: str, folder: Path) -> Written:
        """Write the rows as one Parquet file into ``folder``, in bounded memory."""
        text = self._checked(sql)
        path = folder / "part-00000.parquet"
        with filling(folder), self._watched():
            rows, schema = self._written(text, path)
        return Written((path,), rows, schema)

    def cancel(self) -> None:
        self._watch.cancel()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        wrong: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _checked(self, sql: str) -> str:
        """What runs is written anew from the checked tree, never the text that came in."""
        tree, problems = parse(sql, types_of(self._tables))
        if tree is None:
            raise SqlRefused(tuple(problems))
        return tree.sql(dialect=DIALECT, comments=False)

    def _rows(self, text: str) -> pa.Table:
        return rows_of(self._opened(), text)

    def _written(self, text: str, path: Path) -> tuple[int, pa.Schema]:
        return write_rows(self._opened(), text, path)

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = opened(seen(self._tables), self._limits)
        return self._connection

    def _interrupt(self) -> None:
        if self._connection is not None:
            self._connection.interrupt()

    def _timed(self) -> AbstractContextManager[None]:
        return self._watch.over(self._limits.seconds)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            with self._timed():
                yield
        except InterruptedError:
            raise TaskCancelled from None
        except duckdb.InterruptException:
            if self._watch.stopped is Stopped.CANCELLED:
                raise TaskCancelled from None
            raise TaskTooSlow(expected=f"{self._limits.seconds:g}") from None
        except duckdb.OutOfMemoryException:
            raise TaskTooLarge(expected=self._limits.memory) from None
        except duckdb.Error as wrong:
            trace = uuid.uuid4().hex[:12]
            log.warning("task failed %s: %s", trace, wrong)
            reason = next((text for kind, text in REASONS if isinstance(wrong, kind)), UNTOLD)
            raise TaskFailed(engine="DuckDB", found=reason, trace=trace) from None
