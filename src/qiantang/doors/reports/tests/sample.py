"""A small assessment with one target of every difficulty, for the tests of the reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from qiantang.engine.targets import as_json
from qiantang.engine.targets.verdicts import (
    Bound,
    Confidence,
    Conflict,
    Evidence,
    Gap,
    Level,
    Pace,
    Rejected,
    TargetAssessment,
    Use,
    Verdict,
)
from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.packkit.plans import (
    Comparator,
    EvidenceRule,
    Plan,
    Rules,
    Target,
    TargetKind,
)

AS_OF = date(2024, 6, 30)
NAMES = {
    "core_va": Text("数字经济核心产业增加值", "Value added of digital economy core industries"),
    "330000": Text("浙江省", "Zhejiang Province"),
}


@dataclass(frozen=True)
class SampleView:
    plan: Plan
    as_of: date
    division: str
    headline: Text
    computed_at: datetime
    assessments: tuple[TargetAssessment, ...]
    overrules: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "plan": self.plan.id,
            "as_of": self.as_of.isoformat(),
            "snapshot": 7,
            "targets": [
                {**as_json(a), "overrule": self.overrules.get(a.target.id)}
                for a in self.assessments
            ],
        }


def observation(
    id: str,
    period: str,
    value: str,
    *,
    kind: ObservationKind = ObservationKind.ACTUAL,
    quote: str = "",
    title: str = "浙江省统计局公报",
    address: str = "https://tjj.zj.gov.cn/a.html",
    unit: str = "亿元",
) -> Observation:
    source = Source(title, address, "communique", "A", quote, date(2020, 1, 17))
    at = Period.parse(period)
    return Observation(id, "core_va", "330000", at, Decimal(value), unit, kind, source)


def target(id: str, zh: str, en: str, **given: Any) -> Target:
    return Target(
        **{
            "id": id,
            "name": Text(zh, en),
            "section": "一（三）",
            "quote": "到2019年，全省信息经济核心产业增加值突破5500亿元",
            "kind": TargetKind.QUANTITY,
            "unit": "亿元",
            "comparator": Comparator.ABOVE,
            "low": Decimal(5500),
            "due_from": date(2019, 1, 1),
            "due": date(2019, 12, 31),
            "evidence": (EvidenceRule("core_va"),),
            **given,
        }
    )


def met(**given: Any) -> TargetAssessment:
    """Reached, with a conflict resolved, a pace and rows set aside."""
    rule = EvidenceRule("core_va")
    first, last = (
        observation("P001", "2014", "2854"),
        observation(
            "P004", "2019", "6228.94", quote="全省数字经济核心产业增加值6228.94亿元，同比增长14.5%"
        ),
    )
    part = observation("P003", "2018-01/2018-09", "3855.7")
    rival = observation("P005", "2019", "6229", kind=ObservationKind.PRELIMINARY)
    later = observation("P009", "2022", "8000", kind=ObservationKind.LATER_TARGET)
    why = Text("2019 年的全年数高于目标。", "The full-year figure for 2019 is above the target.")
    return TargetAssessment(
        target("T01", "信息经济核心产业增加值", "Value added of core industries", **given),
        AS_OF,
        Verdict.MET,
        why,
        Confidence(Level.HIGH, Text("官方来源，两处一致。", "Official source, two agree.")),
        Decimal("6228.94"),
        "亿元",
        Period.parse("2019"),
        rule,
        Gap(Decimal("728.94"), Decimal("0.1325345")),
        pace=Pace(Decimal("0.1402"), Decimal("0.1689"), Period.parse("2014"), Period.parse("2019")),
        conflicts=(
            Conflict(
                Period.parse("2019"),
                (last, rival),
                Decimal("6228.94"),
                "grade",
                Text("两个来源相差 0.5%，按等级取前者。", "Two sources differ; the grade decides."),
            ),
        ),
        evidence=(
            Evidence(last, rule, Use.DECIDING, last.value, Text("期限当年的全年数", "due year")),
            Evidence(first, rule, Use.PACE, first.value, Text("首个可用数", "first usable")),
            Evidence(part, rule, Use.BOUND, part.value, Text("不满一年，仅为下限", "a bound")),
        ),
        rejected=(
            Rejected(later, "aim", Text("是目标，不是结果", "An aim, not a result")),
            Rejected(rival, "duplicate", Text("另一来源已采用", "Another source was used")),
        ),
    )


def bare(id: str, zh: str, en: str, verdict: Verdict, **given: Any) -> TargetAssessment:
    """A verdict without any figure."""
    none = Confidence(Level.NONE, Text("没有数据。", "No figures."))
    why = Text("没有可用的数据。", "No usable figure was found.")
    return TargetAssessment(target(id, zh, en, **given), AS_OF, verdict, why, none)


def likely() -> TargetAssessment:
    base = met()
    about = target(
        "T05",
        "网络零售额",
        "Online retail sales",
        comparator=Comparator.ABOUT,
        low=Decimal(19000),
        high=Decimal(19000),
    )
    bound = Bound(Decimal(18000), None, Text("前三季度已达到", "Three quarters"))
    return TargetAssessment(
        about,
        AS_OF,
        Verdict.LIKELY_MET,
        Text("前三季度的累计数已接近目标。", "Three quarters already come close."),
        Confidence(Level.LOW, Text("只有下限。", "Only a bound.")),
        bound=bound,
        evidence=base.evidence[2:],
    )


def view(*more: TargetAssessment, headline: Text | None = None) -> SampleView:
    """Nine targets; ``more`` come last."""
    sources = (("about_tolerance", "zone.about"), ("conflict_tolerance", "zone.conflict"))
    rules = Rules(Decimal("0.05"), Decimal("0.005"), sources=sources, overridden=("zone.about",))
    assessments = (
        met(),
        bare("T02", "省级重点企业研究院数", "Provincial key institutes", Verdict.NO_EVIDENCE),
        bare("T03", "两化融合指数全国排名", "National rank", Verdict.NOT_MET),
        bare("T04", "政务数据开放", "Open government data", Verdict.MILESTONE_NOT_SHOWN),
        likely(),
        bare("T06", "软件业务收入", "Software revenue", Verdict.UNDECIDED),
        bare("T07", "网络能力", "Network capacity", Verdict.MET_NEAR, section="二（一）"),
        bare("T08", "互联网普及率", "Internet use", Verdict.NOT_YET_DUE, section="二（一）"),
        *more,
    )
    plan = Plan(
        "zone-2017",
        "zone-plan-2017",
        Text("浙江省国家信息经济示范区建设实施方案", "Zhejiang information-economy zone plan"),
        Text("中共浙江省委办公厅、浙江省人民政府办公厅", "General Offices, Zhejiang"),
        date(2017, 4, 27),
        Text("浙委办发〔2017〕", "Provincial document of 2017"),
        Text("", ""),
        "330000",
        rules,
        tuple(a.target for a in assessments),
        (
            ("一（三）", Text("一（三）主要目标", "1(3) Main targets")),
            ("二（一）", Text("二（一）基础设施", "2(1) Infrastructure")),
        ),
    )
    said = headline or Text(
        "8 项目标中，2 项已实现，1 项很可能实现，1 项未实现，其余证据不足或尚未到期。",
        "Of 8 targets 2 are met, 1 is likely met and 1 is not met; the rest lack evidence.",
    )
    moment = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
    overruled = {
        "T03": {
            "verdict": "met",
            "verdict_name": {"zh": "已实现", "en": "met"},
            "reason": "工信部文件确认",
            "by": {"zh": "李审核", "en": "Li"},
            "at": "2026-11-20T08:00:00+00:00",
            "withdrawn_at": None,
        }
    }
    return SampleView(plan, AS_OF, "330000", said, moment, assessments, overruled)
