"""The table of functions as the reference page tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qiantang.engine.sql.functions import FUNCTIONS, Function, Kind
from qiantang.kernel.text import Text

INTRODUCTION: Final = """# SQL · 可用的 SQL

Measures, checks and queries are one `select` in DuckDB's SQL over declared tables: joins, CTEs,
set operations, windows, `qualify`, `grouping sets`, subqueries. Only the functions below may be
called. `qiantang pack check` finds everything else, with its place.

测度、检查和查询都是一条 DuckDB 语法的 `select`，只能读取已声明的表，只能调用下列函数。
其余写法由 `qiantang pack check` 指出所在位置。

Where a task outgrows one machine it runs on Spark (`QIANTANG_SPARK`), and gives the same rows in
the same types: each example below is run on both engines by `make test-spark`. The column *Spark*
says what Spark runs: `=` the same, a rewriting, or why it stays with DuckDB. What cannot be carried
over is refused before anything runs. Doubles may differ in their last bits, because engines add in
another order.

数据超出单机能力时改由 Spark 计算，结果的行和类型相同：下列每个示例都在两个引擎上比对。
“Spark”一列：`=` 表示相同，其他为改写后的写法，或只能在 DuckDB 上运行的原因。
不能移植的写法在运行之前拒绝。双精度数的末位可能不同。

The examples read a table with the columns `id`, `k`, `i` (integer), `b` (bigint), `m` (decimal),
`d` (double), `s` (text), `f` (boolean), `day` (date), `ts` (timestamp).

Also refused on Spark · 在 Spark 上还会拒绝：`limit` without `order by`, `in (select ...)` outside
`where`, a double written as text, differences of times (use `date_diff`), types that cannot be told
(write a `cast`), patterns and formats that are not constants.
"""
TITLES: Final = {
    Kind.AGGREGATE: Text("对一组行", "Over a group of rows"),
    Kind.WINDOW: Text("对一个窗口", "Over a window"),
    Kind.SCALAR: Text("对每一行", "In every row"),
}


def sections() -> Iterator[tuple[str, list[tuple[str, str, str, str]]]]:
    """Title, and the rows of its table."""
    for kind, title in TITLES.items():
        rows = [_row(function) for function in FUNCTIONS if function.kind is kind]
        yield f"{title.zh} · {title.en}", rows


def _row(function: Function) -> tuple[str, str, str, str]:
    if function.why is not None:
        spark = f"✗ {function.why.zh} · {function.why.en}"
    else:
        spark = f"`{function.how}`" if function.how else "="
    return f"`{function.name}`", f"`{function.examples[0]}`", str(function.gives), spark
