"""`run_measure`: a checked select over Arrow tables in a sealed database of its own."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping
from typing import Final

import duckdb
import pyarrow as pa

from qiantang.engine.lake.duck import Limits, interrupted_after, plain, sealed
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
    measure: Measure | str, tables: Mapping[str, pa.Table], *, limits: Limits | None = None
) -> pa.Table:
    """Run a measure (or its SQL) over ``tables`` (name in the SQL -> rows).

    Raises `MeasureRefused` with every finding before anything runs, `MeasureTooSlow`,
    `MeasureTooLarge`, or `MeasureFailed`, whose number leads to the engine's words in the log.
    """
    sql = measure if isinstance(measure, str) else measure.sql
    tree, problems = parse(sql, {name: _types(rows) for name, rows in tables.items()})
    if tree is None:
        raise MeasureRefused(tuple(problems))
    bounds = limits or Limits(seconds=30.0)
    # The text that runs is written from the checked tree, never the text that came in.
    return _run(tree.sql(dialect=DIALECT, comments=False), tables, bounds)


def _run(sql: str, tables: Mapping[str, pa.Table], limits: Limits) -> pa.Table:
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


def _types(rows: pa.Table) -> dict[str, str]:
    return {field.name: str(field.type) for field in rows.schema}


def _meaning(wrong: duckdb.Error, limits: Limits) -> QiantangError:
    if isinstance(wrong, duckdb.InterruptException):
        return MeasureTooSlow(expected=f"{limits.seconds:g}")
    if isinstance(wrong, duckdb.OutOfMemoryException):
        return MeasureTooLarge(expected=limits.memory)
    trace = uuid.uuid4().hex[:12]
    log.warning("measure failed %s: %s", trace, wrong)
    reason = next((text for kind, text in REASONS if isinstance(wrong, kind)), OTHER)
    return MeasureFailed(found=reason, trace=trace)
