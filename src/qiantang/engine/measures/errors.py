"""What can go wrong with a measure; the engine's own words never reach the reader."""

from __future__ import annotations

from qiantang.engine.sql.errors import SqlRefused
from qiantang.kernel.errors import Invalid, NotFound, Unavailable
from qiantang.kernel.text import Text


class MeasureRefused(SqlRefused):
    """The SQL is not one select in the allowed language; ``problems`` has every finding."""

    code = "measures.refused"
    title = Text(zh="指标算法的 SQL 不被允许", en="The measure's SQL is not allowed")


class MeasureFailed(Invalid):
    code = "measures.failed"
    title = Text(zh="指标计算失败", en="The measure could not be computed")
    detail = Text(
        zh="计算失败：{found}（编号 {trace}）。", en="It failed: {found} (number {trace})."
    )
    hint = Text(
        zh="请检查数据类型和除数；系统日志中有该编号的详细信息。",
        en="Check types and divisors; the log has the details under that number.",
    )


class MeasureTooSlow(Unavailable):
    code = "measures.too_slow"
    transient = False
    title = Text(zh="指标计算超时", en="The measure took too long")
    detail = Text(zh="计算超过 {expected} 秒，已停止。", en="Stopped after {expected} seconds.")
    hint = Text(zh="请缩小范围或简化算法。", en="Ask for less, or simplify the measure.")


class MeasureTooLarge(Unavailable):
    code = "measures.too_large"
    transient = False
    title = Text(zh="指标计算超出内存上限", en="The measure needs too much memory")
    detail = Text(
        zh="计算超出 {expected} 内存上限，已停止。", en="Stopped at the limit of {expected}."
    )
    hint = Text(zh="请缩小范围或简化算法。", en="Ask for less, or simplify the measure.")


class ExampleUnready(Invalid):
    code = "measures.example_unready"
    title = Text(zh="示例不完整", en="The example is not complete")
    detail = Text(
        zh="示例“{example}”中的“{found}”未在领域包中声明。",
        en='Example "{example}" names "{found}", which the pack does not declare.',
    )
    hint = Text(zh="可用的名称：{expected}。", en="Names to use: {expected}.")


class NoSuchNode(NotFound):
    code = "measures.no_such_node"
    title = Text(zh="数据血缘中没有这一项", en="Not in the lineage")
    detail = Text(zh="数据血缘中没有“{found}”。", en='The lineage has no "{found}".')
    hint = Text(
        zh="写法如 field:包.资源.字段、measure:包.测度.列、indicator:指标、target:规划.目标。",
        en="Write field:pack.resource.field, measure:pack.measure.column, indicator:id or "
        "target:plan.id.",
    )
