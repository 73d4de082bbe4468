"""Why a figure was set aside: stable codes, each with its reason in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiantang.engine.targets.verdicts import Rejected
from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text

REASONS: Final[Mapping[str, Text]] = {
    "other_division": Text("属于另一行政区划。", "It is about another division."),
    "not_yet_known": Text(
        "截至判定日尚未公布。", "It was not yet published on the day of judgement."
    ),
    "superseded": Text("已被同一数据的后一版本取代。", "A later revision replaces it."),
    "withdrawn": Text("已撤回。", "It has been withdrawn."),
    "aim": Text(
        "是目标值或计划值，不是实际结果。", "It is an aim set in a document, not a result."
    ),
    "grade_d": Text(
        "来源可信等级为 D，只列示，不作判定依据。",
        "The source is of grade D: it is shown but never decides.",
    ),
    "grade_not_deciding": Text(
        "来源可信等级不在本规划的判定等级之内。",
        "The grade of the source is not among those that decide for this plan.",
    ),
    "not_a_number": Text("数值无效或超出范围。", "The value is no number, or out of range."),
    "vague_period": Text(
        "来源未写明时期，只作背景。", "The source is vague about the period: context only."
    ),
    "unit_mismatch": Text(
        "计量单位与目标不可比。", "Its unit cannot be compared with the target's."
    ),
    "several_years": Text(
        "是多年合计或平均，不能与单个年份比较。",
        "It speaks of several years and cannot be compared with one.",
    ),
    "moment_of_flow": Text(
        "累计类指标没有时点数。", "A flow has no figure at a moment; the period is unclear."
    ),
    "published_early": Text(
        "公布时该时期尚未结束，只能是预计数。",
        "It was published before its period was over, so it can only be a forecast.",
    ),
    "part_year": Text(
        "是年内部分时期的数，不能代表全年。",
        "It covers part of a year and says nothing certain of the whole.",
    ),
    "full_year_known": Text(
        "只含年内部分时期，已有全年数。", "It covers part of a year whose full figure is known."
    ),
    "no_bound": Text(
        "范围不同的比率或指数不能作上下限。",
        "A ratio or index of another scope gives no bound.",
    ),
    "preliminary": Text("同期已有正式数，不用初步数。", "A final figure replaces it."),
    "conflict_lost": Text(
        "与采用的数不一致，见“数据冲突”。", "It differs from the figure used; see the conflict."
    ),
    "other_measure": Text(
        "已有更贴近规划口径的指标可用。", "A measure nearer to the plan's words was used."
    ),
    "outside_period": Text(
        "不在目标时期内，对判定没有作用。",
        "It lies outside the target's period and does not bear on the verdict.",
    ),
    "no_number": Text("目标没有可比较的数值。", "The target names no figure to compare with."),
}


def set_aside(observation: Observation, code: str) -> Rejected:
    return Rejected(observation, code, REASONS[code])
