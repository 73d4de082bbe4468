"""All measures of a target weighed: which one speaks, and what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from qiantang.engine.targets.change import base_figure, level_side
from qiantang.engine.targets.direct import judge_years
from qiantang.engine.targets.finding import BaseHow, Finding, Outcome
from qiantang.engine.targets.neighbours import judge_neighbours
from qiantang.engine.targets.selection import Question, Selection
from qiantang.engine.targets.series import Series
from qiantang.engine.targets.spans import Goal, Side
from qiantang.packkit.plans import Relation, Target

_CLOSENESS: Final = {r: n for n, r in enumerate(Relation)}
_FIRM: Final = (Outcome.REACHED, Outcome.MISSED, Outcome.CONFLICT)


def series_of(question: Question, selection: Selection) -> list[Series]:
    """One series for every evidence rule with usable points, nearest to the plan's words first."""
    rules = {r.indicator: r for r in reversed(question.target.evidence)}
    found = []
    for rule in sorted(rules.values(), key=lambda r: _CLOSENESS[r.relation]):
        points = selection.points.get(rule.indicator, ())
        indicator = question.indicators.get(rule.indicator)
        if points:
            found.append(
                Series.of(
                    rule,
                    points,
                    nature=indicator.nature if indicator else None,
                    unit=selection.units[rule.indicator],
                    tolerance=question.rules.conflict_tolerance,
                    direction=question.target.direction,
                )
            )
    order = {r.indicator: n for n, r in enumerate(question.target.evidence)}
    return sorted(found, key=lambda s: (_CLOSENESS[s.rule.relation], order[s.rule.indicator]))


def window(target: Target, series: Series) -> list[int]:
    """The years in which the target may be reached; without a deadline, the latest known year."""
    if target.due is None:
        values = series.values()
        years = [r.year for r in values] or list(series.by_year)
        return years[-1:]
    first = target.due_from.year if target.due_from else target.due.year
    return list(range(min(first, target.due.year), target.due.year + 1))


def weigh(question: Question, series: Iterable[Series], goal: Goal) -> list[Finding]:
    """The findings of all series, the one that speaks first."""
    findings = [judge_series(question, s, goal) for s in series]
    return sorted(findings, key=_precedence)


def _precedence(f: Finding) -> tuple[int, int]:
    """A firm finding on the plan's own aggregate comes first, then a likely one, then proxies."""
    closeness = _CLOSENESS[f.series.rule.relation]
    own = closeness <= _CLOSENESS[Relation.RENAMED]
    if f.outcome is Outcome.OPEN:
        return (9, closeness)
    if own:
        return (0 if f.outcome in _FIRM else 1, closeness)
    return (2 + closeness, 0 if f.outcome in _FIRM else 1)


def judge_series(question: Question, series: Series, goal: Goal) -> Finding:
    """What one series says: by the deadline's years, else by the years around them."""
    target = question.target
    base = base_figure(series, target.base) if target.base else None
    years = window(target, series)
    if base is not None and base.how in (BaseHow.UNKNOWN, BaseHow.NOT_POSITIVE):
        reading = next((r for y in reversed(years) if (r := series.at(y))), None)
        return Finding(series, Outcome.OPEN, reading=reading, base=base)
    side = level_side(goal, base, target.base.mode if target.base else "").judge
    found = replace(_judge(question, series, years, side), base=base)
    if base is not None and not base.firm:
        return replace(found, outcome=found.outcome.likely)
    return found


def _judge(question: Question, series: Series, years: list[int], side: Side) -> Finding:
    margin = question.rules.approximate_margin
    direct = judge_years(series, years, side, margin)
    if direct.outcome is not Outcome.OPEN:
        return direct
    near = judge_neighbours(series, years, side, margin)
    if near.outcome is not Outcome.OPEN:
        return near
    return replace(
        direct,
        bound=near.bound or direct.bound,
        readings=near.readings or direct.readings,
        trend=near.trend,
    )
