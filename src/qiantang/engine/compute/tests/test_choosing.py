"""Which engine a task runs on."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.compute import EngineSettings, choose, open_engine, size_of
from qiantang.engine.compute.errors import EngineUnknown, SparkUnreachable
from qiantang.engine.lake import Lake
from qiantang.engine.measures import run_measure

SPARK = EngineSettings(spark="sc://h:15002", spark_above=1000)


def test_size_decides_when_there_is_a_spark() -> None:
    assert choose(1000, SPARK) == "duckdb"
    assert choose(1001, SPARK) == "spark"
    assert choose([600, 600], SPARK) == "spark"
    assert choose(1 << 60, EngineSettings(spark_above=1000)) == "duckdb"


def test_a_setting_decides_before_size_and_the_task_before_the_setting() -> None:
    always = EngineSettings(spark="sc://h", wish="spark")
    assert choose(0, always) == "spark"
    assert choose(0, always, wish="duckdb") == "duckdb"
    assert choose(1 << 60, EngineSettings(spark="sc://h", wish="duckdb")) == "duckdb"


def test_spark_by_wish_without_an_address_is_said() -> None:
    with pytest.raises(SparkUnreachable):
        choose(0, EngineSettings(), wish="spark")


def test_the_environment_comes_before_the_zone() -> None:
    section = {"spark": "sc://zone", "engine": "spark", "spark_above_gb": 0.5}
    found = EngineSettings.of(section, {})
    assert found == EngineSettings("sc://zone", "spark", 1 << 29)
    found = EngineSettings.of(section, {"QIANTANG_SPARK": "sc://env", "QIANTANG_ENGINE": "duckdb"})
    assert (found.spark, found.wish) == ("sc://env", "duckdb")
    with pytest.raises(EngineUnknown):
        EngineSettings.of({"engine": "hive"}, {})


def test_the_size_is_that_of_the_planned_files(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    rows = pa.table({"x": pa.array(range(1000), pa.int64())})
    lake.ensure("a.b", rows.schema)
    lake.append("a.b", rows)
    plan = lake.files("a.b")
    assert size_of([plan]) == sum(Path(path).stat().st_size for path in plan.paths) > 0
    with open_engine({"b": plan}, EngineSettings()) as engine:
        assert engine.name == "duckdb"
        assert engine.query("select count(*) as n from b").to_pylist() == [{"n": 1000}]


def test_size_alone_does_not_send_to_spark_what_it_cannot_carry(tmp_path: Path) -> None:
    rows = pa.table({"x": pa.array(range(1000), pa.int64())})
    tiny = EngineSettings(spark="sc://127.0.0.1:1", spark_above=1)
    with open_engine({"b": rows}, tiny, sql="select gcd(x, 6) as g from b") as engine:
        assert engine.name == "duckdb"
    with pytest.raises(SparkUnreachable):
        open_engine({"b": rows}, tiny, sql="select sum(x) as n from b")


def test_a_measure_runs_where_the_setting_says(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pa.table({"x": pa.array(range(10), pa.int64())})
    monkeypatch.setenv("QIANTANG_ENGINE", "spark")
    monkeypatch.setenv("QIANTANG_SPARK", "sc://127.0.0.1:1")
    with pytest.raises(SparkUnreachable):
        run_measure("select sum(x) as n from b", {"b": rows})
    monkeypatch.setenv("QIANTANG_ENGINE", "duckdb")
    assert run_measure("select sum(x) as n from b", {"b": rows}).to_pylist() == [{"n": 45}]
