"""Which engine a task runs on: by wish, by setting, or by the size of its planned files.

One machine with DuckDB is about ten times faster on what it can hold, so Spark is for size only.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

from qiantang.engine.compute.apart import MEMORY_MB, ApartEngine
from qiantang.engine.compute.duck import DuckEngine
from qiantang.engine.compute.errors import EngineUnknown, SparkUnreachable
from qiantang.engine.compute.protocol import Engine, Given
from qiantang.engine.compute.spark import SparkEngine
from qiantang.engine.compute.tables import types_of
from qiantang.engine.lake.duck import Limits
from qiantang.engine.lake.plans import FilePlan
from qiantang.engine.sql import check_portable

Name = Literal["duckdb", "spark"]
Wish = Literal["auto", "duckdb", "spark"]
WISHES: Final = ("auto", "duckdb", "spark")
GIGABYTE: Final = 1 << 30
SPARK_ABOVE_GB: Final = 20
ADDRESS: Final = "QIANTANG_SPARK"
WISH: Final = "QIANTANG_ENGINE"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """``spark``: address of Spark Connect, empty for none. ``wish``: auto, duckdb or spark.
    ``spark_above``: bytes of planned files from which ``auto`` goes to Spark. ``query_memory_mb``:
    by how much the process of a statement that a reader wrote may grow."""

    spark: str = ""
    wish: Wish = "auto"
    spark_above: int = SPARK_ABOVE_GB * GIGABYTE
    query_memory_mb: int = MEMORY_MB

    @classmethod
    def of(
        cls, section: Mapping[str, Any] | None = None, environ: Mapping[str, str] | None = None
    ) -> EngineSettings:
        """From ``[engine]`` of zone.toml and the environment, which comes first.

        Raises `EngineUnknown` for a wish that is not one.
        """
        written = section or {}
        around = os.environ if environ is None else environ
        above = written.get("spark_above_gb", SPARK_ABOVE_GB)
        return cls(
            spark=around.get(ADDRESS) or str(written.get("spark", "")),
            wish=_wish(around.get(WISH) or str(written.get("engine", "auto"))),
            spark_above=int(float(above) * GIGABYTE),
            query_memory_mb=int(written.get("query_memory_mb", MEMORY_MB)),
        )


def choose(size: int | Iterable[int], settings: EngineSettings, *, wish: Wish = "auto") -> Name:
    """The engine for a task over files of ``size`` bytes; a task's own wish comes first.

    ``spark`` by wish without an address raises `SparkUnreachable`.
    """
    asked = _wish(wish) if wish != "auto" else settings.wish
    if asked == "spark" and not settings.spark:
        raise SparkUnreachable(found="QIANTANG_SPARK")
    if asked != "auto":
        return asked
    total = size if isinstance(size, int) else sum(size)
    return "spark" if settings.spark and total > settings.spark_above else "duckdb"


def size_of(tables: Iterable[Given]) -> int:
    """Bytes that a task has to read: of planned files on the disk, of rows in memory."""
    total = 0
    for table in tables:
        if isinstance(table, FilePlan):
            total += sum(Path(path).stat().st_size for path in table.paths)
        else:
            total += table.nbytes
    return total


def open_engine(
    tables: Mapping[str, Given],
    settings: EngineSettings | None = None,
    *,
    wish: Wish = "auto",
    limits: Limits | None = None,
    sql: str = "",
    apart: bool = False,
) -> Engine:
    """The chosen engine with ``tables`` registered; close it after use.

    ``apart``: what runs was written by somebody who asks, so on this machine it gets a process of
    its own. With ``sql``, size alone does not send what Spark cannot carry over to Spark.
    """
    known = settings or EngineSettings.of()
    chosen = choose(size_of(tables.values()), known, wish=wish)
    by_size = wish == known.wish == "auto"
    if chosen == "spark" and by_size and sql and check_portable(sql, types_of(tables)):
        chosen = "duckdb"
    engine: Engine
    if chosen == "spark":
        engine = SparkEngine(known.spark, limits=limits)
    elif apart:
        engine = ApartEngine(limits=limits, memory_mb=known.query_memory_mb)
    else:
        engine = DuckEngine(limits=limits)
    for name, table in tables.items():
        engine.register(name, table)
    return engine


def _wish(said: str) -> Wish:
    if said not in WISHES:
        raise EngineUnknown(found=said)
    return cast("Wish", said)
