"""The refusal of a text; ``problems`` has every finding."""

from __future__ import annotations

from qiantang.engine.sql.findings import SqlProblem
from qiantang.kernel.errors import Invalid
from qiantang.kernel.text import Text, join


class SqlRefused(Invalid):
    """The SQL is not one select in the allowed language."""

    code = "sql.refused"
    title = Text(zh="SQL 不被允许", en="The SQL is not allowed")
    detail = Text(zh="{found}", en="{found}")
    hint = Text(
        zh="请按提示的行列逐一修改；可用的函数见参考文档。",
        en="Mend each at its line and column; the functions to use are in the reference.",
    )

    def __init__(self, problems: tuple[SqlProblem, ...]) -> None:
        self.problems = problems
        super().__init__(found=join([problem.line_text() for problem in problems[:20]]))


class NotPortable(SqlRefused):
    """The SQL runs on DuckDB, and Spark would not give the same rows; nothing has run."""

    code = "sql.not_portable"
    title = Text(zh="此 SQL 不能在 Spark 上运行", en="This SQL cannot run on Spark")
    hint = Text(
        zh="请按提示修改，或改用 DuckDB；可用的函数见参考文档。",
        en="Mend it as said, or use DuckDB; the reference lists the functions to use.",
    )
