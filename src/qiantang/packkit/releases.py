"""What a pack's ``releases.csv`` compiles to: which figures are due when, period after period."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qiantang.kernel.periods import Period
from qiantang.kernel.text import Text
from qiantang.kernel.workdays import next_working


class Cadence(StrEnum):
    """How often figures come. Within a year they run from January, as Chinese statistics do."""

    YEAR = "year"
    HALF = "half"
    QUARTER = "quarter"
    MONTH = "month"

    @property
    def months(self) -> int:
        return {"year": 12, "half": 6, "quarter": 3, "month": 1}[self.value]


@dataclass(frozen=True, slots=True)
class Release:
    """Figures that are published together. ``months`` after the last month of a period, on ``day``
    of the month (its last where it is shorter), they are due; on a weekend, the next working day.

    ``since``: periods that end earlier are not looked for.
    """

    id: str
    pack: str
    name: Text
    indicators: tuple[str, ...]
    cadence: Cadence
    months: int
    day: int
    owner: str
    since: date
    source: str
    verified: bool

    def periods(self, until: date) -> Iterator[Period]:
        """The periods that end from ``since`` to ``until``, in their order."""
        for year in range(self.since.year, until.year + 1):
            for month in range(self.cadence.months, 13, self.cadence.months):
                written = str(year) if month == 12 else f"{year}-01/{year}-{month:02d}"
                period = Period.parse(written)
                if self.since <= period.end <= until:
                    yield period

    def due(self, period: Period) -> date:
        """The day by which the figures of ``period`` are to be out."""
        count = period.end.year * 12 + period.end.month - 1 + self.months
        year, month = count // 12, count % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return next_working(date(year, month, min(self.day, last)))
