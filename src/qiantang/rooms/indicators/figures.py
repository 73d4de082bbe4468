"""Published figures of chosen indicators and divisions, in force now or as known on a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from qiantang.kernel.observations import Observation
from qiantang.rooms.indicators import store


def figures(
    *,
    indicators: Collection[str],
    divisions: Collection[str] | None = None,
    as_of: date | None = None,
) -> list[Observation]:
    """Published figures of ``indicators``, sorted by indicator, division, period and id.

    ``divisions``: only of these (None: of all). ``as_of``: for each figure the revision that was
    known at the end of that day, without those that nobody could know by then; None gives the
    revisions in force. Withdrawn figures are left out. Unknown codes give nothing.
    """
    holding = store.holding()
    standing = holding.current if as_of is None else _known(holding, as_of)
    kept, places = frozenset(indicators), None if divisions is None else frozenset(divisions)
    found = [
        o for o in standing if o.indicator in kept and (places is None or o.division in places)
    ]
    return sorted(found, key=_order)


def _known(holding: store.Holding, day: date) -> list[Observation]:
    return [o for o in holding.known_at(day) if not o.withdrawn and o.known_on <= day]


def _order(o: Observation) -> tuple[str, str, date, date, str]:
    return o.indicator, o.division, o.period.end, o.period.start, o.id
