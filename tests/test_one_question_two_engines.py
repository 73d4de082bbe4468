"""A measure, a pack's SQL check and a reader's query give the same rows on both engines.

The stand-in for Spark takes no schema with field ids; it reads planned files by their names here,
which is the same where no column was renamed. Real Spark (`make test-spark`) reads by field ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from qiantang.engine.compute import SparkEngine
from qiantang.engine.compute import spark as spark_module
from qiantang.engine.compute.spark_types import view_schema
from qiantang.engine.compute.tests import servers
from qiantang.engine.lake.columns import arrow_schema
from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.rooms.indicators import querying
from qiantang.rooms.indicators.tables import measure_rows
from qiantang.rooms.intake import services as intake
from qiantang.rooms.intake.shapes import RunView
from qiantang.rooms.intake.tests import trade

PACK = {
    **trade.ABOUT,
    "resources/firm.toml": """\
id = "firm"
grain = ["code"]
cadence = "P1M"
mode = "upsert"
sharing = "unconditional"
open = true
owner = "stats"
# The second engine's round replaces what the first one's left.
limits = { shrink_above = 1 }
name = { zh = "企业名录", en = "Firms" }
description = { zh = "企业名录", en = "Firms" }
licence = { zh = "CC0", en = "CC0" }
fields.code = { type = "text", zh = "编码", en = "Code", required = true }
fields.name = { type = "text", zh = "名称", en = "Name" }
fields.amount = { type = "decimal", zh = "金额", en = "Amount" }
fields.day = { type = "date", zh = "日期", en = "Day" }
""",
    "measures/by_month.sql": """\
-- name.zh: 各月金额
-- name.en: Amount by month
-- unit: 元
-- grain: month
select date_trunc('month', day) as month, sum(amount) as total, count(*) as n
from firm
group by 1
order by 1
""",
    "checks/same_name.sql": """\
-- resource: firm
-- name.zh: 同名企业金额不同
-- name.en: Firms of one name have different amounts
-- hint.zh: 请核对金额。
-- hint.en: Compare the amounts.
-- dimension: consistency
-- severity: set-aside
-- fields: amount
select a.code
from firm as a
join firm as b on a.name = b.name
where a.amount <> b.amount and a.code > b.code
""",
    "checks/late.sql": """\
-- resource: firm
-- name.zh: 日期过早
-- name.en: An early day
-- hint.zh: 请核对日期。
-- hint.en: Compare the day.
-- dimension: accuracy
-- severity: warn
-- fields: day
select code, day from firm where day < date '2026-01-02' order by code
""",
}
QUERY = """
select substr(code, 1, 3) as area, count(*) as n, round(avg(amount), 4) as mean, max(day) as last
from trade__firm
where amount is not null
group by 1
order by 1
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with servers.serving(tmp_path_factory.mktemp("spark")) as found:
        yield found


@pytest.fixture(autouse=True)
def zone(tree: None, lake_folder: Path, tmp_path: Path, settings: Any) -> None:
    trade.settle(settings, tmp_path)
    trade.install(PACK, tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text that Spark was asked, so that a test knows it was asked at all."""
    texts: list[str] = []
    plainly = SparkEngine.query

    def query(self: SparkEngine, sql: str) -> Any:
        texts.append(sql)
        return plainly(self, sql)

    monkeypatch.setattr(SparkEngine, "query", query)
    if not servers.real():
        by_name = lambda columns: view_schema(arrow_schema(columns))  # noqa: E731
        monkeypatch.setattr(spark_module, "planned_schema", by_name)
    return texts


@pytest.fixture
def use(settings: Any, address: str) -> Callable[[str], None]:
    """``use("spark")``: what the zone's settings choose from now on."""

    def choose(engine: str) -> None:
        settings.QIANTANG_COMPUTE = {"engine": engine, "spark": address}

    return choose


def sent(officer: Actor, folder: Path, rows: list[str], name: str, mode: str = "upsert") -> RunView:
    path = folder / name
    path.write_text("\n".join(["编码,名称,金额,日期", *rows]) + "\n", encoding="utf-8")
    return intake.work(intake.receive(officer, "trade.firm", path, mode=mode).id)


def rows(start: int, number: int = 40) -> list[str]:
    return [
        f"F{n:05d},企业{n},{n % 7}.{n % 10}5,2026-0{n % 3 + 1}-{n % 28 + 1:02d}"
        for n in range(start, start + number)
    ]


def test_a_measure_and_a_query_give_the_same(
    officer: Actor, tmp_path: Path, use: Callable[[str], None], asked: list[str]
) -> None:
    use("duckdb")
    assert sent(officer, tmp_path, rows(0), "first.csv").status == "published"
    query = querying.ask(SYSTEM, querying.Question(QUERY))
    measure = measure_rows(SYSTEM, "trade.by_month")
    assert (query.engine, query.rows.num_rows, len(measure.rows)) == ("duckdb", 1, 3)
    assert not asked

    use("spark")
    on_spark = querying.ask(SYSTEM, querying.Question(QUERY))
    assert (on_spark.engine, on_spark.rows) == ("spark", query.rows)
    measure_rows.__globals__["_computed"].cache_clear()
    assert measure_rows(SYSTEM, "trade.by_month").rows == measure.rows
    assert len(asked) == 2


def test_checks_set_aside_and_warn_the_same(
    officer: Actor, tmp_path: Path, use: Callable[[str], None], asked: list[str]
) -> None:
    found = []
    for engine in ("duckdb", "spark"):
        use(engine)
        base = sent(officer, tmp_path, rows(0, 80), "base.csv", mode="replace")
        wrong = "F99999,企业3,99,2026-01-01"
        run = sent(officer, tmp_path, [*rows(100, 80), wrong], "more.csv", mode="upsert")
        assert (base.status, run.status, run.accepted, run.set_aside) == (
            *("published", "published"),
            *(80, 1),
        )
        assert run.verdict is not None
        found.append([(f["id"], f["failed"], f["keys"]) for f in run.verdict["sql"]])
        assert bool(asked) == (engine == "spark")
    assert found[0] == found[1]
    assert [(id, failed > 0) for id, failed, _ in found[0]] == [("same_name", True), ("late", True)]
