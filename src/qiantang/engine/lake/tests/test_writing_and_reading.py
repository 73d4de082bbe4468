"""What every store must do: tables, rows, versions, growth, keys."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qiantang.engine.lake import Lake, errors
from qiantang.engine.lake.tests.conftest import CITIES, HANGZHOU, NINGBO, WENZHOU, cities


def codes(table: pa.Table) -> list[str]:
    return table.column("code").to_pylist()


def test_a_new_table_is_empty_and_listed(lake: Lake) -> None:
    assert lake.tables() == []
    lake.ensure("statistics.city", CITIES)
    lake.ensure("statistics.area", CITIES)
    assert lake.tables() == ["statistics.area", "statistics.city"]
    assert lake.current("statistics.city") is None
    assert lake.snapshots("statistics.city") == []
    assert lake.read("statistics.city").schema == CITIES
    assert lake.read("statistics.city").num_rows == 0


def test_every_type_comes_back_as_it_went_in(lake: Lake) -> None:
    row = {
        "code": "330100",
        "name": "杭州市 'quoted' \"double\"",
        "people": 11_936_010,
        "area": Decimal("16850.12345678"),
        "counted": date(2020, 11, 1),
        "recorded_at": datetime(2021, 5, 11, 2, 0, 0, 123456, tzinfo=UTC),
        "final": True,
    }
    empty = dict.fromkeys(row) | {"code": "330200"}
    lake.ensure("city", CITIES)
    lake.append("city", pa.Table.from_pylist([row, empty], schema=CITIES))
    found = lake.read("city")
    assert found.schema == CITIES
    assert sorted(found.to_pylist(), key=lambda r: r["code"]) == [row, empty]


def test_appended_rows_add_up_and_absent_columns_are_empty(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    first = lake.append("city", cities(HANGZHOU), note={"by": "张三"})
    second = lake.append("city", cities(NINGBO, WENZHOU).select(["people", "code", "name"]))
    assert (first.rows, second.rows) == (1, 3)
    assert lake.snapshots("city") == [first, second]
    assert lake.current("city") == second
    assert first.note == {"by": "张三"}
    assert lake.read("city").column("final").null_count == 3


def test_rows_are_sorted_within_a_write(lake: Lake) -> None:
    lake.ensure("city", CITIES, sort_by=["code"])
    lake.append("city", cities(WENZHOU, HANGZHOU, NINGBO))
    assert codes(lake.read("city")) == ["330100", "330200", "330300"]


def test_reading_some_columns_and_some_rows(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU, NINGBO, WENZHOU))
    found = lake.read("city", columns=["people", "code"], where="people < ?", params=[9_500_000])
    assert found.to_pylist() == [{"people": 9_404_283, "code": "330200"}]
    assert found.column_names == ["people", "code"]


def test_a_query_joins_tables_of_the_lake(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    lake.ensure("figure-1", pa.schema([("city", pa.string()), ("value", pa.float64())]))
    lake.append("city", cities(HANGZHOU, NINGBO))
    lake.append("figure-1", pa.table({"city": ["330100", "330100"], "value": [1.5, 2.0]}))
    found = lake.query(
        "with s as (select city, sum(value) as total from f group by city) "
        "select c.name, s.total from c join s on s.city = c.code where s.total > ?",
        {"c": "city", "f": "figure-1"},
        params=[1],
    )
    assert found.to_pylist() == [{"name": "杭州市", "total": 3.5}]


def test_overwriting_replaces_everything_in_one_version(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU, NINGBO))
    lake.append("city", cities(WENZHOU))
    done = lake.overwrite("city", cities(NINGBO))
    assert codes(lake.read("city")) == ["330200"]
    assert done.rows == 1
    assert len(lake.snapshots("city")) == 3
    assert lake.overwrite("city", cities()).rows == 0
    assert lake.read("city").num_rows == 0


def test_an_overwrite_built_on_an_old_version_is_refused(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    base = lake.overwrite("city", cities(HANGZHOU), based_on=0)
    lake.append("city", cities(NINGBO))
    with pytest.raises(errors.TableMoved):
        lake.overwrite("city", cities(), based_on=base.id)
    assert lake.read("city").num_rows == 2


def test_time_travel_by_version_and_by_moment(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    first = lake.append("city", cities(HANGZHOU))
    second = lake.append("city", cities(NINGBO))
    lake.overwrite("city", cities(WENZHOU))
    assert codes(lake.read("city", at=first.id)) == ["330100"]
    assert sorted(codes(lake.read("city", at=second.committed_at))) == ["330100", "330200"]
    assert lake.read("city", at=first.committed_at - timedelta(seconds=1)).num_rows == 0
    assert codes(lake.read("city", at=datetime.now(UTC) + timedelta(days=1))) == ["330300"]
    with pytest.raises(errors.SnapshotUnknown):
        lake.read("city", at=12345)
    with pytest.raises(errors.MomentUnclear):
        lake.read("city", at=datetime(2026, 1, 1))


def test_a_key_lands_once(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    first = lake.append("city", cities(HANGZHOU), key="submission-1")
    lake.append("city", cities(NINGBO), key="submission-2")
    assert lake.append("city", cities(HANGZHOU), key="submission-1") == first
    assert lake.overwrite("city", cities(), key="submission-1") == first
    assert lake.read("city").num_rows == 2
    lake.append("city", cities(WENZHOU))
    lake.append("city", cities(WENZHOU))  # no key: nothing to recognise it by
    assert lake.read("city").num_rows == 4


def test_an_append_of_no_rows_is_a_version_with_its_key(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    done = lake.append("city", cities(), key="empty")
    assert (done.rows, done.key) == (0, "empty")
    assert lake.append("city", cities(HANGZHOU), key="empty") == done
    assert lake.read("city").num_rows == 0


def test_added_and_renamed_columns_read_right_in_old_and_new_versions(lake: Lake) -> None:
    lake.ensure("city", CITIES, sort_by=["code"])
    old = lake.append("city", cities(HANGZHOU))
    lake.rename_column("city", "name", "title")
    grown = [f if f.name != "name" else f.with_name("title") for f in CITIES]
    lake.ensure("city", pa.schema([*grown, ("name", pa.string())]))
    new = lake.append("city", pa.table({"code": ["330200"], "title": ["宁波"], "name": ["NB"]}))
    want = {"330100": ("杭州市", None), "330200": ("宁波", "NB")}
    found = {r["code"]: (r["title"], r["name"]) for r in lake.read("city", at=new.id).to_pylist()}
    assert found == want
    before = lake.read("city", at=old.id, columns=["code", "title", "name"]).to_pylist()
    assert before == [{"code": "330100", "title": "杭州市", "name": None}]
    assert lake.query("select count(title) as n from c", {"c": "city"}).to_pylist() == [{"n": 2}]


def test_a_sort_column_may_be_renamed(lake: Lake) -> None:
    lake.ensure("city", CITIES, sort_by=["code"])
    lake.rename_column("city", "code", "division")
    lake.append("city", cities(WENZHOU, HANGZHOU).rename_columns(["division", "name", "people"]))
    assert lake.read("city").column("division").to_pylist() == ["330100", "330300"]


def test_types_may_widen_and_old_rows_follow(lake: Lake) -> None:
    lake.ensure(
        "t", pa.schema([("n", pa.int32()), ("x", pa.float32()), ("d", pa.decimal128(9, 2))])
    )
    lake.append("t", pa.table({"n": [1], "x": [0.5], "d": [Decimal("1.25")]}))
    wide = pa.schema([("n", pa.int64()), ("x", pa.float64()), ("d", pa.decimal128(20, 2))])
    lake.ensure("t", wide)
    lake.append("t", pa.table({"n": [2**40], "x": [0.25], "d": [Decimal("12345678901.5")]}))
    found = lake.read("t")
    assert found.schema == wide
    assert sorted(found.column("n").to_pylist()) == [1, 2**40]


@pytest.mark.parametrize(
    "narrow",
    [
        pa.schema([f for f in CITIES if f.name != "area"]),
        pa.schema([f if f.name != "people" else pa.field("people", pa.int32()) for f in CITIES]),
        pa.schema([f if f.name != "people" else pa.field("people", pa.string()) for f in CITIES]),
        pa.schema(
            [f if f.name != "area" else pa.field("area", pa.decimal128(28, 2)) for f in CITIES]
        ),
    ],
    ids=["dropped", "narrower", "another kind", "another scale"],
)
def test_narrowing_is_refused_and_changes_nothing(lake: Lake, narrow: pa.Schema) -> None:
    lake.ensure("city", CITIES)
    with pytest.raises(errors.NarrowingRefused):
        lake.ensure("city", pa.schema([*narrow, ("extra", pa.string())]))
    assert lake.schema("city") == CITIES


@pytest.mark.parametrize(
    "rows",
    [
        pa.table({"code": ["1"], "mayor": ["x"]}),
        pa.table({"name": ["no code"]}),
        pa.table({"code": [None, "1"]}),
        pa.table({"code": ["1"], "people": ["many"]}),
        pa.table({"code": ["1"], "people": [1.5]}),
        pa.table([["1"], ["2"]], names=["code", "code"]),
    ],
    ids=["unknown", "absent", "empty", "no number", "fraction", "twice"],
)
def test_rows_that_do_not_fit_are_refused_whole(lake: Lake, rows: pa.Table) -> None:
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU))
    with pytest.raises(errors.RowsUnfit):
        lake.append("city", rows)
    assert len(lake.snapshots("city")) == 1


@pytest.mark.parametrize("name", ["", "../x", "A", "a b", "a/b", "城市", "x" * 200, "-a"])
def test_names_that_are_no_names_are_refused(lake: Lake, name: str) -> None:
    with pytest.raises(errors.NameInvalid):
        lake.ensure(name, CITIES)


def test_nested_types_and_repeated_columns_are_refused(lake: Lake) -> None:
    with pytest.raises(errors.TypeUnsupported):
        lake.ensure("t", pa.schema([("a", pa.list_(pa.string()))]))
    with pytest.raises(errors.NameInvalid):
        lake.ensure("t", pa.schema([("a", pa.string()), ("a", pa.int64())]))
    with pytest.raises(errors.NameInvalid):
        lake.ensure("t", CITIES, sort_by=["nothing"])
    assert lake.tables() == []


def test_an_unknown_table_is_said_by_name(lake: Lake) -> None:
    for ask in (lake.read, lake.snapshots, lake.current, lake.verify):
        with pytest.raises(errors.TableUnknown, match="nowhere"):
            ask("nowhere")
    with pytest.raises(errors.TableUnknown):
        lake.append("nowhere", cities(HANGZHOU))


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_parquet('{file}')",
        "select * from '{file}'",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/**')",
        "copy (select 1) to '{file}'",
        "select 1; select 2",
        "insert into c values (1)",
        "create table x as select 1",
        "attach 'x.db'",
        "select * from duckdb_settings()",
        "select * from information_schema.tables",
        "select * from sqlite_master",
        "show tables",
        "describe c",
        "select * from query('select 1')",
        "set threads = 1",
        "select missing from c",
        "select",
        "select '",
    ],
)
def test_a_query_reaches_nothing_but_its_tables(lake: Lake, sql: str) -> None:
    lake.ensure("city", CITIES)
    lake.append("city", cities(HANGZHOU))
    file = next(lake.folder.rglob("*.parquet"))
    size = file.stat().st_size
    with pytest.raises(errors.QueryInvalid):
        lake.query(sql.format(file=file), {"c": "city"})
    assert file.stat().st_size == size
    assert lake.read("city").num_rows == 1


def test_a_second_lake_on_the_same_folder_sees_every_version(lake: Lake) -> None:
    lake.ensure("city", CITIES)
    other = Lake(lake.folder, lake.catalogue_url)
    assert other.read("city").num_rows == 0
    for n in range(25):
        lake.append("city", cities((str(n), "x", n)))
        assert other.read("city").num_rows == n + 1
    assert other.snapshots("city") == lake.snapshots("city")
    assert other.verify("city") == []


def test_what_came_in_since_a_version_is_read_from_its_new_files_alone(lake: Lake) -> None:
    lake.ensure("cities", cities().schema)
    first = lake.append("cities", cities(("330100", "杭州市", 1)))
    second = lake.append("cities", cities(("330200", "宁波市", 2)))
    lake.append("cities", cities(("330300", "温州市", 3)))
    found = lake.appended("cities", first.id, columns=["code"])
    assert found is not None
    assert sorted(found.column("code").to_pylist()) == ["330200", "330300"]
    between = lake.appended("cities", first.id, columns=["code"], at=second.id)
    assert between is not None
    assert between.column("code").to_pylist() == ["330200"]
    nothing = lake.appended("cities", second.id, at=second.id)
    assert nothing is not None
    assert nothing.num_rows == 0
    assert nothing.schema == lake.schema("cities")


def test_files_without_the_keys_asked_for_are_not_opened(lake: Lake) -> None:
    lake.ensure("cities", cities().schema, sort_by=["code"])
    lake.append("cities", cities(("330100", "杭州市", 1), ("330200", "宁波市", 2)))
    lake.append("cities", cities(("330300", "温州市", 3)))
    first, second = lake.files("cities").paths
    far = first if "330300" in pq.read_table(first).column("code").to_pylist() else second
    Path(far).unlink()
    sql, tables = "SELECT code FROM t WHERE code = ?", {"t": "cities"}
    found = lake.query(sql, tables, params=["330200"], keys=["330200"])
    assert found.column("code").to_pylist() == ["330200"]
    assert lake.query(sql, tables, params=["331100"], keys=["331100"]).num_rows == 0
    with pytest.raises(errors.DataFileMissing):
        lake.query(sql, tables, params=["330300"], keys=["330300", "330200"])
    again = Lake(lake.folder, lake.catalogue_url)  # by the plan that was kept
    assert again.query(sql, tables, params=["330100"], keys=["330100"]).num_rows == 1


def test_after_a_rewriting_nobody_can_tell_what_came_in(lake: Lake) -> None:
    lake.ensure("cities", cities().schema)
    first = lake.append("cities", cities(("330100", "杭州市", 1)))
    lake.append("cities", cities(("330200", "宁波市", 2)))
    lake.overwrite("cities", cities(("330300", "温州市", 3)))
    assert lake.appended("cities", first.id) is None
    assert lake.appended("cities", 12345) is None
