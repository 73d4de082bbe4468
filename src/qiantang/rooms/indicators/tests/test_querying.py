"""A reader's own SQL: his rows, his fields, as of a day, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qiantang.engine.compute.errors import SparkUnreachable, TaskFailed
from qiantang.engine.sql.errors import SqlRefused
from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Role
from qiantang.kernel.periods import CHINA_TIME
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.indicators.errors import NoHistory, RowsWithheld
from qiantang.rooms.indicators.querying import Answer, Question, ask, write
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.tests.folders import write_pack

FIRM = """id = "firm"
grain = ["id"]
cadence = "P1Y"
sharing = "unconditional"
open = {open}
owner = "stats"
data = "data/firm.csv"
name = {{ zh = "企业", en = "Firms" }}
description = {{ zh = "企业。", en = "Firms." }}
licence = {{ zh = "内部", en = "internal" }}
[fields.id]
type = "integer"
zh = "编号"
en = "Id"
required = true
[fields.owner_name]
type = "text"
zh = "负责人"
en = "Owner"
{personal}
"""
COUNT = "select count(*) as n, sum(id) as s from trade__firm"


@pytest.fixture
def firms(tree: None, lake_folder: Path, tmp_path: Path) -> Callable[..., None]:
    """``firms(open=True)``: a pack with two firms; not open, one of their fields is personal."""

    def install(*, open: bool) -> None:
        folder = write_pack(tmp_path, id="trade")
        for name in ("resources", "data"):
            (folder / name).mkdir(exist_ok=True)
        personal = "" if open else 'personal = "personal"'
        text = FIRM.format(open=str(open).lower(), personal=personal)
        (folder / "resources/firm.toml").write_text(text, encoding="utf-8")
        (folder / "data/firm.csv").write_text("id,owner_name\n1,王\n2,李\n", encoding="utf-8")
        shelf_services.install_pack(SYSTEM, folder)
        assert shelf.problems() == ()
        catalogue.register_resources(SYSTEM, "trade")

    return install


def rows(found: Answer) -> list[dict[str, object]]:
    return list(found.rows.to_pylist())


def test_everybody_queries_what_is_open(firms: Callable[..., None]) -> None:
    firms(open=True)
    found = ask(ANONYMOUS, Question(COUNT))
    assert (rows(found), found.engine, found.truncated) == ([{"n": 2, "s": 3}], "duckdb", False)


def test_rows_that_are_not_open_are_withheld_from_the_public_and_not_from_members(
    firms: Callable[..., None], make_actor: Callable[..., Actor]
) -> None:
    firms(open=False)
    with pytest.raises(RowsWithheld):
        ask(ANONYMOUS, Question(COUNT))
    member = make_actor("reader", Role.OFFICER, at="330200-stats")
    assert rows(ask(member, Question(COUNT))) == [{"n": 2, "s": 3}]


@pytest.mark.parametrize(
    "sql",
    [
        "select owner_name from trade__firm",
        "select f.owner_name from trade__firm f where f.owner_name like '王%'",
        "select id from trade__firm order by owner_name",
        "select count(*) filter (where owner_name = '王') as n from trade__firm",
    ],
)
def test_a_personal_field_is_there_for_those_with_a_role_in_the_owner_alone(
    sql: str, firms: Callable[..., None], make_actor: Callable[..., Actor]
) -> None:
    firms(open=False)
    stranger = make_actor("reader", Role.OFFICER, at="330200-stats")
    auditor = make_actor("auditor", Role.AUDITOR, at="330000")
    for actor in (stranger, auditor):
        with pytest.raises(SqlRefused) as wrong:
            ask(actor, Question(sql))
        assert {p.code for p in wrong.value.problems} == {"sql.column"}
    for actor in (SYSTEM, make_actor("own", Role.OFFICER, at="330000-stats")):
        assert ask(actor, Question(sql)).rows.num_rows > 0


def test_every_column_means_every_visible_column(
    firms: Callable[..., None], make_actor: Callable[..., Actor]
) -> None:
    firms(open=False)
    stranger = make_actor("reader", Role.OFFICER, at="330200-stats")
    found = ask(stranger, Question("select * from trade__firm"))
    assert found.rows.column_names == ["id"]


def test_a_table_that_is_not_there_is_told_with_those_that_are(firms: Callable[..., None]) -> None:
    firms(open=True)
    with pytest.raises(SqlRefused) as wrong:
        ask(ANONYMOUS, Question("select 1 as n from trade__firms"))
    assert "trade__firm" in wrong.value.message("en")


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from information_schema.tables",
        "drop table trade__firm",
        "select getenv('HOME') as h from trade__firm",
        "select 1 as n from trade__firm; select 2 as n from trade__firm",
        "",
    ],
)
def test_nothing_but_a_select_over_resources_runs(sql: str, firms: Callable[..., None]) -> None:
    firms(open=True)
    with pytest.raises(SqlRefused):
        ask(SYSTEM, Question(sql))


def test_the_rows_are_cut_at_the_bound(firms: Callable[..., None]) -> None:
    firms(open=True)
    for sql in (
        "select id from trade__firm order by id",
        "select id from trade__firm order by id limit 50",
        "select id from trade__firm union all select id from trade__firm order by id",
    ):
        found = ask(ANONYMOUS, Question(sql), most=1)
        assert (rows(found), found.truncated) == ([{"id": 1}], True)
    lower = ask(ANONYMOUS, Question("select id from trade__firm limit 1"), most=1)
    assert not lower.truncated


def test_delivered_rows_are_read_as_of_a_day(firms: Callable[..., None]) -> None:
    firms(open=True)
    lake = shelf.lake()
    schema = pa.schema([("id", pa.int64()), ("owner_name", pa.string()), ("_run", pa.string())])
    lake.ensure("trade.firm", schema)
    lake.append("trade.firm", pa.table([[7], ["王"], ["r1"]], schema=schema))
    assert rows(ask(ANONYMOUS, Question(COUNT))) == [{"n": 1, "s": 7}]
    yesterday = date.today() - timedelta(days=1)
    assert rows(ask(ANONYMOUS, Question(COUNT, yesterday))) == [{"n": 0, "s": None}]
    with pytest.raises(SqlRefused):
        ask(SYSTEM, Question("select _run from trade__firm"))


def test_a_failing_query_says_no_value(firms: Callable[..., None]) -> None:
    firms(open=True)
    with pytest.raises(TaskFailed) as wrong:
        ask(SYSTEM, Question("select cast(owner_name as integer) as n from trade__firm"))
    assert "王" not in wrong.value.message("zh") + str(wrong.value.problem("en"))


def test_spark_by_wish_without_an_address_is_refused(firms: Callable[..., None]) -> None:
    firms(open=True)
    with pytest.raises(SparkUnreachable):
        ask(ANONYMOUS, Question(COUNT, wish="spark"))


def test_all_rows_are_written_whole(firms: Callable[..., None], tmp_path: Path) -> None:
    firms(open=True)
    question = Question("select id from trade__firm order by id")
    made = write(ANONYMOUS, question, tmp_path / "rows")
    assert pq.read_table(made.paths[0]).to_pylist() == [{"id": 1}, {"id": 2}]


def test_a_packs_own_rows_are_not_taken_for_those_of_a_day_before_they_came(
    firms: Callable[..., None], tmp_path: Path
) -> None:
    firms(open=True)
    today = datetime.now(CHINA_TIME).date()
    assert rows(ask(ANONYMOUS, Question(COUNT, at=today))) == [{"n": 2, "s": 3}]
    before = Question(COUNT, at=date(2020, 1, 1))
    with pytest.raises(NoHistory) as refused:
        ask(ANONYMOUS, before)
    assert (refused.value.fields["day"], refused.value.fields["since"]) == (
        "2020-01-01", today.isoformat(),
    )  # fmt: skip
    with pytest.raises(NoHistory):
        write(ANONYMOUS, before, tmp_path / "out")
