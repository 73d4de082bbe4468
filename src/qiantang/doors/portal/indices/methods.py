"""The handbook's methods by name in both languages, with what each does in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiantang.kernel.text import Text

Names = Mapping[str, Text]

IMPUTE: Final[Names] = {
    "none": Text("不补缺", "no filling"),
    "mean": Text("全体均值", "mean of all units"),
    "median": Text("全体中位数", "median of all units"),
    "group-mean": Text("同组均值", "mean of the unit's group"),
    "group-median": Text("同组中位数", "median of the unit's group"),
    "row": Text("同单位其他指标", "the unit's other indicators"),
    "nearest": Text("最相近的单位", "the nearest units"),
    "em": Text("期望最大化（EM）", "expectation maximisation"),
    "multiple": Text("多重插补", "multiple imputation"),
    "last-value": Text("沿用上一年", "last known year"),
    "linear": Text("年间线性插值", "straight line between years"),
}
THEN: Final[Names] = {
    "": Text("不再变换", "no transformation"),
    "log": Text("取对数（保持尾部方向）", "logarithm that keeps the tail's direction"),
    "log-right": Text("右尾取对数", "logarithm of a right tail"),
    "log-left": Text("左尾取对数", "logarithm of a left tail"),
    "log-one": Text("加一后取对数", "logarithm of one more"),
    "log-report": Text("按报告公式取对数", "logarithm of the report's formula"),
    "box-cox": Text("Box-Cox 变换", "Box-Cox transformation"),
}
NORMALISE: Final[Names] = {
    "min-max": Text("最小—最大", "min-max"),
    "z-score": Text("标准分（z）", "z-score"),
    "scaled": Text("线性缩放", "linear scaling"),
    "goalposts": Text("固定上下限", "goalposts"),
    "distance-to-target": Text("与目标的距离", "distance to the target"),
    "distance-to-best": Text("与最好者的距离", "distance to the best"),
    "distance-to-reference": Text("与参照单位的距离", "distance to a reference"),
    "share-of-best": Text("占最好者的比例", "share of the best"),
    "rank": Text("名次", "rank"),
    "percentile-rank": Text("百分位名次", "percentile rank"),
    "borda": Text("Borda 计分", "Borda count"),
    "base-period": Text("以基期为 100", "base period = 100"),
    "categories": Text("分档计分", "categories"),
}
AGGREGATE: Final[Names] = {
    "arithmetic": Text("加权算术平均", "weighted arithmetic mean"),
    "geometric": Text("加权几何平均", "weighted geometric mean"),
    "harmonic": Text("加权调和平均", "weighted harmonic mean"),
    "generalised": Text("广义平均", "generalised mean"),
    "median": Text("加权中位数", "weighted median"),
    "mazziotta-pareto": Text(
        "Mazziotta-Pareto（惩罚不均衡）", "Mazziotta-Pareto (penalises imbalance)"
    ),
    "owa": Text("有序加权平均（OWA）", "ordered weighted average"),
    "topsis": Text("逼近理想解（TOPSIS）", "closeness to the ideal (TOPSIS)"),
    "copeland": Text("Copeland 两两比较", "Copeland (pairwise)"),
    "outranking": Text("级别优先序", "outranking"),
    "kemeny-young": Text("Kemeny-Young 排序", "Kemeny-Young order"),
    "benefit-of-the-doubt": Text("各取最有利权重", "benefit of the doubt"),
    "formula": Text("公式", "a formula"),
    "custom": Text("自定义函数", "a function of the pack"),
}
WEIGH: Final[Names] = {
    "given": Text("给定权重", "given weights"),
    "equal": Text("等权", "equal weights"),
    "ahp": Text("层次分析法（AHP）", "analytic hierarchy process"),
    "budget-allocation": Text("专家分配", "budget allocation"),
    "entropy": Text("熵权法", "entropy"),
    "critic": Text("CRITIC 法", "CRITIC"),
    "principal-component": Text("主成分", "principal component"),
    "factor-analysis": Text("因子分析", "factor analysis"),
    "balance": Text("使影响均衡", "balanced influence"),
    "information": Text("保留信息最多", "most information kept"),
    "benefit-of-the-doubt": Text("各取最有利权重", "benefit of the doubt"),
}
OF_STEP: Final[Mapping[str, Names]] = {
    "impute": IMPUTE,
    "normalise": NORMALISE,
    "aggregate": AGGREGATE,
    "weigh": WEIGH,
}
OFFERED: Final[Mapping[str, tuple[str, ...]]] = {
    "impute.method": ("none", "mean", "median", "nearest"),
    "normalise.method": ("min-max", "z-score", "distance-to-best", "percentile-rank", "borda"),
    "aggregate.method": (
        *("arithmetic", "geometric", "harmonic", "median", "mazziotta-pareto"),
        *("topsis", "copeland"),
    ),
}
"""Methods that need no further figures, so that a reader can choose them by name alone."""
PARAMETERS: Final[Names] = {
    "group": Text("分组", "group"),
    "neighbours": Text("相近单位数", "neighbours"),
    "reach": Text("最多沿用年数", "years carried at most"),
    "rounds": Text("迭代次数", "rounds"),
    "draws": Text("抽取次数", "draws"),
    "seed": Text("随机种子", "seed"),
    "data_share": Text("最低数据完整率", "least share of data"),
    "nonzero_share": Text("最低非零比例", "least share of figures that are not zero"),
    "always": Text("始终纳入", "always in"),
    "never": Text("始终不纳入", "never in"),
    "points": Text("最多缩尾的单元格数", "cells winsorised at most"),
    "then": Text("仍不通过时", "where it still fails"),
    "skew": Text("偏度界限", "limit of skew"),
    "kurtosis": Text("峰度界限", "limit of kurtosis"),
    "of_winsorised": Text("在缩尾后变换", "transform what was winsorised"),
    "range": Text("结果区间", "range of the result"),
    "low": Text("结果下端", "lower end"),
    "high": Text("结果上端", "upper end"),
    "mean": Text("结果均值", "mean of the result"),
    "sd": Text("结果标准差", "standard deviation of the result"),
    "posts": Text("上下限（差、好）", "goalposts (worst, best)"),
    "target": Text("目标值", "target"),
    "reference": Text("参照单位", "reference unit"),
    "base": Text("基期数值", "figure of the base period"),
    "steps": Text("分档界限", "limits of the categories"),
    "cap": Text("截在区间之内", "kept within the range"),
    "power": Text("幂次", "power"),
    "positive": Text("惩罚从得分中减去", "the penalty is taken off"),
    "order": Text("次序权重", "weights by order"),
    "share": Text("最低下级完整率", "least share of children present"),
    "years": Text("参数所用年份", "years that fix the parameters"),
    "method": Text("方法", "method"),
}


def said(step: str, method: str) -> Text:
    """A method's name; a word that is not known here stands for itself."""
    return OF_STEP.get(step, {}).get(method, Text(method, method))
