"""The light look at SQL is not fooled by strings, comments, CTEs and functions."""

from __future__ import annotations

import pytest

from qiantang.packkit.sql_text import look_at


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("select a from t", ["t"]),
        ("select a from t, u as x, v where a in (1, 2)", ["t", "u", "v"]),
        ("select 1 from t join u on t.a = u.a left join v using (a)", ["t", "u", "v"]),
        ("with c as (select * from t), d as (select * from c) select * from d", ["t"]),
        ("with c(x) as (select x from t) select * from c", ["t"]),
        ("select * from (select a from t) as s, u", ["t", "u"]),
        ("select a from t where b in (select b from u) order by a, z", ["t", "u"]),
        ("select 'from nowhere; -- x', \"from\" from t -- from u", ["t"]),
        ("select a /* from u; */ from t", ["t"]),
        ("select extract(year from day), trim(both ' ' from name) from t", ["t"]),
        ("select a, (select max(b) from u) from t group by a, c", ["u", "t"]),
        ('select * from "T" as a cross join pack__res', ["T", "pack__res"]),
        ("select * from main.t", ["main.t"]),
        ("select * from read_csv('/etc/passwd')", []),
        ("select a from t union all select a from u", ["t", "u"]),
        ("select a is distinct from b from t", ["t"]),
    ],
)
def test_tables_are_those_that_the_select_reads(sql: str, tables: list[str]) -> None:
    assert list(look_at(sql).tables) == tables


def test_statements_and_headers_are_told_apart() -> None:
    look = look_at("-- unit: 人\n-- a remark: 5 of 6\nselect 1; -- unit: 户\n;select 2")
    assert look.headers == {"unit": "人"}
    assert [s[0].line for s in look.statements] == [3, 4]


@pytest.mark.parametrize(("sql", "line"), [("select 'a", 1), ("select\n/* x", 2), ('\n\n"', 3)])
def test_what_never_ends_is_found_where_it_begins(sql: str, line: int) -> None:
    unclosed = look_at(sql).unclosed
    assert unclosed is not None
    assert unclosed.line == line
