"""Ten million rows by key: upsert, time travel and compaction, beside DuckDB and PyIceberg.

Run: ``python -m bench.lake_keyed [ROWS]``. Each figure says its size, the machine and peak memory.
The floor of an upsert is DuckDB copying the same rows from Parquet to Parquet: whoever changes keys
all over a table of plain files writes it again. Keys close together touch one file only.
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa

from qiantang.engine.lake import Lake

SCHEMA = pa.schema(
    [
        pa.field("code", pa.string(), nullable=False),
        ("name", pa.string()),
        ("city", pa.string()),
        ("industry", pa.int32()),
        ("status", pa.int32()),
        ("founded", pa.date32()),
        ("seen_at", pa.timestamp("us")),
        ("staff", pa.int32()),
        ("capital", pa.decimal128(18, 2)),
        ("score", pa.int32()),
        ("active", pa.bool_()),
        ("phone", pa.string()),
    ]
)
ROW = """
    SELECT printf('91330%013d', i) AS code, '浙江' || (i % 9973) || '有限公司' AS name,
        (330100 + (i % 11) * 100)::VARCHAR AS city, (i * 7919 % 97)::INTEGER AS industry,
        (i % 5)::INTEGER AS status, DATE '2000-01-01' + (i % 9000)::INTEGER AS founded,
        TIMESTAMP '2020-01-01' + INTERVAL (i % 100000) MINUTE AS seen_at,
        (i * 31 % 100000)::INTEGER AS staff, (i % 1000000)::DECIMAL(18, 2) AS capital,
        ({score})::INTEGER AS score, i % 2 = 0 AS active,
        '13' || (i * 7919 % 1000000000)::VARCHAR AS phone
    FROM (SELECT {number} AS i FROM range({count}) t(n))
"""
GROUP = "SELECT city, sum(score) AS s, count(*) AS n FROM t GROUP BY city"


def batches(count: int, number: str, score: str = "i % 300") -> pa.RecordBatchReader:
    """``count`` rows whose numbers are ``number`` of n = 0, 1, ..., as a stream."""
    step = 500_000

    def made() -> Iterator[pa.RecordBatch]:
        duck = duckdb.connect()
        for start in range(0, count, step):
            some = ROW.format(
                score=score,
                number=number.replace("n", f"(n + {start})"),
                count=min(step, count - start),
            )
            yield from duck.sql(some).to_arrow_table().cast(SCHEMA).to_batches()

    return pa.RecordBatchReader.from_batches(SCHEMA, made())


def took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def peak() -> str:
    return f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def say(what: str, seconds: float, floor: float | None = None) -> None:
    ratio = f", {seconds / floor:.2f} of DuckDB's copy ({floor:.1f} s)" if floor else ""
    print(f"{what}: {seconds:.2f} s{ratio}, {peak()}", flush=True)


def copy_floor(lake: Lake, folder: Path) -> float:
    """DuckDB reads every row of the table and writes it again as Parquet."""
    files = list(lake.files("t").paths)
    out = folder / "floor"
    out.mkdir()
    duck = duckdb.connect()
    duck.execute("SET memory_limit = '1GB'")

    def copy() -> None:
        for n, file in enumerate(files):
            duck.execute(
                f"COPY (SELECT * FROM read_parquet('{file}')) TO '{out}/{n}.parquet' "
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 60000)"
            ).fetchall()

    seconds = took(copy)
    duck.close()
    shutil.rmtree(out)
    return seconds


def with_pyiceberg(lake: Lake, rows: pa.Table) -> float:
    """PyIceberg's own upsert of the same rows into the same table."""
    table = lake._catalogue.iceberg.load_table(("zone", "t"))
    return took(lambda: table.upsert(rows, join_cols=["code"]))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    with tempfile.TemporaryDirectory() as name:
        lake = Lake(Path(name) / "lake")
        lake.ensure("t", SCHEMA, sort_by=["code"])
        print(f"{count:,} rows, 12 columns, keys of 18 characters", flush=True)
        say("append as a stream", took(lambda: lake.append("t", batches(count, "n * 3"))))
        done = lake.compact("t")
        say(f"  files {done.files_before} -> {done.files_after}", 0.0)
        first = lake.current("t")
        floor = copy_floor(lake, Path(name))
        _upserts(lake, count, floor)
        assert first is not None
        _travel(lake, first.id, count)
        size = lake.condition("t").bytes / 1e6
        say(f"compaction of {size:,.0f} MB, sorted", took(lambda: lake.compact("t")), floor)
        _peer(lake, count)
        lake.close()
    load = os.getloadavg()[0]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, DuckDB {duckdb.__version__}, load {load:.1f}"
    )


def _upserts(lake: Lake, count: int, floor: float) -> None:
    for keys in (1_000, min(1_000_000, count // 10)):
        apart = count * 3 // keys
        rows = batches(keys, f"n * {apart}", "-1")
        say(
            f"upsert of {keys:,} keys all over the table",
            took(lambda r=rows: lake.upsert("t", r, key_columns=["code"])),  # type: ignore[misc]
            floor,
        )
    rows = batches(1_000, f"{count} + n", "-2")
    say(
        "upsert of 1,000 keys close together",
        took(lambda: lake.upsert("t", rows, key_columns=["code"])),
        floor,
    )
    print(f"  rows now {lake.current('t').rows:,}", flush=True)  # type: ignore[union-attr]


def _travel(lake: Lake, version: int, count: int) -> None:
    now = took(lambda: lake.query(GROUP, {"t": "t"}))
    then = took(lambda: lake.query(GROUP, {"t": "t"}, at=version))
    duck = duckdb.connect()
    raw = GROUP.replace("FROM t", f"FROM read_parquet({list(lake.files('t', at=version).paths)})")
    plain = took(lambda: duck.sql(raw).to_arrow_table())
    print(
        f"group {count:,} rows: newest {now:.2f} s, first version {then:.2f} s, DuckDB's own "
        f"read_parquet {plain:.2f} s",
        flush=True,
    )


def _peer(lake: Lake, count: int) -> None:
    apart = count * 3 // 1_000
    rows = batches(1_000, f"n * {apart}", "-3").read_all()
    ours = took(lambda: lake.upsert("t", rows, key_columns=["code"]))
    before = peak()
    theirs = with_pyiceberg(lake, batches(1_000, f"n * {apart}", "-4").read_all())
    print(
        f"upsert of 1,000 keys: lake {ours:.2f} s ({before}), PyIceberg's own {theirs:.2f} s "
        f"({peak()}), ratio {ours / theirs:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
