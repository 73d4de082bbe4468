"""The judgement of one target, and of a whole plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from qiantang.engine.targets.verdicts import Confidence, Level, TargetAssessment, Verdict
from qiantang.kernel.observations import Observation
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Plan, Rules, Target


def assess_target(
    target: Target,
    rules: Rules,
    observations: Iterable[Observation],
    indicators: Mapping[str, Indicator],
    as_of: date,
) -> TargetAssessment:
    """First thin form: the newest full-year figure of the deadline's year against the limit."""
    wanted = {r.indicator: r for r in target.evidence}
    year = target.due.year if target.due else None
    rows = [
        o
        for o in observations
        if o.indicator in wanted
        and o.division == target.division
        and not o.withdrawn
        and o.period.year == year
        and o.unit == target.unit
        and o.known_on <= as_of
        and o.source.grade in rules.deciding_grades
    ]
    none = Confidence(Level.NONE, Text("没有数据。", "There are no figures."))
    if target.due and as_of < target.due:
        text = Text("尚未到期。", "The deadline has not come.")
        return TargetAssessment(target, as_of, Verdict.NOT_YET_DUE, text, none)
    if not rows or target.low is None:
        text = Text("没有可用数据。", "No usable figure.")
        return TargetAssessment(target, as_of, Verdict.NO_EVIDENCE, text, none)
    best = min(rows, key=lambda o: (o.source.grade, o.id))
    verdict = Verdict.MET if best.value >= target.low else Verdict.NOT_MET
    text = Text("数据与目标比较。", "The figure is compared with the target.")
    sure = Confidence(Level.MEDIUM, Text("单一来源。", "One source."))
    return TargetAssessment(
        target, as_of, verdict, text, sure, best.value, target.unit, best.period
    )


def assess_plan(
    plan: Plan,
    observations: Iterable[Observation],
    indicators: Mapping[str, Indicator],
    as_of: date,
    division: str | None = None,
) -> tuple[TargetAssessment, ...]:
    rows = list(observations)
    return tuple(
        assess_target(t, plan.rules, rows, indicators, as_of)
        for t in plan.targets
        if division is None or t.division == division
    )
