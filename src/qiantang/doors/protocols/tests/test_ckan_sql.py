"""`datastore_search_sql`, called by CKAN's own client over a live server."""

from __future__ import annotations

from typing import Any

import pytest
from ckanapi import CKANAPIError, NotFound, RemoteCKAN, ValidationError

from qiantang.doors.protocols.tests.conftest import SECRET
from qiantang.engine.compute import workers

RESOURCE = "harbour--berths_x23_csv"


pytestmark = pytest.mark.django_db


def test_results_of_sql_tell_their_types(ckan: RemoteCKAN) -> None:
    sql = (
        "SELECT count(*) AS n, sum(number) AS s, avg(number) AS a, sum(depth) AS d, "
        f'max(name) AS name, min(opened) AS o, count(*) > 1 AS b FROM "{RESOURCE}"'
    )
    found = ckan.action.datastore_search_sql(sql=sql)
    types = {f["id"]: f["type"] for f in found["fields"]}
    assert types.pop("s") in {"int8", "numeric"}
    assert types == {
        "n": "int8", "a": "float8", "d": "numeric", "name": "text", "o": "date", "b": "bool",
    }  # fmt: skip


def test_results_without_a_name_have_postgresqls(ckan: RemoteCKAN) -> None:
    def ask(what: str, rest: str = "") -> list[dict[str, Any]]:
        sql = f'SELECT {what} FROM "{RESOURCE}" {rest}'
        return list(ckan.action.datastore_search_sql(sql=sql)["records"])

    assert ask("count(*), sum(number), max(kind), min(number)::text") == [
        {"count": 25, "sum": "325", "max": "shallow", "min": "1"}
    ]
    assert ask("kind, count(*)", "GROUP BY kind ORDER BY count DESC")[0] == {
        "kind": "deep", "count": 13,
    }  # fmt: skip
    assert ask("count(*), count(depth)") == [{"count": 25, "count_2": 24}]
    assert ask("number + 1, 'x'", "WHERE number = 1") == [{"?column?": 2, "?column?_2": "x"}]
    assert ask("number::text, upper(kind) AS k", "WHERE number = 1") == [
        {"number": "1", "k": "DEEP"}
    ]
    within = f'SELECT count + 1 AS n FROM (SELECT count(*) FROM "{RESOURCE}") x'
    assert ckan.action.datastore_search_sql(sql=within)["records"] == [{"n": 26}]


def test_personal_fields_are_out_of_reach(ckan: RemoteCKAN) -> None:
    sql = f'SELECT * FROM "{RESOURCE}" ORDER BY number LIMIT 2'
    found = ckan.action.datastore_search_sql(sql=sql)
    assert set(found["records"][0]) == {"number", "name", "kind", "depth", "opened"}
    assert SECRET not in str(found)
    for asked in ({"fields": "keeper"}, {"filters": {"keeper": SECRET}}, {"sort": "keeper"},
                  {"fields": "_run"}):  # fmt: skip
        with pytest.raises(ValidationError):
            ckan.action.datastore_search(resource_id=RESOURCE, **asked)
    assert ckan.action.datastore_search(resource_id=RESOURCE, q=SECRET)["total"] == 0
    for column in ("keeper", "_run", "k.keeper"):
        with pytest.raises(ValidationError):
            ckan.action.datastore_search_sql(sql=f'SELECT {column} FROM "{RESOURCE}" k')


def test_one_select_over_one_open_table(ckan: RemoteCKAN) -> None:
    def ask(sql: str) -> list[dict[str, Any]]:
        return list(ckan.action.datastore_search_sql(sql=sql)["records"])

    counted = ask(f'SELECT kind, count(*) AS n FROM "{RESOURCE}" GROUP BY kind ORDER BY n DESC')
    assert counted == [{"kind": "deep", "n": 13}, {"kind": "shallow", "n": 12}]
    within = ask(f'WITH d AS (SELECT * FROM "{RESOURCE}" WHERE number < 4) SELECT * FROM d')
    assert len(within) == 3
    both = ask(
        f'SELECT number FROM "{RESOURCE}" WHERE number = 1 '
        f'UNION ALL SELECT number FROM "{RESOURCE}" WHERE number = 2'
    )
    assert sorted(r["number"] for r in both) == [1, 2]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "DROP TABLE x",
        'SELECT * FROM "harbour--berths_x23_csv"; DELETE FROM x',
        "SELECT * FROM read_csv('/etc/passwd')",
        'SELECT * FROM "harbour--berths_x23_csv", qiantang_rows',
        "SELECT * FROM qiantang_rows",
        "SELECT y.keeper FROM (WITH qiantang_rows AS (SELECT number FROM "
        '"harbour--berths_x23_csv") SELECT number FROM qiantang_rows) x, qiantang_rows y',
        'WITH "harbour--berths_x23_csv" AS (SELECT 1) SELECT * FROM "harbour--berths_x23_csv"',
        'SELECT getenv(name) FROM "harbour--berths_x23_csv"',
        "not sql",
    ],
)
def test_other_statements_are_refused(ckan: RemoteCKAN, sql: str) -> None:
    with pytest.raises((ValidationError, NotFound)):
        ckan.action.datastore_search_sql(sql=sql)


@pytest.mark.parametrize(
    ("sql", "zh", "en"),
    [
        ("DROP TABLE x", "只允许一条 select 语句，这里是 drop", "one select is allowed, not drop"),
        (f'SELECT * FROM "{RESOURCE}"; SELECT 1', "只允许一条 select", "not 2"),
        (f'SELECT number FROM "{RESOURCE}" WHERE (', "语法错误", "syntax error"),
        ("SELECT 1", "0 张表", "0 tables"),
        (f'SELECT nothing FROM "{RESOURCE}"', "nothing", "nothing"),
    ],
)
def test_what_is_wrong_with_a_select_is_told_in_both_languages(
    ckan: RemoteCKAN, sql: str, zh: str, en: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        ckan.action.datastore_search_sql(sql=sql)
    said = str(refused.value)
    assert zh in said, said
    assert en in said, said


def test_the_engines_words_are_not_told(ckan: RemoteCKAN) -> None:
    sql = f'SELECT CAST(name AS INTEGER) AS n FROM "{RESOURCE}"'
    with pytest.raises(CKANAPIError) as refused:
        ckan.action.datastore_search_sql(sql=sql)
    assert "泊位" not in str(refused.value)


def test_answers_of_sql_have_a_largest_size(
    ckan: RemoteCKAN, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MOST_BYTES", 10)
    with pytest.raises(CKANAPIError) as refused:
        ckan.action.datastore_search_sql(sql=f'SELECT * FROM "{RESOURCE}"')
    assert "Ask for fewer columns or rows" in str(refused.value)


def test_texts_without_bounds_end_and_others_are_answered(ckan: RemoteCKAN) -> None:
    steps = "".join(f", t{n} AS (SELECT replace(s, '泊', s) AS s FROM t{n - 1})" for n in (1, 2, 3))
    growing = f'WITH t0 AS (SELECT repeat(name, 1000) AS s FROM "{RESOURCE}" WHERE number = 1)'
    with pytest.raises(CKANAPIError) as refused:
        ckan.action.datastore_search_sql(sql=f"{growing}{steps} SELECT length(s) AS n FROM t3")
    assert "1024 MB" in str(refused.value)
    after = ckan.action.datastore_search_sql(sql=f'SELECT count(*) AS n FROM "{RESOURCE}"')
    assert after["records"] == [{"n": 25}]
