"""How a figure stands in its year: the year's own figure, a limit of it, or only part of it.

Decided by the nature of the indicator and the period: a part-year flow bounds the year from below,
a stock is taken at the year's end, and a ratio or index of part of a year proves nothing.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final, Protocol

from qiantang.engine.targets.spans import Point, Shape, Span
from qiantang.kernel.observations import Observation, ObservationKind
from qiantang.kernel.periods import Period, PeriodKind
from qiantang.packkit.compiled import Nature
from qiantang.packkit.plans import EvidenceRule, Relation, Rules, Target

FEWEST_MONTHS: Final = 6
"""A shorter part of a year is not scaled up to a year: the seasons weigh too much."""


class Asked(Protocol):
    """What is needed of the question."""

    @property
    def target(self) -> Target: ...
    @property
    def rules(self) -> Rules: ...


def point_of(
    o: Observation, rule: EvidenceRule, value: Decimal, nature: Nature | None, asked: Asked
) -> Point | str:
    """The point for a converted value, or the code under which it is set aside."""
    published = o.source.published
    early = published is not None and published < o.period.end
    # What has already been counted stays counted: a floor stands before its year is over.
    if early and nature is Nature.FLOW and o.kind is not ObservationKind.LOWER_BOUND:
        return "published_early"
    shape = _shape(o.period, nature, asked.target.due)
    if isinstance(shape, str):
        return shape
    bounding = nature in (Nature.FLOW, Nature.STOCK) and asked.target.base is None
    if rule.relation in (Relation.NARROWER, Relation.WIDER) and not bounding:
        return "no_bound"
    span = _span(o.kind, value, asked.rules)
    if shape is Shape.PART:
        return _part(o, rule, value, nature, span)
    limits = (ObservationKind.LOWER_BOUND, ObservationKind.UPPER_BOUND)
    shape = Shape.LIMIT if o.kind in limits else Shape.VALUE
    return Point(o, rule, value, span, o.period.year, shape)


def _shape(period: Period, nature: Nature | None, due: date | None) -> Shape | str:
    match period.kind:
        case PeriodKind.YEAR:
            return Shape.VALUE
        case PeriodKind.SPAN:
            ends_year = (period.end.month, period.end.day) == (12, 31)
            return Shape.VALUE if nature is Nature.STOCK and ends_year else "several_years"
        case PeriodKind.VAGUE:
            return "vague_period"
    if nature is Nature.FLOW:
        return Shape.PART if period.kind is PeriodKind.PART else "moment_of_flow"
    at_end = period.end.month == 12 or period.end == due
    if nature is Nature.STOCK:
        return Shape.VALUE if at_end else Shape.PART
    return Shape.VALUE if at_end and period.kind is PeriodKind.MOMENT else "part_year"


def _span(kind: ObservationKind, value: Decimal, rules: Rules) -> Span:
    match kind:
        case ObservationKind.LOWER_BOUND:
            return Span(value, None)
        case ObservationKind.UPPER_BOUND:
            return Span(None, value)
        case ObservationKind.APPROXIMATE | ObservationKind.DERIVED:
            margin = abs(value) * rules.approximate_margin
        case ObservationKind.PRELIMINARY:
            margin = abs(value) * rules.preliminary_margin
        case _:
            margin = Decimal(0)
    return Span(value - margin, value + margin)


def _part(
    o: Observation, rule: EvidenceRule, value: Decimal, nature: Nature | None, span: Span
) -> Point:
    """At least the part itself; the ceiling is None where it would be a guess."""
    low = None if nature is Nature.FLOW and value < 0 else span.low
    ceiling = None if span.high is None else value
    if nature is Nature.FLOW and ceiling is not None:
        months = o.period.months
        enough = value >= 0 and months >= FEWEST_MONTHS
        ceiling = value * 12 / months if enough else None
    return Point(o, rule, value, Span(low, None), o.period.year, Shape.PART, ceiling)
