"""Published figures of chosen indicators and divisions, in force now or as known on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import store
from qiantang.rooms.indicators.assessments import FIRST_DAY, LAST_DAY
from qiantang.rooms.indicators.errors import DayOutOfRange, TooWideForADay


def figures(
    *,
    indicators: Collection[str] | None,
    divisions: Collection[str] | None = None,
    as_of: date | None = None,
) -> list[Observation]:
    """Published figures of ``indicators``, sorted by indicator, division, period and id.

    ``divisions``: only of these. None stands for all of either. ``as_of``: for each figure the
    revision that was known at the end of that day, without those that nobody could know by then;
    None gives the revisions in force. Withdrawn figures are left out, unknown codes give nothing.
    Raises `DayOutOfRange`.
    """
    if as_of is not None and not FIRST_DAY <= as_of <= LAST_DAY:
        raise DayOutOfRange(found=as_of, expected=f"{FIRST_DAY} – {LAST_DAY}")
    indicators, divisions = _frozen(indicators), _frozen(divisions)
    holding = store.holding(indicators, divisions)
    standing = holding.current if as_of is None else holding.in_force_at(as_of)
    found = (o for o in standing if _among(o.indicator, indicators))
    return sorted((o for o in found if _among(o.division, divisions)), key=_order)


def _frozen(codes: Collection[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)


def _among(code: str, codes: Collection[str] | None) -> bool:
    return codes is None or code in codes


def known_figures(filters: Mapping[str, str], day: date) -> list[Observation]:
    """Figures as known on a day that fit the filters of a list, newest period first.

    Raises `TooWideForADay` where neither an indicator nor a division is among the filters.
    """
    if not filters.keys() & {"indicator", "division"}:
        raise TooWideForADay(expected="indicator, division")
    indicator, division = filters.get("indicator"), filters.get("division")
    found = figures(
        indicators=[indicator] if indicator else None,
        divisions=[division] if division else None,
        as_of=day,
    )
    return newest_first(o for o in found if store.fits(o, filters))


def newest_first(found: Iterable[Observation]) -> list[Observation]:
    """Figures as lists show them: the newest period first, then by id."""
    by_id = sorted(found, key=lambda o: o.id)
    return sorted(by_id, key=lambda o: (o.period.end, o.period.start), reverse=True)


def _order(o: Observation) -> tuple[str, str, date, date, str]:
    return o.indicator, o.division, o.period.end, o.period.start, o.id
