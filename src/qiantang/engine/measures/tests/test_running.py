"""Measures that run, measures that fail, and where their figures come from."""

from __future__ import annotations

import logging
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from qiantang.engine.compute.duck import REASONS
from qiantang.engine.compute.errors import TaskFailed, TaskTooLarge, TaskTooSlow
from qiantang.engine.lake.duck import Limits
from qiantang.engine.measures import lineage, run_example, run_measure
from qiantang.engine.measures.errors import (
    ExampleUnready,
    MeasureRefused,
)
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import (
    Example,
    Field,
    FieldType,
    Measure,
    Pack,
    Resource,
    Sharing,
)

CITY = pa.table({"code": ["330100", "330200"], "people": [11_936_010, 9_404_283]})
FIGURE = pa.table(
    {
        "city": ["330100", "330100", "330200"],
        "value": pa.array([Decimal("1.5"), Decimal("2.25"), None], pa.decimal128(28, 8)),
    }
)
NAME = Text("人均", "per head")


def test_a_measure_over_two_tables() -> None:
    sql = (
        "-- unit: 人\n"
        "select c.code, sum(f.value) as total from city c "
        "join figure f on f.city = c.code group by c.code order by c.code"
    )
    measure = Measure("m", "p", NAME, "人", ("code",), sql, ("city", "figure"), Path("m.sql"))
    found = run_measure(measure, {"city": CITY, "figure": FIGURE})
    assert found.to_pylist() == [
        {"code": "330100", "total": Decimal("3.75")},
        {"code": "330200", "total": None},
    ]


def test_a_refused_measure_carries_every_finding_and_runs_nothing() -> None:
    with pytest.raises(MeasureRefused) as wrong:
        run_measure("select nope, random() from city", {"city": CITY})
    assert {p.code for p in wrong.value.problems} == {"sql.column", "sql.function"}
    assert "nope" in wrong.value.message("zh")
    assert "第 1 行" in wrong.value.message("zh")


@pytest.mark.parametrize(
    "sql",
    [
        "select cast(code as date) as d from city",
        "select cast(people as tinyint) as d from city",
        "select code + people as d from city where code > 'x' or people + code = 1",
        "select cast('secret-' || code as integer) as d from city",
    ],
)
def test_the_engines_words_and_values_stay_in_the_log(
    sql: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(TaskFailed) as wrong:
        run_measure(sql, {"city": CITY})
    for lang in ("zh", "en"):
        assert "3301" not in wrong.value.message(lang)
        assert "1193" not in wrong.value.message(lang)
        assert "Error" not in wrong.value.message(lang)
    assert str(wrong.value.fields["trace"]) in caplog.text
    assert wrong.value.fields["found"] in {reason for _, reason in REASONS}
    assert wrong.value.__cause__ is None


def test_a_measure_that_never_ends_is_stopped() -> None:
    many = pa.table({"n": list(range(50_000))})
    with pytest.raises(TaskTooSlow):
        run_measure(
            "select count(*) as n from t a, t b, t c where a.n + b.n + c.n = 7",
            {"t": many},
            limits=Limits(seconds=0.5),
        )


def test_a_measure_that_needs_too_much_memory_is_stopped() -> None:
    many = pa.table({"n": list(range(20_000))})
    with pytest.raises((TaskTooLarge, TaskTooSlow)):
        run_measure(
            "select string_agg(cast(a.n * b.n as varchar), ',') as s from t a, t b",
            {"t": many},
            limits=Limits(memory="32MB", seconds=20),
        )


def test_python_variables_are_no_tables() -> None:
    secret = pa.table({"x": [1]})
    with pytest.raises(MeasureRefused):
        run_measure("select x from secret", {"city": CITY})
    assert secret.num_rows == 1


TYPES = {"city": {"code": "text", "people": "int"}, "figure": {"city": "text", "value": "decimal"}}


def test_lineage_goes_through_ctes_and_names_only_what_makes_the_value() -> None:
    sql = (
        "with f as (select city, sum(value) as total from figure group by city) "
        "select c.code, f.total / c.people as per_head, count(*) as n, 1 as one "
        "from city c join f on f.city = c.code group by all"
    )
    assert lineage(sql, TYPES) == {
        "code": (("city", "code"),),
        "per_head": (("city", "people"), ("figure", "value")),
        "n": (),
        "one": (),
    }


def test_lineage_of_a_star_and_of_a_union() -> None:
    found = lineage("select * from city", TYPES)
    assert found == {"code": (("city", "code"),), "people": (("city", "people"),)}
    found = lineage("select code as k from city union all select city from figure", TYPES)
    assert found == {"k": (("city", "code"), ("figure", "city"))}


def test_lineage_of_refused_sql_is_refused() -> None:
    with pytest.raises(MeasureRefused):
        lineage("select * from elsewhere", TYPES)


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples/visits.csv").write_text(
        "city,visits,fee,open_on\n330100,3,1.10,2017-01-01\n330100,4,,2017-01-02\n330200,1,2.5,\n",
        encoding="utf-8",
    )
    fields = (
        Field("city", NAME, FieldType.CODE),
        Field("visits", NAME, FieldType.INTEGER),
        Field("fee", NAME, FieldType.DECIMAL),
        Field("open_on", NAME, FieldType.DATE),
    )
    visits = Resource(
        "visits", "tourism", NAME, NAME, fields, ("city",), "P1D", Sharing.UNCONDITIONAL,
        True, "stats", NAME,
    )  # fmt: skip
    sql = (
        "select city, sum(visits) as visits, sum(fee) as fee, min(open_on) as since "
        "from visits group by city order by city"
    )
    measure = Measure("total", "tourism", NAME, "人", ("city",), sql, ("visits",), tmp_path)
    return Pack(
        "tourism", NAME, NAME, "1", "stats", "CC0", (), tmp_path, "0",
        resources={"visits": visits}, measures={"total": measure},
    )  # fmt: skip


def example(pack: Pack, given: dict[str, Path], run: str = "measures/total.sql") -> Example:
    return Example("e", pack.id, NAME, given, run, (), pack.path / "examples/e.toml")


def test_an_example_reads_its_samples_by_their_declared_types(pack: Pack) -> None:
    import datetime

    given = {"visits": pack.path / "samples/visits.csv"}
    assert run_example(pack, example(pack, given)) == [
        {"city": "330100", "visits": 7, "fee": 1.1, "since": datetime.date(2017, 1, 1)},
        {"city": "330200", "visits": 1, "fee": 2.5, "since": None},
    ]


def test_an_example_that_gives_nothing_runs_over_no_rows(pack: Pack) -> None:
    assert run_example(pack, example(pack, {})) == []


def test_an_example_that_names_what_is_not_there_is_said(pack: Pack) -> None:
    with pytest.raises(ExampleUnready, match="total"):
        run_example(pack, example(pack, {}, run="measures/other.sql"))
    with pytest.raises(ExampleUnready, match="elsewhere"):
        run_example(pack, example(pack, {"elsewhere": pack.path / "samples/visits.csv"}))
