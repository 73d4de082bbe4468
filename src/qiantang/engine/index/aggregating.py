"""Aggregation of one group: children's columns and weights become one column.

A missing child is dropped and the other weights rescaled, unless the recipe says otherwise or fewer
than the asked share is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from qiantang.engine.index import means
from qiantang.engine.index.consensus import kemeny_young
from qiantang.engine.index.data import Floats
from qiantang.engine.index.errors import RecipeInvalid, ValueForbids, WeightsUnfit
from qiantang.engine.index.formula import Formula
from qiantang.engine.index.group import Aggregation, Group, Method
from qiantang.engine.index.optimising import benefit_of_the_doubt
from qiantang.engine.index.ordering import copeland, outranking_score, topsis
from qiantang.kernel.text import Text

__all__ = ["METHODS", "TOGETHER", "Aggregation", "Group", "aggregate"]


def aggregate(group: Group) -> Floats:
    """``[..., row]`` for the parent. Raises `WeightsUnfit`, `ValueForbids`."""
    total = group.weights.sum(axis=-1, keepdims=True)
    if not (total > 0).all():
        raise WeightsUnfit(
            group=group.code,
            reason=Text("之和为 0", "they sum to 0"),
            expected=Text("请至少给一个下级大于 0 的权重。", "Give one child a weight above 0."),
        )
    if group.how.missing == "refuse":
        _refuse_gaps(group, Text("聚合", "Aggregation"))
    even = replace(group, weights=group.weights / total)
    method = METHODS[group.how.method]
    found = method(even) if group.how.method in TOGETHER else _one_by_one(even, method)
    there = (~np.isnan(group.values)).mean(axis=-1)
    # A weight of zero takes a child out of the sum, not out of what must be there.
    least = 1.0 if group.how.missing == "missing" else group.how.share
    lacking = (there == 0) | (there < least)
    return np.where(lacking, np.nan, found) if lacking.any() else found


def _refuse_gaps(group: Group, method: Text) -> None:
    """Raises `ValueForbids` where a child is missing."""
    gaps = np.argwhere(np.isnan(group.values))
    if gaps.size:
        row, column = (int(i) for i in gaps[0][-2:])
        raise ValueForbids(
            method=method, unit=group.units[row], column=group.children[column], found="-",
            expected=Text("请先补缺，或用 missing 另定缺失值的处理方式。",
                          "Impute it first, or let missing say otherwise."),
        )  # fmt: skip


def _doubt(group: Group) -> Floats:
    """Benefit of the doubt needs complete values of 0 or more."""
    name = Text("有利权重法", "Benefit of the doubt")
    _refuse_gaps(group, name)
    if (group.values < 0).any():
        row, column = (int(i) for i in np.argwhere(group.values < 0)[0])
        raise ValueForbids(
            method=name, unit=group.units[row], column=group.children[column],
            found=float(group.values[row, column]), expected=means.NOT_NEGATIVE,
        )  # fmt: skip
    return benefit_of_the_doubt(group.values, low=group.how.low, high=group.how.high)


def _formula(group: Group) -> Floats:
    return Formula(group.how.formula, f"aggregate ({group.code}).formula").of(group)


def _custom(group: Group) -> Floats:
    """The caller's own function; what it gives back must be one figure a row."""
    function = group.how.function
    found = None if function is None else np.asarray(function(group.values, group.weights), float)
    if found is None or found.shape != group.values.shape[:1]:
        raise RecipeInvalid(
            key=f"aggregate ({group.code}).function",
            found="-" if found is None else found.shape,
            reason=Text("须由程序给出函数，且每行返回一个数",
                        "the program gives the function, which returns one figure a row"),
            expected="function(values, weights) -> [row]",
        )  # fmt: skip
    return found


def _one_by_one(group: Group, method: Method) -> Floats:
    """Methods that look at all units of one set at once."""
    if group.weights.ndim == 1 and group.values.ndim == 2:
        return method(group)
    sets = np.broadcast_shapes(group.weights.shape[:-1], group.values.shape[:-2])
    weights = np.broadcast_to(group.weights, (*sets, group.weights.shape[-1]))
    values = np.broadcast_to(group.values, (*sets, *group.values.shape[-2:]))
    return np.stack(
        [method(replace(group, values=v, weights=w)) for v, w in zip(values, weights, strict=True)]
    )


METHODS: Final[Mapping[str, Method]] = {
    "arithmetic": means.arithmetic,
    "geometric": means.geometric,
    "harmonic": means.harmonic,
    "generalised": means.generalised,
    "median": means.median,
    "mazziotta-pareto": means.mazziotta_pareto,
    "owa": means.ordered,
    "topsis": lambda g: topsis(g.values, g.weights),
    "copeland": lambda g: copeland(g.values, g.weights),
    "outranking": lambda g: outranking_score(g.values, g.weights),
    "kemeny-young": lambda g: kemeny_young(g.values, g.weights),
    "benefit-of-the-doubt": _doubt,
    "formula": _formula,
    "custom": _custom,
}
TOGETHER: Final = frozenset(
    {"arithmetic", "geometric", "harmonic", "generalised", "mazziotta-pareto"}
)
"""Methods that take many weight sets in one pass."""
