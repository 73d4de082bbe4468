"""The words of the reports: headings of columns, names of kinds, the method in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiantang.kernel.observations import ObservationKind
from qiantang.kernel.text import Text

T = Text

WORDS: Final[Mapping[str, Text]] = {
    "report": T("目标评估报告", "Assessment of targets"),
    "summary": T("概要", "Summary"),
    "targets": T("目标", "Targets"),
    "evidence": T("证据", "Evidence"),
    "set_aside": T("未采用", "Set aside"),
    "method": T("方法", "Method"),
    "id": T("编号", "No."),
    "section": T("方案章节", "Section"),
    "name": T("目标", "Target"),
    "aim": T("目标值", "Aim"),
    "due": T("期限", "Due"),
    "verdict": T("结论", "Verdict"),
    "count": T("数量", "Number"),
    "confidence": T("可信度", "Confidence"),
    "value": T("数值", "Value"),
    "unit": T("单位", "Unit"),
    "period": T("时期", "Period"),
    "gap": T("差距", "Gap"),
    "gap_share": T("相对差距", "Gap, relative"),
    "needed": T("所需年均增速", "Yearly pace needed"),
    "seen": T("实际年均增速", "Yearly pace seen"),
    "reason": T("理由", "Reason"),
    "quote": T("方案原文", "Words of the plan"),
    "overrule": T("人工裁定", "Overruled by a person"),
    "use": T("用途", "Use"),
    "indicator": T("指标", "Indicator"),
    "kind": T("性质", "Kind"),
    "grade": T("可信等级", "Grade"),
    "source": T("来源", "Source"),
    "address": T("网址", "Address"),
    "published": T("发布日期", "Published"),
    "source_quote": T("来源原文", "Words of the source"),
    "note": T("口径与备注", "Scope and remarks"),
    "code": T("代码", "Code"),
    "plan": T("规划", "Plan"),
    "issuer": T("印发机关", "Issued by"),
    "issued": T("印发日期", "Issued on"),
    "division": T("行政区划", "Division"),
    "as_of": T("评估基准日", "As of"),
    "computed": T("计算时间", "Computed at"),
    "snapshot": T("数据快照", "Data snapshot"),
    "headline": T("总体结论", "In short"),
    "all": T("合计", "Total"),
    "norm": T("规范值", "Norm"),
    "conflict": T("来源冲突", "Sources conflict"),
    "bound": T("可能范围", "Bounds"),
    "figure": T("依据数值", "Figure"),
    "none": T("无", "none"),
    "page": T("第 {n} 页，共 {all} 页", "Page {n} of {all}"),
    "chart": T("数据与目标", "Figures and target"),
}

KINDS: Final[Mapping[str, Text]] = {
    ObservationKind.ACTUAL.value: T("实际数", "actual"),
    ObservationKind.PRELIMINARY.value: T("初步数", "preliminary"),
    ObservationKind.APPROXIMATE.value: T("约数", "approximate"),
    ObservationKind.LOWER_BOUND.value: T("下限", "lower bound"),
    ObservationKind.UPPER_BOUND.value: T("上限", "upper bound"),
    ObservationKind.DERIVED.value: T("推算数", "derived"),
    ObservationKind.LATER_TARGET.value: T("后续目标", "later target"),
    ObservationKind.OTHER_PLAN_TARGET.value: T("其他规划目标", "target of another plan"),
}

METHOD: Final[tuple[Text, ...]] = (
    T(
        "每项目标只与截至评估基准日已经知道的数据比较：来源注明发布日期的按发布日期，未注明的按时期末日。",
        "Each target is compared only with what was known on the day of assessment: by the date of "
        "publication where the source gives one, else by the last day of the period.",
    ),
    T(
        "全年数和期末数可直接比较；不满一年的累计数只作为下限，不当作全年数。",
        "Full-year and year-end figures compare directly; a figure for part of a year is only a "
        "bound, never the year's value.",
    ),
    T(
        "约数、下限、初步数和推算数按各自规则使用；其他文件提出的目标不作为完成情况。",
        "Approximate, bounding, preliminary and derived figures follow their own rules; aims set "
        "by other documents never count as results.",
    ),
    T(
        "同一时期的不同来源相差超过容差时列为冲突：先看可信等级，再看多数，仍无法分清的不作结论。",
        "Where sources for one period differ beyond the tolerance, the conflict is shown and "
        "resolved by grade, then by majority, else left undecided.",
    ),
    T(
        "口径相近但不相同的指标会注明“近似口径”；D 级来源不能决定结论。",
        "A measure of another population or name is called a near measure; a source of grade D "
        "never decides.",
    ),
    T(
        "人工裁定与计算结论并列，裁定不改变计算结论。",
        "A person's overrule stands beside the computed verdict and does not replace it.",
    ),
)

DISCLAIMER: Final = T(
    "本报告由公开数据自动计算。标注“未核实”的规范值和按规划期推定的期限是假设，使用前请核对原文。",
    "This report is computed from public figures. Norms marked unverified, and deadlines read from "
    "the plan's horizon, are assumptions: check them against the sources before relying on them.",
)

FIGURES_OF_RULES: Final[Mapping[str, Text]] = {
    "about_tolerance": T("“左右”允许的相对差距", "Relative shortfall allowed by “about”"),
    "conflict_tolerance": T("视为一致的来源间相对差", "Difference at which two sources agree"),
    "approximate_margin": T("约数和推算数的可能偏差", "Margin of approximate and derived figures"),
    "preliminary_margin": T("初步数的可能偏差", "Margin of preliminary figures"),
}
