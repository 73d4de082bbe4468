"""The pace: yearly growth that the target needs, and that the figures show."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from qiantang.engine.targets.finding import Finding
from qiantang.engine.targets.numbers import usable
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.spans import Goal
from qiantang.engine.targets.verdicts import Pace
from qiantang.packkit.compiled import Nature
from qiantang.packkit.plans import Direction, Relation, Target

_SIXTH: Final = Decimal("0.000001")


def course(series: Series, target: Target) -> list[Reading]:
    """The years with a figure of their own up to the deadline."""
    return series.values(target.due.year if target.due else None)


def pace_of(f: Finding, target: Target, goal: Goal) -> Pace | None:
    """Needed and seen pace, or None when no year is known.

    Growth as a share for amounts above zero; points a year for ratios, indices and differences.
    """
    readings = course(f.series, target)
    if not readings:
        return None
    first, last = readings[0], readings[-1]
    mode = _mode(f, target, first)
    needed = _at_rest(_needed(f, target, goal, first, mode), target)
    seen = _yearly(first.value, last.value, last.year - first.year, mode)
    same = first.year == last.year
    return Pace(
        needed,
        seen,
        first.point.observation.period,
        None if same else last.point.observation.period,
        mode,
    )


def _at_rest(needed: Decimal | None, target: Target) -> Decimal | None:
    """Zero where the first figure is already beyond the target: nothing more is needed."""
    if needed is None or target.direction is Direction.EXACT:
        return needed
    zero = Decimal(0)
    return max(needed, zero) if target.direction is Direction.UP else min(needed, zero)


def _mode(f: Finding, target: Target, first: Reading) -> str:
    if target.base is not None:
        return "growth" if target.base.mode == "growth" else "points"
    amounts = f.series.nature in (Nature.FLOW, Nature.STOCK)
    return "growth" if amounts and (first.value or 0) > 0 else "points"


def _needed(f: Finding, target: Target, goal: Goal, first: Reading, mode: str) -> Decimal | None:
    if target.due is None or f.series.rule.relation in (Relation.NARROWER, Relation.WIDER):
        return None  # growth of another scope towards the plan's figure means nothing
    if target.base is None:
        return _yearly(first.value, goal.mark, target.due.year - first.year, mode)
    years = target.due.year - target.base.year
    if target.base.mode == "growth":
        return _yearly(Decimal(1), 1 + goal.mark / 100, years, mode)
    return _yearly(Decimal(0), goal.mark, years, mode)


def _yearly(first: Decimal | None, last: Decimal | None, years: int, mode: str) -> Decimal | None:
    """Mean yearly change; None for no time between, or growth from or to nothing."""
    if first is None or last is None or years <= 0:
        return None
    if mode != "growth":
        return ((last - first) / years).quantize(_SIXTH)
    if first <= 0 or last <= 0 or not (usable(first) and usable(last)):
        return None
    growth = (last / first) ** (Decimal(1) / years) - 1
    return growth.quantize(_SIXTH) if abs(growth) < Decimal("1e20") else None
