"""Checks that are a select over resources: their rows become problems."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from qiantang.engine.quality import sql_checks
from qiantang.engine.quality.tests.streams import field, resource
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Dimension, Severity

CHECK = Check(
    "paid_after_death",
    Text("死亡后仍缴费", "Paid after death"),
    Text("请核实。", "Verify it."),
    Dimension.CONSISTENCY,
    Severity.WARN,
    sql="select a, b, _row from things where b = 'x'",
    fields=("b",),
    resources=("things",),
)
OF = resource(field("a"), field("b"), grain=("a",), checks=(CHECK,))


def test_failing_rows_become_problems() -> None:
    things = pa.table({"a": ["1", "2"], "b": ["x", "y"], "_row": [7, 8]})
    asked: list[tuple[str, ...]] = []

    def ask(sql: str, names: tuple[str, ...]) -> pa.Table:
        asked.append(names)
        with duckdb.connect() as db:
            db.register("things", things)
            return db.sql(sql).to_arrow_table()

    (found,) = sql_checks(OF, ask)
    assert asked == [("things",)]
    assert found.failed == 1
    (problem,) = found.problems
    assert (problem.row, problem.value, problem.rule) == (7, "x", "paid_after_death")
    assert (problem.severity, problem.code) == ("warn", "sql_check")
    assert problem.text.zh == "未通过检查“死亡后仍缴费”"
    assert problem.hint.en == "Verify it."


def test_many_failures_are_counted_and_the_first_shown() -> None:
    rows = pa.table({"A": [str(n) for n in range(1500)], "b": ["x"] * 1500})
    (found,) = sql_checks(OF, lambda *_: rows)
    assert (found.failed, len(found.problems)) == (1500, 1000)
    assert found.keys[:2] == ("0", "1")


def test_a_row_that_a_join_gives_often_is_one_row() -> None:
    rows = pa.table({"a": ["2", "1", "2", None, None], "b": ["x", "y", "z", "x", "x"]})
    (found,) = sql_checks(OF, lambda *_: rows)
    assert (found.failed, found.keys) == (3, ("2", "1", "None"))
    assert [problem.value for problem in found.problems] == ["x", "y", "x"]


def test_conditions_are_no_sql_checks() -> None:
    holds = Check("h", Text("h", "h"), Text("h", "h"), Dimension.ACCURACY, holds="a > 1")
    assert sql_checks(resource(field("a"), checks=(holds,)), lambda *_: pa.table({})) == ()
