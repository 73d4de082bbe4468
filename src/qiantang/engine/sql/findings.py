"""One finding about SQL, at its line and column."""

from __future__ import annotations

from dataclasses import dataclass

from qiantang.kernel.text import Text

KINDS: dict[str, Text] = {
    "sql.syntax": Text(zh="语法错误：{found}", en="syntax error: {found}"),
    "sql.too_large": Text(
        zh="过长或嵌套过深（上限：{expected}）", en="too long or too deep (limit: {expected})"
    ),
    "sql.not_one_select": Text(
        zh="只允许一条 select 语句，这里是 {found}", en="exactly one select is allowed, not {found}"
    ),
    "sql.construct": Text(zh="不允许使用 {found}", en="{found} is not allowed"),
    "sql.function": Text(zh="不允许使用函数 {found}", en="function {found} is not allowed"),
    "sql.growth": Text(
        zh="{found} 的次数或长度应为写明的、不超过 {expected} 的整数，且不得套用",
        en="{found} takes a number that is written out, {expected} at most, and no other such text",
    ),
    "sql.table_function": Text(
        zh="不允许把函数 {found} 当作表", en="function {found} cannot stand as a table"
    ),
    "sql.table": Text(
        zh="表“{found}”未声明；可用：{expected}",
        en='table "{found}" is not declared; there are: {expected}',
    ),
    "sql.qualified": Text(
        zh="表名“{found}”不能带库名或模式名", en='table name "{found}" may not have a schema'
    ),
    "sql.shadow": Text(
        zh="with 子句的名称“{found}”与已声明的表同名",
        en='the name "{found}" in with is that of a declared table',
    ),
    "sql.column": Text(
        zh="没有列“{found}”；可用：{expected}", en='no column "{found}"; there are: {expected}'
    ),
    "sql.portable": Text(
        zh="{found} 只能在 DuckDB 上运行：{reason}", en="{found} runs on DuckDB only: {reason}"
    ),
    "sql.alias": Text(zh="没有表或别名“{found}”", en='no table or alias "{found}"'),
}


@dataclass(frozen=True, slots=True)
class SqlProblem:
    """A finding; ``line`` and ``column`` count from 1, 0 where the place is not known."""

    code: str
    line: int
    column: int
    text: Text

    def line_text(self) -> Text:
        if not self.line:
            return self.text
        return Text(
            zh=f"第 {self.line} 行第 {self.column} 列：{self.text.zh}；",
            en=f"line {self.line}, column {self.column}: {self.text.en};",
        )


def problem(code: str, line: int, column: int, **fields: object) -> SqlProblem:
    return SqlProblem(code, line, column, KINDS[code].format(**fields))
