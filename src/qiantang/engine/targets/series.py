"""One measure through the years: what its sources say of each year, and whether it only rises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Final

from qiantang.engine.targets.conflicts import Settled, settle
from qiantang.engine.targets.spans import Point, Shape, Side, Span, hull, within
from qiantang.packkit.compiled import Nature
from qiantang.packkit.plans import Direction, EvidenceRule, Relation

DUE_YEAR_MONTHS: Final = 9
"""From so many months on, the deadline's own part-year figure also bounds the year from above."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one year.

    ``value``: the year's own figure, None when there are only limits, or an undecided conflict.
    ``spans``: where the year's true figure lies; several while a conflict is undecided.
    ``ceiling``: from parts of the year, what the year would be at the same rate.
    """

    year: int
    value: Decimal | None
    spans: tuple[Span, ...]
    point: Point
    points: tuple[Point, ...]
    settled: Settled
    ceiling: Decimal | None = None
    parts: bool = False

    @property
    def span(self) -> Span:
        return hull(self.spans)


@dataclass(slots=True)
class Series:
    """The points of one evidence rule, in the unit of comparison."""

    rule: EvidenceRule
    nature: Nature | None
    unit: str
    tolerance: Decimal
    direction: Direction
    by_year: dict[int, list[Point]]
    _plain: dict[int, Reading] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        rule: EvidenceRule,
        points: Sequence[Point],
        *,
        nature: Nature | None,
        unit: str,
        tolerance: Decimal,
        direction: Direction,
    ) -> Series:
        by_year: dict[int, list[Point]] = {}
        for p in points:
            by_year.setdefault(p.year, []).append(p)
        return cls(rule, nature, unit, tolerance, direction, dict(sorted(by_year.items())))

    def at(self, year: int, side: Side | None = None) -> Reading | None:
        """What is known of ``year``; ``side`` lets harmless conflicts be settled."""
        points = self.by_year.get(year)
        if not points:
            return None
        if side is not None:
            return self._read(year, points, side)
        if year not in self._plain:
            self._plain[year] = self._read(year, points, None)
        return self._plain[year]

    def _read(self, year: int, points: list[Point], side: Side | None) -> Reading:
        whole = [p for p in points if p.shape is not Shape.PART]
        if whole:
            return self._year(year, points, settle(whole, self.tolerance, self.direction, side))
        return self._parts(year, points)

    def _year(self, year: int, points: list[Point], settled: Settled) -> Reading:
        standing = (settled.stands,) if settled.stands else settled.camps
        best = standing[0].best
        sure = settled.stands is not None and best.shape is Shape.VALUE
        return Reading(
            year,
            best.value if sure else None,
            tuple(self._bounded(c.span) for c in standing if c),
            best,
            tuple(points),
            settled,
        )

    def _parts(self, year: int, points: list[Point]) -> Reading:
        """Only parts of the year: each part settled for itself, the longest one gives the rate."""
        by_months: dict[tuple[int, int], list[Point]] = {}
        for p in points:
            period = p.observation.period
            by_months.setdefault((period.end.month, period.months), []).append(p)
        settled = [settle(g, self.tolerance, self.direction) for _, g in sorted(by_months.items())]
        latest = settled[-1].stands or min(
            settled[-1].camps, key=lambda c: (c.best.value, c.best.observation.id)
        )
        lows = [hull([c.span for c in ([s.stands] if s.stands else s.camps)]) for s in settled]
        ceilings = (
            [c.best.ceiling for c in settled[-1].camps]
            if not settled[-1].stands
            else [latest.best.ceiling]
        )
        known = [c for c in ceilings if c is not None]
        return Reading(
            year,
            None,
            (self._bounded(Span(within(lows).low, None)),),
            latest.best,
            tuple(points),
            settled[-1],
            max(known) if known and len(known) == len(ceilings) else None,
            parts=True,
        )

    def _bounded(self, span: Span) -> Span:
        """A narrower scope bounds from below only, a wider one from above only."""
        if self.rule.relation is Relation.NARROWER:
            return Span(span.low, None)
        if self.rule.relation is Relation.WIDER:
            return Span(None, span.high)
        return span

    def values(self, until: int | None = None) -> list[Reading]:
        """The years with a figure of their own, oldest first, up to and with ``until``."""
        years = (y for y in self.by_year if until is None or y <= until)
        readings = (self.at(y) for y in years)
        return [r for r in readings if r is not None and r.value is not None]

    def trend(self) -> str | None:
        """``rising`` or ``falling`` (within the tolerance) as far as the known years show.

        A stock with one known year counts as rising: counts of what has been built do not
        normally fall. Anything else needs two years. A rank has no trend to rely on: it moves
        with everybody else's figures, either way.
        """
        if self.unit == "rank":
            return None
        known = [(r.value, abs(r.value)) for r in self.values() if r.value is not None]
        if self.nature is Nature.STOCK and len(known) == 1:
            return "rising"
        if len(known) < 2:
            return None
        if all(b >= a - size * self.tolerance for (a, size), (b, _) in pairwise(known)):
            return "rising"
        if all(b <= a + size * self.tolerance for (a, size), (b, _) in pairwise(known)):
            return "falling"
        return None
