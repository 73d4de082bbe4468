"""SQL that is let through, and SQL that is not: the regression list of hostile attempts."""

# ruff: noqa: E501 - a query in one line is easier to read here
from __future__ import annotations

import pytest

from qiantang.engine.sql import check_sql
from qiantang.engine.sql.language import MOST_CHARACTERS

TABLES = {
    "city": {"code": "text", "name": "text", "people": "int", "counted": "date"},
    "figure": {"city": "text", "indicator": "text", "value": "decimal"},
}


def codes(sql: str) -> set[str]:
    return {problem.code for problem in check_sql(sql, TABLES)}


@pytest.mark.parametrize(
    "sql",
    [
        "select code, people from city",
        "SELECT c.Code, sum(f.value) AS total FROM City c JOIN figure f ON f.city = c.code GROUP BY 1",
        "select * from city where people between 1 and 2 or name like '杭%' order by people desc limit 3",
        "select * exclude (name) from city",
        "with big as (select * from city where people > 1000) select b.code, b.people from big b",
        "with a as (select code as c from city), b as (select c from a) select c from b",
        "with a(x) as (select code from city) select x from a",
        "select x.y from (select people as y from city) x",
        "select people * 2 as doubled from city order by doubled",
        "select code, row_number() over (partition by name order by people) as n from city qualify n = 1",
        "select code, sum(people) over (order by code rows between 1 preceding and current row) from city",
        "select code from city c where exists (select 1 from figure f where f.city = c.code)",
        "select code from city where code not in (select city from figure)",
        "select count(*) filter (where people > 1), count(distinct name), median(people) from city",
        "select case when people > 0 then 'a' else null end as k from city",
        "select cast(people as decimal(20, 2)) / nullif(people, 0) as r from city",
        "select date_trunc('month', counted) as m, extract(year from counted) as y from city",
        "select date_diff('day', counted, date '2020-01-01') as d from city",
        "select code from city union all select city from figure",
        "select code from city except select city from figure",
        "select indicator, arg_max(city, value), quantile_cont(value, 0.9) from figure group by all",
        "select round(value, 2), abs(value), greatest(value, 0), coalesce(indicator, '-') from figure",
        "select lower(name) || '-' || substr(code, 1, 2) as k from city",
        "select string_agg(name, ',' order by name) as names from city",
        "select v.a from (values (1, 'x'), (2, 'y')) as v(a, b)",
        "select grouping_set.code from city as grouping_set group by grouping sets ((code), ())",
        "select code from city semi join figure on figure.city = city.code",
        "select regexp_matches(name, '^a'), try_cast(name as integer) from city",
        "select 'drop table city; --' as harmless from city",
        "select code -- read_csv('x')\nfrom city /* ; drop table city */",
    ],
)
def test_measures_that_analysts_write_are_allowed(sql: str) -> None:
    assert check_sql(sql, TABLES) == []


