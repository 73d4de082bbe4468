"""What the engine reckons with inside: intervals, points of evidence, and the goal to reach."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from qiantang.engine.targets.numbers import usable
from qiantang.kernel.observations import Observation
from qiantang.packkit.plans import Comparator, Direction, EvidenceRule, Rules, Target


@dataclass(frozen=True, slots=True)
class Span:
    """Between what a figure lies, both ends included; None is unbounded."""

    low: Decimal | None
    high: Decimal | None

    @classmethod
    def exactly(cls, value: Decimal) -> Span:
        return cls(value, value)


Side = Callable[[Span], bool | None]
"""Whether a level reaches the goal: yes, no, or None when the span lies across it."""


def hull(spans: Iterable[Span]) -> Span:
    """The smallest span that holds all."""
    lows, highs = zip(*((s.low, s.high) for s in spans), strict=True)
    return Span(
        None if None in lows else min(lows),
        None if None in highs else max(highs),
    )


def within(spans: Iterable[Span]) -> Span:
    """What all spans allow at once; ``low`` may exceed ``high`` when they contradict."""
    known = list(spans)
    lows = [s.low for s in known if s.low is not None]
    highs = [s.high for s in known if s.high is not None]
    return Span(max(lows, default=None), min(highs, default=None))


class Shape(Enum):
    """How a figure stands in its year."""

    VALUE = "value"  # the year's own figure
    LIMIT = "limit"  # the year's figure is at least, or at most, this
    PART = "part"  # part of a year's flow, or a stock in the middle of the year


@dataclass(frozen=True, slots=True)
class Point:
    """A usable observation in the unit of comparison.

    ``span``: where the year's true figure lies as far as this point says. ``ceiling``: for a part
    of a year, the full year at the same rate (a flow) or the figure itself (a stock).
    """

    observation: Observation
    rule: EvidenceRule
    value: Decimal
    span: Span
    year: int
    shape: Shape
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """The figures that count as success, in the target's unit. ``mark`` is the figure named."""

    low: Decimal | None
    high: Decimal | None
    low_open: bool = False
    high_open: bool = False
    mark: Decimal = Decimal(0)

    def judge(self, span: Span) -> bool | None:
        """True when all of ``span`` succeeds, False when none of it does, else None."""
        if self._above(span.low) and self._beneath(span.high):
            return True
        too_low = span.high is not None and not self._above(span.high)
        too_high = span.low is not None and not self._beneath(span.low)
        return False if too_low or too_high else None

    def _above(self, value: Decimal | None) -> bool:
        if self.low is None:
            return True
        return value is not None and (value > self.low if self.low_open else value >= self.low)

    def _beneath(self, value: Decimal | None) -> bool:
        if self.high is None:
            return True
        return value is not None and (value < self.high if self.high_open else value <= self.high)

    def distance(self, value: Decimal, target: Target) -> Decimal:
        """Value minus the figure named; for a range, minus its nearer end (zero inside)."""
        if target.comparator is Comparator.RANGE and target.direction is Direction.EXACT:
            low, high = self.low or Decimal(0), self.high or Decimal(0)
            return min(value - low, Decimal(0)) + max(value - high, Decimal(0))
        return value - self.mark


def goal_of(target: Target, rules: Rules) -> Goal | None:
    """The goal that a target's comparator and direction set, or None when it names no number."""
    low, high = target.low, target.high
    if any(end is not None and not usable(end) for end in (low, high)):
        return None
    match target.comparator:
        case Comparator.ABOVE | Comparator.AT_LEAST if low is not None:
            return Goal(low, None, low_open=target.comparator is Comparator.ABOVE, mark=low)
        case Comparator.BELOW | Comparator.AT_MOST if high is not None:
            return Goal(None, high, high_open=target.comparator is Comparator.BELOW, mark=high)
        case Comparator.EQUAL | Comparator.ABOUT | Comparator.RANGE:
            return _around(target, rules)
    return None


def _around(target: Target, rules: Rules) -> Goal | None:
    low = target.low if target.low is not None else target.high
    high = target.high if target.high is not None else target.low
    if low is None or high is None or low > high:
        return None
    slack = rules.about_tolerance if target.comparator is Comparator.ABOUT else Decimal(0)
    mark = high if target.direction is Direction.DOWN else low
    return Goal(
        None if target.direction is Direction.DOWN else low - abs(low) * slack,
        None if target.direction is Direction.UP else high + abs(high) * slack,
        mark=mark,
    )
