"""Every allowed function gives the same rows, in the same types, on DuckDB and on Spark.

The cases are the examples of the table of functions itself, so that a function cannot be allowed
without a case. On Sail, what it does not do as Spark does is marked; real Spark runs everything.
"""

from __future__ import annotations

import pytest

from qiantang.engine.compute import DuckEngine, SparkEngine
from qiantang.engine.compute.tests.sample import same
from qiantang.engine.compute.tests.servers import real
from qiantang.engine.sql import check_portable, check_sql
from qiantang.engine.sql.functions import FUNCTIONS, Kind
from qiantang.engine.sql.tests.types import SAMPLE_TYPES

SAIL = {
    "regexp_replace(s, 'a', 'x')": "replaces nothing before the match, ignoring (?s:)",
    "regexp_replace(s, '[\\p{Han}]', '$', 'g')": "keeps the backslash of an escaped $",
    "extract(isodow from day)": "weekday() counts Sunday as -1",
    "isodow(day)": "weekday() counts Sunday as -1",
}
SAIL_STATEMENTS = {
    "division by zero": "folds 0 / 0 before it looks at the condition",
    "casts round": "rint() rounds halves away from zero",
    "group by all": "does not know GROUP BY ALL",
    "nan and infinity are kept in order": "puts NaN first",
}


def _select(kind: Kind, example: str) -> str:
    if kind is Kind.AGGREGATE:
        return f"select k, {example} as v from t group by k order by k"
    return f"select id, {example} as v from t order by id"


def _cases(portable: bool) -> list[object]:
    found = []
    for function in FUNCTIONS:
        for example in function.examples if function.portable is portable else ():
            odd = not real() and example in SAIL
            marks = [pytest.mark.xfail(reason=f"Sail: {SAIL[example]}", strict=True)] if odd else []
            sql = _select(function.kind, example)
            found.append(pytest.param(sql, id=f"{function.name}: {example}", marks=marks))
    return found


@pytest.mark.parametrize("sql", _cases(portable=True))
def test_an_allowed_function_gives_the_same_on_both(
    sql: str, duck: DuckEngine, spark: SparkEngine
) -> None:
    assert check_portable(sql, SAMPLE_TYPES) == []
    assert same(duck.query(sql), spark.query(sql)) == ""


@pytest.mark.parametrize("sql", _cases(portable=False))
def test_what_is_for_duckdb_alone_runs_there_and_is_refused_elsewhere(
    sql: str, duck: DuckEngine
) -> None:
    assert check_sql(sql, SAMPLE_TYPES) == []
    assert duck.query(sql).num_rows > 0
    (found,) = check_portable(sql, SAMPLE_TYPES)
    assert found.code == "sql.portable"
    assert found.line == 1


