"""What verdicts and levels are called, and the tone in which a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from qiantang.engine.targets.verdicts import Level, Use, Verdict
from qiantang.kernel.text import Text

Tone = Literal["good", "bad", "warn", "unknown", "pending"]

VERDICT_NAMES: Final[Mapping[Verdict, Text]] = MappingProxyType(
    {
        Verdict.MET: Text("已实现", "met"),
        Verdict.NOT_MET: Text("未实现", "not met"),
        Verdict.MET_NEAR: Text("已实现（近似口径）", "met on a near measure"),
        Verdict.NOT_MET_NEAR: Text("未实现（近似口径）", "not met on a near measure"),
        Verdict.LIKELY_MET: Text("很可能实现", "likely met"),
        Verdict.LIKELY_NOT_MET: Text("很可能未实现", "likely not met"),
        Verdict.UNDECIDED: Text("来源冲突，无法判定", "undecided: sources conflict"),
        Verdict.NO_EVIDENCE: Text("证据不足", "no evidence"),
        Verdict.NOT_YET_DUE: Text("尚未到期", "not yet due"),
        Verdict.MILESTONE_REACHED: Text("节点已达成", "milestone reached"),
        Verdict.MILESTONE_NOT_SHOWN: Text("尚无达成证据", "milestone not shown"),
    }
)

VERDICT_TONE: Final[Mapping[Verdict, Tone]] = MappingProxyType(
    {
        Verdict.MET: "good",
        Verdict.NOT_MET: "bad",
        Verdict.MET_NEAR: "good",
        Verdict.NOT_MET_NEAR: "bad",
        Verdict.LIKELY_MET: "good",
        Verdict.LIKELY_NOT_MET: "bad",
        Verdict.UNDECIDED: "warn",
        Verdict.NO_EVIDENCE: "unknown",
        Verdict.NOT_YET_DUE: "pending",
        Verdict.MILESTONE_REACHED: "good",
        Verdict.MILESTONE_NOT_SHOWN: "unknown",
    }
)

LEVEL_NAMES: Final[Mapping[Level, Text]] = MappingProxyType(
    {
        Level.HIGH: Text("高", "high"),
        Level.MEDIUM: Text("中", "medium"),
        Level.LOW: Text("低", "low"),
        Level.NONE: Text("无", "none"),
    }
)

USE_NAMES: Final[Mapping[Use, Text]] = MappingProxyType(
    {
        Use.DECIDING: Text("判定依据", "decides"),
        Use.SUPPORTING: Text("佐证", "supports"),
        Use.BOUND: Text("上下限", "bounds"),
        Use.BASE: Text("基期", "base"),
        Use.PACE: Text("进度", "pace"),
    }
)
