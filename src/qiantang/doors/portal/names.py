"""The reader's words for the closed lists of the core: kinds, grades, uses, relations, tones.

Verdicts get their names from the engine; here they get the icon that stands beside the word, so
that nothing is told by colour alone.
"""

from __future__ import annotations

from typing import Final

from qiantang.doors.charts import VERDICT_COLOURS
from qiantang.engine.targets.verdicts import Level, Use, Verdict
from qiantang.kernel.observations import ObservationKind
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Nature, Sharing
from qiantang.packkit.plans import Comparator, Relation, TargetKind

ICONS: Final[dict[str, str]] = {
    Verdict.MET: "check",
    Verdict.NOT_MET: "cross",
    Verdict.MET_NEAR: "check-near",
    Verdict.NOT_MET_NEAR: "cross-near",
    Verdict.LIKELY_MET: "check-likely",
    Verdict.LIKELY_NOT_MET: "cross-likely",
    Verdict.UNDECIDED: "scales",
    Verdict.NO_EVIDENCE: "question",
    Verdict.NOT_YET_DUE: "clock",
    Verdict.MILESTONE_REACHED: "flag",
    Verdict.MILESTONE_NOT_SHOWN: "flag-open",
}

VERDICT_ORDER: Final[tuple[Verdict, ...]] = tuple(VERDICT_COLOURS)

KINDS: Final[dict[str, Text]] = {
    ObservationKind.ACTUAL: Text("实际数", "actual"),
    ObservationKind.PRELIMINARY: Text("初步数", "preliminary"),
    ObservationKind.APPROXIMATE: Text("约数", "approximate"),
    ObservationKind.LOWER_BOUND: Text("下限（“超过”）", "lower bound (“more than”)"),
    ObservationKind.UPPER_BOUND: Text("上限（“不足”）", "upper bound (“less than”)"),
    ObservationKind.DERIVED: Text("推算数", "derived"),
    ObservationKind.LATER_TARGET: Text("后来的目标", "later target"),
    ObservationKind.OTHER_PLAN_TARGET: Text("其他规划的目标", "another plan's target"),
}

GRADES: Final[dict[str, Text]] = {
    "A": Text("官方发布", "official publication"),
    "A-": Text("官方数据，由其他公共机构转发或翻译", "official, republished or translated"),
    "B": Text("媒体或公共机构引用官方数据", "press or public body quoting an official figure"),
    "B-": Text("转载，或已公布统计的二手副本", "repost, or secondary copy of published statistics"),
    "C": Text("镜像、聚合网站，或没有留存网址", "mirror, aggregator or no stored address"),
    "D": Text(
        "来源不明，或已知会改动数字的镜像", "unattributed, or a mirror known to change digits"
    ),
}

USES: Final[dict[str, Text]] = {
    Use.DECIDING: Text("据以判定", "decides"),
    Use.SUPPORTING: Text("佐证", "supports"),
    Use.BOUND: Text("作为界限", "bounds"),
    Use.BASE: Text("作为基期", "base"),
    Use.PACE: Text("用于进度", "shows the pace"),
}

RELATIONS: Final[dict[str, Text]] = {
    Relation.SAME: Text("与规划所指相同", "what the plan names"),
    Relation.RENAMED: Text("同一口径，后来更名", "the same aggregate, renamed later"),
    Relation.PROXY: Text("近似指标", "a near measure"),
    Relation.NARROWER: Text("口径较窄", "narrower in scope"),
    Relation.WIDER: Text("口径较宽", "wider in scope"),
}

LEVELS: Final[dict[str, Text]] = {
    Level.HIGH: Text("高", "high"),
    Level.MEDIUM: Text("中", "medium"),
    Level.LOW: Text("低", "low"),
    Level.NONE: Text("无", "none"),
}

TARGET_KINDS: Final[dict[str, Text]] = {
    TargetKind.QUANTITY: Text("数量目标", "quantity"),
    TargetKind.MILESTONE: Text("标志性目标", "milestone"),
    TargetKind.QUALITATIVE: Text("定性目标", "qualitative"),
}

COMPARATORS: Final[dict[str, Text]] = {
    Comparator.ABOVE: Text("突破", "above"),
    Comparator.AT_LEAST: Text("不低于", "at least"),
    Comparator.BELOW: Text("低于", "below"),
    Comparator.AT_MOST: Text("不高于", "at most"),
    Comparator.EQUAL: Text("达到", "exactly"),
    Comparator.ABOUT: Text("左右", "about"),
    Comparator.RANGE: Text("介于", "between"),
}

NATURES: Final[dict[str, Text]] = {
    Nature.FLOW: Text("流量（年内累计）", "flow (adds up within the year)"),
    Nature.STOCK: Text("存量（时点数）", "stock (counted at a moment)"),
    Nature.RATIO: Text("比率", "ratio"),
    Nature.INDEX: Text("指数", "index"),
}

SHARING: Final[dict[str, Text]] = {
    Sharing.UNCONDITIONAL: Text("无条件共享", "shared without conditions"),
    Sharing.CONDITIONAL: Text("有条件共享", "shared on conditions"),
    Sharing.WITHHELD: Text("不予共享", "not shared"),
}

LEVEL_OF_DIVISION: Final[dict[str, Text]] = {
    "province": Text("省", "province"),
    "city": Text("设区市", "city"),
    "county": Text("县（市、区）", "county, county-level city or district"),
}

GROUPS: Final[dict[str, dict[str, Text]]] = {
    "kind": KINDS,
    "grade": GRADES,
    "use": USES,
    "relation": RELATIONS,
    "level": LEVELS,
    "target_kind": TARGET_KINDS,
    "comparator": COMPARATORS,
    "nature": NATURES,
    "sharing": SHARING,
    "division": LEVEL_OF_DIVISION,
}


def name_of(group: str, value: str) -> Text:
    """The words for ``value`` in ``group``; the value itself when it is not on the list."""
    return GROUPS[group].get(value) or Text(value, value)