HOSTILE = [
    # files and the network
    ("select * from read_csv('/etc/passwd')", "sql.table_function"),
    ("select * from read_parquet('x.parquet')", "sql.table_function"),
    ("select * from read_text('/etc/passwd')", "sql.table_function"),
    ("select * from read_json_auto('x')", "sql.table_function"),
    ("select * from glob('/**')", "sql.table_function"),
    ("select * from '/etc/passwd'", "sql.table"),
    ('select * from "secret.csv"', "sql.table"),
    ("select * from parquet_metadata('x')", "sql.table_function"),
    ("select * from sniff_csv('x')", "sql.table_function"),
    ("copy city to 'out.csv'", "sql.not_one_select"),
    ("export database 'x'", "sql.syntax"),
    ("attach 'other.db'", "sql.not_one_select"),
    ("install httpfs", "sql.not_one_select"),
    ("load httpfs", "sql.not_one_select"),
    # other tables, by every way to name one
    ("select * from secret", "sql.table"),
    ("select * from main.city", "sql.qualified"),
    ("select * from memory.main.city", "sql.qualified"),
    ("select (select max(value) from secret) from city", "sql.table"),
    ("select * from city, lateral (select * from secret) s", "sql.table"),
    ("with city as (select * from figure) select * from city", "sql.shadow"),
    ("with CITY as (select 1 as code) select code from city", "sql.shadow"),
    # a CTE lends its name to the query that it belongs to, and to nothing beside that
    (
        "select s.* from (with secret as (select 1 as a) select a from secret) q cross join secret s",
        "sql.table",
    ),
    (
        "select (select max(x) from secret), a from "
        "(with secret as (select 1 as a) select a from secret) q",
        "sql.table",
    ),
    (
        "with c as (with secret as (select 1 as a) select a from secret), "
        "d as (select a from secret) select a from d",
        "sql.table",
    ),
    ("with d as (select a from secret), secret as (select 1 as a) select a from d", "sql.table"),
    ("with secret as (select a from secret) select a from secret", "sql.table"),
    (
        "select x from secret union all "
        "select a from (with secret as (select 1 as a) select a from secret) q",
        "sql.table",
    ),
    (
        "with recursive r as (select 1 as n union all select n + 1 from r) select n from r",
        "sql.construct",
    ),
    ("from secret", "sql.table"),
    ("table secret", "sql.table"),
    # SQL inside strings
    ("select * from query('select * from secret')", "sql.table_function"),
    ("select * from query_table('secret')", "sql.table_function"),
    ("select json_execute_serialized_sql('{}') from city", "sql.function"),
    # the engine's own facts
    ("select * from duckdb_settings()", "sql.table_function"),
    ("select * from information_schema.tables", "sql.qualified"),
    ("select * from sqlite_master", "sql.table"),
    ("select * from pragma_table_info('city')", "sql.table_function"),
    ("select current_setting('memory_limit') from city", "sql.function"),
    ("select getenv('HOME') from city", "sql.function"),
    ("select length(repeat('x', 2000000000)) from city", "sql.growth"),
    ("select repeat('x', -1) from city", "sql.growth"),
    ("select repeat(name, people) from city", "sql.growth"),
    ("select lpad(name, 100000, '0') from city", "sql.growth"),
    ("select rpad(name, people, '0') from city", "sql.growth"),
    ("select repeat(repeat(name, 900), 900) from city", "sql.growth"),
    ("select lpad(upper(repeat(name, 9)), 9, '0') from city", "sql.growth"),
    ("select version(), current_user from city", "sql.function"),
    ("select getvariable('x') from city", "sql.function"),
    ("summarize city", "sql.not_one_select"),
    ("describe city", "sql.not_one_select"),
    ("show tables", "sql.not_one_select"),
    ("explain select 1", "sql.not_one_select"),
    # writing and settings
    ("drop table city", "sql.not_one_select"),
    ("insert into city values (1)", "sql.not_one_select"),
    ("update city set code = 1", "sql.not_one_select"),
    ("delete from city", "sql.not_one_select"),
    ("create or replace view city as select 1", "sql.not_one_select"),
    ("create macro f(x) as x", "sql.not_one_select"),
    ("set threads = 1", "sql.not_one_select"),
    ("pragma database_list", "sql.not_one_select"),
    ("call duckdb_settings()", "sql.not_one_select"),
    ("begin", "sql.not_one_select"),
    ("select 1 from city; drop table city", "sql.not_one_select"),
    ("values (1)", "sql.not_one_select"),
    # time, chance and other things that make a figure irreproducible or eat the machine
    ("select random() from city", "sql.function"),
    ("select now() from city", "sql.function"),
    ("select uuid() from city", "sql.function"),
    ("select * from city tablesample 10%", "sql.construct"),
    ("select * from range(1000000000000)", "sql.table_function"),
    ("select unnest(range(1000000000)) from city", "sql.function"),
    ("select * from city at (version => 1)", "sql.construct"),
    ("select columns('.*') from city", "sql.function"),
    ("pivot city on name using sum(people)", "sql.not_one_select"),
    ("select list_transform([1], x -> x) from city", "sql.function"),
    ("select ? from city", "sql.construct"),
    ("select $1 from city", "sql.construct"),
    ("select error('x') from city", "sql.function"),
    ("select sleep_ms(1000) from city", "sql.function"),
    ("select write_log('x') from city", "sql.function"),
    # not SQL, or too much of it
    ("", "sql.not_one_select"),
    (";;", "sql.not_one_select"),
    ("select", "sql.syntax"),
    ("select code fro city where", "sql.syntax"),
    ("select 'unclosed", "sql.syntax"),
    ("select " + "(" * 5_000 + "1" + ")" * 5_000, "sql.too_large"),
    ("select " + " or ".join(["code = 'x'"] * 4_000) + " from city", "sql.too_large"),
    ("select " + "not " * 4_500 + "true from city", "sql.too_large"),
    ("select " + "- " * 9_000 + "1 from city", "sql.too_large"),
    ("select '" + "x" * MOST_CHARACTERS + "' from city", "sql.too_large"),
]


@pytest.mark.parametrize(("sql", "code"), HOSTILE, ids=[sql[:50] for sql, _ in HOSTILE])
def test_hostile_sql_is_refused(sql: str, code: str) -> None:
    assert code in codes(sql)


def test_every_finding_is_reported_at_once_with_its_place() -> None:
    sql = (
        "select c.code, c.nope,\n  random(), d.x\nfrom city as c\njoin figure f on f.citty = c.code"
    )
    found = [(p.code, p.line, p.column) for p in check_sql(sql, TABLES)]
    assert found == [
        ("sql.column", 1, 16),
        ("sql.function", 2, 3),
        ("sql.alias", 2, 13),
        ("sql.column", 4, 18),
    ]


def test_findings_say_what_would_be_right_in_both_languages() -> None:
    (found,) = check_sql("select cod from city", TABLES)
    assert "code, counted, name, people" in found.text.zh
    assert "code, counted, name, people" in found.text.en
    assert found.text.zh.startswith("没有列")


@pytest.mark.parametrize(
    "sql",
    [
        "select missing from city",
        "select f.people from city c join figure f on true",
        "with a as (select code from city) select people from a",
        "with a(x) as (select code from city) select code from a",
        "select x.people from (select code from city) x",
        "select code from city where missing > 1",
        "select code from city group by missing",
        "select code from city order by missing",
        "select code from city where exists (select 1 from figure where figure.city = city.missing)",
        "select code from city union select missing from figure",
        "with s as (select * from city) select s.missing from s",
        "select a.code from city a join (select * from figure) b on b.code = a.code",
    ],
)
def test_columns_that_nothing_offers_are_found(sql: str) -> None:
    assert codes(sql) == {"sql.column"}


def test_a_function_is_named_as_its_author_wrote_it() -> None:
    (found,) = check_sql("select random() as r from city", TABLES)
    assert found.text.en == "function random is not allowed"
