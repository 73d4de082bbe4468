"""`run_measure`: a checked select over tables, on the engine that is given or chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa

from qiantang.engine.compute import Engine, EngineSettings, Given, open_engine
from qiantang.engine.compute.tables import types_of
from qiantang.engine.lake.duck import Limits
from qiantang.engine.lake.plans import FilePlan
from qiantang.engine.measures.errors import MeasureRefused
from qiantang.engine.sql import check_sql
from qiantang.packkit.compiled import Measure

SECONDS_IN_MEMORY: Final = 30.0


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
    and the engine's errors (`engine.compute.errors`).
    """
    sql = measure if isinstance(measure, str) else measure.sql
    if problems := check_sql(sql, types_of(tables)):
        raise MeasureRefused(tuple(problems))
    if engine is not None:
        for name, table in tables.items():
            engine.register(name, table)
        return engine.query(sql)
    known = settings or EngineSettings.of()
    planned = any(isinstance(table, FilePlan) for table in tables.values())
    if limits is None and not planned and known.wish != "spark":
        limits = Limits(seconds=SECONDS_IN_MEMORY)
    with open_engine(tables, known, limits=limits, sql=sql) as own:
        return own.query(sql)
