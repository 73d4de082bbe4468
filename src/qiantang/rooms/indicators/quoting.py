"""Which of several figures of one indicator, place and period is quoted, by the rule of verdicts.

A final figure comes before a preliminary one; figures that agree stand together; otherwise the
better grade decides, then the majority of sources of that grade (`engine.targets.conflicts`). A
source of grade D never decides where another speaks. What the rule leaves undecided is said to be
so, and the figure that would be cited first is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from qiantang.engine.targets.conflicts import preference, settle
from qiantang.engine.targets.spans import Point, Shape, Span
from qiantang.kernel.observations import Observation, ObservationKind
from qiantang.kernel.units import convert
from qiantang.packkit.plans import Direction, EvidenceRule

_SAME: Final = Decimal("0.005")
"""Two sources that round differently say the same."""
_NEVER_DECIDES: Final = "D"
AGREED: Final = "agreed"
UNDECIDED: Final = "undecided"


@dataclass(frozen=True, slots=True)
class Quoted:
    """The figure that stands for all; ``by``: ``agreed``, ``grade``, ``majority`` (what settled a
    conflict), or ``undecided``; ``others``: how many figures stand beside it."""

    observation: Observation
    by: str
    others: int


def quoted(several: Sequence[Observation]) -> Quoted:
    """The figure to quote among those of one indicator, division and period (at least one)."""
    others = len(several) - 1
    if not others:
        return Quoted(several[0], AGREED, 0)
    deciding = [o for o in several if o.source.grade != _NEVER_DECIDES] or list(several)
    unit = deciding[0].unit
    points = [_point(o, convert(o.value, o.unit, unit)) for o in deciding]
    settled = settle(points, _SAME, Direction.UP)
    if settled.stands is None:
        return Quoted(min(points, key=preference).observation, UNDECIDED, others)
    return Quoted(settled.stands.best.observation, settled.resolved_by or AGREED, others)


def _point(o: Observation, value: Decimal) -> Point:
    span, shape = Span.exactly(value), Shape.VALUE
    if o.kind is ObservationKind.LOWER_BOUND:
        span, shape = Span(value, None), Shape.LIMIT
    elif o.kind is ObservationKind.UPPER_BOUND:
        span, shape = Span(None, value), Shape.LIMIT
    return Point(o, EvidenceRule(o.indicator), value, span, o.period.year, shape)
