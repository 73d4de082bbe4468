"""Short ways to write a figure and a target, so that each test shows only what it is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from qiantang.engine.targets import assess_target
from qiantang.engine.targets.verdicts import TargetAssessment
from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator, Nature
from qiantang.packkit.plans import (
    Base,
    Comparator,
    Direction,
    EvidenceRule,
    Relation,
    Rules,
    Target,
    TargetKind,
)

TODAY = date(2026, 6, 30)

RULES = Rules(
    about_tolerance=Decimal("0.05"),
    conflict_tolerance=Decimal("0.005"),
    approximate_margin=Decimal("0.05"),
    preliminary_margin=Decimal("0.01"),
)


def _indicator(id: str, zh: str, en: str, unit: str, nature: Nature) -> Indicator:
    return Indicator(id, "statistics-zhejiang", Text(zh, en), unit, nature, "stats")


INDICATORS = {
    i.id: i
    for i in (
        _indicator("revenue", "业务收入", "Business revenue", "亿元", Nature.FLOW),
        _indicator("revenue2", "另一口径收入", "Another revenue", "亿元", Nature.FLOW),
        _indicator("firms", "企业数", "Firms", "家", Nature.STOCK),
        _indicator("share", "占比", "Share", "%", Nature.RATIO),
        _indicator("score", "指数", "Index score", "index", Nature.INDEX),
        _indicator("rank", "位次", "National rank", "rank", Nature.INDEX),
    )
}


def figure(
    value: str | int,
    period: str = "2019",
    *,
    id: str = "",
    indicator: str = "revenue",
    unit: str = "",
    kind: str = "actual",
    grade: str = "B",
    source: str = "",
    published: date | None = None,
    division: str = "330000",
    revision: int = 1,
    withdrawn: bool = False,
) -> Observation:
    identity = id or f"{indicator}-{period}-{value}-{grade}-{kind}"
    declared = INDICATORS.get(indicator)
    return Observation(
        id=identity,
        indicator=indicator,
        division=division,
        period=Period.parse(period),
        value=Decimal(value),
        unit=unit or (declared.unit if declared else "亿元"),
        kind=ObservationKind(kind),
        source=Source(title=source or f"source of {identity}", grade=grade, published=published),
        revision=revision,
        withdrawn=withdrawn,
    )


def aim(
    low: str | int | None = None,
    comparator: str | None = ">=",
    *,
    high: str | int | None = None,
    indicator: str = "revenue",
    relation: str = "same",
    more: Iterable[tuple[str, str]] = (),
    unit: str = "",
    due: int | tuple[int, int] | None = 2019,
    direction: str = "up",
    base: Base | None = None,
    kind: str = "quantity",
    reached_when: str | int | None = None,
) -> Target:
    years = due if isinstance(due, tuple) else (due, due)
    rules = [(indicator, relation), *more]
    return Target(
        id="T1",
        name=Text("规划目标", "Planned aim"),
        section="一(三)",
        quote="",
        kind=TargetKind(kind),
        unit=unit or INDICATORS[indicator].unit,
        comparator=Comparator(comparator) if comparator else None,
        direction=Direction(direction),
        low=None if low is None else Decimal(low),
        high=None if high is None else Decimal(high),
        due_from=date(years[0], 1, 1) if years[0] else None,
        due=date(years[1], 12, 31) if years[1] else None,
        evidence=tuple(EvidenceRule(i, Relation(r)) for i, r in rules),
        base=base,
        reached_when=None if reached_when is None else Decimal(reached_when),
    )


def judge(target: Target, *figures: Observation, as_of: date = TODAY) -> TargetAssessment:
    return assess_target(target, RULES, figures, INDICATORS, as_of)


def verdict(target: Target, *figures: Observation, as_of: date = TODAY) -> str:
    return judge(target, *figures, as_of=as_of).verdict.value


def codes(a: TargetAssessment) -> dict[str, str]:
    """Why each set-aside figure was set aside."""
    return {r.observation.id: r.code for r in a.rejected}


def uses(a: TargetAssessment) -> dict[str, str]:
    return {e.observation.id: e.use.value for e in a.evidence}
