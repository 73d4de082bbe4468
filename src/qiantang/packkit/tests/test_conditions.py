"""Conditions of rows: what is understood, what is refused, which fields are named."""

from __future__ import annotations

import pytest

from qiantang.packkit.conditions import look_at_condition, output_columns


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("end_date >= start_date", ("end_date", "start_date")),
        ("kind not in ('10', '20') or capital > 0", ("kind", "capital")),
        ("born + interval 22 year <= registered", ("born", "registered")),
        ("case when a > 1 then b is not null else true end", ("a", "b")),
        ("left(code, 4) = '3301' and length(trim(\"Name\")) between 2 and 60", ("code", "name")),
        ("a is not distinct from b", ("a", "b")),
        ("regexp_matches(code, '^[0-9]+$')", ("code",)),
        ("year(day) % 2 = 0", ("day",)),
    ],
)
def test_fields_of_a_condition_are_named(text: str, columns: tuple[str, ...]) -> None:
    found = look_at_condition(text)
    assert (found.columns, found.refused, found.problem) == (columns, (), None)


@pytest.mark.parametrize(
    "text",
    [
        "day <= current_date",
        "random() < a",
        "a in (select b from other)",
        "exists (select 1)",
        "read_text('/etc/hosts') = a",
        "sum(a) > 1",
        "row_number() over () = a",
        "a[1] = 2",
        "getenv('HOME') = a",
        "date_add(a, interval 1 year) > b",
    ],
)
def test_what_reads_more_than_the_row_is_refused(text: str) -> None:
    found = look_at_condition(text)
    assert found.refused or found.problem


@pytest.mark.parametrize(
    "text",
    ["", "a >", "a, b", "a = 1; drop table x", "a as b", "a = 1 from t", "a where b", "(" * 500,
     "a = " + "1 + " * 2000 + "1", "a > 1 order by a"],
)  # fmt: skip
def test_what_is_no_condition_says_why(text: str) -> None:
    problem = look_at_condition(text).problem
    assert problem is not None
    assert problem.zh
    assert problem.en


def test_a_column_of_another_table_keeps_its_table() -> None:
    assert look_at_condition("other.a = b").columns == ("other.a", "b")


def test_output_columns_are_told_from_the_text_where_they_can_be() -> None:
    assert output_columns("select a, b as C, count(*) as n from t group by 1, 2") == ("a", "c", "n")
    assert output_columns("with x as (select 1 as a) select a from x") == ("a",)
    assert output_columns("select * from t") is None
    assert output_columns("select from where") is None
