"""What a rule raises for a form that has no equal on Spark, and the reasons."""

from __future__ import annotations

from typing import Final

from qiantang.kernel.text import Text


class NotPortable(Exception):
    """``found`` as the author wrote it; never leaves the translation."""

    def __init__(self, found: str, reason: Text) -> None:
        self.found = found
        self.reason = reason
        super().__init__(found)


TYPE_UNKNOWN: Final = Text("无法确定类型；请用 cast 写明", "its type cannot be told; write a cast")
LITERAL_WANTED: Final = Text("此参数必须是常量", "this argument must be a constant")
PATTERN_CODE: Final = Text("格式 {code} 没有对应", "the format {code} has no equal")
DECIMAL_SPLIT: Final = Text(
    "小数的插值在两个引擎上不同；请先 cast 为 double",
    "engines interpolate decimals differently; cast to double first",
)
DOUBLE_TEXT: Final = Text(
    "双精度数转文字的写法不同；请先 cast 为 decimal",
    "engines write doubles differently; cast to decimal first",
)
START_FROM_ONE: Final = Text("位置须为正整数", "the position must be a positive whole number")
UNORDERED_LIMIT: Final = Text(
    "没有 order by 的 limit 每次结果可能不同",
    "limit without order by may give other rows each time",
)
UNORDERED_LIST: Final = Text("请写明 order by", "write an order by")
WHOLE_PERIODS: Final = Text(
    "整月数在月末的算法不同；请用 date_diff",
    "whole months at a month's end are counted differently; use date_diff",
)
INTERVALS: Final = Text(
    "时间间隔不能作为结果；请用 date_diff", "an interval is no result; use date_diff"
)
INTERVAL_FIXED: Final = Text(
    "间隔必须是常量；按日可写 日期 + 整数",
    "an interval must be a constant; days may be date + integer",
)
WHOLE_NUMBERS: Final = Text("只对整数相同", "the same for whole numbers only")
QUANTIFIED: Final = Text("请用 in 或 exists", "use in or exists")
OPTION: Final = Text("不支持此选项", "this option is not carried over")
NO_DIGITS: Final = Text("不支持指定位数", "a number of digits is not carried over")
EPOCH: Final = Text("没有对应的部分", "this part has no equal")
WEEKS: Final = Text(
    "DuckDB 各版本算法不同；请用 date_diff('day', ...) // 7",
    "versions of DuckDB differ; use date_diff('day', ...) // 7",
)
IN_SELECT: Final = Text(
    "in 加子查询只在 where 中对空值处理相同", "in with a subquery treats nulls alike in where only"
)
