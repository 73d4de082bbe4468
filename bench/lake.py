"""The lake beside DuckDB's own reader: appending 1,000 rows, grouping 1,000,000.

Run: ``python -m bench.lake [ROWS]``. Prints the figures with the size and the machine.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from qiantang.engine.lake import Lake
from qiantang.engine.lake.duck import Limits

SCHEMA = pa.schema(
    [
        ("code", pa.string()),
        ("city", pa.string()),
        ("year", pa.int32()),
        ("value", pa.decimal128(28, 8)),
        ("note", pa.string()),
    ]
)
GROUP = "select city, year, sum(value) as total, count(*) as n from t group by city, year"
APPENDS = 40
READS = 15


def rows(start: int, count: int) -> pa.Table:
    numbers = pa.array(range(start, start + count), pa.int64())
    columns = [
        pa.array([f"{n:018d}" for n in range(start, start + count)]),
        pa.array([f"3{n * 7919 % 11:02d}000" for n in range(start, start + count)]),
        pa.array([2000 + n % 25 for n in range(start, start + count)], pa.int32()),
        numbers.cast(pa.decimal128(19, 0)).cast(pa.decimal128(28, 8)),
        pa.array([f"note {n % 1000}" for n in range(start, start + count)]),
    ]
    return pa.table(columns, schema=SCHEMA)


def times(act: Callable[[], object], repeats: int) -> list[float]:
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def appending(lake: Lake) -> None:
    lake.ensure("small", SCHEMA, sort_by=["code"])
    batch = rows(0, 1000)
    lake.append("small", batch)
    taken = times(lambda: lake.append("small", batch), APPENDS)
    print(
        f"append 1,000 rows, synced: median {statistics.median(taken):.1f} ms, "
        f"worst {max(taken):.1f} ms, {APPENDS} appends"
    )
    small = Lake(lake.folder)
    small.ensure("few", SCHEMA)
    small.append("few", rows(0, 300))
    small.read("few")
    taken = times(lambda: small.read("few"), READS)
    print(f"read a table of 300 rows: median {statistics.median(taken):.1f} ms")


def grouping(lake: Lake, count: int) -> None:
    lake.ensure("t", SCHEMA, sort_by=["code"])
    step = count // 4
    for part in range(4):
        lake.append("t", rows(part * step, step))
    files = sorted(str(p) for p in (lake.folder / "tables/t").rglob("*.parquet"))
    size = sum(Path(f).stat().st_size for f in files) / 1e6
    raw = duckdb.connect()
    raw.execute(f"SET threads = {Limits().threads}")
    raw_sql = GROUP.replace("from t", f"from read_parquet({files})")

    def peer() -> None:
        raw.cursor().sql(raw_sql).to_arrow_table()

    def ours() -> None:
        lake.query(GROUP, {"t": "t"})

    peer()
    ours()
    theirs, mine = [], []
    for _ in range(READS):  # in turns, so that a busy moment meets both
        theirs += times(peer, 1)
        mine += times(ours, 1)
    a, b = statistics.median(mine), statistics.median(theirs)
    print(
        f"group {count:,} rows ({len(files)} files, {size:.1f} MB): lake {a:.1f} ms, "
        f"DuckDB {duckdb.__version__} read_parquet {b:.1f} ms, ratio {a / b:.2f}"
    )


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        appending(lake)
        grouping(lake, count)
        lake.close()
    load = os.getloadavg()[0]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {platform.system()}, load {load:.1f}"
    )


if __name__ == "__main__":
    main()
