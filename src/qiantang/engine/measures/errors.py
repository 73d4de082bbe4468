"""What can go wrong with a measure before it runs; then an engine may (`engine.compute.errors`)."""

from __future__ import annotations

from qiantang.engine.sql.errors import SqlRefused
from qiantang.kernel.errors import Invalid, NotFound
from qiantang.kernel.text import Text


class MeasureRefused(SqlRefused):
    """The SQL is not one select in the allowed language; ``problems`` has every finding."""

    code = "measures.refused"
    title = Text(zh="指标算法的 SQL 不被允许", en="The measure's SQL is not allowed")


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
