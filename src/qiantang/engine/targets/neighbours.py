"""What other years say of a deadline that has no figure of its own.

In a series that only rises, an earlier year bounds the deadline from below and a later one from
above (a later part-year flow by its full-year rate); in one that only falls, the other way round.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from qiantang.engine.targets.direct import tells_of_all
from qiantang.engine.targets.finding import Finding, How, Outcome
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.spans import Side, Span, within
from qiantang.packkit.plans import Relation

_Limit = tuple[Decimal, Reading]


def judge_neighbours(series: Series, years: Sequence[int], side: Side, margin: Decimal) -> Finding:
    """The finding from the years around the window; OPEN (with the bound) when they do not tell."""
    trend = series.trend()
    if trend is None:
        return Finding(series, Outcome.OPEN)
    low, high = _limits(series, years[-1], rising=trend == "rising")
    own = series.at(years[-1])
    bound = within([_span(low, high), *((own.span,) if own else ())])
    readings = tuple(sorted({id(r): r for _, r in _known(low, high)}.values(), key=_year))
    if _empty(bound) or not readings:
        return Finding(series, Outcome.OPEN, trend=trend)
    reached = side(_loosened(bound, high, margin))
    if reached is False and not tells_of_all(years, trend, series.direction):
        reached = None
    outcome = Outcome.OPEN
    if reached is not None:
        outcome = Outcome.LIKELY_REACHED if reached else Outcome.LIKELY_MISSED
    return Finding(series, outcome, How.NEIGHBOURS, None, bound, readings, trend)


def _year(r: Reading) -> int:
    return r.year


def _known(*limits: _Limit | None) -> list[_Limit]:
    return [limit for limit in limits if limit is not None]


def _span(low: _Limit | None, high: _Limit | None) -> Span:
    return Span(low[0] if low else None, high[0] if high else None)


def _empty(span: Span) -> bool:
    if span.low is None or span.high is None:
        return span.low is None and span.high is None
    return span.low > span.high


def _loosened(bound: Span, high: _Limit | None, margin: Decimal) -> Span:
    """A bound from a part-year rate is widened by the margin before it may decide."""
    if bound.high is None or high is None or not high[1].parts:
        return bound
    return Span(bound.low, bound.high + abs(bound.high) * margin)


def _limits(series: Series, year: int, *, rising: bool) -> tuple[_Limit | None, _Limit | None]:
    """The tightest lower and upper limit that the other years set, each with its year."""
    lows: list[_Limit] = []
    highs: list[_Limit] = []
    for other in series.by_year:
        reading = series.at(other)
        if other == year or reading is None:
            continue
        if (other < year) == rising:
            floor = _at_least(series, reading)
            lows += [(floor, reading)] if floor is not None else []
        else:
            roof = _at_most(series, reading)
            highs += [(roof, reading)] if roof is not None else []
    low = max(lows, key=lambda x: (x[0], x[1].year), default=None)
    high = min(highs, key=lambda x: (x[0], x[1].year), default=None)
    return low, high


def _at_least(series: Series, r: Reading) -> Decimal | None:
    return None if series.rule.relation is Relation.WIDER else r.span.low


def _at_most(series: Series, r: Reading) -> Decimal | None:
    if series.rule.relation is Relation.NARROWER:
        return None
    return r.ceiling if r.parts else r.span.high
