"""The four verbs on both engines: planned files, SQL, Parquet for a commit, stopping."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qiantang.engine.compute import DuckEngine, Engine, SparkEngine
from qiantang.engine.compute.errors import (
    FolderTaken,
    SparkAddressInvalid,
    SparkUnreachable,
    TaskCancelled,
    TaskFailed,
    TaskTooSlow,
)
from qiantang.engine.compute.tests.sample import same, sample
from qiantang.engine.compute.tests.servers import real
from qiantang.engine.lake import Lake
from qiantang.engine.lake.duck import Limits
from qiantang.engine.lake.plans import Without
from qiantang.engine.sql.errors import NotPortable, SqlRefused

Opener = Callable[..., Engine]
ENDLESS = "select count(*) as n from n a, n b, n c where a.x * b.x + c.x = 7"


EVERY = ("duckdb", "spark")
COMPLETE = EVERY if real() else ("duckdb",)
"""Sail reads no files by field id and stops nothing; what it does instead has tests of its own."""


@pytest.fixture(params=EVERY)
def opened(request: pytest.FixtureRequest, address: str) -> Iterator[Opener]:
    """Opens an engine, with limits or without, and closes all afterwards."""
    engines: list[Engine] = []

    def make(limits: Limits | None = None) -> Engine:
        if request.param == "duckdb":
            engines.append(DuckEngine(limits=limits))
        else:
            engines.append(SparkEngine(address, limits=limits))
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """A table that was written, then had a column renamed and one added, and written again."""
    lake = Lake(tmp_path / "lake")
    first = pa.schema([("code", pa.string()), ("people", pa.int64())])
    lake.ensure("p.city", first)
    lake.append("p.city", pa.table({"code": ["330100", "330200"], "people": [5, 6]}, first))
    lake.rename_column("p.city", "people", "residents")
    later = pa.schema(
        [("code", pa.string()), ("residents", pa.int64()), ("seen_at", pa.timestamp("us"))]
    )
    lake.ensure("p.city", later)
    seen = datetime(2020, 3, 29, 2, 30)
    lake.append("p.city", pa.table([["330300"], [7], [seen]], schema=later))
    yield lake
    lake.close()


@pytest.mark.parametrize("opened", COMPLETE, indirect=True)
def test_planned_files_are_read_by_field_id(opened: Opener, lake: Lake) -> None:
    engine = opened()
    engine.register("city", lake.files("p.city"))
    found = engine.query("select code, residents, seen_at from city order by code")
    assert found.to_pylist() == [
        {"code": "330100", "residents": 5, "seen_at": None},
        {"code": "330200", "residents": 6, "seen_at": None},
        {"code": "330300", "residents": 7, "seen_at": datetime(2020, 3, 29, 2, 30)},
    ]
    assert found.schema.field("seen_at").type == pa.timestamp("us")


@pytest.mark.parametrize("opened", COMPLETE, indirect=True)
def test_an_earlier_version_is_exactly_its_files(opened: Opener, lake: Lake) -> None:
    first, _second = lake.snapshots("p.city")
    engine = opened()
    engine.register("city", lake.files("p.city", at=first.id))
    assert engine.query("select count(*) as n from city").to_pylist() == [{"n": 2}]


@pytest.mark.skipif(real(), reason="real Spark reads by field id, as the tests above ask")
def test_sail_refuses_field_ids_and_reads_nothing_by_name(
    address: str, lake: Lake, caplog: pytest.LogCaptureFixture
) -> None:
    """Read by name, a renamed column would silently be empty in older files."""
    with SparkEngine(address) as engine:
        with pytest.raises(TaskFailed) as wrong:
            engine.register("city", lake.files("p.city"))
        (said,) = (r.getMessage() for r in caplog.records if "task failed" in r.getMessage())
        assert "SQL parser" in said
        assert said.split()[2].rstrip(":") in wrong.value.message("en")
        with pytest.raises(SqlRefused):
            engine.query("select code from city")


def test_a_version_before_the_first_has_no_rows(opened: Opener, lake: Lake) -> None:
    engine = opened()
    engine.register("city", lake.files("p.city", at=datetime(2000, 1, 1, tzinfo=UTC)))
    found = engine.query("select code, sum(residents) as n from city group by code")
    assert found.num_rows == 0
    assert found.column_names == ["code", "n"]


def test_results_are_written_for_a_commit(opened: Opener, lake: Lake, tmp_path: Path) -> None:
    engine = opened()
    engine.register("t", sample())
    sql = "select id, k, m / 3 as third, ts, cast(m as decimal(12, 2)) as fee from t where m > 0"
    written = engine.write(sql, tmp_path / "out")
    assert written.rows == 3
    found = pa.concat_tables([pq.read_table(path) for path in written.paths]).sort_by("id")
    assert found.cast(written.schema).to_pylist()[0] == {
        "id": 1,
        "k": "甲",
        "third": pytest.approx(1.25 / 3),
        "ts": datetime(2020, 3, 29, 2, 30),
        "fee": Decimal("1.25"),
    }
    lake.ensure("p.result", written.schema)
    lake.append("p.result", found.cast(written.schema))
    assert lake.read("p.result").num_rows == 3


def test_a_result_never_mixes_with_what_lies_there(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/part.parquet").write_bytes(b"other")
    engine = opened()
    engine.register("t", sample())
    with pytest.raises(FolderTaken):
        engine.write("select id from t", tmp_path / "out")


def test_sql_that_is_not_allowed_runs_nowhere(opened: Opener) -> None:
    engine = opened()
    engine.register("t", sample())
    for sql in ("select random() from t", "select * from other", "drop table t", "select x from t"):
        with pytest.raises(SqlRefused) as wrong:
            engine.query(sql)
        assert wrong.value.problems


def test_a_failing_cast_is_said_without_the_value(opened: Opener, tmp_path: Path) -> None:
    engine = opened()
    engine.register("t", sample())
    with pytest.raises(TaskFailed) as wrong:
        engine.write("select cast(s as integer) as n from t", tmp_path / "out")
    assert "杭州" not in wrong.value.message("zh")
    assert not (tmp_path / "out").exists()


def numbers() -> pa.Table:
    return pa.table({"x": pa.array(range(20_000), pa.int64())})


@pytest.mark.parametrize("opened", COMPLETE, indirect=True)
def test_what_takes_too_long_is_stopped(opened: Opener) -> None:
    engine = opened(Limits(seconds=2.0))
    engine.register("n", numbers())
    with pytest.raises(TaskTooSlow):
        engine.query(ENDLESS)


@pytest.mark.parametrize("opened", COMPLETE, indirect=True)
def test_a_task_is_cancelled_from_another_thread(opened: Opener) -> None:
    engine = opened()
    engine.register("n", numbers())
    threading.Timer(1.5, engine.cancel).start()
    with pytest.raises(TaskCancelled):
        engine.query(ENDLESS)
    with pytest.raises(TaskCancelled):
        engine.query("select 1 as one from n")


def test_spark_is_told_what_only_duckdb_can_do(spark: SparkEngine) -> None:
    with pytest.raises(NotPortable) as wrong:
        spark.query("select id,\n  gcd(i, 6) as g, mode(k) over () as h from t")
    found = [(p.code, p.line) for p in wrong.value.problems]
    assert found == [("sql.portable", 2), ("sql.portable", 2)]
    assert "Spark" in wrong.value.message("zh")


def test_a_masked_phone_is_masked_alike(duck: DuckEngine, spark: SparkEngine) -> None:
    """Left alone, Spark would write ``\\1`` into the result, silently."""
    sql = (
        "select regexp_replace(s, '^(\\d{3})\\d{4}(\\d{4})$', '\\1****\\2') as phone "
        "from t where id = 2"
    )
    if not real():
        sql = sql.replace("\\2')", "\\2', 'g')")
    assert duck.query(sql).to_pylist() == [{"phone": "138****5678"}]
    assert same(duck.query(sql), spark.query(sql)) == ""


def test_times_are_not_shifted_by_anybodys_zone(duck: DuckEngine, spark: SparkEngine) -> None:
    """The process, the session and (on real Spark) the server stand in three zones."""
    assert time.tzname[0] == "CET"
    sql = (
        "select strptime('2020-03-29 02:30', '%Y-%m-%d %H:%M') as a, "
        "date_trunc('hour', timestamp '2020-03-08 02:30:00') as b, max(ts) as c from t"
    )
    (found,) = spark.query(sql).to_pylist()
    assert found["a"] == datetime(2020, 3, 29, 2, 30)
    assert found["b"] == datetime(2020, 3, 8, 2, 0)
    assert same(duck.query(sql), spark.query(sql)) == ""


def test_times_with_a_zone_keep_their_moment(opened: Opener) -> None:
    engine = opened()
    moment = datetime(2020, 3, 29, 0, 30, tzinfo=UTC)
    table = pa.table({"at_": pa.array([moment], pa.timestamp("us", tz="UTC"))})
    engine.register("z", table)
    found = engine.query("select at_ from z")
    assert found.to_pylist() == [{"at_": moment}]
    assert found.schema.field("at_").type == pa.timestamp("us", tz="UTC")


def test_nobody_at_the_address_is_said_at_once() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(SparkUnreachable) as wrong:
        SparkEngine(f"sc://127.0.0.1:{port}/;token=secret")
    assert f"127.0.0.1:{port}" in wrong.value.message("en")
    assert "secret" not in wrong.value.message("en")


def test_a_process_without_a_main_file_reaches_spark(address: str) -> None:
    """Worker processes have none; the client would end them."""
    code = (
        "from qiantang.engine.compute import SparkEngine\n"
        "import pyarrow as pa\n"
        f"with SparkEngine({address!r}) as engine:\n"
        "    engine.register('t', pa.table({'x': [1]}))\n"
        "    print(engine.query('select x from t').to_pylist())\n"
    )
    done = subprocess.run(  # noqa: PLW1510 - what it says is asserted
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == "[{'x': 1}]", done.stderr[-2000:]


@pytest.mark.parametrize("address", ["", "localhost", "http://x", "sc://", "sc://x:99999"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(SparkAddressInvalid):
        SparkEngine(address)


@pytest.mark.parametrize("opened", COMPLETE, indirect=True)
def test_rows_that_a_plan_leaves_out_are_never_met(opened: Opener, lake: Lake) -> None:
    """By a column that the task itself does not see."""
    plan = lake.files("p.city")
    code, residents = plan.columns[:2]
    engine = opened()
    engine.register(
        "city", replace(plan, columns=(residents,), without=Without(code, ("330100", "330300")))
    )
    assert engine.query("select residents from city").to_pylist() == [{"residents": 6}]
    with pytest.raises(SqlRefused):
        engine.query("select code from city")
