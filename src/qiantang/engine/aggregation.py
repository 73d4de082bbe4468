"""A figure of an area from the figures of its parts, as the parts stood in that period.

A code may name another area after a change of boundaries (Hangzhou's districts in April 2021 kept
their codes and changed their extent), so the parts are the rows of the division list in force on
the period's last day, and a period within which they changed is not added up unless the caller
says that its figures count the areas of the last day. A total is whole or it is none: what is
missing is named, never filled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from typing import Final

from qiantang.kernel.currency import ExchangeRate, convert_money
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.observations import AIMS, GRADES, Observation, ObservationKind
from qiantang.kernel.periods import Period
from qiantang.kernel.units import DIGITS
from qiantang.packkit.compiled import Code

_EXACT: Final = (
    frozenset(ObservationKind)
    - AIMS
    - {
        ObservationKind.LOWER_BOUND,
        ObservationKind.UPPER_BOUND,
    }
)
"""A limit is no figure to add up."""


class Way(StrEnum):
    """How parts become one figure."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED = "weighted"


class Why(StrEnum):
    """Why a part has no figure that can be used."""

    NO_FIGURE = "no_figure"
    AMBIGUOUS = "ambiguous"
    UNIT = "unit"
    NO_WEIGHT = "no_weight"
    AREA_CHANGED = "area_changed"


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that is lacking, and why."""

    part: Code
    why: Why


@dataclass(frozen=True, slots=True)
class Aggregate:
    """``value`` is None unless every part in force has its figure. ``changed``: rows of parts that
    began or ended within the period."""

    value: Decimal | None
    unit: str
    way: Way
    parts: tuple[Code, ...]
    used: tuple[Observation, ...]
    missing: tuple[Missing, ...]
    changed: tuple[Code, ...]


def parts_of(divisions: Iterable[Code], parent: str, period: Period) -> tuple[Code, ...]:
    """The divisions right below ``parent`` that are in force on the last day of ``period``."""
    return tuple(d for d in divisions if d.parent == parent and d.in_force(period.end))


def changed_within(divisions: Iterable[Code], parent: str, period: Period) -> tuple[Code, ...]:
    """Rows below ``parent`` that hold for some days of ``period`` and not for all of them."""
    below = [d for d in divisions if d.parent == parent]
    return tuple(d for d in below if _touches(d, period) and not _covers(d, period))


def aggregate(  # noqa: PLR0913 - each says something else of the sum
    divisions: Sequence[Code],
    parent: str,
    period: Period,
    figures: Iterable[Observation],
    *,
    unit: str,
    way: Way = Way.SUM,
    weights: Mapping[str, Decimal] | None = None,
    rates: Sequence[ExchangeRate] = (),
    areas_of_last_day: bool = False,
) -> Aggregate:
    """``figures`` (of one indicator, any divisions and periods) brought together for ``parent``.

    Of several figures for a part the best grade counts; if those of the best grade differ, the part
    is missing as ambiguous. ``weights`` by division code serve `Way.WEIGHTED`; ``rates`` convert
    figures in another currency, which are missing without one.
    """
    parts = parts_of(divisions, parent, period)
    changed = changed_within(divisions, parent, period)
    moved = set() if areas_of_last_day else {d.code for d in changed}
    usable = [o for o in figures if o.period == period and not o.withdrawn and o.kind in _EXACT]
    own_weights = weights if way is Way.WEIGHTED else None
    used: list[Observation] = []
    values: list[tuple[Decimal, Decimal]] = []
    missing: list[Missing] = []
    for part in parts:
        found = _of_part(part, usable, (unit, rates), own_weights)
        if part.code in moved:
            missing.append(Missing(part, Why.AREA_CHANGED))
        elif isinstance(found, Why):
            missing.append(Missing(part, found))
        else:
            used.append(found[0])
            values.append(found[1:])
    whole = bool(parts) and not missing and not moved
    value = _together(values, way) if whole else None
    return Aggregate(value, unit, way, parts, tuple(used), tuple(missing), changed)


def _of_part(
    part: Code,
    figures: Sequence[Observation],
    wanted: tuple[str, Sequence[ExchangeRate]],
    weights: Mapping[str, Decimal] | None,
) -> tuple[Observation, Decimal, Decimal] | Why:
    own = [o for o in figures if o.division == part.code]
    if not own:
        return Why.NO_FIGURE
    best = min(_rank(o) for o in own)
    try:
        unit, rates = wanted
        values = {
            convert_money(o.value, o.unit, unit, o.period, rates): o
            for o in own
            if _rank(o) == best
        }
    except QiantangError:
        return Why.UNIT
    if len(values) > 1:
        return Why.AMBIGUOUS
    weight = Decimal(1) if weights is None else weights.get(part.code)
    if weight is None or weight < 0:
        return Why.NO_WEIGHT
    ((value, chosen),) = values.items()
    return chosen, value, weight


def _together(values: Sequence[tuple[Decimal, Decimal]], way: Way) -> Decimal | None:
    with localcontext(prec=DIGITS):
        total = sum((value * weight for value, weight in values), Decimal(0))
        if way is Way.SUM:
            return total
        weight = sum((weight for _, weight in values), Decimal(0))
        return total / weight if weight else None


def _rank(o: Observation) -> int:
    return GRADES.index(o.source.grade) if o.source.grade in GRADES else len(GRADES)


def _touches(d: Code, period: Period) -> bool:
    began = d.valid_from is None or d.valid_from <= period.end
    return began and (d.valid_to is None or d.valid_to >= period.start)


def _covers(d: Code, period: Period) -> bool:
    began = d.valid_from is None or d.valid_from <= period.start
    return began and (d.valid_to is None or d.valid_to >= period.end)
