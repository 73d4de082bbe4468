"""A division's figure from those of its parts, as they stand or as they were known on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from qiantang.engine.aggregation import Aggregate, Way, aggregate, parts_of
from qiantang.kernel.currency import ExchangeRate
from qiantang.kernel.errors import Invalid
from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.periods import Period, PeriodKind
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Indicator, Nature, Norm
from qiantang.rooms.indicators.errors import CannotAdd, NoSuchDivision, NoSuchIndicator
from qiantang.rooms.indicators.figures import figures
from qiantang.rooms.indicators.quoting import UNDECIDED, quoted
from qiantang.rooms.shelf import selectors as shelf

_ADDABLE = (Nature.FLOW, Nature.STOCK)
_RATE = "money per "


def aggregated(
    indicator: str,
    division: str,
    period: str,
    *,
    way: Way | None = None,
    weight: str = "",
    as_of: date | None = None,
    areas_of_last_day: bool = False,
) -> Aggregate:
    """The indicator of ``division`` in ``period`` out of the figures of its parts in force then.

    ``way``: flows and stocks are added up unless it says otherwise; a ratio or an index cannot be.
    ``weight`` is the indicator by which `Way.WEIGHTED` weighs. Raises `NoSuchIndicator`,
    `NoSuchDivision`, `BadPeriod`, `CannotAdd`, `DayOutOfRange`.
    """
    measured, when = _indicator(indicator), Period.parse(period)
    if division not in {d.code for d in shelf.divisions()}:
        raise NoSuchDivision(found=division)
    way = way or (Way.WEIGHTED if weight else Way.SUM)
    if way is Way.SUM and measured.nature not in _ADDABLE:
        raise CannotAdd(found=measured.name, expected="mean, weighted")
    if way is Way.WEIGHTED and not weight:
        raise CannotAdd(found=measured.name, expected="weight=INDICATOR")
    known = shelf.divisions()
    parts = [p.code for p in parts_of(known, division, when)]
    return aggregate(
        known,
        division,
        when,
        _standing(figures(indicators=[indicator], divisions=parts, as_of=as_of)),
        unit=measured.unit,
        way=way,
        weights=_weights(weight, division, when, as_of) if weight else None,
        rates=exchange_rates(),
        areas_of_last_day=areas_of_last_day,
    )


def exchange_rates() -> tuple[ExchangeRate, ...]:
    """The rates that packs declare as norms: yuan per unit of a currency, for the days from
    ``valid_from`` to ``valid_to``, which are one period."""
    found = (_rate(norm) for norm in shelf.norms())
    return tuple(rate for rate in found if rate is not None)


def _standing(found: Iterable[Observation]) -> list[Observation]:
    """Of several figures of a part and period the one that the rule of verdicts quotes; all of them
    where it leaves that undecided, or where their units cannot be compared."""
    grouped: dict[tuple[str, Period], list[Observation]] = {}
    for o in found:
        if o.kind not in AIMS:
            grouped.setdefault((o.division, o.period), []).append(o)
    chosen: list[Observation] = []
    for several in grouped.values():
        try:
            said = quoted(several)
        except Invalid:
            chosen += several
            continue
        chosen += several if said.by == UNDECIDED else [said.observation]
    return chosen


def _weights(
    weight: str, division: str, period: Period, as_of: date | None
) -> Mapping[str, Decimal]:
    """The weighing indicator's figure of each part, where it is not in doubt."""
    measured = _indicator(weight)
    divisions = shelf.divisions()
    parts = parts_of(divisions, division, period)
    codes = [p.code for p in parts]
    known = _standing(figures(indicators=[weight], divisions=codes, as_of=as_of))
    each = {
        p.code: aggregate([p], division, period, known, unit=measured.unit, areas_of_last_day=True)
        for p in parts
    }
    return {code: found.value for code, found in each.items() if found.value is not None}


def _indicator(id: str) -> Indicator:
    found = shelf.indicators().get(id)
    if found is None:
        raise NoSuchIndicator(found=id)
    return found


def _rate(norm: Norm) -> ExchangeRate | None:
    unit = UNITS.get(norm.unit)
    if unit is None or not unit.dimension.startswith(_RATE) or norm.valid_to is None:
        return None
    currency = norm.unit.partition("/")[2]
    if currency not in UNITS:
        return None
    return ExchangeRate(currency, norm.value, _period(norm.valid_from, norm.valid_to), norm.source)


def _period(start: date, end: date) -> Period:
    year = Period.year_of(end.year)
    if (start, end) == (year.start, year.end):
        return year
    if start == end:
        return Period(start, end, PeriodKind.MOMENT)
    return Period(start, end, PeriodKind.PART if start.year == end.year else PeriodKind.SPAN)
