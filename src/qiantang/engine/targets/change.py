"""Targets that ask for a change since a base year: the base's figure, and the change from it.

A base that the plan does not state is taken from the evidence. When no year gives it, it is
interpolated between the years around it, or bounded by one of them, and the verdict is only likely.
"""

from __future__ import annotations

from decimal import Decimal

from qiantang.engine.targets.finding import BaseFigure, BaseHow
from qiantang.engine.targets.numbers import usable
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.spans import Goal, Span, within
from qiantang.packkit.plans import Base

_HUNDRED = Decimal(100)


def base_figure(series: Series, base: Base) -> BaseFigure:
    """The level in the base year, as firmly as plan and evidence give it."""
    found = _stated(base) or _read(series, base) or _between(series, base) or _beside(series, base)
    if found is None:
        return BaseFigure(BaseHow.UNKNOWN)
    ends = (found.span.low, found.span.high) if found.span else ()
    if base.mode == "growth" and any(end is not None and end <= 0 for end in ends):
        return BaseFigure(BaseHow.NOT_POSITIVE, None, found.value, found.readings)
    return found


def _stated(base: Base) -> BaseFigure | None:
    if base.value is None or not usable(base.value):
        return None
    return BaseFigure(BaseHow.GIVEN, Span.exactly(base.value), base.value)


def _read(series: Series, base: Base) -> BaseFigure | None:
    reading = series.at(base.year)
    if reading is None or reading.parts:
        return None
    return BaseFigure(BaseHow.KNOWN, reading.span, reading.value, (reading,))


def _around(series: Series, year: int) -> tuple[Reading | None, Reading | None]:
    known = series.values()
    before = [r for r in known if r.year < year]
    after = [r for r in known if r.year > year]
    return (before[-1] if before else None), (after[0] if after else None)


def _between(series: Series, base: Base) -> BaseFigure | None:
    """Linear interpolation between the nearest years on both sides."""
    before, after = _around(series, base.year)
    if not before or not after or before.value is None or after.value is None:
        return None
    share = Decimal(base.year - before.year) / Decimal(after.year - before.year)
    value = before.value + (after.value - before.value) * share
    return BaseFigure(BaseHow.INTERPOLATED, Span.exactly(value), value, (before, after))


def _beside(series: Series, base: Base) -> BaseFigure | None:
    """A bound from the one side that is known, when the series only rises or only falls."""
    trend = series.trend()
    before, after = _around(series, base.year)
    nearest = before or after
    if trend is None or nearest is None:
        return None
    at_least = (trend == "rising") == (before is not None)
    span = Span(nearest.span.low, None) if at_least else Span(None, nearest.span.high)
    return BaseFigure(BaseHow.BOUNDED, span, None, (nearest,))


def change(level: Span, base: Span, mode: str) -> Span:
    """The span of the change: level minus base, or its growth in percent (base above zero)."""
    if mode == "growth":
        return Span(_least_growth(level.low, base), _most_growth(level.high, base))
    return Span(
        None if level.low is None or base.high is None else level.low - base.high,
        None if level.high is None or base.low is None else level.high - base.low,
    )


def _least_growth(level: Decimal | None, base: Span) -> Decimal | None:
    """From the end of the base that makes growth least; against no upper end it nears -100."""
    if level is None:
        return None
    end = base.high if level >= 0 else base.low
    if end is None:
        return -_HUNDRED if level >= 0 else None
    return change_of(level, end, "growth")


def _most_growth(level: Decimal | None, base: Span) -> Decimal | None:
    if level is None:
        return None
    end = base.low if level >= 0 else base.high
    if end is None:
        return None if level >= 0 else -_HUNDRED
    return change_of(level, end, "growth")


def change_of(level: Decimal, base: Decimal, mode: str) -> Decimal:
    """The change of one figure; ``base`` is above zero for growth."""
    return level - base if mode != "growth" else (level / base - 1) * _HUNDRED


def base_needed(level: Decimal, goal: Goal, mode: str) -> Decimal | None:
    """The base that would make the target exactly met; None when none would."""
    if mode != "growth":
        return level - goal.mark
    factor = 1 + goal.mark / _HUNDRED
    return level / factor if factor > 0 else None


def level_side(goal: Goal, base: BaseFigure | None, mode: str) -> Goal | _ChangeGoal:
    """What judges levels: the goal itself, or the goal for the change since the base."""
    if base is None:
        return goal
    return _ChangeGoal(goal, base.span or within([]), mode)


class _ChangeGoal:
    """Judges a level by the change since the base."""

    def __init__(self, goal: Goal, base: Span, mode: str) -> None:
        self.goal, self.base, self.mode = goal, base, mode

    def judge(self, level: Span) -> bool | None:
        return self.goal.judge(change(level, self.base, self.mode))