STATEMENTS = {
    "division by zero": "select id, i / 0 as a, 0 / i as b, m / m as c from t order by id",
    "division of integers": "select id, i / 2 as a, i // 2 as b, i % 5 as c from t order by id",
    "products keep their decimals": "select id, m * m as a, m * 3 as b, m + 1 as c from t "
    "where id < 5 order by id",
    "casts round": "select id, cast(m as integer) as a, cast(d as integer) as b, "
    "try_cast(s as integer) as c, cast(i as decimal(12, 2)) as e from t order by id",
    "casts of text to dates": "select x, try_cast(x as date) as a, try_cast(x as timestamp) as b "
    "from (values ('2020-02-29'), ('2020-1-2'), ('2020/01/02'), ('2020'), ('2020-02'), ('x'), "
    "('2020-02-30'), ('')) as v(x) order by x",
    "casts to text": "select id, cast(m as varchar) as a, cast(day as varchar) as b, "
    "cast(ts as varchar) as c, cast(f as varchar) as e from t order by id",
    "nulls come last": "select id, i from t order by i, id desc",
    "nulls come last downwards too": "select id, i from t order by i desc, id",
    "nulls first when told": "select id, i from t order by i nulls first, id",
    "group by all": "select k, f, count(*) as n from t group by all order by k, f",
    "rollup": "select k, f, sum(i) as n from t group by rollup (k, f) order by k, f, n",
    "grouping sets": "select k, count(*) as n from t group by grouping sets ((k), ()) order by k",
    "having": "select k, avg(m) as a from t group by k having count(m) > 2 order by k",
    "qualify": "select id, k from t qualify row_number() over (partition by k order by id) = 1 "
    "order by id",
    "distinct on": "select distinct on (k) k, id from t order by k, id desc",
    "windows by rows": "select id, sum(i) over (order by id rows between 1 preceding and current "
    "row) as a from t order by id",
    "windows by range": "select id, count(*) over (order by id range between 2 preceding and "
    "1 following) as a from t order by id",
    "ctes and joins": "with a as (select k, sum(i) as total from t group by k), "
    "b(k, most) as (select k, max(m) from t group by k) "
    "select t.id, a.total / b.most as share from t join a on a.k = t.k join b on b.k = a.k "
    "order by t.id",
    "left join": "select a.id, b.id as other from t a left join t b on b.i = a.i and b.id > a.id "
    "order by a.id, other",
    "semi and anti join": "select id from t semi join (select 3 as i) x on x.i = t.i "
    "union all select -id from t anti join (select 3 as i) x on x.i = t.i order by id",
    "union, except, intersect": "(select i from t union select 5) except select 3 "
    "intersect select 3 order by i",
    "correlated exists": "select id from t where exists (select 1 from t u where u.i = t.i "
    "and u.id <> t.id) order by id",
    "scalar subquery": "select id, m / (select max(m) from t) as share from t order by id",
    "joined by using": "select id, other from t join (select k, max(id) as other from t "
    "group by k) as x using (k) order by id",
    "in with nulls": "select id, i in (3, null) as a, i not in (0, 12) as b from t order by id",
    "in and not in with a subquery": "select id from t where i in (select id from t) "
    "union all select 10 + id from t where i not in (select 3) order by id",
    "like with a backslash": r"select id, s like '%\%' as a, s like '%州%' as b from t order by id",
    "like with an escape": "select id, s like '%!_%' escape '!' as a from t order by id",
    "similar to": "select id, s similar to '[a-z]+.*' as a from t order by id",
    "is distinct from": "select id, i is distinct from 3 as a from t order by id",
    "case": "select id, case when i > 1 then m when i < 0 then 1 else 0 end as a, "
    "case k when '甲' then 1 end as b from t order by id",
    "concatenation with a null": "select id, k || '-' || s as a, s || i as b from t order by id",
    "days and months added": "select id, day + 1 as a, day + interval 1 month as b, "
    "ts - interval 90 minute as c, day - date '2020-01-01' as e from t order by id",
    "the last of the month": "select date '2020-01-31' + interval 1 month as a, "
    "date '2020-03-31' - interval 1 month as b",
    "times of a change of the clock": "select id, ts, date_trunc('day', ts) as a, "
    "ts + interval 1 hour as b, strftime(ts, '%H:%M') as c, "
    "strptime(strftime(ts, '%Y-%m-%d %H:%M:%S'), '%Y-%m-%d %H:%M:%S') as e from t order by id",
    "limit and offset": "select id from t order by id limit 2 offset 1",
    "a star": "select * from t order by id",
    "a star without": "select * exclude (m) from t order by id",
    "a star with another": "select * replace (i * 2 as i) from t order by id",
    "aliases in where": "select id, i * 2 as twice from t where twice > 3 order by id",
    "values": "select v.a, v.b from (values (1, '甲'), (2, null)) as v(a, b) order by v.a",
    "columns named in Chinese": 'select id as "编号", i + 1 as "合计" from t order by "编号"',
    "rounding of sums": "select k, round(sum(d) / count(*), 2) as a, round(avg(m), 3) as b "
    "from t group by k order by k",
    "nan and infinity are kept in order": "select id, d / i as a from t order by a, id",
}  # fmt: skip


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_gives_the_same_on_both(
    name: str, duck: DuckEngine, spark: SparkEngine, request: pytest.FixtureRequest
) -> None:
    if not real() and name in SAIL_STATEMENTS:
        mark = pytest.mark.xfail(reason=f"Sail: {SAIL_STATEMENTS[name]}", strict=True)
        request.applymarker(mark)
    sql = STATEMENTS[name]
    assert check_portable(sql, SAMPLE_TYPES) == []
    assert same(duck.query(sql), spark.query(sql)) == ""
