"""What the deadline's own years say, before any other year is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.series import DUE_YEAR_MONTHS, Reading, Series
from qiantang.engine.targets.spans import Shape, Side, Span
from qiantang.packkit.compiled import Nature
from qiantang.packkit.plans import Direction, Relation

_FIRM = (Relation.SAME, Relation.RENAMED, Relation.PROXY)


def judge_years(series: Series, years: Sequence[int], side: Side, margin: Decimal) -> Finding:
    """The finding for a window of years (one for a plain deadline): reached in any year counts.

    ``margin``: what a part-year figure scaled up to a year may be off by.
    """
    found = [_judge(series, r, side, margin) for y in years if (r := series.at(y, side))]
    for outcome in (Outcome.REACHED, Outcome.CONFLICT, Outcome.LIKELY_REACHED):
        for finding in found:
            if finding.outcome is outcome:
                return finding
    last = found[-1] if found and _of_last_year(found[-1], years) else None
    if last is None:
        return Finding(series, Outcome.OPEN)
    missed = [f for f in found if f.outcome is Outcome.MISSED]
    if len(missed) < len(years) and not tells_of_all(years, series.trend(), series.direction):
        # A year of the window of which nothing firm is known may have reached it.
        return replace(last, outcome=last.outcome.likely)
    return last


def tells_of_all(years: Sequence[int], trend: str | None, direction: Direction) -> bool:
    """Whether the last year is the best of the window, so that missing it is missing all."""
    if len(years) == 1:
        return True
    best_last = {("rising", Direction.UP), ("falling", Direction.DOWN)}
    return (trend, direction) in best_last


def _of_last_year(finding: Finding, years: Sequence[int]) -> bool:
    return finding.reading is not None and finding.reading.year == years[-1]


def _judge(series: Series, r: Reading, side: Side, margin: Decimal) -> Finding:
    sides = {side(s) for s in r.spans}
    if r.parts:
        return _judge_parts(series, r, side, margin)
    if len(r.spans) > 1 and (len(sides) > 1 or None in sides):
        return Finding(series, Outcome.CONFLICT, How.VALUE, r)
    reached = sides.pop()
    if series.rule.relation not in _FIRM:
        return _sided(series, reached, How.SCOPE, r, firm=False)
    if reached is not None:
        how = How.LIMIT if r.point.shape is Shape.LIMIT else How.VALUE
        return _sided(series, reached, how, r, firm=True)
    if r.value is None:
        return Finding(series, Outcome.OPEN, How.LIMIT, r)
    return _sided(series, side(Span.exactly(r.value)), How.MARGIN, r, firm=False)


def _judge_parts(series: Series, r: Reading, side: Side, margin: Decimal) -> Finding:
    """Part of the year already reaches it; or a nearly full year at the same rate would not."""
    if series.nature is Nature.STOCK and series.trend() == "falling":
        return Finding(series, Outcome.OPEN, How.PART, r)
    low = r.span.low
    reached = side(Span(low, None))
    bound = Span(low, None)
    if reached is None and _nearly_whole(r) and series.rule.relation is not Relation.NARROWER:
        high = r.ceiling + abs(r.ceiling) * margin if r.ceiling is not None else None
        reached = side(Span(low, high))
        bound = Span(low, r.ceiling)
    finding = _sided(series, reached, How.PART, r, firm=False)
    return Finding(series, finding.outcome, How.PART, r, bound, (r,))


def _nearly_whole(r: Reading) -> bool:
    return r.ceiling is not None and r.point.observation.period.months >= DUE_YEAR_MONTHS


def _sided(series: Series, reached: bool | None, how: How, r: Reading, *, firm: bool) -> Finding:
    if reached is None:
        return Finding(series, Outcome.OPEN, how, r)
    outcome = Outcome.REACHED if reached else Outcome.MISSED
    return Finding(series, outcome if firm else outcome.likely, how, r)
