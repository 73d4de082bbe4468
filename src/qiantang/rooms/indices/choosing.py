"""Which published figure stands for a unit in a year, where several sources speak.

The house's own rule for verdicts (`engine.targets`): a figure must stand for its whole year; a
final one comes before a preliminary one; otherwise the better grade decides, then the majority of
sources of that grade. What stays undecided is a gap with its reason, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final

from qiantang.engine.targets.conflicts import settle
from qiantang.engine.targets.shapes import point_of
from qiantang.engine.targets.spans import Point, Shape
from qiantang.kernel.errors import Invalid
from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.text import Text
from qiantang.kernel.units import convert
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import Direction, EvidenceRule, Rules, Target, TargetKind

RULES: Final = Rules(
    about_tolerance=Decimal(0),
    # Two sources that round differently say the same.
    conflict_tolerance=Decimal("0.005"),
)
Cell = tuple[str, str, int]
Why = Callable[[], Text]
"""A reason in words, put together only for the cells that stay empty: most figures of a long series
are parts of years beside the year itself."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The figure of a cell in the indicator's unit, and what was passed over, in words."""

    observation: Observation
    value: Decimal
    conflicts: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """What `point_of` asks of: a figure of a year, without a goal or a deadline."""

    target: Target
    rules: Rules = RULES


def choose(
    observations: Sequence[Observation], indicators: Mapping[str, Indicator]
) -> tuple[dict[Cell, Chosen], dict[Cell, Text]]:
    """By (indicator, division, year) the figure that stands, and why a cell has none although
    something was published for it."""
    points: dict[Cell, list[Point]] = {}
    refused: dict[Cell, Why] = {}
    questions: dict[str, _Question] = {}
    for o in observations:
        cell = (o.indicator, o.division, o.period.year)
        declared = indicators.get(o.indicator)
        unit = declared.unit if declared else o.unit
        question = questions.get(o.indicator)
        if question is None:
            question = questions[o.indicator] = _question(unit)
        point = _point(o, declared, question)
        if not isinstance(point, Point):
            refused.setdefault(cell, point)
        else:
            points.setdefault(cell, []).append(point)
    chosen: dict[Cell, Chosen] = {}
    for cell, found in points.items():
        standing = _settled(found)
        if standing is None:
            refused[cell] = partial(_undecided, found)
        else:
            chosen[cell] = standing
    return chosen, {cell: why() for cell, why in refused.items() if cell not in chosen}


def _point(o: Observation, declared: Indicator | None, question: _Question) -> Point | Why:
    if o.kind in AIMS:
        return _only_aim
    if o.source.grade not in RULES.deciding_grades:
        return partial(_never_decides, o)
    try:
        value = convert(o.value, o.unit, question.target.unit)
    except Invalid as error:
        return error.text
    nature = declared.nature if declared else None
    point = point_of(o, EvidenceRule(o.indicator), value, nature, question)
    if isinstance(point, str) or point.shape is not Shape.VALUE:
        return partial(_part_of_year, o)
    return point


def _only_aim() -> Text:
    return Text("只有目标值，没有实绩", "only an aim is published, no result")


def _never_decides(o: Observation) -> Text:
    return Text(f"来源等级 {o.source.grade} 不作依据", f"grade {o.source.grade} never decides")


def _part_of_year(o: Observation) -> Text:
    return Text(f"{o.period} 的数据不能代表全年",
                f"the figure of {o.period} does not stand for the year")  # fmt: skip


def _settled(points: Sequence[Point]) -> Chosen | None:
    if len(points) == 1:
        return Chosen(points[0].observation, points[0].value)
    found = settle(points, RULES.conflict_tolerance, Direction.UP)
    if found.stands is None:
        return None
    best = found.stands.best
    others = [p for p in points if p not in found.stands.points]
    told = "; ".join(f"{p.observation.source.title} {p.value:f}" for p in others)
    return Chosen(best.observation, best.value, told)


def _undecided(points: Sequence[Point]) -> Text:
    told = "; ".join(sorted({f"{p.observation.source.title} {p.value:f}" for p in points}))
    return Text(f"来源冲突，无法取舍：{told}", f"sources conflict, undecided: {told}")


def _question(unit: str) -> _Question:
    name = Text("指数数据", "figure of an index")
    return _Question(Target("index", name, "", "", TargetKind.QUANTITY, unit, None, due=date.max))
