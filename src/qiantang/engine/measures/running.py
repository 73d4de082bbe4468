"""`run_measure`: a checked select over Arrow tables in a sealed database of its own."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa

from qiantang.engine.compute import Engine, EngineSettings, Given, open_engine
from qiantang.engine.compute.tables import types_of
from qiantang.engine.lake.duck import Limits, interrupted_after, plain, sealed
from qiantang.engine.lake.plans import FilePlan
from qiantang.engine.measures.errors import (
    MeasureFailed,
    MeasureRefused,
    MeasureTooLarge,
    MeasureTooSlow,
)
from qiantang.engine.sql.checking import DIALECT, parse
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Measure

log = logging.getLogger(__name__)

REASONS: Final[tuple[tuple[type[duckdb.Error], Text], ...]] = (
    (duckdb.ConversionException, Text("数值无法转换", "a value could not be converted")),
    (duckdb.OutOfRangeException, Text("数值超出范围", "a value is out of range")),
    (duckdb.BinderException, Text("列或类型不匹配", "columns or types do not match")),
    (duckdb.InvalidInputException, Text("输入值无效", "an input value is not valid")),
)
OTHER: Final = Text("引擎无法执行", "the engine could not run it")


def run_measure(
    measure: Measure | str,
    tables: Mapping[str, Given],
    *,
    limits: Limits | None = None,
    engine: Engine | None = None,
    settings: EngineSettings | None = None,
) -> pa.Table:
    """Run a measure (or its SQL) over ``tables``: name in the SQL -> rows, or planned files.

    ``engine``: where it runs; the tables are registered with it. Without one, the ``settings``
    (else those of the environment) and the size of planned files decide
    (`engine.compute.choose`). Raises `MeasureRefused` with every finding before anything runs,
    `MeasureTooSlow`, `MeasureTooLarge`, or `MeasureFailed`, whose number leads to the engine's
    words in the log; an engine that is given or chosen raises its own (`engine.compute.errors`).
    """
    sql = measure if isinstance(measure, str) else measure.sql
    tree, problems = parse(sql, types_of(tables))
    if tree is None:
        raise MeasureRefused(tuple(problems))
    bounds = limits or Limits(seconds=30.0)
    if engine is not None:
        return _run_on(engine, sql, tables)
    known = settings or EngineSettings.of()
    planned = any(isinstance(table, FilePlan) for table in tables.values())
    if planned or known.wish == "spark":
        with open_engine(tables, known, limits=limits, sql=sql) as own:
            return own.query(sql)
    # The text that runs is written from the checked tree, never the text that came in.
    return _run(tree.sql(dialect=DIALECT, comments=False), tables, bounds)


def _run_on(engine: Engine, sql: str, tables: Mapping[str, Given]) -> pa.Table:
    for name, table in tables.items():
        engine.register(name, table)
    return engine.query(sql)


def _run(sql: str, tables: Mapping[str, Given], limits: Limits) -> pa.Table:
    connection = sealed(limits)
    try:
        for name, rows in tables.items():
            connection.register(name, rows)
        with interrupted_after(connection, limits.seconds):
            return plain(connection.sql(sql).to_arrow_table())
    except duckdb.Error as wrong:
        raise _meaning(wrong, limits) from None
    finally:
        connection.close()


def _meaning(wrong: duckdb.Error, limits: Limits) -> QiantangError:
    if isinstance(wrong, duckdb.InterruptException):
        return MeasureTooSlow(expected=f"{limits.seconds:g}")
    if isinstance(wrong, duckdb.OutOfMemoryException):
        return MeasureTooLarge(expected=limits.memory)
    trace = uuid.uuid4().hex[:12]
    log.warning("measure failed %s: %s", trace, wrong)
    reason = next((text for kind, text in REASONS if isinstance(wrong, kind)), OTHER)
    return MeasureFailed(found=reason, trace=trace)
