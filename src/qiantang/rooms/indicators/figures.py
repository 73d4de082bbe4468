"""Published figures of chosen indicators and divisions, in force now or as known on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import store


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
    """
    indicators, divisions = _frozen(indicators), _frozen(divisions)
    holding = store.holding(indicators, divisions)
    standing = holding.current if as_of is None else holding.in_force_at(as_of)
    found = (o for o in standing if _among(o.indicator, indicators))
    return sorted((o for o in found if _among(o.division, divisions)), key=_order)


def _frozen(codes: Collection[str] | None) -> frozenset[str] | None:
    return None if codes is None else frozenset(codes)


def _among(code: str, codes: Collection[str] | None) -> bool:
    return codes is None or code in codes


def newest_first(found: Iterable[Observation]) -> list[Observation]:
    """Figures as lists show them: the newest period first, then by id."""
    by_id = sorted(found, key=lambda o: o.id)
    return sorted(by_id, key=lambda o: (o.period.end, o.period.start), reverse=True)


def _order(o: Observation) -> tuple[str, str, date, date, str]:
    return o.indicator, o.division, o.period.end, o.period.start, o.id
