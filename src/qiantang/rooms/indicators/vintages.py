"""How published figures were revised: first published as what, changed when and by how much."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from qiantang.kernel.errors import Invalid
from qiantang.kernel.observations import Observation
from qiantang.kernel.units import convert
from qiantang.rooms.indicators import store


@dataclass(frozen=True, slots=True)
class Vintage:
    """One figure in all its revisions, oldest first; withdrawals are revisions too."""

    revisions: tuple[Observation, ...]

    @property
    def first(self) -> Observation:
        return self.revisions[0]

    @property
    def now(self) -> Observation:
        return self.revisions[-1]

    @property
    def difference(self) -> Decimal | None:
        """The figure in force less the first one, in the unit in force; None where it was
        withdrawn, or the units cannot be compared."""
        first = self._first_value()
        return None if first is None else self.now.value - first

    @property
    def relative(self) -> Decimal | None:
        """`difference` as a share of the first figure; None where that is zero."""
        first, difference = self._first_value(), self.difference
        return None if difference is None or not first else difference / abs(first)

    @property
    def percent(self) -> str | None:
        """`relative` as it is read: ``+0.13%``."""
        return None if self.relative is None else f"{self.relative * 100:+.2f}%"

    def _first_value(self) -> Decimal | None:
        if self.now.withdrawn or self.first.withdrawn:
            return None
        try:
            return convert(self.first.value, self.first.unit, self.now.unit)
        except Invalid:
            return None


def vintages(indicator: str, division: str) -> tuple[Vintage, ...]:
    """Figures of an indicator in a division that were revised or withdrawn, newest period first.

    A figure counts where it stands now; earlier revisions may have stood under other codes.
    """
    held = store.holding([indicator], [division])
    found = [
        Vintage(tuple(r.observation for r in rows))
        for rows in held.revisions.values()
        if len(rows) > 1
        and rows[-1].observation.indicator == indicator
        and rows[-1].observation.division == division
    ]
    found.sort(key=lambda v: v.now.id)
    return tuple(sorted(found, key=lambda v: (v.now.period.end, v.now.period.start), reverse=True))
