"""One question on each engine: grouping 10,000,000 rows of planned files.

Run: ``python -m bench.engines [ROWS]``. DuckDB on this machine; Sail, the tests' stand-in; and
Spark with two executors where ``make test-spark`` has installed it. Answers are compared first.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qiantang.engine.compute import DuckEngine, Engine, Given, SparkEngine
from qiantang.engine.compute.tests import servers
from qiantang.engine.compute.tests.sample import same
from qiantang.engine.lake import Lake
from qiantang.engine.lake.duck import Limits
from qiantang.engine.lake.plans import FilePlan

SQL = (
    "select city, year, count(*) as n, sum(fee) as total, avg(fee) as mean from t "
    "group by city, year order by city, year"
)
REPEATS = 5
SLICE = 1_000_000
SPARK = Path("build/spark")


class _ByName(SparkEngine):
    """Sail takes no field ids; the table here was never renamed, so names will do."""

    def _frame(self, table: Given) -> Any:
        assert isinstance(table, FilePlan)
        return self._session.read.parquet(*table.paths)


def rows(start: int, count: int) -> pa.Table:
    number = pa.array(range(start, start + count), pa.int64())
    city = pc.binary_join_element_wise("33", pc.cast(pc.bit_wise_and(number, 63), "string"), "")
    fee = pc.cast(pc.bit_wise_and(number, 1023), pa.decimal128(19, 0)).cast(pa.decimal128(18, 2))
    year = pc.add(pc.cast(pc.bit_wise_and(pc.shift_right(number, 6), 15), "int32"), 2000)
    return pa.table({"code": pc.cast(number, "string"), "city": city, "year": year, "fee": fee})


def measured(engine: Engine, plan: FilePlan) -> tuple[pa.Table, float]:
    """The answer, and the median of the times in milliseconds after a first run."""
    engine.register("t", plan)
    answer = engine.query(SQL)
    taken = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        engine.query(SQL)
        taken.append((time.perf_counter() - started) * 1000)
    return answer, statistics.median(taken)


@contextmanager
def engines(folder: Path) -> Iterator[Iterator[tuple[str, Engine]]]:
    def each() -> Iterator[tuple[str, Engine]]:
        yield "DuckDB", DuckEngine(limits=Limits(memory="2GB"))
        os.environ.pop(servers.SPARK, None)
        with servers.serving(folder) as address:
            yield "Sail", _ByName(address)
        if (SPARK / "bin").is_dir():
            os.environ[servers.SPARK] = str(SPARK.absolute())
            with servers.serving(folder) as address:
                yield "Spark local-cluster[2,1,1024]", SparkEngine(address)

    yield each()


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        lake = Lake(Path(scratch) / "lake")
        lake.ensure("bench.t", rows(0, 1).schema)
        for start in range(0, count, SLICE):
            lake.append("bench.t", rows(start, min(SLICE, count - start)))
        plan = lake.files("bench.t")
        print(
            f"{count:,} rows, {len(plan.paths)} files; {os.cpu_count()} cores; {platform.machine()}"
        )
        wanted = None
        with engines(Path(scratch)) as all_engines:
            for name, engine in all_engines:
                started = time.perf_counter()
                with engine:
                    answer, taken = measured(engine, plan)
                whole = time.perf_counter() - started
                wanted = answer if wanted is None else wanted
                verdict = same(wanted, answer) or "same rows"
                print(f"{name:30} {taken:8.0f} ms  (with the first run {whole:5.1f} s)  {verdict}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000)
