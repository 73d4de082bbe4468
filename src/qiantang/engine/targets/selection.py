"""Selecting evidence: which observations bear on a target, in its unit, and which are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from qiantang.engine.targets.numbers import usable
from qiantang.engine.targets.setaside import set_aside
from qiantang.engine.targets.shapes import point_of
from qiantang.engine.targets.spans import Point
from qiantang.engine.targets.verdicts import Rejected
from qiantang.kernel.errors import Invalid
from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.periods import PeriodKind
from qiantang.kernel.units import convert
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.plans import EvidenceRule, Rules, Target


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a target under its rules, as of one day."""

    target: Target
    rules: Rules
    indicators: Mapping[str, Indicator]
    as_of: date


@dataclass(frozen=True, slots=True)
class Selection:
    """``points`` by indicator, in a fixed order; ``units``: the unit each is compared in."""

    points: Mapping[str, tuple[Point, ...]]
    units: Mapping[str, str]
    rejected: tuple[Rejected, ...]


def order(o: Observation) -> tuple[object, ...]:
    """A total order by content, so that the order of delivery never matters."""
    return (o.id, o.revision, o.period, str(o.value), o.unit, o.kind, o.source.grade, repr(o))


def select(question: Question, observations: Iterable[Observation]) -> Selection:
    """Sort the observations that match the target's evidence into points and set-aside rows.

    Observations of indicators that the target does not name are left out without a word.
    """
    rules: dict[str, EvidenceRule] = {}
    for rule in question.target.evidence:
        rules.setdefault(rule.indicator, rule)
    rejected: list[Rejected] = []
    matching = sorted((o for o in observations if o.indicator in rules), key=_quick_order)
    known = [o for o in matching if not _unavailable(question, o, rejected)]
    units = {i: _unit(question, i, known) for i in rules}
    points: dict[str, list[Point]] = {i: [] for i in rules}
    for o in _latest(known, rejected):
        found = _point(question, rules[o.indicator], o, units[o.indicator])
        if isinstance(found, Point):
            points[o.indicator].append(found)
        else:
            rejected.append(set_aside(o, found))
    return Selection({i: tuple(p) for i, p in points.items()}, units, tuple(rejected))


def _quick_order(o: Observation) -> tuple[object, ...]:
    return (
        o.id,
        o.revision,
        o.indicator,
        o.division,
        o.period,
        str(o.value),
        o.unit,
        o.source.title,
    )


def _unavailable(question: Question, o: Observation, rejected: list[Rejected]) -> bool:
    if o.division != question.target.division:
        rejected.append(set_aside(o, "other_division"))
    elif o.known_on > question.as_of:
        rejected.append(set_aside(o, "aim" if o.kind in AIMS else "not_yet_known"))
    else:
        return False
    return True


_NEVER: Final = datetime.min


def _latest(known: list[Observation], rejected: list[Rejected]) -> list[Observation]:
    """The last revision of every id; earlier ones (and repeats) are set aside."""
    last: dict[str, Observation] = {}
    for o in known:
        other = last.get(o.id)
        if other is None:
            last[o.id] = o
        elif _age(o) >= _age(other):
            rejected.append(set_aside(other, "superseded"))
            last[o.id] = o
        else:
            rejected.append(set_aside(o, "superseded"))
    return list(last.values())


def _age(o: Observation) -> tuple[object, ...]:
    at = o.recorded_at.replace(tzinfo=None) if o.recorded_at else _NEVER
    return (o.revision, at, order(o))


def _unit(question: Question, indicator: str, known: list[Observation]) -> str:
    """The unit in which levels of the indicator are compared for this target."""
    base, unit = question.target.base, question.target.unit
    if base is None:
        return unit
    if base.mode != "growth":
        return "%" if unit == "百分点" else unit
    declared = question.indicators.get(indicator)
    if declared:
        return declared.unit
    return next((o.unit for o in known if o.indicator == indicator), unit)


def _point(question: Question, rule: EvidenceRule, o: Observation, unit: str) -> Point | str:
    """The point, or the code under which the observation is set aside."""
    if o.withdrawn:
        return "withdrawn"
    if o.kind in AIMS:
        return "aim"
    if o.source.grade == "D":
        return "grade_d"
    if o.source.grade not in question.rules.deciding_grades:
        return "grade_not_deciding"
    if o.period.kind is PeriodKind.VAGUE:
        return "vague_period"
    value = _converted(o, unit)
    if isinstance(value, str):
        return value
    indicator = question.indicators.get(rule.indicator)
    nature = indicator.nature if indicator else None
    return point_of(o, rule, value, nature, question)


def _converted(o: Observation, unit: str) -> Decimal | str:
    if not usable(o.value):
        return "not_a_number"
    try:
        return convert(o.value, o.unit, unit)
    except Invalid:
        return "unit_mismatch"
