"""Aggregates whose names, null handling or types differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlglot import exp

from qiantang.engine.sql import families as f
from qiantang.engine.sql.spark import refusals
from qiantang.engine.sql.spark.building import call, cast, choose, text
from qiantang.engine.sql.spark.number_rules import Family, Rule, known
from qiantang.engine.sql.spark.refusals import NotPortable

HALF: Final = "0.5"


def total(node: exp.Expr, family: Family) -> exp.Expr | None:
    """Truths are counted; Spark adds numbers only."""
    inner = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if family(inner) == f.BOOLEAN:
        inner.replace(cast(inner, "BIGINT"))
    return None


def mean(node: exp.Expr, family: Family) -> None:
    """In doubles; Spark's mean of decimals would be cut to four more digits."""
    inner = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if isinstance(node.this, exp.Distinct):
        return  # the same values are distinct in either type; the mean of decimals is refused
    inner.replace(cast(inner, "DOUBLE"))


def median(node: exp.Expr, family: Family) -> exp.Expr:
    return _percentile(node.this, exp.Literal.number(HALF), family, node)


def quantile(node: exp.Expr, family: Family) -> exp.Expr | None:
    if node.args.get("expression") is None:
        return None  # stands in within group
    return _percentile(node.this, node.expression, family, node)


def quantile_member(node: exp.Expr, family: Family) -> exp.Expr | None:
    if node.args.get("expression") is None:
        return None
    order = exp.Order(expressions=[exp.Ordered(this=node.this.copy())])
    return exp.WithinGroup(this=call("PERCENTILE_DISC", node.expression), expression=order)


def within_group(node: exp.Expr, family: Family) -> exp.Expr | None:
    ordered = node.expression.expressions[0]
    if ordered.args.get("desc"):
        raise NotPortable("within group (order by ... desc)", refusals.OPTION)
    if isinstance(node.this, exp.PercentileCont):
        return _percentile(ordered.this, node.this.this, family, node.this)
    if isinstance(node.this, exp.PercentileDisc):
        order = exp.Order(expressions=[exp.Ordered(this=ordered.this.copy())])
        return exp.WithinGroup(this=call("PERCENTILE_DISC", node.this.this), expression=order)
    return None


def _percentile(of: exp.Expr, share: exp.Expr, family: Family, node: exp.Expr) -> exp.Expr:
    kind = known(of, family, node)
    if kind not in (f.INTEGER, f.DOUBLE):
        raise NotPortable("median, quantile_cont", refusals.DECIMAL_SPLIT)
    return call("PERCENTILE", of, share)


def best(node: exp.Expr, family: Family) -> exp.Expr:
    """DuckDB passes over rows whose value is null."""
    if node.args.get("count"):
        raise NotPortable("arg_max, arg_min", refusals.OPTION)
    name = "MAX_BY" if isinstance(node, exp.ArgMax) else "MIN_BY"
    missing = exp.Is(this=node.this.copy(), expression=exp.Null())
    return call(name, node.this, choose(missing, exp.Null(), node.expression))


def joined(node: exp.Expr, family: Family) -> exp.Expr:
    ordered = node.this
    if not isinstance(ordered, exp.Order):
        raise NotPortable("string_agg", refusals.UNORDERED_LIST)
    if isinstance(ordered.this, exp.Distinct):
        raise NotPortable("string_agg(distinct)", refusals.OPTION)
    separator = node.args.get("separator") or text(",")
    order = exp.Order(expressions=[o.copy() for o in ordered.expressions])
    return exp.WithinGroup(this=call("LISTAGG", ordered.this, separator), expression=order)


GROUP_RULES: Final[Mapping[type[exp.Expr], Rule]] = {
    exp.Sum: total,
    exp.Avg: mean,
    exp.Median: median,
    exp.PercentileCont: quantile,
    exp.PercentileDisc: quantile_member,
    exp.WithinGroup: within_group,
    exp.ArgMax: best,
    exp.ArgMin: best,
    exp.GroupConcat: joined,
}
