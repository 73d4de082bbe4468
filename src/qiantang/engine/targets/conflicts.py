"""Several sources for one period: where they agree, where they conflict, and which figure stands.

Figures agree when they differ by no more than the tolerance or their margins overlap. Otherwise the
better grade decides, then the majority of sources of that grade; else it stays undecided - unless
every candidate lies on the same side of the goal, where the most cautious one is taken. A rough
figure or a limit that agrees with several candidates speaks for none of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from qiantang.engine.targets.spans import Point, Shape, Side, Span, within
from qiantang.kernel.observations import GRADES, Observation, ObservationKind
from qiantang.packkit.plans import Direction

_NAMED: Final = (ObservationKind.ACTUAL, ObservationKind.PRELIMINARY)
_EXACTNESS: Final = {
    ObservationKind.ACTUAL: 0,
    ObservationKind.DERIVED: 1,
    ObservationKind.APPROXIMATE: 2,
    ObservationKind.PRELIMINARY: 3,
}


@dataclass(slots=True)
class Camp:
    """Figures that agree. ``best`` speaks for them."""

    points: list[Point] = field(default_factory=list)

    @property
    def best(self) -> Point:
        return min(self.points, key=preference)

    @property
    def span(self) -> Span:
        """The best figure's span, narrowed by limits that other sources of the camp give."""
        best = self.best
        limits = [p.span for p in self.points if p.shape is Shape.LIMIT]
        narrowed = within([best.span, *limits])
        if narrowed.low is None or narrowed.high is None or narrowed.low <= narrowed.high:
            return narrowed
        return best.span


@dataclass(frozen=True, slots=True)
class Settled:
    """What the sources of one period say. ``stands`` is None when they leave it undecided."""

    camps: tuple[Camp, ...]
    stands: Camp | None
    resolved_by: str | None = None
    harmless: bool = False
    replaced: tuple[Point, ...] = ()


def settle(
    points: Sequence[Point], tolerance: Decimal, direction: Direction, side: Side | None = None
) -> Settled:
    """Weigh the points of one period (at least one). ``side`` tells which side a level lies on."""
    kept, replaced = _without_preliminary(points)
    camps = tuple(_camps(kept, tolerance))
    if len(camps) == 1:
        return Settled(camps, camps[0], replaced=replaced)
    for rule in (_by_grade, _by_majority):
        winner = rule(camps)
        if winner is not None:
            name = "grade" if rule is _by_grade else "majority"
            return Settled(camps, winner, name, replaced=replaced)
    winner = _cautious(camps, direction, side)
    return Settled(camps, winner, harmless=winner is not None, replaced=replaced)


def preference(p: Point) -> tuple[object, ...]:
    """Which of several agreeing figures is quoted: exact kind, grade, later publication."""
    o = p.observation
    published = o.source.published
    day = -published.toordinal() if published else 0
    return (_EXACTNESS.get(o.kind, 9), grade_rank(o), day, o.id, p.value)


def grade_rank(o: Observation) -> int:
    return GRADES.index(o.source.grade) if o.source.grade in GRADES else len(GRADES)


def sources(points: Sequence[Point]) -> int:
    """Independent sources: the same title or the same address counts once."""
    titles: set[str] = set()
    addresses: set[str] = set()
    count = 0
    for p in points:
        source = p.observation.source
        known = source.title in titles or (source.address != "" and source.address in addresses)
        count += not known
        titles.add(source.title)
        addresses.add(source.address)
    return count


def _without_preliminary(points: Sequence[Point]) -> tuple[list[Point], tuple[Point, ...]]:
    """Preliminary figures yield to a final value; that is no conflict.

    A rough figure (approximate, derived, a limit) is no final one: it is weighed like any source.
    """
    early = [p for p in points if p.observation.kind is ObservationKind.PRELIMINARY]
    final = [p for p in points if p.observation.kind is not ObservationKind.PRELIMINARY]
    if early and any(p.observation.kind is ObservationKind.ACTUAL for p in final):
        return final, tuple(early)
    return list(points), ()


def _camps(points: list[Point], tolerance: Decimal) -> list[Camp]:
    camps: list[Camp] = []
    for p in sorted((p for p in points if _exact(p)), key=_by_value):
        if camps and _agree(camps[-1].points[0], p, tolerance):
            camps[-1].points.append(p)
        else:
            camps.append(Camp([p]))
    for p in sorted((p for p in points if not _exact(p)), key=_roughness):
        friends = [c for c in camps if all(_agree(q, p, tolerance) for q in c.points)]
        for camp in friends:
            camp.points.append(p)
        if not friends:
            camps.append(Camp([p]))
    return camps


def _exact(p: Point) -> bool:
    """Whether it names one figure; a rough one may agree with several that differ."""
    return p.shape is not Shape.LIMIT and p.observation.kind in _NAMED


def _by_value(p: Point) -> tuple[Decimal, str]:
    return (p.value, p.observation.id)


def _roughness(p: Point) -> tuple[object, ...]:
    """Limits last, for they found a camp only when nothing else does."""
    return (p.shape is Shape.LIMIT, *_by_value(p))


def _agree(a: Point, b: Point, tolerance: Decimal) -> bool:
    if abs(a.value - b.value) <= tolerance * max(abs(a.value), abs(b.value)):
        return True
    if a.shape is Shape.PART or b.shape is Shape.PART:
        return False
    both = within([a.span, b.span])
    return both.low is None or both.high is None or both.low <= both.high


def _by_grade(camps: tuple[Camp, ...]) -> Camp | None:
    best = [min(grade_rank(p.observation) for p in own) for own in _speaking(camps)]
    leaders = [c for c, rank in zip(camps, best, strict=True) if rank == min(best)]
    return leaders[0] if len(leaders) == 1 else None


def _by_majority(camps: tuple[Camp, ...]) -> Camp | None:
    """The camp with most sources of the best grade, when no other has as many."""
    speaking = _speaking(camps)
    top = min(grade_rank(p.observation) for own in speaking for p in own)
    votes = [sources([p for p in own if grade_rank(p.observation) == top]) for own in speaking]
    leaders = [c for c, n in zip(camps, votes, strict=True) if n == max(votes)]
    return leaders[0] if len(leaders) == 1 else None


def _speaking(camps: tuple[Camp, ...]) -> list[list[Point]]:
    """Of each camp the points that stand in no other (its first one always does)."""
    count = Counter(id(p) for camp in camps for p in camp.points)
    return [[p for p in camp.points if count[id(p)] == 1] for camp in camps]


def _cautious(camps: tuple[Camp, ...], direction: Direction, side: Side | None) -> Camp | None:
    """The least favourable camp, when all lie on the same side of the goal."""
    if side is None:
        return None
    sides = {side(c.span) for c in camps}
    if len(sides) != 1 or None in sides:
        return None
    if direction is Direction.DOWN:
        return max(camps, key=lambda c: (c.best.value, c.best.observation.id))
    return min(camps, key=lambda c: (c.best.value, c.best.observation.id))
