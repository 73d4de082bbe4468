"""Kinds of problems of composite indices: their tree, figures, units and recipe."""

from __future__ import annotations

from typing import Final

from qiantang.packkit.kinds_of_form import Rows

INDICES: Final[Rows] = [
    (
        "index_top",
        "顶层要素应只有一个，现有：{found}。",
        "An index has exactly one element without a parent; here: {found}.",
        "请为其余要素填写上级（parent）。",
        "Give the others a parent.",
    ),
    (
        "index_parent",
        "没有上级要素“{found}”。",
        'There is no element "{found}" above it.',
        "可用的上级：{expected}。",
        "Elements that may stand above: {expected}.",
    ),
    (
        "index_level",
        "层级 {found} 不低于上级“{parent}”的层级 {above}。",
        'Level {found} is not below level {above} of its parent "{parent}".',
        "指标为第 1 层，越往上层级越大。",
        "Indicators are level 1; levels grow towards the index.",
    ),
    (
        "index_cycle",
        "上下级形成循环：{found}。",
        "Its parents form a cycle: {found}.",
        "沿上级应最终到达顶层，请改正其中一个。",
        "Parents must lead to the top; correct one of them.",
    ),
    (
        "index_childless",
        "聚合要素“{found}”没有下级。",
        'The aggregate "{found}" has nothing below it.',
        "请为它列出下级，或把它改为第 1 层的指标。",
        "List what is below it, or make it an indicator of level 1.",
    ),
    (
        "index_weights_zero",
        "“{found}”的下级权重全部为 0。",
        'Everything below "{found}" has the weight 0.',
        "至少一个下级的权重应大于 0。",
        "At least one of them needs a weight above 0.",
    ),
    (
        "index_number_out_of_range",
        "“{key}”不能为 {found}。",
        '"{key}" cannot be {found}.',
        "应为：{expected}。",
        "It must be {expected}.",
    ),
    (
        "index_indicators_only",
        "“{key}”只用于第 1 层的指标。",
        '"{key}" is for indicators of level 1 only.',
        "请清空此格。",
        "Leave it empty here.",
    ),
    (
        "index_figures_field",
        "资源“{resource}”缺少字段“{found}”，不能作为指数的数据。",
        'The resource "{resource}" has no field "{found}", so it cannot hold the figures.',
        "指数的数据需要字段：{expected}。",
        "Figures of an index have the fields {expected}.",
    ),
    (
        "index_scores",
        "指标“{found}”（单位“{unit}”）不能承载本指数的得分。",
        'The indicator "{found}" (unit "{unit}") cannot stand for the scores of this index.',
        "该指标单位应为“{expected}”，不能是本指数自己的指标；评价单元须为 geography.division。",
        'Its unit is "{expected}", it is no indicator of this index, and the units are divisions.',
    ),
    (
        "index_no_units",
        "按此条件没有任何评价单元。",
        "No code of the list is a unit of this index.",
        "请核对 level 和 under。",
        "Check level and under.",
    ),
    (
        "index_refused",
        "{reason}",
        "{reason}",
        "请改正计算方案或结构。{expected}",
        "Correct the recipe or the structure. {expected}",
    ),
]
