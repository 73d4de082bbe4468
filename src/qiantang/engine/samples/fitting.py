"""Who of a register may be what a row says: people of working age, grown men, grown women.

Row numbers of those who fit, listed once for a sample; of a register of any size the first
`LISTED` people are looked at, so that the lists stay below 60 MB.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from qiantang.engine.samples.people import HORIZON

if TYPE_CHECKING:
    from qiantang.engine.samples.chance import Chance, Index, Mask
    from qiantang.engine.samples.people import People

LISTED: Final = 5_000_000
_AT_ONCE: Final = 500_000
_YEAR: Final = 365.25
WORKING: Final = (17, 60)
"""Ages on the last day of which samples speak, so that one was 16 (Labour Law, art. 15) all the
year before."""
_GROWN: Final = 26
"""Old enough to have married at a lawful age (Civil Code, art. 1047) some years ago."""
_OLDER: Final = 2.2 * _YEAR
_APART: Final = 3.2 * _YEAR
"""By how much a husband is older, and how far that goes up and down: 98 of 100 within ten years;
so chosen, not measured."""

Rows = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Women:
    """Grown women by their day of birth, which stands beside."""

    rows: Rows
    births: Rows

    def beside(self, chance: Chance, label: str, births: Index, rows: Index) -> Rows:
        """For men born on these days a wife each of about their age."""
        apart = _OLDER + _APART * chance.normal(f"{label}/apart", rows)
        wanted = births + np.round(apart).astype(np.int64)
        first = np.searchsorted(self.births, wanted, "left")
        after = np.searchsorted(self.births, wanted, "right")
        which = np.floor(chance.shares(f"{label}/which", rows) * (after - first)).astype(np.int64)
        wives: Rows = self.rows[np.minimum(first + which, len(self.rows) - 1)]
        return wives


@dataclass(frozen=True)
class Fitting:
    """Those who fit among the first ``pool`` people of a register; each list is made when it is
    first asked for."""

    people: People
    pool: int

    @cached_property
    def workers(self) -> Rows:
        """People of working age; everybody where a small register has none."""
        youngest, oldest = (_born(age) for age in WORKING)
        found, _ = self._listed(lambda births, rows: (births <= youngest) & (births > oldest))
        return found if len(found) else np.arange(min(self.pool, LISTED), dtype=np.int32)

    @cached_property
    def men(self) -> Rows:
        """Grown men."""
        found, _ = self._listed(lambda births, rows: _grown(births) & ~self.people.female(rows))
        return found

    @cached_property
    def women(self) -> Women:
        """Grown women."""
        found, born = self._listed(lambda births, rows: _grown(births) & self.people.female(rows))
        order = np.argsort(born, kind="stable")
        return Women(found[order], born[order])

    def _listed(self, fits: Callable[[Index, Index], Mask]) -> tuple[Rows, Rows]:
        """Row numbers of those who fit, and their days of birth."""
        most, rows, births = min(self.pool, LISTED), [], []
        for first in range(0, most, _AT_ONCE):
            part = np.arange(first, min(first + _AT_ONCE, most), dtype=np.int64)
            born = self.people.birth(part)
            mask = fits(born, part)
            rows.append(part[mask].astype(np.int32))
            births.append(born[mask].astype(np.int32))
        return np.concatenate(rows), np.concatenate(births)


def _grown(births: Index) -> Mask:
    return births <= _born(_GROWN)


def _born(age: int) -> int:
    """The day on which one is born who is so old on the last day."""
    return HORIZON - round(age * _YEAR)
